//! Values as Go prints its internal types: what a server refuses, it shows so.
//!
//! `go_types.txt`, made by `scripts/go-types.py`, has a line for each type: its name, then `GoName:apiName:kind` in the order
//! of the struct. Kinds are `s` text, `b` boolean, `i` integer, `q` quantity, `x` number or text, `t` moment, `L` label
//! selector, `*` anything, `@Name` a type of the list, `?` a pointer to, `[` a list of, `{` a map to what follows; `+ObjectMeta`
//! is metadata whose fields stand among the type's own.

use std::collections::HashMap;
use std::sync::OnceLock;

use serde_json::{Map, Value};

struct Field {
    go: &'static str,
    api: &'static str,
    kind: &'static str,
}

fn types() -> &'static HashMap<&'static str, Vec<Field>> {
    static TYPES: OnceLock<HashMap<&'static str, Vec<Field>>> = OnceLock::new();
    TYPES.get_or_init(|| include_str!("go_types.txt").lines().filter_map(read).collect())
}

fn read(line: &'static str) -> Option<(&'static str, Vec<Field>)> {
    let (name, fields) = line.split_once(' ')?;
    let field = |text: &'static str| {
        let mut parts = text.splitn(3, ':');
        match (parts.next()?, parts.next(), parts.next()) {
            (go, Some(api), Some(kind)) => Some(Field { go, api, kind }),
            (embedded, ..) => Some(Field {
                go: embedded,
                api: "metadata",
                kind: "*",
            }),
        }
    };
    Some((name, fields.split(' ').filter_map(field).collect()))
}

/// An API value as Go prints the internal type of that name (`PodTemplateSpec`).
#[must_use]
pub fn shown(name: &str, value: &Value) -> Value {
    let Some((name, _)) = types().get_key_value(name) else {
        return value.clone();
    };
    named(name, value)
}

fn named(name: &str, value: &Value) -> Value {
    let mut printed = Map::new();
    for field in types().get(name).into_iter().flatten() {
        if field.go.starts_with('+') {
            let metadata = value[field.api].as_object().cloned().unwrap_or_default();
            printed.extend(metadata);
            continue;
        }
        let given = match (name, field.api) {
            ("PodSpec", "securityContext") => pod_security(value),
            _ => value[field.api].clone(),
        };
        printed.insert(field.go.to_owned(), printed_as(field.kind, &given));
    }
    Value::Object(printed)
}

/// The internal security context of a pod also has what the API has in the pod's spec.
fn pod_security(spec: &Value) -> Value {
    let mut context = spec["securityContext"].clone();
    for name in [
        "hostNetwork",
        "hostPID",
        "hostIPC",
        "shareProcessNamespace",
        "hostUsers",
    ] {
        if let (Some(map), Some(given)) = (context.as_object_mut(), spec.get(name)) {
            map.insert(name.to_owned(), given.clone());
        }
    }
    context
}

fn printed_as(kind: &'static str, value: &Value) -> Value {
    let (first, rest) = kind.split_at_checked(1).unwrap_or_default();
    match (first, value) {
        ("?" | "[" | "{" | "L" | "*" | "t", Value::Null) => Value::Null,
        ("?", value) => printed_as(rest, value),
        ("[", Value::Array(list)) => list.iter().map(|value| printed_as(rest, value)).collect(),
        ("{", Value::Object(map)) => {
            let mut map: Map<String, Value> = map
                .iter()
                .map(|(key, value)| (key.clone(), printed_as(rest, value)))
                .collect();
            map.sort_keys();
            Value::Object(map)
        }
        ("@", value) => named(rest, value),
        ("s", Value::Null) => "".into(),
        ("q", Value::Null) => "0".into(),
        ("i" | "x", Value::Null) => 0.into(),
        ("b", Value::Null) => false.into(),
        ("L", value) => label_selector(value),
        _ => value.clone(),
    }
}

/// A label selector in the order in which Go writes it, empty parts left out.
#[must_use]
pub fn label_selector(selector: &Value) -> Value {
    let Some(map) = selector.as_object() else {
        return selector.clone();
    };
    let mut printed = Map::new();
    if let Some(Value::Object(labels)) = map
        .get("matchLabels")
        .filter(|labels| **labels != Value::Object(Map::new()))
    {
        let mut labels = labels.clone();
        labels.sort_keys();
        printed.insert("matchLabels".to_owned(), Value::Object(labels));
    }
    let expressions = map.get("matchExpressions").and_then(Value::as_array);
    if let Some(expressions) = expressions.filter(|list| !list.is_empty()) {
        let list = expressions.iter().map(|given| {
            let text = |name: &str| (name.to_owned(), Value::from(given[name].as_str().unwrap_or_default()));
            let values = given["values"].as_array().filter(|values| !values.is_empty());
            let values = values.map(|values| ("values".to_owned(), Value::Array(values.clone())));
            [text("key"), text("operator")]
                .into_iter()
                .chain(values)
                .collect::<Value>()
        });
        printed.insert("matchExpressions".to_owned(), list.collect());
    }
    Value::Object(printed)
}

/// A number as Go's `%v` prints a float.
#[must_use]
pub fn go_float(number: f64) -> String {
    let text = format!("{number:e}");
    let (digits, exponent) = text.split_once('e').unwrap_or((&text, "0"));
    let exponent: i32 = exponent.parse().unwrap_or_default();
    if (-4..6).contains(&exponent) {
        return number.to_string();
    }
    let sign = if exponent < 0 { '-' } else { '+' };
    format!("{digits}e{sign}{:02}", exponent.abs())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn every_type_that_a_field_names_is_there() {
        for field in types().values().flatten() {
            if let Some((_, named)) = field.kind.split_once('@') {
                assert!(
                    types().contains_key(named),
                    "{} is of an unknown type {named}",
                    field.go
                );
            }
        }
    }

    #[test]
    fn internal_types_are_printed_whole() {
        let strategy = shown("DeploymentStrategy", &json!({"type": "Foo"}));
        assert_eq!(strategy.to_string(), r#"{"Type":"Foo","RollingUpdate":null}"#);
        let template = shown(
            "PodTemplateSpec",
            &json!({"metadata": {"labels": {"a": "b"}}, "spec": {"hostNetwork": true, "securityContext": {}}}),
        );
        assert_eq!(template["labels"], json!({"a": "b"}));
        assert_eq!(template["Spec"]["SecurityContext"]["HostNetwork"], true);
        assert_eq!(template["Spec"]["Containers"], Value::Null);
        assert_eq!(template["Spec"]["ServiceAccountName"], "");
    }

    #[test]
    fn selectors_are_printed_in_the_order_of_their_fields() {
        let given = json!({"matchExpressions": [{"values": ["x"], "operator": "In", "key": "a"}], "matchLabels": {"b": "c", "a": "b"}});
        assert_eq!(
            label_selector(&given).to_string(),
            r#"{"matchLabels":{"a":"b","b":"c"},"matchExpressions":[{"key":"a","operator":"In","values":["x"]}]}"#
        );
    }

    #[test]
    fn floats_are_printed_as_go_prints_them() {
        for (number, text) in [(0.5, "0.5"), (10.0, "10"), (1e6, "1e+06"), (0.000_01, "1e-05")] {
            assert_eq!(go_float(number), text);
        }
    }
}
