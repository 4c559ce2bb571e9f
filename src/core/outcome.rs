//! How a call ended.

use super::trouble::Trouble;

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
    /// A file was written here.
    Saved(String),
    /// A program had the terminal, and gave it back.
    Paged,
    /// It failed.
    Failed(Trouble),
}
