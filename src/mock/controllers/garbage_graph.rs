//! Who owns whom: read from what changes in the store, with the objects that the garbage collector has to look at. As
//! `graph_builder.go` of Kubernetes' garbage collector.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::sync::Arc;

use memchr::memmem;

use super::shelf::is_generated;
use crate::mock::server::definitions;
use crate::mock::storage::{ChangeKind, Object, Store};

/// The tables that are not looked at: `ignoredResources`.
const IGNORED: [&str; 1] = ["events"];

/// Where an object is: its table, and its key there.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Place {
    /// The table.
    pub table: Arc<str>,
    key: Box<str>,
}

impl Place {
    /// The object that is there now.
    #[must_use]
    pub fn object(&self, store: &Store) -> Option<Arc<Object>> {
        let (namespace, name) = self.key.split_once('/').unwrap_or(("", &self.key));
        store.get(&self.table, namespace, name)
    }
}

/// What is known of owners.
#[derive(Debug, Default)]
pub struct Graph {
    /// The version up to which each table was read.
    versions: HashMap<Arc<str>, u64>,
    /// The uids of the owners that objects name.
    owners: HashMap<Place, Box<[Box<str>]>>,
    /// The objects that name an owner, by its uid.
    owned: HashMap<Box<str>, BTreeSet<Place>>,
    /// The objects that are being deleted and still there, by uid.
    dying: HashMap<Box<str>, Place>,
    /// The uids of owners that were there and are gone, as long as somebody names them.
    gone: HashSet<Box<str>>,
    /// What has to be looked at.
    waiting: BTreeSet<Place>,
    /// What has to be looked at again once other kinds are served.
    aside: BTreeSet<Place>,
}

impl Graph {
    /// Takes in what has changed.
    pub fn refresh(&mut self, store: &Store) {
        for (table, newest) in store.tables() {
            if IGNORED.contains(&&*table) || self.versions.get(&*table) == Some(&newest) {
                continue;
            }
            if table == definitions::TABLE {
                self.waiting.append(&mut self.aside);
            }
            let table: Arc<str> = table.into();
            let known = self.versions.get(&table).copied();
            match known.and_then(|known| store.changes(&table, known, usize::MAX).ok()) {
                Some(changes) => {
                    for change in changes {
                        self.see(&table, &change.object, change.kind == ChangeKind::Deleted);
                        self.versions.insert(Arc::clone(&table), change.object.version);
                    }
                }
                None => self.refill(store, table),
            }
        }
    }

    /// Reads a table anew. What was in it is looked at, and what that owned: it may be gone.
    fn refill(&mut self, store: &Store, table: Arc<str>) {
        let known: Vec<Place> = self
            .owners
            .keys()
            .filter(|place| place.table == table)
            .cloned()
            .collect();
        known.iter().for_each(|place| self.link(place, &[]));
        self.dying.retain(|_, place| place.table != table);
        let listing = store.list(&table, None);
        listing
            .objects
            .iter()
            .for_each(|object| self.see(&table, object, false));
        self.waiting.extend(self.owners.keys().cloned());
        self.versions.insert(table, listing.version);
    }

    fn see(&mut self, table: &Arc<str>, object: &Object, is_gone: bool) {
        if object.owners.iter().any(|owner| is_generated(owner)) {
            return;
        }
        let place = Place {
            table: Arc::clone(table),
            key: object.key.clone(),
        };
        let owners = if is_gone { &[] } else { &object.owners[..] };
        if self.owners.get(&place).map_or(&[][..], |known| known) != owners {
            self.link(&place, owners);
        }
        // It may hold its owners no more.
        let owners = owners.iter().filter_map(|owner| self.dying.get(owner));
        self.waiting.extend(owners.cloned());
        if is_gone {
            self.dying.remove(&object.uid);
            if self.owned.contains_key(&object.uid) {
                self.gone.insert(object.uid.clone());
            }
        } else if memmem::find(&object.body, b"\"deletionTimestamp\"").is_some() {
            self.dying.insert(object.uid.clone(), place.clone());
            self.waiting.insert(place);
        } else {
            return;
        }
        self.waiting
            .extend(self.owned.get(&object.uid).into_iter().flatten().cloned());
    }

    /// Notes the owners of an object. Those that it had may have waited for it.
    fn link(&mut self, place: &Place, owners: &[Box<str>]) {
        for owner in self.owners.remove(place).into_iter().flatten() {
            if let Some(owned) = self.owned.get_mut(&owner) {
                owned.remove(place);
                if owned.is_empty() {
                    self.owned.remove(&owner);
                    self.gone.remove(&owner);
                }
            }
            self.waiting.extend(self.dying.get(&owner).cloned());
        }
        if owners.is_empty() {
            return;
        }
        for owner in owners {
            self.owned.entry(owner.clone()).or_default().insert(place.clone());
        }
        self.owners.insert(place.clone(), owners.into());
        self.waiting.insert(place.clone());
    }

    /// What has to be looked at, which is then looked at.
    pub fn take(&mut self) -> BTreeSet<Place> {
        std::mem::take(&mut self.waiting)
    }

    /// Keeps an object until other kinds are served.
    pub fn set_aside(&mut self, place: &Place) {
        self.aside.insert(place.clone());
    }

    /// Whether an owner was seen to go.
    #[must_use]
    pub fn is_gone(&self, uid: &str) -> bool {
        self.gone.contains(uid)
    }

    /// The objects that name an owner.
    pub fn owned(&self, uid: &str) -> impl Iterator<Item = &Place> {
        self.owned.get(uid).into_iter().flatten()
    }
}
