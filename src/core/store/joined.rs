//! Tables that are made of others: each feed is a table of its own, which says what changed in it.

use super::{Delta, Store, Sync, Table};
use crate::core::clock::Clock;
use crate::core::event::WatchId;
use crate::core::join::Joiner;
use crate::core::view::{AnyView, Shared};
use crate::model::Selector;

/// What changed in a table.
pub enum Change {
    /// An object is there, or is in another state.
    Set {
        /// As it was.
        old: Option<Shared>,
        /// As it is.
        new: Shared,
    },
    /// An object is gone.
    Gone(Shared),
}

/// What makes a table of others.
pub(super) struct Join {
    feeds: Vec<WatchId>,
    joiner: Box<dyn Joiner>,
    labels: Option<Selector>,
}

impl Join {
    /// Forgets the tables that it was made of.
    pub(super) fn close(self, store: &mut Store) {
        for feed in self.feeds {
            store.tables.remove(&feed);
        }
    }
}

impl Store {
    /// Makes room for a table that is made of these watches, and shows the rows that the selector takes.
    pub fn join(&mut self, id: WatchId, feeds: Vec<WatchId>, joiner: Box<dyn Joiner>, labels: Option<Selector>) {
        self.open(id);
        for feed in &feeds {
            let journal = Some(Vec::new());
            self.tables.insert(
                *feed,
                Table {
                    journal,
                    ..Table::default()
                },
            );
        }
        let join = Join { feeds, joiner, labels };
        self.joins.insert(id, join);
    }

    /// The watches that a table is made of.
    pub fn feeds(&self, id: WatchId) -> &[WatchId] {
        self.joins.get(&id).map_or(&[], |join| &join.feeds)
    }

    /// The table that is made of a watch.
    pub fn joined_of(&self, feed: WatchId) -> Option<WatchId> {
        let of = |join: &Join| join.feeds.contains(&feed);
        self.joins.iter().find(|(_, join)| of(join)).map(|(id, _)| *id)
    }

    /// Folds changes into a feed, and what comes of them into the table that is made of it. Only rows that they touch are
    /// made anew.
    pub fn fold_feed(&mut self, id: WatchId, feed: WatchId, deltas: Vec<Delta>, view: &dyn AnyView, clock: &Clock) {
        let (Some(join), Some(table)) = (self.joins.get_mut(&id), self.tables.get_mut(&feed)) else {
            return;
        };
        table.fold(deltas, None, clock);
        let changes = table.journal.as_mut().map(std::mem::take).unwrap_or_default();
        if let Some(at) = join.feeds.iter().position(|known| *known == feed) {
            join.joiner.take(at, changes);
        }
        let mut rows = join.joiner.rows();
        if let Some(labels) = &join.labels {
            rows.iter_mut().for_each(|row| sieve(row, labels));
        }
        let Some(mut joined) = self.tables.remove(&id) else {
            return;
        };
        let feeds: Vec<&Table> = join.feeds.iter().filter_map(|feed| self.tables.get(feed)).collect();
        if !rows.is_empty() {
            joined.fold(rows, Some(view), clock);
        }
        joined.trust(&feeds);
        self.tables.insert(id, joined);
    }
}

/// A row that the selector does not take is none.
fn sieve(row: &mut Delta, labels: &Selector) {
    if let Delta::Apply(object) = row
        && !labels.matches(&object.meta().labels)
    {
        *row = Delta::Delete(object.clone());
    }
}

impl Table {
    /// Is as far to be trusted as the tables that it is made of: those that failed leave out what they would have brought.
    fn trust(&mut self, feeds: &[&Table]) {
        let failed = feeds.iter().filter(|feed| feed.has_failed()).count();
        let complete = feeds.iter().filter(|feed| feed.complete).count();
        self.complete = complete > 0 && complete + failed == feeds.len();
        let stale = feeds.iter().find(|feed| matches!(feed.sync, Sync::Stale { .. }));
        self.sync = match stale {
            Some(feed) if complete + failed == feeds.len() => feed.sync.clone(),
            _ if self.complete => Sync::Live,
            _ => Sync::Loading,
        };
        self.narrowed = feeds.iter().find_map(|feed| feed.narrowed.clone());
        self.broken = feeds.iter().map(|feed| feed.broken).sum();
        let last = feeds.iter().find(|feed| feed.broken > 0);
        self.last_broken = last.map(|feed| feed.last_broken.clone()).unwrap_or_default();
    }
}
