//! The objects of one resource, ordered by key, with their history and the bell that wakes watchers.

use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock};

use tokio::sync::watch;

use super::history::{Change, ChangeKind, Expired, History, Limit};
use super::object::Object;
use crate::mock::kinds::Field;

/// One resource's objects.
#[derive(Debug)]
pub struct Table {
    objects: BTreeMap<Box<str>, Arc<Object>>,
    /// What has happened to them lately.
    pub history: History,
    /// Rings with the version of each change.
    pub bell: watch::Sender<u64>,
    /// The fields that selectors may name.
    pub fields: &'static [Field],
}

impl Table {
    /// An empty table whose history begins at `version`.
    pub fn new(fields: &'static [Field], version: u64, limit: Limit) -> Self {
        Self {
            objects: BTreeMap::new(),
            history: History::new(version, limit),
            bell: watch::Sender::new(version),
            fields,
        }
    }

    /// The object under a key.
    pub fn get(&self, key: &str) -> Option<&Arc<Object>> {
        self.objects.get(key)
    }

    /// How many objects there are.
    pub fn len(&self) -> usize {
        self.objects.len()
    }

    /// The objects of a namespace, or all; in the order of their keys.
    pub fn scan<'a>(&'a self, namespace: Option<&str>) -> impl Iterator<Item = &'a Arc<Object>> + use<'a> {
        let prefix = namespace.map(|namespace| format!("{namespace}/")).unwrap_or_default();
        self.objects
            .range(Box::from(prefix.as_str())..)
            .map(|(_, object)| object)
            .take_while(move |object| object.key.starts_with(&prefix))
    }

    /// Puts an object in place and notes the change.
    pub fn put(&mut self, object: Arc<Object>) {
        let previous = self.objects.insert(object.key.clone(), Arc::clone(&object));
        let kind = if previous.is_some() {
            ChangeKind::Modified
        } else {
            ChangeKind::Added
        };
        self.note(kind, object, previous);
    }

    /// Takes an object away; `last` is its last state under the deletion's version.
    pub fn remove(&mut self, last: Arc<Object>) {
        let previous = self.objects.remove(&last.key);
        self.note(ChangeKind::Deleted, last, previous);
    }

    fn note(&mut self, kind: ChangeKind, object: Arc<Object>, previous: Option<Arc<Object>>) {
        let version = object.version;
        self.history.push(Arc::new(Change {
            kind,
            object,
            previous,
            line: OnceLock::new(),
        }));
        self.bell.send_replace(version);
    }

    /// The objects as they stood at an older version: the present with the later changes undone.
    ///
    /// # Errors
    /// [`Expired`] when the history does not reach back so far.
    pub fn at(&self, version: u64, namespace: Option<&str>) -> Result<Vec<Arc<Object>>, Expired> {
        let later = self.history.after(version, usize::MAX)?;
        let mut then: BTreeMap<&str, Arc<Object>> = self
            .scan(namespace)
            .map(|object| (&*object.key, Arc::clone(object)))
            .collect();
        let prefix = namespace.map(|namespace| format!("{namespace}/")).unwrap_or_default();
        for change in later
            .iter()
            .rev()
            .filter(|change| change.object.key.starts_with(&prefix))
        {
            match &change.previous {
                Some(previous) => then.insert(&change.object.key, Arc::clone(previous)),
                None => then.remove(&*change.object.key),
            };
        }
        Ok(then.into_values().collect())
    }
}
