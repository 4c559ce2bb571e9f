//! How a call ended.

use super::trouble::Trouble;

/// A file that was read, or could not be.
#[derive(Clone, Debug, PartialEq)]
pub struct Loaded {
    /// Its path.
    pub path: String,
    /// Its text.
    pub text: Result<String, Trouble>,
}

/// How a call ended.
#[derive(Clone, Debug, PartialEq)]
pub enum Outcome {
    /// The server's object.
    Object(Box<serde_json::Value>),
    /// What a field is.
    Explained(Box<super::schema::Explanation>),
    /// The server's text, such as the end of a log.
    Text(String),
    /// The time that was asked for has passed.
    Rested,
    /// Text went to the clipboard, and by which way.
    Copied,
    /// A text was edited: as it is now.
    Edited(String),
    /// No editor is wanted, or none can be run: the text, as it was.
    Unedited(String),
    /// Files were read.
    Loaded(Vec<Loaded>),
    /// A file was written here.
    Saved(String),
    /// A program had the terminal, and gave it back.
    Paged,
    /// A page was shown in the browser; where there is none within reach, its address was copied instead.
    Browsed {
        /// Whether it was shown.
        shown: bool,
    },
    /// Ports that are free, in the order in which they were asked for.
    Ports(Vec<u16>),
    /// It failed.
    Failed(Trouble),
}
