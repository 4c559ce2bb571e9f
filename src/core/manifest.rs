//! What is done with manifests.

/// What is done with the objects of a manifest.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Act {
    /// Server-side apply.
    Apply,
    /// Only say what would change.
    Diff,
    /// Delete them.
    Delete,
}

impl Act {
    /// Its name in texts.
    pub fn id(self) -> &'static str {
        match self {
            Self::Apply => "apply",
            Self::Diff => "diff",
            Self::Delete => "delete_manifest",
        }
    }
}
