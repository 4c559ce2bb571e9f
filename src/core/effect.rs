//! What the core wants done: the runtime carries effects out in order and answers with events.

use super::event::{TaskId, WatchId};
use super::request::Request;
use super::watch::WatchSpec;

/// A text with the name of its file.
#[derive(Clone, PartialEq, Eq)]
pub struct Document {
    /// The file's name.
    pub name: String,
    /// The text.
    pub text: String,
}

impl std::fmt::Debug for Document {
    /// The name only: the text may hold secrets.
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "Document({}, {} bytes)", self.name, self.text.len())
    }
}

/// Where a text is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Keep {
    /// Where its name says: a path of the person's own. A file that is there is left alone.
    There,
    /// In konn's state folder, so that nothing that was typed is lost.
    State,
}

/// Something to do.
#[derive(Clone, Debug)]
pub enum Effect {
    /// Open a watch.
    Watch(WatchId, WatchSpec),
    /// Close a watch; what it still sends is dropped.
    Unwatch(WatchId),
    /// Make a call; it ends in one `Done`.
    Call(TaskId, Request),
    /// Give a call up; no `Done` follows.
    Cancel(TaskId),
    /// Tell when so many milliseconds have passed; it ends in one `Done`.
    Wake(TaskId, u64),
    /// Ask the server anew what it serves; a `Discovered` follows.
    Discover,
    /// Open this context: the runtime drops everything of the present one first.
    Open(String),
    /// Write a line to the audit file.
    Record(String),
    /// Have a text edited where the person is; it ends in one `Done`.
    Edit(TaskId, Document),
    /// Read the manifests of a file or a folder; it ends in one `Done`.
    Load(TaskId, String),
    /// Write a text to a new file; it ends in one `Done`.
    Save(TaskId, Document, Keep),
    /// Put text on the clipboard; it ends in one `Done`.
    Copy(TaskId, String),
    /// Take or leave the mouse.
    Mouse(bool),
    /// Draw the whole screen anew.
    Redraw,
    /// Leave.
    Quit,
}
