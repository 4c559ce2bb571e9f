//! All tables behind one lock and one version counter.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use serde_json::Value;
use thiserror::Error;
use tokio::sync::watch;

use super::history::{Change, Expired, Limit};
use super::object::{Object, object_key};
use super::table::Table;
use crate::mock::kinds::selectable;

/// Why the store refused a write.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
pub enum StoreError {
    /// There is an object under that key already.
    #[error("the object exists already")]
    Exists,
    /// There is no object under that key.
    #[error("there is no such object")]
    Missing,
    /// The object has another version than the writer saw.
    #[error("the object was modified meanwhile")]
    Conflict,
}

/// The objects of a list and the version at which they stood.
#[derive(Debug)]
pub struct Listing {
    /// In the order of their keys.
    pub objects: Vec<Arc<Object>>,
    /// The collection's resourceVersion.
    pub version: u64,
}

/// The mock cluster's memory. Clones share it.
#[derive(Clone, Debug)]
pub struct Store {
    inner: Arc<Mutex<Inner>>,
}

#[derive(Debug)]
struct Inner {
    tables: BTreeMap<String, Table>,
    version: u64,
    /// The version up to which all histories were compacted.
    compacted: u64,
    limit: Limit,
}

impl Default for Store {
    fn default() -> Self {
        Self::new(Limit::default())
    }
}

impl Inner {
    fn table(&mut self, name: &str) -> &mut Table {
        // A table that nothing was written to has missed nothing.
        let (version, limit) = (self.compacted, self.limit);
        self.tables
            .entry(name.to_owned())
            .or_insert_with(|| Table::new(selectable(name), version, limit))
    }
}

impl Store {
    /// An empty store whose tables keep as much history as `limit` says.
    #[must_use]
    pub fn new(limit: Limit) -> Self {
        Self {
            inner: Arc::new(Mutex::new(Inner {
                tables: BTreeMap::new(),
                version: 1,
                compacted: 0,
                limit,
            })),
        }
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        // A panic elsewhere leaves whole objects behind: every write below is one insertion.
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The newest version.
    #[must_use]
    pub fn version(&self) -> u64 {
        self.lock().version
    }

    /// The version of a table's newest change.
    #[must_use]
    pub fn version_of(&self, table: &str) -> u64 {
        *self.lock().table(table).bell.borrow()
    }

    /// The object of that name; an empty namespace means the cluster's scope.
    #[must_use]
    pub fn get(&self, table: &str, namespace: &str, name: &str) -> Option<Arc<Object>> {
        self.lock()
            .tables
            .get(table)?
            .get(&object_key(namespace, name))
            .cloned()
    }

    /// The objects of a namespace, or of all.
    #[must_use]
    pub fn list(&self, table: &str, namespace: Option<&str>) -> Listing {
        let inner = self.lock();
        let objects = inner
            .tables
            .get(table)
            .map(|table| table.scan(namespace).cloned().collect());
        Listing {
            objects: objects.unwrap_or_default(),
            version: inner.version,
        }
    }

    /// The objects as they stood at an older version.
    ///
    /// # Errors
    /// [`Expired`] when the history does not reach back so far.
    pub fn list_at(&self, table: &str, namespace: Option<&str>, version: u64) -> Result<Vec<Arc<Object>>, Expired> {
        self.lock().table(table).at(version, namespace)
    }

    /// How many objects a table holds.
    #[must_use]
    pub fn count(&self, table: &str) -> usize {
        self.lock().tables.get(table).map_or(0, Table::len)
    }

    /// Stores a new object, named by its own metadata.
    ///
    /// # Errors
    /// [`StoreError::Exists`].
    pub fn create(&self, table: &str, value: Value) -> Result<Arc<Object>, StoreError> {
        let mut inner = self.lock();
        let version = inner.version + 1;
        let table = inner.table(table);
        let object = Arc::new(Object::encode(value, version, table.fields));
        if table.get(&object.key).is_some() {
            return Err(StoreError::Exists);
        }
        table.put(Arc::clone(&object));
        inner.version = version;
        Ok(object)
    }

    /// Stores an object in place of what stands under its name, which must still have version `seen`.
    ///
    /// # Errors
    /// [`StoreError::Missing`] and [`StoreError::Conflict`].
    pub fn update(&self, table: &str, value: Value, seen: u64) -> Result<Arc<Object>, StoreError> {
        let mut inner = self.lock();
        let version = inner.version + 1;
        let table = inner.table(table);
        let object = Arc::new(Object::encode(value, version, table.fields));
        let present = table.get(&object.key).ok_or(StoreError::Missing)?;
        if present.version != seen {
            return Err(StoreError::Conflict);
        }
        table.put(Arc::clone(&object));
        inner.version = version;
        Ok(object)
    }

    /// Removes an object that must still have version `seen`; its last state carries the deletion's version.
    ///
    /// # Errors
    /// [`StoreError::Missing`] and [`StoreError::Conflict`].
    pub fn delete(&self, table: &str, key: &str, seen: u64) -> Result<Arc<Object>, StoreError> {
        let mut inner = self.lock();
        let version = inner.version + 1;
        let table = inner.table(table);
        let present = table.get(key).ok_or(StoreError::Missing)?;
        if present.version != seen {
            return Err(StoreError::Conflict);
        }
        let last = Arc::new(Object::encode(present.decode(), version, table.fields));
        table.remove(Arc::clone(&last));
        inner.version = version;
        Ok(last)
    }

    /// The changes of a table after a version, oldest first.
    ///
    /// # Errors
    /// [`Expired`] when they were compacted.
    pub fn changes(&self, table: &str, after: u64, most: usize) -> Result<Vec<Arc<Change>>, Expired> {
        self.lock().table(table).history.after(after, most)
    }

    /// Every table, with the version of its last change.
    #[must_use]
    pub fn tables(&self) -> Vec<(String, u64)> {
        let inner = self.lock();
        let told = |(name, table): (&String, &Table)| (name.clone(), *table.bell.borrow());
        inner.tables.iter().map(told).collect()
    }

    /// A bell that rings at each change of a table.
    #[must_use]
    pub fn bell(&self, table: &str) -> watch::Receiver<u64> {
        self.lock().table(table).bell.subscribe()
    }

    /// Forgets every change so far, as etcd's compaction does: watches from older versions get 410.
    pub fn compact(&self) {
        let mut inner = self.lock();
        let version = inner.version;
        inner.compacted = version;
        inner
            .tables
            .values_mut()
            .for_each(|table| table.history.compact(version));
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::mock::storage::ChangeKind;

    fn pod(namespace: &str, name: &str, phase: &str) -> Value {
        json!({"kind": "Pod", "apiVersion": "v1", "metadata": {"name": name, "namespace": namespace, "labels": {"a": "b"}},
            "status": {"phase": phase}})
    }

    fn names(objects: &[Arc<Object>]) -> Vec<&str> {
        objects.iter().map(|object| &*object.key).collect()
    }

    #[test]
    fn lists_are_ordered_as_etcd_orders_keys() {
        let store = Store::default();
        for (namespace, name) in [("a", "x"), ("a-b", "x"), ("a", "b")] {
            store.create("pods", pod(namespace, name, "Pending")).unwrap();
        }
        assert_eq!(names(&store.list("pods", None).objects), ["a-b/x", "a/b", "a/x"]);
        assert_eq!(names(&store.list("pods", Some("a")).objects), ["a/b", "a/x"]);
    }

    #[test]
    fn a_write_on_an_old_version_is_refused() {
        let store = Store::default();
        let made = store.create("pods", pod("a", "x", "Pending")).unwrap();
        assert_eq!(
            store.create("pods", pod("a", "x", "Pending")).err(),
            Some(StoreError::Exists)
        );
        store.update("pods", pod("a", "x", "Running"), made.version).unwrap();
        assert_eq!(
            store.update("pods", pod("a", "x", "Failed"), made.version).err(),
            Some(StoreError::Conflict)
        );
        assert_eq!(store.delete("pods", "a/y", 1).err(), Some(StoreError::Missing));
    }

    #[test]
    fn history_undoes_changes_until_it_is_compacted() {
        let store = Store::default();
        let first = store.create("pods", pod("a", "x", "Pending")).unwrap();
        let second = store.create("pods", pod("a", "y", "Pending")).unwrap();
        store.update("pods", pod("a", "x", "Running"), first.version).unwrap();
        store.delete("pods", "a/y", second.version).unwrap();
        let then = store.list_at("pods", None, second.version).unwrap();
        assert_eq!(names(&then), ["a/x", "a/y"]);
        assert_eq!(then[0].decode()["status"]["phase"], "Pending");
        let kinds: Vec<_> = store
            .changes("pods", first.version, 9)
            .unwrap()
            .iter()
            .map(|change| change.kind)
            .collect();
        assert_eq!(kinds, [ChangeKind::Added, ChangeKind::Modified, ChangeKind::Deleted]);
        store.compact();
        assert!(store.list_at("pods", None, second.version).is_err());
        assert!(store.changes("pods", store.version(), 9).unwrap().is_empty());
    }

    #[test]
    fn selectable_fields_are_kept_beside_the_bytes() {
        let store = Store::default();
        let made = store.create("pods", pod("a", "x", "Running")).unwrap();
        let phase = selectable("pods")
            .iter()
            .position(|field| field.name == "status.phase")
            .unwrap();
        assert_eq!(&*made.fields[phase], "Running");
        assert_eq!(made.label("a"), Some("b"));
        assert!(!std::str::from_utf8(&made.body).unwrap().contains("apiVersion"));
    }
}
