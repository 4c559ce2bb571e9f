//! What the last thing did: one line in the footer.

use super::text::Tone;

/// A line in the footer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notice {
    /// What it means: good, a warning, an error.
    pub tone: Tone,
    /// The text.
    pub text: String,
}

impl Notice {
    /// Something went as it should.
    pub fn good(text: impl Into<String>) -> Self {
        Self {
            tone: Tone::Good,
            text: text.into(),
        }
    }

    /// Something to know.
    pub fn warn(text: impl Into<String>) -> Self {
        Self {
            tone: Tone::Warn,
            text: text.into(),
        }
    }

    /// Something went wrong.
    pub fn error(text: impl Into<String>) -> Self {
        Self {
            tone: Tone::Error,
            text: text.into(),
        }
    }
}
