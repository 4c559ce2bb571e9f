//! The lists that relations want, as watches: opened when they are first asked for, closed when nobody asks any more.

use std::any::Any;
use std::cell::RefCell;

use crate::core::effect::Effect;
use crate::core::event::WatchId;
use crate::core::layer::LayerCx;
use crate::core::store::{Row, Store, Sync, Table};
use crate::core::trouble::TroubleKind;
use crate::core::watch::{Decoder, WatchSpec};
use crate::core::whole::Whole;
use crate::relations::{Listed, Lists, Query, kinds, slim};

/// How many lists and single objects are watched at a time: each is a request that stays open.
const MOST: usize = 48;

/// From how many objects on looking through all of them costs so much that it is done once a second only.
const MANY: usize = 2000;

/// The watches of the queries that are open, and when their answers were looked through last.
#[derive(Default)]
pub struct Watches {
    open: Vec<(Query, WatchId)>,
    part: Option<slim::Read>,
    seen: Option<u64>,
    second: i64,
}

/// The answers at one moment, which also notes what is asked for.
pub struct Answers<'a> {
    watches: &'a Watches,
    store: &'a Store,
    cx: &'a LayerCx<'a>,
    wanted: RefCell<Vec<Query>>,
}

impl Watches {
    /// Watches that keep so much of the objects that are looked through; what is named is kept whole.
    pub fn of(part: slim::Read) -> Self {
        Self {
            part: Some(part),
            ..Self::default()
        }
    }

    fn spec(&self, query: &Query, cx: &LayerCx) -> WatchSpec {
        let spec = served(query, cx).spec();
        match self.part.filter(|_| query.name.is_none()) {
            Some(part) => WatchSpec {
                decoder: Decoder::Part(part),
                ..spec
            },
            None => spec,
        }
    }

    /// How many objects have come of lists that are not whole yet.
    pub fn coming(&self, store: &Store) -> usize {
        let tables = self.open.iter().filter_map(|(_, id)| store.get(*id));
        let coming = tables.filter(|table| !table.is_complete());
        coming.map(|table| table.rows().len()).sum()
    }

    /// The answers as they are now.
    pub fn answers<'a>(&'a self, cx: &'a LayerCx<'a>) -> Answers<'a> {
        Answers {
            watches: self,
            store: cx.store,
            cx,
            wanted: RefCell::default(),
        }
    }

    /// Whether the answers should be looked through again.
    pub fn is_due(&self, cx: &LayerCx) -> bool {
        let tables = self.open.iter().filter_map(|(_, id)| cx.store.get(*id));
        let count: usize = tables.map(|table| table.rows().len()).sum();
        let is_new = self.seen != Some(self.generation(cx.store));
        is_new && (count <= MANY || self.second != cx.clock.now.as_second())
    }

    /// The answers were looked through: opens what is wanted and not open yet, and closes what is wanted no more.
    pub fn settle(&mut self, wanted: Vec<Query>, cx: &LayerCx) -> Vec<Effect> {
        let mut effects = Vec::new();
        (self.seen, self.second) = (Some(self.generation(cx.store)), cx.clock.now.as_second());
        self.open.retain(|(query, id)| {
            let kept = wanted.contains(query);
            if !kept {
                effects.push(Effect::Unwatch(*id));
            }
            kept
        });
        for query in wanted {
            if self.find(&query).is_none() {
                let id = cx.ids.watch();
                effects.push(Effect::Watch(id, self.spec(&query, cx)));
                self.open.push((query, id));
            }
        }
        if !effects.is_empty() {
            self.seen = None;
        }
        effects
    }

    fn find(&self, query: &Query) -> Option<WatchId> {
        self.open.iter().find(|(known, _)| known == query).map(|(_, id)| *id)
    }

    /// The watches that are open.
    pub fn ids(&self) -> Vec<WatchId> {
        self.open.iter().map(|(_, id)| *id).collect()
    }

    /// A number that changes whenever an answer does.
    fn generation(&self, store: &Store) -> u64 {
        let tables = self.open.iter().filter_map(|(_, id)| store.get(*id));
        tables.map(Table::generation).fold(0, u64::wrapping_add)
    }

    /// Whether every answer has come, or was refused, and was looked at.
    pub fn is_ready(&self, store: &Store) -> bool {
        let settled = |table: &Table| table.is_complete() || table.has_failed();
        self.seen == Some(self.generation(store)) && self.open.iter().all(|(_, id)| store.get(*id).is_some_and(settled))
    }
}

/// The query as this server serves it: how a kind that konn is not built with is spelled in paths, discovery knows.
fn served(query: &Query, cx: &LayerCx) -> Query {
    let is_known = kinds::known(&query.resource.group, &query.resource.kind).is_some();
    let mut preferred = cx.catalog.preferred();
    let found = preferred.find(|resource| !is_known && resource.is_same_kind(&query.resource));
    Query {
        resource: found.unwrap_or(&query.resource).clone(),
        ..query.clone()
    }
}

impl Answers<'_> {
    /// Whether it is known that the server has no such kind: nothing is asked then.
    fn is_unserved(&self, query: &Query) -> bool {
        let catalog = self.cx.catalog;
        let is_known = kinds::known(&query.resource.group, &query.resource.kind).is_some();
        // A group that could not be asked may serve it.
        let whole = catalog.is_discovered() && catalog.failed().is_empty();
        let is_served = |query: &Query| catalog.preferred().any(|own| own.is_same_kind(&query.resource));
        query.name.is_none() && !is_known && whole && !is_served(query)
    }

    /// What was asked for.
    pub fn wanted(self) -> Vec<Query> {
        self.wanted.into_inner()
    }

    fn want(&self, query: &Query) -> bool {
        let mut wanted = self.wanted.borrow_mut();
        if wanted.contains(query) {
            return true;
        }
        if wanted.len() >= MOST {
            return false;
        }
        wanted.push(query.clone());
        true
    }
}

impl Lists for Answers<'_> {
    fn list(&self, query: &Query) -> Listed<'_> {
        if self.is_unserved(query) {
            return Listed::Objects(Vec::new());
        }
        if !self.want(query) {
            return Listed::Unasked;
        }
        let Some(table) = self.watches.find(query).and_then(|id| self.store.get(id)) else {
            return Listed::Loading;
        };
        match table.sync() {
            // A resource that this server does not serve has no objects.
            Sync::Stale { why, .. } if table.has_failed() && why.kind == TroubleKind::NotFound => {
                Listed::Objects(Vec::new())
            }
            Sync::Stale { why, .. } if table.has_failed() => Listed::Refused(self.cx.lang.what(why)),
            _ if !table.is_complete() => Listed::Loading,
            _ => Listed::Objects(objects(table)),
        }
    }
}

/// The objects of a table, by namespace and name.
fn objects(table: &Table) -> Vec<&serde_json::Value> {
    let mut rows: Vec<&Row> = table.rows().iter().filter(|row| !row.is_gone()).collect();
    rows.sort_by(|a, b| {
        let (a, b) = (a.object.meta(), b.object.meta());
        let namespaces = a.namespace.as_deref().cmp(&b.namespace.as_deref());
        namespaces.then_with(|| crate::core::view::natural(&a.name, &b.name))
    });
    rows.into_iter()
        .filter_map(|row| (&*row.object as &dyn Any).downcast_ref::<Whole>())
        .map(|whole| &whole.value)
        .collect()
}
