//! Names for watches, calls and sessions: never used twice, so that late answers find nobody.

use std::cell::Cell;

use super::event::{TaskId, WatchId};
use super::session::SessionId;

/// The source of names.
#[derive(Default)]
pub struct Ids(Cell<u64>);

impl Ids {
    fn next(&self) -> u64 {
        self.0.set(self.0.get() + 1);
        self.0.get()
    }

    /// A name for a watch.
    pub fn watch(&self) -> WatchId {
        WatchId(self.next())
    }

    /// A name for a call.
    pub fn task(&self) -> TaskId {
        TaskId(self.next())
    }

    /// A name for a session.
    pub fn session(&self) -> SessionId {
        SessionId(self.next())
    }
}
