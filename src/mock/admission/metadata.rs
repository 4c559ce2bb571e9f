//! `metadata`: what only the server sets, and the order in which it writes it.

use serde_json::{Map, Value};

use crate::mock::clock::rfc3339;
use crate::mock::server::Api;

/// Gives a new object its uid and time, and takes away what a client must not bring.
pub fn fill_system_metadata(api: &Api, object: &mut Value) {
    let Some(metadata) = object["metadata"].as_object_mut() else {
        return;
    };
    for name in [
        "resourceVersion",
        "deletionTimestamp",
        "deletionGracePeriodSeconds",
        "selfLink",
        "generation",
    ] {
        metadata.shift_remove(name);
    }
    metadata.insert("uid".to_owned(), api.ids.uid().into());
    metadata.insert("creationTimestamp".to_owned(), rfc3339(api.clock.now()).into());
}

const ORDER: [&str; 14] = [
    "name",
    "generateName",
    "namespace",
    "selfLink",
    "uid",
    "resourceVersion",
    "generation",
    "creationTimestamp",
    "deletionTimestamp",
    "deletionGracePeriodSeconds",
    "labels",
    "annotations",
    "ownerReferences",
    "finalizers",
];

/// Writes metadata in the order of `ObjectMeta`, maps by key, empty fields left out; kind and metadata come first.
pub fn order_metadata(object: &mut Value) {
    let Some(map) = object.as_object_mut() else { return };
    let mut ordered = Map::new();
    for name in ["kind", "apiVersion"] {
        if let Some(value) = map.shift_remove(name) {
            ordered.insert(name.to_owned(), value);
        }
    }
    let metadata = map.shift_remove("metadata").unwrap_or_default();
    ordered.insert("metadata".to_owned(), ordered_metadata(metadata));
    ordered.append(map);
    *map = ordered;
}

fn ordered_metadata(metadata: Value) -> Value {
    let Value::Object(mut fields) = metadata else {
        return Value::Object(Map::new());
    };
    let mut ordered = Map::new();
    let empty = |value: &Value| match value {
        Value::Null => true,
        Value::String(text) => text.is_empty(),
        Value::Array(list) => list.is_empty(),
        Value::Object(map) => map.is_empty(),
        _ => false,
    };
    for name in ORDER {
        if let Some(mut value) = fields.shift_remove(name).filter(|value| !empty(value)) {
            if let Value::Object(map) = &mut value {
                map.sort_keys();
            }
            ordered.insert(name.to_owned(), value);
        }
    }
    ordered.extend(fields.into_iter().filter(|(_, value)| !empty(value)));
    Value::Object(ordered)
}
