//! How a call ended.

use super::trouble::Trouble;

/// How a call ended.
#[derive(Clone, Debug, PartialEq)]
pub enum Outcome {
    /// The server's object.
    Object(Box<serde_json::Value>),
    /// Text went to the clipboard, and by which way.
    Copied,
    /// A file was written here.
    Saved(String),
    /// It failed.
    Failed(Trouble),
}
