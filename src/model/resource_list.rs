//! Named quantities: requests, limits, capacity, quotas.

use std::fmt;

use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};

use super::{Istr, Quantity};

/// A map of resource names to quantities, sorted by name.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ResourceList(Box<[(Istr, Quantity)]>);

impl ResourceList {
    /// How much of `resource`, if it is named.
    pub fn get(&self, resource: &str) -> Option<&Quantity> {
        let at = self.0.binary_search_by(|(own, _)| own.as_str().cmp(resource)).ok()?;
        self.0.get(at).map(|(_, quantity)| quantity)
    }

    /// How much of `resource` as Kubernetes prints it: `0` if it is not named.
    pub fn text(&self, resource: &str) -> String {
        self.get(resource).map_or_else(|| "0".to_owned(), ToString::to_string)
    }

    /// The resources, sorted by name.
    pub fn iter(&self) -> impl Iterator<Item = (&Istr, &Quantity)> {
        self.0.iter().map(|(resource, quantity)| (resource, quantity))
    }

    /// Whether no resource is named.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Milli-CPUs, 0 if `cpu` is not named.
    pub fn cpu_milli(&self) -> u64 {
        self.get("cpu").map_or(0, |cpu| u64::try_from(cpu.milli()).unwrap_or(0))
    }

    /// Bytes of `memory`, 0 if it is not named.
    pub fn memory_bytes(&self) -> u64 {
        self.get("memory")
            .map_or(0, |memory| u64::try_from(memory.value()).unwrap_or(0))
    }
}

impl FromIterator<(Istr, Quantity)> for ResourceList {
    fn from_iter<I: IntoIterator<Item = (Istr, Quantity)>>(pairs: I) -> Self {
        let mut pairs: Vec<_> = pairs.into_iter().collect();
        pairs.reverse();
        pairs.sort_by(|(a, _), (b, _)| a.cmp(b));
        pairs.dedup_by(|(a, _), (b, _)| a == b);
        Self(pairs.into())
    }
}

impl<'de> Deserialize<'de> for ResourceList {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(ResourceListVisitor)
    }
}

struct ResourceListVisitor;

impl<'de> Visitor<'de> for ResourceListVisitor {
    type Value = ResourceList;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a map of quantities")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<ResourceList, A::Error> {
        let mut pairs = Vec::new();
        while let Some((resource, quantity)) = map.next_entry::<Istr, Option<Quantity>>()? {
            pairs.push((resource, quantity.unwrap_or_default()));
        }
        Ok(pairs.into_iter().collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn resources_are_sorted_and_found() {
        let list: ResourceList = serde_json::from_str(r#"{"memory":"64Mi","cpu":"250m","pods":null}"#).unwrap();
        assert_eq!(list.cpu_milli(), 250);
        assert_eq!(list.memory_bytes(), 64 << 20);
        assert_eq!(list.text("pods"), "0");
        assert_eq!(list.text("storage"), "0");
        let names: Vec<_> = list.iter().map(|(name, _)| name.as_str()).collect();
        assert_eq!(names, ["cpu", "memory", "pods"]);
    }
}
