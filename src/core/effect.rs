//! What the core wants done: the runtime carries effects out in order and answers with events.

use bytes::Bytes;

use super::event::{TaskId, WatchId};
use super::request::Request;
use super::session::{Feed, Session, SessionId};
use super::watch::WatchSpec;

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
    /// Write a line to the audit file.
    Record(String),
    /// Put text on the clipboard; it ends in one `Done`.
    Copy(TaskId, String),
    /// Write a new file of this name; it ends in one `Done`.
    Save(TaskId, String, Bytes),
    /// Show a text in the person's pager, which has the terminal meanwhile; it ends in one `Done`.
    Page(TaskId, Bytes),
    /// Take or leave the mouse.
    Mouse(bool),
    /// Draw the whole screen anew.
    Redraw,
    /// Leave.
    Quit,
}
