//! What happened to a table's objects lately, in order; old changes are compacted away.

use std::collections::VecDeque;
use std::sync::{Arc, OnceLock};

use bytes::Bytes;
use thiserror::Error;

use super::Object;

/// What happened to an object.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ChangeKind {
    /// It came into being.
    Added,
    /// It was changed.
    Modified,
    /// It went.
    Deleted,
}

impl ChangeKind {
    /// The type of the watch event.
    #[must_use]
    pub fn event_type(self) -> &'static str {
        match self {
            Self::Added => "ADDED",
            Self::Modified => "MODIFIED",
            Self::Deleted => "DELETED",
        }
    }
}

/// One change of one object.
#[derive(Debug)]
pub struct Change {
    /// What happened.
    pub kind: ChangeKind,
    /// The object after the change; for a deletion its last state under the deletion's version.
    pub object: Arc<Object>,
    /// The object before the change.
    pub previous: Option<Arc<Object>>,
    /// The watch event's line, encoded by the first watcher that needs it and shared by all.
    pub line: OnceLock<Bytes>,
}

/// The asked-for version is older than the history reaches: 410 Gone on the wire.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
#[error("too old resource version: {asked} ({oldest})")]
pub struct Expired {
    /// The version that was asked for.
    pub asked: u64,
    /// The oldest version that can still be asked for.
    pub oldest: u64,
}

/// The bounded list of a table's changes.
#[derive(Debug)]
pub struct History {
    changes: VecDeque<Arc<Change>>,
    /// The version up to which changes were forgotten.
    compacted: u64,
    bytes: usize,
    limit: Limit,
}

/// How much a history keeps.
#[derive(Clone, Copy, Debug)]
pub struct Limit {
    /// At most so many changes.
    pub changes: usize,
    /// At most so many bytes of encoded objects.
    pub bytes: usize,
}

impl Default for Limit {
    fn default() -> Self {
        Self {
            changes: 20_000,
            bytes: 128 << 20,
        }
    }
}

impl History {
    /// An empty history that begins at `version`.
    pub fn new(version: u64, limit: Limit) -> Self {
        Self {
            changes: VecDeque::new(),
            compacted: version,
            bytes: 0,
            limit,
        }
    }

    /// Notes a change and forgets the oldest beyond the limit.
    pub fn push(&mut self, change: Arc<Change>) {
        self.bytes += change.object.body.len();
        self.changes.push_back(change);
        while self.changes.len() > self.limit.changes || self.bytes > self.limit.bytes {
            let Some(oldest) = self.changes.front().map(|change| change.object.version) else {
                break;
            };
            self.compact(oldest);
        }
    }

    /// Forgets every change up to and including `version`.
    pub fn compact(&mut self, version: u64) {
        while self
            .changes
            .front()
            .is_some_and(|change| change.object.version <= version)
        {
            let forgotten = self.changes.pop_front().map_or(0, |oldest| oldest.object.body.len());
            self.bytes = self.bytes.saturating_sub(forgotten);
        }
        self.compacted = self.compacted.max(version);
    }

    /// The changes after `version`, oldest first, at most `most` of them.
    ///
    /// # Errors
    /// [`Expired`] when changes after `version` were forgotten.
    pub fn after(&self, version: u64, most: usize) -> Result<Vec<Arc<Change>>, Expired> {
        if version < self.compacted {
            return Err(Expired {
                asked: version,
                oldest: self.compacted,
            });
        }
        let start = self.changes.partition_point(|change| change.object.version <= version);
        Ok(self.changes.range(start..).take(most).cloned().collect())
    }
}
