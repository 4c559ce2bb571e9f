//! What an apply knows of the type of a value: which lists and maps are owned by parts and which as a whole.

use serde_json::Value;

use crate::mock::patch::keys::{Merge, merge_of};

/// Maps of built-in kinds that are owned as a whole.
const ATOMIC: [&str; 14] = [
    "selector",
    "nodeSelector",
    "labelSelector",
    "podSelector",
    "namespaceSelector",
    "requiredDuringSchedulingIgnoredDuringExecution",
    "fieldRef",
    "resourceFieldRef",
    "secretKeyRef",
    "configMapKeyRef",
    "roleRef",
    "involvedObject",
    "claimRef",
    "targetRef",
];

/// The type of a value: of a built-in kind by the names of its fields, of a custom one by its schema.
#[derive(Clone, Copy, Debug)]
pub struct Typing<'a> {
    /// The kind of the object.
    pub kind: &'a str,
    /// The schema of the value, of a custom kind.
    pub schema: Option<&'a Value>,
}

/// How a list is owned.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum List<'a> {
    /// Element by element, each known by these keys.
    Keyed(Vec<&'a str>),
    /// Value by value.
    Set,
    /// As a whole.
    Whole,
}

impl<'a> Typing<'a> {
    /// The type of a field; metadata is the same in all kinds.
    pub fn field(self, name: &str) -> Self {
        let schema = self.schema.filter(|_| name != "metadata").map(|schema| {
            let known = schema["properties"].get(name);
            known.unwrap_or(&schema["additionalProperties"])
        });
        Self { schema, ..self }
    }

    /// The type of a list's elements.
    pub fn element(self) -> Self {
        let schema = self.schema.map(|schema| &schema["items"]);
        Self { schema, ..self }
    }

    /// How the list of this type, a field of a parent, is owned.
    pub fn list(self, parent: &str, name: &str) -> List<'a> {
        let Some(schema) = self.schema else {
            return match merge_of(self.kind, parent, name) {
                Merge::ByKey("containerPort") => List::Keyed(vec!["containerPort", "protocol"]),
                Merge::ByKey("port") => List::Keyed(vec!["port", "protocol"]),
                Merge::ByKey("key") => List::Keyed(vec!["key", "effect"]),
                Merge::ByKey(key) => List::Keyed(vec![key]),
                Merge::Union => List::Set,
                Merge::Replace => List::Whole,
            };
        };
        match schema["x-kubernetes-list-type"].as_str() {
            Some("set") => List::Set,
            Some("map") => {
                let keys = schema["x-kubernetes-list-map-keys"].as_array();
                List::Keyed(keys.into_iter().flatten().filter_map(Value::as_str).collect())
            }
            _ => List::Whole,
        }
    }

    /// Whether the map of this type, a field of a name, is owned as a whole.
    pub fn is_atomic(self, name: &str) -> bool {
        match self.schema {
            Some(schema) => schema["x-kubernetes-map-type"] == "atomic",
            None => ATOMIC.contains(&name),
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn schemas_say_how_lists_are_owned() {
        let schema = json!({"properties": {"spec": {"properties": {
            "items": {"x-kubernetes-list-type": "map", "x-kubernetes-list-map-keys": ["name"]},
            "tags": {"x-kubernetes-list-type": "set"}, "plain": {"type": "array"}, "selector": {"type": "object"}}}}});
        let custom = Typing {
            kind: "Woz",
            schema: Some(&schema),
        };
        let spec = custom.field("spec");
        let list = |name: &str| spec.field(name).list("spec", name);
        assert_eq!(list("items"), List::Keyed(vec!["name"]));
        assert_eq!(list("tags"), List::Set);
        assert_eq!(list("plain"), List::Whole);
        assert!(!spec.field("selector").is_atomic("selector"));
        assert_eq!(custom.field("metadata").list("metadata", "finalizers"), List::Set);
    }
}
