//! Lists that are sets or maps have no element twice: `apiserver/schema/listtype` of apiextensions-apiserver.

use serde_json::{Map, Value};

use crate::mock::server::FieldError;
use crate::mock::server::go::path::child;

/// Faults of the lists in a value.
pub fn check(schema: &Value, value: &Value, at: &str) -> Vec<FieldError> {
    let mut faults = Vec::new();
    let inside = |name: &str| child(at, name);
    match value {
        Value::Object(map) => {
            for (name, value) in map {
                let additional = &schema["additionalProperties"];
                match schema["properties"].get(name) {
                    Some(known) => faults.extend(check(known, value, &inside(name))),
                    None if additional.is_object() => faults.extend(check(additional, value, &format!("{at}[{name}]"))),
                    None => {}
                }
            }
        }
        Value::Array(list) => {
            faults.extend(twins(schema, list, at));
            for (index, value) in list.iter().enumerate() {
                faults.extend(check(&schema["items"], value, &format!("{at}[{index}]")));
            }
        }
        _ => {}
    }
    faults
}

fn twins(schema: &Value, list: &[Value], at: &str) -> Vec<FieldError> {
    let keys: Vec<&str> = schema["x-kubernetes-list-map-keys"]
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
        .collect();
    let known: Vec<Value> = match schema["x-kubernetes-list-type"].as_str() {
        Some("set") => list.to_vec(),
        Some("map") => {
            if let Some(index) = list.iter().position(|value| !value.is_object() && !value.is_null()) {
                let (field, why) = (
                    format!("{at}[{index}]"),
                    "must be an object for an array of list-type map",
                );
                return list
                    .get(index)
                    .map(|value| FieldError::invalid(field, value, why))
                    .into_iter()
                    .collect();
            }
            list.iter().map(|value| key_of(value, &keys)).collect()
        }
        _ => return Vec::new(),
    };
    let mut faults: Vec<FieldError> = Vec::new();
    for (index, value) in known.iter().enumerate() {
        let before = known.iter().take(index).filter(|other| *other == value).count();
        // Of several twins only the first is told.
        if before == 1 {
            faults.push(FieldError::duplicate(format!("{at}[{index}]"), value));
        }
    }
    faults
}

fn key_of(value: &Value, keys: &[&str]) -> Value {
    let given = keys
        .iter()
        .filter_map(|key| Some(((*key).to_owned(), value.get(key)?.clone())));
    let mut key: Map<String, Value> = given.collect();
    key.sort_keys();
    Value::Object(key)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::mock::admission::validate::told;

    #[test]
    fn sets_and_maps_have_nothing_twice() {
        let schema = json!({"properties": {"s": {"x-kubernetes-list-type": "set", "items": {"type": "string"}},
            "m": {"x-kubernetes-list-type": "map", "x-kubernetes-list-map-keys": ["k"], "items": {"type": "object"}}}});
        let faults = check(
            &schema,
            &json!({"s": ["a", "b", "a", "a"], "m": [{"k": 1, "v": 2}, {"k": 1}]}),
            "",
        );
        assert_eq!(
            told(faults),
            ["s[2]: Duplicate value: \"a\"", "m[1]: Duplicate value: {\"k\":1}"]
        );
    }
}
