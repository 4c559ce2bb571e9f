//! A table's objects, decoded once: each look takes in only what has changed since the one before.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use serde_json::Value;

use crate::mock::storage::{ChangeKind, Object, Store};

/// The owners of generated load begin so (`demo/load.rs`). Its pods are there to be listed: nobody runs, counts or collects
/// them, and to decode tens of thousands of them would cost a gigabyte.
const GENERATED: &str = "00000000-0000-4000-8000-";

/// Whether a uid is that of an owner of generated load, who is nowhere.
#[must_use]
pub fn is_generated(owner: &str) -> bool {
    owner.starts_with(GENERATED)
}

/// One table as the controllers see it.
#[derive(Debug, Default)]
pub struct Shelf {
    /// The version up to which changes were taken in; none before the first look.
    version: Option<u64>,
    objects: BTreeMap<Box<str>, Arc<Value>>,
    /// The keys of the objects that name an owner, by its uid.
    owned: HashMap<Box<str>, BTreeSet<Box<str>>>,
    /// All objects in order, until one changes.
    listed: Option<Arc<[Arc<Value>]>>,
}

impl Shelf {
    /// Takes in what has happened to the table.
    pub fn refresh(&mut self, store: &Store, table: &str) {
        let newest = store.version_of(table);
        if self.version == Some(newest) {
            return;
        }
        let changes = self
            .version
            .and_then(|version| store.changes(table, version, usize::MAX).ok());
        let Some(changes) = changes else {
            return self.refill(store, table);
        };
        // Of an object that changed several times only the last state is decoded.
        let mut last: HashMap<&str, usize> = HashMap::new();
        for (index, change) in changes.iter().enumerate() {
            last.insert(&change.object.key, index);
            self.version = Some(change.object.version);
        }
        for index in last.into_values() {
            let Some(change) = changes.get(index) else { continue };
            self.take(&change.object.key);
            if change.kind != ChangeKind::Deleted {
                self.put(&change.object);
            }
        }
    }

    fn refill(&mut self, store: &Store, table: &str) {
        let listing = store.list(table, None);
        *self = Self::default();
        listing.objects.iter().for_each(|object| self.put(object));
        self.version = Some(listing.version);
    }

    fn put(&mut self, object: &Arc<Object>) {
        if object.owners.iter().any(|owner| is_generated(owner)) {
            return;
        }
        for owner in &object.owners {
            self.owned.entry(owner.clone()).or_default().insert(object.key.clone());
        }
        self.objects.insert(object.key.clone(), Arc::new(object.decode()));
        self.listed = None;
    }

    fn take(&mut self, key: &str) {
        let Some(old) = self.objects.remove(key) else { return };
        self.listed = None;
        let owners = old["metadata"]["ownerReferences"].as_array().into_iter().flatten();
        for owner in owners.filter_map(|owner| owner["uid"].as_str()) {
            if let Some(keys) = self.owned.get_mut(owner) {
                keys.remove(key);
                if keys.is_empty() {
                    self.owned.remove(owner);
                }
            }
        }
    }

    /// All objects, in the order of their keys.
    pub fn all(&mut self) -> Arc<[Arc<Value>]> {
        let objects = &self.objects;
        Arc::clone(self.listed.get_or_insert_with(|| objects.values().cloned().collect()))
    }

    /// The objects of a namespace.
    #[must_use]
    pub fn within(&self, namespace: &str) -> Vec<Arc<Value>> {
        let prefix = format!("{namespace}/");
        let from = self.objects.range(Box::from(prefix.as_str())..);
        from.take_while(|(key, _)| key.starts_with(&prefix))
            .map(|(_, object)| Arc::clone(object))
            .collect()
    }

    /// The object under a key.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<Arc<Value>> {
        self.objects.get(key).cloned()
    }

    /// The objects that name an owner.
    #[must_use]
    pub fn owned(&self, uid: &str) -> Vec<Arc<Value>> {
        let keys = self.owned.get(uid).into_iter().flatten();
        keys.filter_map(|key| self.objects.get(key).cloned()).collect()
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn pod(name: &str, owner: &str) -> Value {
        json!({"metadata": {"name": name, "namespace": "a", "ownerReferences": [{"uid": owner}]}})
    }

    #[test]
    fn a_shelf_follows_its_table() {
        let store = Store::default();
        let first = store.create("pods", pod("x", "o")).unwrap();
        let mut shelf = Shelf::default();
        shelf.refresh(&store, "pods");
        assert_eq!((shelf.all().len(), shelf.owned("o").len()), (1, 1));
        let second = store.create("pods", pod("y", "p")).unwrap();
        store.update("pods", pod("x", "p"), first.version).unwrap();
        shelf.refresh(&store, "pods");
        assert_eq!((shelf.owned("o").len(), shelf.owned("p").len()), (0, 2));
        store.delete("pods", "a/y", second.version).unwrap();
        shelf.refresh(&store, "pods");
        assert_eq!(shelf.within("a").len(), 1);
        // A history that was compacted is no loss.
        store.create("pods", pod("z", "p")).unwrap();
        store.compact();
        shelf.refresh(&store, "pods");
        assert!(shelf.get("a/z").is_some() && shelf.within("b").is_empty());
    }
}
