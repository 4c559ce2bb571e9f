//! Who owns whom: read from what changes in the store, with the objects that the garbage collector has to look at. As
//! `graph_builder.go` of Kubernetes' garbage collector.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use memchr::memmem;
use serde_json::Value;

use super::shelf::is_generated;
use crate::mock::server::Api;
use crate::mock::storage::{ChangeKind, Object, Store, key_parts};

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
        let (namespace, name) = key_parts(&self.key);
        store.get(&self.table, namespace, name)
    }

    /// Whether this is where a reference looks for an owner, as far as that can be told of a kind that may be served no more.
    fn is_meant(&self, kind: Option<&str>, reference: &Value, namespace: &str) -> bool {
        let text = |field: &str| reference[field].as_str().unwrap_or_default();
        if kind.is_some_and(|kind| kind != text("kind")) {
            return false;
        }
        let group = text("apiVersion").split_once('/').map_or("", |(group, _)| group);
        let own = self.table.split_once('.').map_or("", |(_, group)| group);
        let (home, name) = key_parts(&self.key);
        own == group && name == text("name") && (home.is_empty() || home == namespace)
    }
}

/// What is known of owners.
#[derive(Debug, Default)]
pub struct Graph {
    /// The version up to which each table was read.
    versions: HashMap<Arc<str>, u64>,
    /// The kinds of the tables' objects.
    named: HashMap<Arc<str>, Box<str>>,
    /// The uids of the owners that objects name.
    owners: HashMap<Place, Box<[Box<str>]>>,
    /// The objects that name an owner, by its uid.
    owned: HashMap<Box<str>, BTreeSet<Place>>,
    /// The objects that are being deleted and still there, by uid.
    dying: HashMap<Box<str>, Place>,
    /// Where owners were that are gone, by their uids, as long as somebody names them.
    gone: HashMap<Box<str>, Place>,
    /// What has to be looked at.
    waiting: BTreeSet<Place>,
    /// What has to be looked at again once other kinds are served.
    aside: BTreeSet<Place>,
    /// How often the served kinds had changed when that was looked at.
    kinds: u64,
}

impl Graph {
    /// Takes in what has changed.
    pub fn refresh(&mut self, api: &Api) {
        let kinds = api.kinds.changes();
        if self.kinds != kinds {
            self.kinds = kinds;
            self.waiting.append(&mut self.aside);
        }
        let store = &api.store;
        let mut went = Vec::new();
        for (table, newest) in store.tables() {
            // A table that was read as a whole is known up to the version of that moment.
            let is_known = self.versions.get(&*table).is_some_and(|known| *known >= newest);
            if IGNORED.contains(&&*table) || is_known {
                continue;
            }
            let table: Arc<str> = table.into();
            if let Some(kind) = api.kinds.of_table(&table) {
                self.named.insert(Arc::clone(&table), kind.kind.as_str().into());
            }
            let known = self.versions.get(&table).copied();
            match known.and_then(|known| store.changes(&table, known, usize::MAX).ok()) {
                Some(changes) => {
                    for change in changes {
                        let is_gone = change.kind == ChangeKind::Deleted;
                        let place = self.see(&table, &change.object, is_gone);
                        went.extend(
                            place
                                .filter(|_| is_gone)
                                .map(|place| (change.object.uid.clone(), place)),
                        );
                        self.versions.insert(Arc::clone(&table), change.object.version);
                    }
                }
                None => self.refill(store, table),
            }
        }
        // Those that they owned may stand in tables that are read after theirs.
        for (uid, place) in went {
            if let Some(owned) = self.owned.get(&uid) {
                self.waiting.extend(owned.iter().cloned());
                self.gone.insert(uid, place);
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
        let mut gone = std::mem::take(&mut self.gone);
        known.iter().for_each(|place| self.link(place, &[]));
        self.dying.retain(|_, place| place.table != table);
        let listing = store.list(&table, None);
        listing
            .objects
            .iter()
            .for_each(|object| drop(self.see(&table, object, false)));
        gone.retain(|uid, _| self.owned.contains_key(uid));
        self.gone = gone;
        self.waiting.extend(self.owners.keys().cloned());
        self.versions.insert(table, listing.version);
    }

    /// Takes in one object, and returns where it is; nothing for generated load.
    fn see(&mut self, table: &Arc<str>, object: &Object, is_gone: bool) -> Option<Place> {
        if object.owners.iter().any(|owner| is_generated(owner)) {
            return None;
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
        } else if memmem::find(&object.body, b"\"deletionTimestamp\"").is_some() {
            self.dying.insert(object.uid.clone(), place.clone());
            self.waiting.insert(place.clone());
            let owned = self.owned.get(&object.uid).into_iter().flatten();
            self.waiting.extend(owned.cloned());
        }
        Some(place)
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

    /// Whether the owner that a reference in a namespace means was seen to go.
    #[must_use]
    pub fn is_gone(&self, reference: &Value, namespace: &str) -> bool {
        let uid = reference["uid"].as_str().unwrap_or_default();
        let Some(place) = self.gone.get(uid) else { return false };
        let kind = self.named.get(&place.table).map(|kind| &**kind);
        place.is_meant(kind, reference, namespace)
    }

    /// The objects that name an owner.
    pub fn owned(&self, uid: &str) -> impl Iterator<Item = &Place> {
        self.owned.get(uid).into_iter().flatten()
    }
}
