//! What the watches brought: one table of rows for each watch.

mod joined;
mod steps;
mod widths;

use std::collections::{HashMap, HashSet};
use std::hash::{BuildHasher, RandomState};

use hashbrown::HashTable;

use super::clock::{Clock, Time};
use super::event::WatchId;
use super::trouble::Trouble;
use super::view::{AnyView, Object, Shared, ViewRef};
use crate::model::Uid;

pub use joined::Change;
pub use steps::Step;
use steps::Steps;
pub use widths::text_width;

/// How long a change is shown as such, in seconds.
pub const FLASH_SECONDS: i64 = 2;

/// A part of a watch that is listed and watched by itself: a namespace, or `None` for the whole.
pub type Part = Option<Box<str>>;

/// A change that a watch brought.
#[derive(Clone)]
pub enum Delta {
    /// So many parts make the whole; one where nothing is said.
    Parts(usize),
    /// The server names its columns: from here on the rows are those of this view.
    View(ViewRef),
    /// A list begins: what it does not name is gone when it ends.
    Listing(Part),
    /// An object is there, in this state.
    Apply(Shared),
    /// An object of which parts are shown is there, by its uid: these are all of its parts.
    Parted(Box<str>, Vec<Shared>),
    /// An object is gone.
    Delete(Shared),
    /// An object could not be read; the others are not touched by it.
    Broken(String),
    /// The list is complete, and changes follow.
    Listed(Part),
    /// The watch lives: changes follow.
    Live(Part),
    /// The watch broke; it is being repaired.
    Stale(Part, Trouble),
    /// Not all namespaces may be listed: these are shown instead.
    Narrowed(Vec<String>),
}

impl std::fmt::Debug for Delta {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Parts(count) => write!(out, "Parts({count})"),
            Self::View(view) => write!(out, "View({})", view.resource().plural),
            Self::Listing(part) => write!(out, "Listing({part:?})"),
            Self::Apply(row) => write!(out, "Apply({})", row.meta().name),
            Self::Parted(uid, rows) => write!(out, "Parted({uid}, {})", rows.len()),
            Self::Delete(row) => write!(out, "Delete({})", row.meta().name),
            Self::Broken(why) => write!(out, "Broken({why})"),
            Self::Listed(part) => write!(out, "Listed({part:?})"),
            Self::Live(part) => write!(out, "Live({part:?})"),
            Self::Stale(part, trouble) => write!(out, "Stale({part:?}, {})", trouble.id),
            Self::Narrowed(names) => write!(out, "Narrowed({names:?})"),
        }
    }
}

/// How far a table can be trusted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Sync {
    /// The first list is on its way; what has come is shown.
    Loading,
    /// The rows are those of the server.
    Live,
    /// The watch broke; the rows are as of then.
    Stale {
        /// Since when.
        since: Time,
        /// Why.
        why: Trouble,
    },
}

/// What happened to a row lately.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Flash {
    /// It appeared.
    Added,
    /// It changed.
    Changed,
    /// It is gone; the row is only shown for a moment more.
    Gone,
}

/// A row: an object and what happened to it lately.
pub struct Row {
    /// The object.
    pub object: Shared,
    /// What happened to it lately, and when.
    pub flash: Option<(Flash, Time)>,
    seen: u32,
}

impl Row {
    /// Whether the object is gone and the row is only shown for a moment more.
    pub fn is_gone(&self) -> bool {
        matches!(self.flash, Some((Flash::Gone, _)))
    }
}

/// The rows of a watch.
pub struct Table {
    rows: Vec<Row>,
    index: HashTable<u32>,
    hasher: RandomState,
    generation: u64,
    steps: Steps,
    list: u32,
    parts: usize,
    lists: HashMap<Part, u32>,
    listed: HashSet<Part>,
    stale: HashSet<Part>,
    sync: Sync,
    complete: bool,
    narrowed: Option<Vec<String>>,
    broken: u32,
    last_broken: String,
    widths: Vec<u16>,
    flashing: bool,
    /// What changed, where another table is made of this one.
    journal: Option<Vec<Change>>,
}

impl Default for Table {
    fn default() -> Self {
        Self {
            rows: Vec::new(),
            index: HashTable::new(),
            hasher: RandomState::new(),
            generation: 0,
            steps: Steps::default(),
            list: 0,
            parts: 1,
            lists: HashMap::new(),
            listed: HashSet::new(),
            stale: HashSet::new(),
            sync: Sync::Loading,
            complete: false,
            narrowed: None,
            broken: 0,
            last_broken: String::new(),
            widths: Vec::new(),
            flashing: false,
            journal: None,
        }
    }
}

fn same(a: &dyn Object, b: &dyn Object) -> bool {
    a.meta().name == b.meta().name && a.meta().namespace == b.meta().namespace && a.kind() == b.kind()
}

fn hash(hasher: &RandomState, object: &dyn Object) -> u64 {
    let meta = object.meta();
    hasher.hash_one((&*meta.name, meta.namespace.as_deref(), object.kind()))
}

impl Table {
    /// The rows, in no order.
    pub fn rows(&self) -> &[Row] {
        &self.rows
    }

    /// Grows with every change of the rows.
    pub fn generation(&self) -> u64 {
        self.generation
    }

    /// What changed since a generation, in order; nothing where that is too long ago.
    pub fn steps_since(&self, generation: u64) -> Option<impl Iterator<Item = &Step>> {
        let known = generation <= self.generation;
        known.then(|| self.steps.since(generation)).flatten()
    }

    /// How far the rows can be trusted.
    pub fn sync(&self) -> &Sync {
        &self.sync
    }

    /// Whether a first list has come whole.
    pub fn is_complete(&self) -> bool {
        self.complete
    }

    /// Whether nothing came but a failure.
    pub fn has_failed(&self) -> bool {
        !self.complete && matches!(self.sync, Sync::Stale { .. })
    }

    /// The namespaces shown instead of all, where not all may be listed.
    pub fn narrowed(&self) -> Option<&[String]> {
        self.narrowed.as_deref()
    }

    /// How many objects could not be read, and why the last one could not.
    pub fn broken(&self) -> (u32, &str) {
        (self.broken, &self.last_broken)
    }

    /// The widest text of each column that has been seen, in cells.
    pub fn widths(&self) -> &[u16] {
        &self.widths
    }

    /// Folds changes in. `view` is asked for the widths of the new cells.
    pub fn fold(&mut self, deltas: Vec<Delta>, view: Option<&dyn AnyView>, clock: &Clock) {
        let mut told: Option<ViewRef> = None;
        for delta in deltas {
            match delta {
                Delta::Parts(parts) => self.parts = parts,
                Delta::View(view) => {
                    self.widen_all(&*view, clock);
                    told = Some(view);
                }
                Delta::Listing(part) => {
                    self.list += 1;
                    self.broken = 0;
                    self.lists.insert(part, self.list);
                }
                Delta::Apply(object) => {
                    if let Some(view) = told.as_deref().or(view) {
                        self.widen(&*object, view, clock);
                    }
                    self.apply(object, clock.now);
                }
                Delta::Parted(uid, rows) => {
                    if let Some(view) = view {
                        rows.iter().for_each(|row| self.widen(&**row, view, clock));
                    }
                    self.parted(&uid, rows, clock.now);
                }
                Delta::Delete(object) => self.delete(&*object, clock.now),
                Delta::Broken(why) => (self.broken, self.last_broken) = (self.broken + 1, why),
                Delta::Listed(part) => self.listed(part, clock.now),
                Delta::Live(part) => self.live(&part),
                Delta::Stale(part, why) => self.stale(part, why, clock.now),
                Delta::Narrowed(names) => self.narrowed = Some(names),
            }
        }
        self.generation += 1;
    }

    fn live(&mut self, part: &Part) {
        self.stale.remove(part);
        if self.stale.is_empty() && self.complete {
            self.sync = Sync::Live;
        }
    }

    fn stale(&mut self, part: Part, why: Trouble, now: Time) {
        self.stale.insert(part);
        let since = match self.sync {
            Sync::Stale { since, .. } => since,
            _ => now,
        };
        self.sync = Sync::Stale { since, why };
    }

    /// The place of the row of this name.
    pub fn find(&self, object: &dyn Object) -> Option<usize> {
        let hash = hash(&self.hasher, object);
        let found = self.index.find(hash, |at| {
            self.rows
                .get(*at as usize)
                .is_some_and(|row| same(&*row.object, object))
        });
        found.map(|at| *at as usize)
    }

    fn apply(&mut self, object: Shared, now: Time) {
        let (list, complete) = (self.list, self.complete);
        let known = self.find(&*object);
        let Ok(at) = u32::try_from(known.unwrap_or(self.rows.len())) else {
            return;
        };
        let step = if known.is_some() {
            Step::Set(at)
        } else {
            Step::Added(at)
        };
        self.steps.note(self.generation, step);
        if let Some(row) = known.and_then(|at| self.rows.get_mut(at)) {
            let was_gone = row.is_gone();
            let (old, new) = (row.object.meta(), object.meta());
            if old.uid != new.uid || row.is_gone() {
                row.flash = Some((Flash::Added, now));
                self.flashing = true;
            } else if old.resource_version != new.resource_version && complete {
                row.flash = Some((Flash::Changed, now));
                self.flashing = true;
            }
            let old = std::mem::replace(&mut row.object, object);
            row.seen = list;
            if let Some(journal) = &mut self.journal {
                let (old, new) = (Some(old).filter(|_| !was_gone), row.object.clone());
                journal.push(Change::Set { old, new });
            }
            return;
        }
        let own = hash(&self.hasher, &*object);
        if let Some(journal) = &mut self.journal {
            let new = object.clone();
            journal.push(Change::Set { old: None, new });
        }
        let flash = complete.then_some((Flash::Added, now));
        self.flashing |= complete;
        self.rows.push(Row {
            object,
            flash,
            seen: list,
        });
        let (rows, hasher) = (&self.rows, &self.hasher);
        self.index.insert_unique(own, at, |at| {
            rows.get(*at as usize).map_or(0, |row| hash(hasher, &*row.object))
        });
    }

    /// The parts of an object; those that it had and has no more are gone.
    fn parted(&mut self, uid: &str, rows: Vec<Shared>, now: Time) {
        let kept: HashSet<Uid> = rows.iter().map(|row| row.meta().uid.clone()).collect();
        rows.into_iter().for_each(|row| self.apply(row, now));
        for row in self.rows.iter_mut().filter(|row| !row.is_gone()) {
            let own = &row.object.meta().uid;
            let is_part = own.parts().is_some_and(|(whole, _)| whole == uid);
            if is_part && !kept.contains(own) {
                row.flash = Some((Flash::Gone, now));
                self.flashing = true;
            }
        }
    }

    fn delete(&mut self, object: &dyn Object, now: Time) {
        let Some(row) = self.find(object).and_then(|at| self.rows.get_mut(at)) else {
            return;
        };
        if row.object.meta().uid == object.meta().uid {
            if let Some(journal) = self.journal.as_mut().filter(|_| !row.is_gone()) {
                journal.push(Change::Gone(row.object.clone()));
            }
            row.flash = Some((Flash::Gone, now));
            self.flashing = true;
        }
    }

    /// What a part's list did not name is gone. Rows count as named from the beginning of that list on, so that
    /// lists of several parts may come at the same time.
    fn listed(&mut self, part: Part, now: Time) {
        let begun = self.lists.get(&part).copied().unwrap_or(0);
        let of_part = |row: &Row| part.is_none() || row.object.meta().namespace.as_deref() == part.as_deref();
        for row in self
            .rows
            .iter_mut()
            .filter(|row| row.seen < begun && !row.is_gone() && of_part(row))
        {
            row.flash = Some((Flash::Gone, now));
            self.flashing = true;
            if let Some(journal) = &mut self.journal {
                journal.push(Change::Gone(row.object.clone()));
            }
        }
        self.stale.remove(&part);
        self.listed.insert(part);
        self.complete |= self.listed.len() >= self.parts;
        if self.stale.is_empty() && self.complete {
            self.sync = Sync::Live;
        }
    }

    /// How many rows are of objects that are there.
    pub fn alive(&self) -> usize {
        if !self.flashing {
            return self.rows.len();
        }
        self.rows.iter().filter(|row| !row.is_gone()).count()
    }

    /// Lets changes that were shown long enough become calm, and drops the rows of what is gone. Answers whether
    /// anything on the screen changes by it.
    pub fn calm(&mut self, now: Time) -> bool {
        if !self.flashing {
            return false;
        }
        let over = |at: Time| now.as_second() - at.as_second() >= FLASH_SECONDS;
        let mut changed = false;
        let mut gone = false;
        self.flashing = false;
        for row in &mut self.rows {
            match row.flash {
                Some((Flash::Gone, at)) if over(at) => gone = true,
                Some((_, at)) if over(at) => (row.flash, changed) = (None, true),
                Some(_) => self.flashing = true,
                None => {}
            }
        }
        if gone {
            self.drop_gone(over);
        }
        changed || gone
    }

    /// Drops the rows of what has been gone for long enough.
    fn drop_gone(&mut self, over: impl Fn(Time) -> bool) {
        let is_over = |row: &Row| matches!(row.flash, Some((Flash::Gone, at)) if over(at));
        let dropped = (0u32..).zip(&self.rows).filter(|(_, row)| is_over(row));
        let dropped = dropped.map(|(at, _)| at).collect();
        self.steps.note(self.generation, Step::Dropped(dropped));
        self.rows.retain(|row| !is_over(row));
        self.reindex();
        self.generation += 1;
    }

    fn reindex(&mut self) {
        let (rows, hasher) = (&self.rows, &self.hasher);
        let hash = |at: &u32| rows.get(*at as usize).map_or(0, |row| hash(hasher, &*row.object));
        self.index.clear();
        for at in 0..u32::try_from(rows.len()).unwrap_or(u32::MAX) {
            self.index.insert_unique(hash(&at), at, hash);
        }
    }
}

/// The tables of all watches that are open.
#[derive(Default)]
pub struct Store {
    tables: HashMap<WatchId, Table>,
    joins: HashMap<WatchId, joined::Join>,
}

impl Store {
    /// Makes room for a watch.
    pub fn open(&mut self, id: WatchId) {
        self.tables.insert(id, Table::default());
    }

    /// Forgets a watch; what it still sends is dropped.
    pub fn close(&mut self, id: WatchId) {
        self.tables.remove(&id);
        if let Some(join) = self.joins.remove(&id) {
            join.close(self);
        }
    }

    /// The table of a watch.
    pub fn get(&self, id: WatchId) -> Option<&Table> {
        self.tables.get(&id)
    }

    /// The table of a watch, to change.
    pub fn get_mut(&mut self, id: WatchId) -> Option<&mut Table> {
        self.tables.get_mut(&id)
    }

    /// All tables, to change.
    pub fn tables_mut(&mut self) -> impl Iterator<Item = &mut Table> {
        self.tables.values_mut()
    }
}
