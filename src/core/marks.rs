//! The rows that a person has marked.

use std::hash::BuildHasher;

use hashbrown::hash_table::Entry;
use hashbrown::{DefaultHashBuilder, HashTable};

use super::view::Shared;
use crate::model::Uid;

/// Marked objects, each known by its uid: one that was deleted and made anew under its name is another.
#[derive(Default)]
pub struct Marks {
    objects: HashTable<Shared>,
    hasher: DefaultHashBuilder,
}

impl Marks {
    /// Whether nothing is marked.
    pub fn is_empty(&self) -> bool {
        self.objects.is_empty()
    }

    /// How many are marked.
    pub fn len(&self) -> usize {
        self.objects.len()
    }

    /// Whether the object of this uid is marked.
    pub fn contains(&self, uid: &Uid) -> bool {
        let found = self.objects.find(self.hasher.hash_one(uid), |marked| is(marked, uid));
        found.is_some()
    }

    /// Marks an object, or takes its mark away.
    pub fn toggle(&mut self, object: Shared) {
        let hash = |object: &Shared| self.hasher.hash_one(&object.meta().uid);
        let uid = &object.meta().uid;
        match self.objects.entry(hash(&object), |marked| is(marked, uid), hash) {
            Entry::Occupied(marked) => {
                marked.remove();
            }
            Entry::Vacant(place) => {
                place.insert(object);
            }
        }
    }

    /// Marks all of these.
    pub fn extend<'a>(&mut self, objects: impl Iterator<Item = &'a Shared>) {
        let hash = |object: &Shared| self.hasher.hash_one(&object.meta().uid);
        // They lie far apart in memory: short steps, each over all of them, let the processor wait for many at once.
        let hashed: Vec<(u64, &Shared)> = objects.map(|object| (hash(object), object)).collect();
        self.objects.reserve(hashed.len(), hash);
        for (known, object) in hashed {
            let uid = &object.meta().uid;
            if let Entry::Vacant(place) = self.objects.entry(known, |marked| is(marked, uid), hash) {
                place.insert(object.clone());
            }
        }
    }

    /// Takes all marks away.
    pub fn clear(&mut self) {
        self.objects = HashTable::new();
    }

    /// The marked objects, in no order.
    pub fn iter(&self) -> impl Iterator<Item = &Shared> {
        self.objects.iter()
    }
}

fn is(object: &Shared, uid: &Uid) -> bool {
    object.meta().uid == *uid
}

#[cfg(test)]
mod tests {

    use super::*;
    use crate::core::whole::Whole;

    fn object(uid: &str) -> Shared {
        Whole::of(serde_json::json!({"metadata": {"name": "web-0", "uid": uid}}))
    }

    #[test]
    fn marks_are_of_uids() {
        let mut marks = Marks::default();
        marks.toggle(object("a"));
        assert!(marks.contains(&"a".into()) && !marks.contains(&"b".into()));
        let others: Vec<Shared> = (0..100).map(|at| object(&at.to_string())).collect();
        marks.extend(others.iter().chain([&object("a")]));
        assert_eq!((marks.len(), marks.iter().count()), (101, 101));
        marks.toggle(object("a"));
        assert!(!marks.contains(&"a".into()) && marks.contains(&"99".into()));
        marks.clear();
        assert!(marks.is_empty() && !marks.contains(&"99".into()));
    }
}
