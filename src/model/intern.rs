//! Strings that repeat from object to object (namespaces, label keys and values, node names, images), kept once.

use std::borrow::Borrow;
use std::collections::HashSet;
use std::fmt;
use std::hash::Hash;
use std::ops::Deref;
use std::sync::{Arc, LazyLock, Mutex, PoisonError};

use serde::de::{Deserialize, Deserializer};

use super::decode::from_text;

/// A handle on a string of which the whole process keeps one copy. Cloning it counts, it does not copy.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Istr(Arc<str>);

/// Values of which the process keeps one copy each: those in use and those not yet swept out.
pub(super) struct Table<T: ?Sized> {
    known: HashSet<Arc<T>>,
    /// How many values there may be before the dead ones are swept out.
    sweep_at: usize,
}

/// No sweep below this many values: it would cost more than it frees.
const SMALLEST_SWEEP: usize = 1024;

static STRINGS: LazyLock<Mutex<Table<str>>> = LazyLock::new(Mutex::default);

impl Istr {
    /// The handle on `text`: the one that exists, or a new one.
    pub fn new(text: &str) -> Self {
        Self(shared(&STRINGS, text))
    }

    /// The string.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// The one copy of `value` in `table`.
pub(super) fn shared<T>(table: &Mutex<Table<T>>, value: &T) -> Arc<T>
where
    T: ?Sized + Eq + Hash,
    Arc<T>: for<'v> From<&'v T>,
{
    table.lock().unwrap_or_else(PoisonError::into_inner).get(value)
}

impl<T: ?Sized> Default for Table<T> {
    fn default() -> Self {
        Self {
            known: HashSet::new(),
            sweep_at: SMALLEST_SWEEP,
        }
    }
}

impl<T: ?Sized + Eq + Hash> Table<T> {
    fn get(&mut self, value: &T) -> Arc<T>
    where
        Arc<T>: for<'v> From<&'v T>,
    {
        if let Some(known) = self.known.get(value) {
            return known.clone();
        }
        if self.known.len() >= self.sweep_at {
            self.sweep();
        }
        let new = Arc::from(value);
        self.known.insert(Arc::clone(&new));
        new
    }

    /// Forgets every value that only the table still holds. No handle can appear meanwhile: the table is locked.
    fn sweep(&mut self) {
        self.known.retain(|value| Arc::strong_count(value) > 1);
        self.sweep_at = (self.known.len() * 2).max(SMALLEST_SWEEP);
    }
}

impl Default for Istr {
    fn default() -> Self {
        Self::new("")
    }
}

impl Deref for Istr {
    type Target = str;

    fn deref(&self) -> &str {
        &self.0
    }
}

impl AsRef<str> for Istr {
    fn as_ref(&self) -> &str {
        &self.0
    }
}

impl Borrow<str> for Istr {
    fn borrow(&self) -> &str {
        &self.0
    }
}

impl From<&str> for Istr {
    fn from(text: &str) -> Self {
        Self::new(text)
    }
}

impl PartialEq<str> for Istr {
    fn eq(&self, other: &str) -> bool {
        *self.0 == *other
    }
}

impl PartialEq<&str> for Istr {
    fn eq(&self, other: &&str) -> bool {
        *self.0 == **other
    }
}

impl fmt::Display for Istr {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

impl fmt::Debug for Istr {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.0, f)
    }
}

impl<'de> Deserialize<'de> for Istr {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        from_text(deserializer)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_strings_share_one_copy() {
        let one = Istr::new("app.kubernetes.io/name");
        let other: Istr = serde_json::from_str("\"app.kubernetes.io/name\"").unwrap();
        assert!(Arc::ptr_eq(&one.0, &other.0));
        assert_eq!(one, "app.kubernetes.io/name");
        assert_ne!(one, Istr::new("app"));
    }

    #[test]
    fn a_sweep_forgets_what_nobody_holds() {
        let mut table = Table::<str>::default();
        let kept = table.get("kept");
        for i in 0..SMALLEST_SWEEP * 3 {
            table.get(&format!("dropped-{i}"));
        }
        assert!(table.known.len() <= SMALLEST_SWEEP, "{}", table.known.len());
        assert!(Arc::ptr_eq(&kept, &table.get("kept")));
    }
}
