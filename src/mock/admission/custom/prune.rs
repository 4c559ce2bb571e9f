//! What a schema does not know is dropped: `apiserver/schema/pruning` of apiextensions-apiserver.

use serde_json::{Map, Value};

use crate::mock::kinds::CustomKind;
use crate::mock::server::go::path::child;

/// Takes out of an object what its schema does not know; returns the paths.
pub fn prune(custom: &CustomKind, object: &mut Value) -> Vec<String> {
    let mut dropped = Vec::new();
    if custom.schema.is_object() {
        walk(&custom.schema, object, "", true, &mut dropped);
    }
    dropped.sort();
    whole(object);
    dropped
}

/// Numbers without a fraction are written as integers.
fn whole(value: &mut Value) {
    // Every integer of this size is exact as a float.
    const EXACT: f64 = 9e15;
    match value {
        Value::Number(number) => {
            let float = number
                .as_f64()
                .filter(|float| number.is_f64() && float.fract() == 0.0 && float.abs() < EXACT);
            #[allow(clippy::cast_possible_truncation)]
            if let Some(float) = float {
                *value = (float as i64).into();
            }
        }
        Value::Array(list) => list.iter_mut().for_each(whole),
        Value::Object(map) => map.iter_mut().for_each(|(_, value)| whole(value)),
        _ => {}
    }
}

/// Takes out of a value, such as a default, what its schema does not know; returns the paths.
pub fn prune_value(schema: &Value, value: &mut Value) -> Vec<String> {
    let mut dropped = Vec::new();
    walk(schema, value, "", false, &mut dropped);
    dropped
}

fn walk(schema: &Value, value: &mut Value, path: &str, root: bool, dropped: &mut Vec<String>) {
    let inside = |name: &str| child(path, name);
    let keep = schema["x-kubernetes-preserve-unknown-fields"] == true;
    let embedded = root || schema["x-kubernetes-embedded-resource"] == true;
    match value {
        Value::Object(map) => {
            let mut kept = Map::new();
            for (name, mut value) in std::mem::take(map) {
                let system = embedded && matches!(name.as_str(), "metadata" | "kind" | "apiVersion");
                let known = schema["properties"]
                    .get(&name)
                    .or_else(|| schema.get("additionalProperties").filter(|extra| extra.is_object()));
                match known {
                    _ if system => {}
                    Some(known) => walk(known, &mut value, &inside(&name), false, dropped),
                    None if keep || schema["additionalProperties"] == true => {}
                    None => {
                        dropped.push(inside(&name));
                        continue;
                    }
                }
                kept.insert(name, value);
            }
            *map = kept;
        }
        Value::Array(list) => {
            for (index, value) in list.iter_mut().enumerate() {
                // What a list keeps, it keeps in its elements too.
                if !keep || schema["items"].is_object() {
                    walk(&schema["items"], value, &format!("{path}[{index}]"), false, dropped);
                }
            }
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn unknown_fields_are_dropped() {
        let schema = json!({"type": "object", "properties": {"a": {"type": "object", "x-kubernetes-preserve-unknown-fields": true},
            "b": {"type": "array", "items": {"type": "object", "properties": {"c": {"type": "string"}}}}, "m": {"type": "object",
            "additionalProperties": {"type": "integer"}}}});
        let mut value = json!({"a": {"x": 1}, "b": [{"c": "d", "e": 1}], "m": {"k": 1}, "z": 1});
        assert_eq!(prune_value(&schema, &mut value), ["b[0].e", "z"]);
        assert_eq!(value, json!({"a": {"x": 1}, "b": [{"c": "d"}], "m": {"k": 1}}));
    }
}
