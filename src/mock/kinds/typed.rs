//! Objects against the schema of their fields, as structured-merge-diff reads what is applied.

use serde_json::Value;

use super::Kind;
use super::types::{root_of, types};

/// What does not fit the kind's schema: `.data.a: expected string, got ...`. A map with a field that nobody declares is not
/// looked at any further.
#[must_use]
pub fn faults(kind: &Kind, object: &Value) -> Vec<String> {
    let mut faults = Vec::new();
    if let Some((root, _)) = types().get_key_value(root_of(kind)) {
        named(root, object, "", &mut faults);
    }
    faults
}

fn named(name: &str, value: &Value, path: &str, faults: &mut Vec<String>) {
    let (Some(fields), Value::Object(map)) = (types().get(name), value) else {
        return;
    };
    let typed = fields.contains_key("metadata");
    let known = |field: &str| fields.contains_key(field) || typed && matches!(field, "kind" | "apiVersion");
    let mut unknown: Vec<&String> = map.keys().filter(|field| !known(field)).collect();
    unknown.sort();
    if let Some(field) = unknown.first() {
        faults.push(format!("{path}.{field}: field not declared in schema"));
        return;
    }
    for (field, value) in map {
        if let Some(kind) = fields.get(field.as_str()) {
            one(kind, value, &format!("{path}.{field}"), faults);
        }
    }
}

fn one(kind: &str, value: &Value, path: &str, faults: &mut Vec<String>) {
    let mut wrong = |wanted: &str| faults.push(format!("{path}: expected {wanted}, got &{{{}}}", shown(value)));
    match (kind.chars().next(), value) {
        (_, Value::Null) => {}
        (Some('['), Value::Array(list)) => {
            let element = kind.strip_prefix('[').unwrap_or_default();
            for (index, value) in list.iter().enumerate() {
                one(element, value, &format!("{path}[{index}]"), faults);
            }
        }
        (Some('['), _) => wrong("list"),
        (Some('{'), Value::Object(map)) => {
            let element = kind.strip_prefix('{').unwrap_or_default();
            for (key, value) in map {
                one(element, value, &format!("{path}.{key}"), faults);
            }
        }
        (Some('{'), _) => wrong("map"),
        (Some('@'), Value::Object(_)) => named(kind.strip_prefix('@').unwrap_or_default(), value, path, faults),
        (Some('@'), _) => wrong("map"),
        (Some('s' | 't' | 'u' | 'y'), value) if !value.is_string() => {
            let value = shown(value);
            faults.push(format!(
                "{path}: expected string, got &value.valueUnstructured{{Value:{value}}}"
            ));
        }
        (Some('i' | 'l' | 'f'), value) if !value.is_number() => {
            let given = go_type(value);
            faults.push(format!("{path}: expected numeric (int or float), got {given}"));
        }
        (Some('b'), value) if !value.is_boolean() => wrong("boolean"),
        (Some('q' | 'x'), Value::Array(_) | Value::Object(_)) => wrong("any scalar"),
        _ => {}
    }
}

fn shown(value: &Value) -> String {
    crate::mock::server::go::print::plain(value)
}

fn go_type(value: &Value) -> &'static str {
    match value {
        Value::Bool(_) => "bool",
        Value::Array(_) => "[]interface {}",
        Value::Object(_) => "map[string]interface {}",
        _ => "string",
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::mock::kinds::Registry;

    #[test]
    fn what_is_applied_fits_the_schema() {
        let maps = Registry::default().find("", "v1", "configmaps").unwrap();
        for (object, said) in [
            (
                json!({"kind": "ConfigMap", "data": {"a": "b"}, "immutable": true}),
                None,
            ),
            (json!({"foo": 1, "bar": 2}), Some(".bar: field not declared in schema")),
            (json!({"metadata": 5}), Some(".metadata: expected map, got &{5}")),
            (
                json!({"data": {"a": 5}}),
                Some(".data.a: expected string, got &value.valueUnstructured{Value:5}"),
            ),
            (
                json!({"immutable": "x"}),
                Some(".immutable: expected boolean, got &{x}"),
            ),
        ] {
            assert_eq!(faults(&maps, &object).first().map(String::as_str), said, "{object}");
        }
    }
}
