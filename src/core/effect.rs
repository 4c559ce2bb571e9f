//! What the core wants done: the runtime carries effects out in order and answers with events.

use bytes::Bytes;

use super::debug::DebugPod;
use super::event::{TaskId, WatchId};
use super::kubeconfig::KubeconfigEdit;
use super::request::Request;
use super::session::{Feed, Session, SessionId};
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
    /// Connect to this context: the runtime drops everything of the present one first.
    Connect(String),
    /// Open a session; its chunks follow until it ends or is closed.
    Open(SessionId, Session),
    /// Send something into a session. What the session has no use for, or a session that is over, drops it.
    Send(SessionId, Feed),
    /// Close a session; what it still sends is dropped.
    Close(SessionId),
    /// Change the kubeconfig; it ends in one `Done`. Refused in read-only mode.
    Kubeconfig(TaskId, KubeconfigEdit),
    /// Write a line to the audit file.
    Record(String),
    /// Have a text edited where the person is; it ends in one `Done`.
    Edit(TaskId, Document),
    /// Read the manifests of a file or a folder; it ends in one `Done`.
    Load(TaskId, String),
    /// Keep a text in konn's state folder, so that nothing that was typed is lost; it ends in one `Done`.
    Keep(TaskId, Document),
    /// Put text on the clipboard; it ends in one `Done`.
    Copy(TaskId, String),
    /// Write a new file of this name; it ends in one `Done`.
    Save(TaskId, String, Bytes),
    /// Show a text in the person's pager, which has the terminal meanwhile; it ends in one `Done`.
    Page(TaskId, Bytes),
    /// Show a page in the person's browser; it ends in one `Done`.
    Browse(TaskId, String),
    /// Look for ports of this machine that are free, as near to these as possible; it ends in one `Done`.
    FreePorts(TaskId, Vec<u16>),
    /// Record a debug pod in the state folder, for the next start.
    Remember(DebugPod),
    /// Drop the record of a debug pod: it is gone.
    Forget(DebugPod),
    /// Take or leave the mouse.
    Mouse(bool),
    /// Draw the whole screen anew.
    Redraw,
    /// Leave.
    Quit,
}
