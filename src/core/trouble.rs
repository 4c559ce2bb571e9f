//! What went wrong, for a person: one sentence on what happened and one on what to do.

use std::fmt;

/// How a failure is to be treated, beyond being told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum TroubleKind {
    /// The server could not be reached, or stopped answering.
    Unreachable,
    /// Who we are is not accepted (401, certificates, exec plugins).
    Unauthorized,
    /// We are known and may not (403).
    Forbidden,
    /// The object or the resource is not there (404).
    NotFound,
    /// Anything else.
    Other,
}

/// A failure. The sentences are made from `locales/` by id and arguments; the server's own words stand in `detail`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trouble {
    /// How to treat it.
    pub kind: TroubleKind,
    /// The text's key below `trouble`, such as `refused`.
    pub id: &'static str,
    /// Named arguments of the text.
    pub args: Vec<(&'static str, String)>,
    /// The server's or the system's own words, verbatim but cleaned; empty where there are none.
    pub detail: String,
}

impl Trouble {
    /// A failure with a text and no arguments.
    pub fn new(kind: TroubleKind, id: &'static str) -> Self {
        Self {
            kind,
            id,
            args: Vec::new(),
            detail: String::new(),
        }
    }

    /// With a named argument.
    pub fn with(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.args.push((name, value.into()));
        self
    }

    /// With the server's own words.
    pub fn detail(mut self, detail: impl Into<String>) -> Self {
        self.detail = detail.into();
        self
    }
}

impl fmt::Display for Trouble {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}", self.id)?;
        if self.detail.is_empty() {
            Ok(())
        } else {
            write!(out, ": {}", self.detail)
        }
    }
}
