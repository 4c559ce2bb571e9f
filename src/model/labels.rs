//! Labels and other maps of strings to strings.

use std::fmt;
use std::sync::{Arc, LazyLock, Mutex};

use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};

use super::Istr;
use super::intern::{Table, shared};

/// A map of strings to strings, sorted by key: labels, a Service's selector, a node selector. The replicas of a workload
/// share one copy.
#[derive(Clone, Default, PartialEq, Eq, Hash)]
pub struct Labels(Arc<[Pair]>);

/// A key and its value.
type Pair = (Istr, Istr);

static KNOWN: LazyLock<Mutex<Table<[Pair]>>> = LazyLock::new(Mutex::default);

impl Labels {
    /// The value of `key`.
    pub fn get(&self, key: &str) -> Option<&str> {
        let at = self.0.binary_search_by(|(own, _)| own.as_str().cmp(key)).ok()?;
        self.0.get(at).map(|(_, value)| value.as_str())
    }

    /// The pairs, sorted by key.
    pub fn iter(&self) -> impl Iterator<Item = (&Istr, &Istr)> {
        self.0.iter().map(|(key, value)| (key, value))
    }

    /// How many pairs there are.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// `a=b,c=d`, or `<none>` without any, as `labels.FormatLabels` in Kubernetes' apimachinery.
    pub fn format(&self) -> String {
        if self.is_empty() {
            "<none>".to_owned()
        } else {
            self.to_string()
        }
    }
}

impl FromIterator<(Istr, Istr)> for Labels {
    /// Of a key that comes twice, the last value stays, as in Go's maps.
    fn from_iter<I: IntoIterator<Item = (Istr, Istr)>>(pairs: I) -> Self {
        let mut pairs: Vec<_> = pairs.into_iter().collect();
        pairs.reverse();
        pairs.sort_by(|(a, _), (b, _)| a.cmp(b));
        pairs.dedup_by(|(a, _), (b, _)| a == b);
        if pairs.is_empty() {
            Self::default()
        } else {
            Self(shared(&KNOWN, &pairs))
        }
    }
}

impl fmt::Display for Labels {
    /// The pairs sorted as texts, as `Set.String` in Kubernetes' apimachinery: `app.kubernetes.io/name=x` before `app=x`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut pairs: Vec<String> = self.iter().map(|(key, value)| format!("{key}={value}")).collect();
        pairs.sort();
        f.write_str(&pairs.join(","))
    }
}

impl fmt::Debug for Labels {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_map().entries(self.iter()).finish()
    }
}

impl<'de> Deserialize<'de> for Labels {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(LabelsVisitor)
    }
}

struct LabelsVisitor;

impl<'de> Visitor<'de> for LabelsVisitor {
    type Value = Labels;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a map of strings")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Labels, A::Error> {
        let mut pairs = Vec::with_capacity(map.size_hint().unwrap_or(8).min(64));
        while let Some((key, value)) = map.next_entry::<Istr, Option<Istr>>()? {
            pairs.push((key, value.unwrap_or_default()));
        }
        Ok(pairs.into_iter().collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_are_sorted_and_found() {
        let labels: Labels = serde_json::from_str(r#"{"tier":"web","app":"shop","app":"demo","empty":null}"#).unwrap();
        assert_eq!(labels.format(), "app=demo,empty=,tier=web");
        assert_eq!(labels.get("tier"), Some("web"));
        assert_eq!(labels.get("nope"), None);
        assert_eq!(Labels::default().format(), "<none>");
        let labels: Labels = serde_json::from_str(r#"{"app":"a","app.kubernetes.io/name":"b"}"#).unwrap();
        assert_eq!(labels.format(), "app.kubernetes.io/name=b,app=a");
    }

    #[test]
    fn equal_labels_share_one_copy() {
        let read = || serde_json::from_str::<Labels>(r#"{"app":"shared"}"#).unwrap();
        assert!(Arc::ptr_eq(&read().0, &read().0));
    }
}
