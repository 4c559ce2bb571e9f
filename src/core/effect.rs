//! What the core wants done: the runtime carries effects out in order and answers with events.

use super::event::{TaskId, WatchId};
use super::kubeconfig::KubeconfigEdit;
use super::request::Request;
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
    /// Open this context: the runtime drops everything of the present one first.
    Open(String),
    /// Change the kubeconfig; it ends in one `Done`. Refused in read-only mode.
    Kubeconfig(TaskId, KubeconfigEdit),
    /// Write a line to the audit file.
    Record(String),
    /// Put text on the clipboard; it ends in one `Done`.
    Copy(TaskId, String),
    /// Take or leave the mouse.
    Mouse(bool),
    /// Draw the whole screen anew.
    Redraw,
    /// Leave.
    Quit,
}
