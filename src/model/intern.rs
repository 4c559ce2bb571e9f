//! Strings that repeat from object to object (namespaces, label keys and values, node names, images), kept once.

use std::borrow::Borrow;
use std::collections::HashSet;
use std::fmt;
use std::ops::Deref;
use std::sync::{Arc, LazyLock, Mutex, PoisonError};

use serde::de::{Deserialize, Deserializer, Error, Visitor};

/// A handle on a string of which the whole process keeps one copy. Cloning it counts, it does not copy.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Istr(Arc<str>);

/// The strings in use and those not yet swept out.
struct Table {
    strings: HashSet<Arc<str>>,
    /// How many strings there may be before the dead ones are swept out.
    sweep_at: usize,
}

/// No sweep below this many strings: it would cost more than it frees.
const SMALLEST_SWEEP: usize = 1024;

static TABLE: LazyLock<Mutex<Table>> = LazyLock::new(|| {
    Mutex::new(Table {
        strings: HashSet::new(),
        sweep_at: SMALLEST_SWEEP,
    })
});

impl Istr {
    /// The handle on `text`: the one that exists, or a new one.
    pub fn new(text: &str) -> Self {
        TABLE.lock().unwrap_or_else(PoisonError::into_inner).get(text)
    }

    /// The string.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Table {
    fn get(&mut self, text: &str) -> Istr {
        if let Some(known) = self.strings.get(text) {
            return Istr(known.clone());
        }
        if self.strings.len() >= self.sweep_at {
            self.sweep();
        }
        let new: Arc<str> = text.into();
        self.strings.insert(new.clone());
        Istr(new)
    }

    /// Forgets every string that only the table still holds. No handle can appear meanwhile: the table is locked.
    fn sweep(&mut self) {
        self.strings.retain(|string| Arc::strong_count(string) > 1);
        self.sweep_at = (self.strings.len() * 2).max(SMALLEST_SWEEP);
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
        deserializer.deserialize_str(IstrVisitor)
    }
}

struct IstrVisitor;

impl Visitor<'_> for IstrVisitor {
    type Value = Istr;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a string")
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Istr, E> {
        Ok(Istr::new(text))
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
        let mut table = Table {
            strings: HashSet::new(),
            sweep_at: SMALLEST_SWEEP,
        };
        let kept = table.get("kept");
        for i in 0..SMALLEST_SWEEP * 3 {
            table.get(&format!("dropped-{i}"));
        }
        assert!(table.strings.len() <= SMALLEST_SWEEP, "{}", table.strings.len());
        assert!(Arc::ptr_eq(&kept.0, &table.get("kept").0));
    }
}
