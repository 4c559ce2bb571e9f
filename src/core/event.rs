//! What can happen: every input of the application comes through one channel as one of these.

use super::clock::Time;
use super::debug::DebugPod;
use super::key::{Key, Mouse};
use super::link::LinkEvent;
use super::outcome::Outcome;
use super::session::{Chunk, SessionId};
use super::store::Delta;

/// Names a watch that was asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct WatchId(pub u64);

/// Names a call that was asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct TaskId(pub u64);

/// The size of the screen in cells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Size {
    /// Columns.
    pub width: u16,
    /// Rows.
    pub height: u16,
}

/// Something that happened.
#[derive(Debug)]
pub enum Event {
    /// A key was pressed.
    Key(Key),
    /// The mouse was used.
    Mouse(Mouse),
    /// Text was pasted.
    Paste(String),
    /// The terminal has a new size.
    Resize(Size),
    /// Time has passed: it is now this late.
    Tick(Time),
    /// A watch brought changes.
    Watch(WatchId, Vec<Delta>),
    /// A call came to its end.
    Done(TaskId, Outcome),
    /// A session brought something.
    Stream(SessionId, Chunk),
    /// Debug pods of an earlier konn still stand in the cluster that was opened.
    DebugPodsLeft(Vec<DebugPod>),
    /// The connection to the cluster changed.
    Link(LinkEvent),
}
