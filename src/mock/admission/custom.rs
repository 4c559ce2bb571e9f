//! Custom resources against the schema of their definition: what it does not know is dropped, what it forbids refused.

use serde_json::{Map, Value};

use crate::mock::kinds::{CustomKind, Kind};
use crate::mock::server::{ApiError, FieldError};

/// Takes out what the schema does not know; returns the paths.
pub fn prune(custom: &CustomKind, object: &mut Value) -> Vec<String> {
    let mut dropped = Vec::new();
    if custom.schema.is_object() {
        walk(&custom.schema, object, "", true, &mut dropped);
    }
    dropped
}

fn walk(schema: &Value, value: &mut Value, path: &str, root: bool, dropped: &mut Vec<String>) {
    let inside = |field: &str| {
        if path.is_empty() {
            field.to_owned()
        } else {
            format!("{path}.{field}")
        }
    };
    match value {
        Value::Object(map) => {
            let keep = schema["x-kubernetes-preserve-unknown-fields"] == true;
            let mut kept = Map::new();
            for (name, mut value) in std::mem::take(map) {
                let system = root && matches!(name.as_str(), "metadata" | "kind" | "apiVersion");
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
                walk(&schema["items"], value, &format!("{path}[{index}]"), false, dropped);
            }
        }
        _ => {}
    }
}

/// Fills in the schema's defaults.
pub fn defaults(schema: &Value, value: &mut Value) {
    match value {
        Value::Object(map) => {
            for (name, known) in schema["properties"].as_object().into_iter().flatten() {
                if let (false, Some(default)) = (map.contains_key(name), known.get("default")) {
                    map.insert(name.clone(), default.clone());
                }
                if let Some(value) = map.get_mut(name) {
                    defaults(known, value);
                }
            }
        }
        Value::Array(list) => list.iter_mut().for_each(|value| defaults(&schema["items"], value)),
        _ => {}
    }
}

/// Refuses what the schema forbids.
///
/// # Errors
/// 422 with every fault.
pub fn validate(kind: &Kind, custom: &CustomKind, object: &Value) -> Result<(), ApiError> {
    let mut faults = Vec::new();
    check(&custom.schema, object, "", &mut faults);
    if let Some(scale) = &custom.scale {
        let path = &scale.spec;
        let replicas = path
            .split('.')
            .filter(|part| !part.is_empty())
            .fold(object, |at, part| &at[part]);
        if replicas.as_i64().is_some_and(|replicas| replicas < 0) {
            faults.push(FieldError::invalid(
                path.clone(),
                replicas,
                "should be a non-negative integer",
            ));
        }
    }
    if faults.is_empty() {
        return Ok(());
    }
    let name = object["metadata"]["name"].as_str().unwrap_or_default();
    Err(ApiError::invalid(&kind.group, &kind.kind, name, &faults))
}

fn check(schema: &Value, value: &Value, path: &str, faults: &mut Vec<FieldError>) {
    let Some(kind) = schema["type"].as_str() else { return };
    if value.is_null() && schema["nullable"] == true {
        return;
    }
    if !is_of(kind, value) {
        let given = type_of(value);
        let why = format!("{path} in body must be of type {kind}: {:?}", given);
        faults.push(FieldError {
            reason: "FieldValueTypeInvalid",
            field: path.to_owned(),
            message: format!("Invalid value: {:?}: {why}", given),
        });
        return;
    }
    limits(schema, value, path, faults);
    let inside = |field: &str| {
        if path.is_empty() {
            field.to_owned()
        } else {
            format!("{path}.{field}")
        }
    };
    for required in schema["required"]
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
    {
        if value.get(required).is_none() {
            faults.push(FieldError::required(inside(required), ""));
        }
    }
    // The server's validator goes over the properties in the order of their names.
    let mut properties: Vec<(&String, &Value)> = schema["properties"].as_object().into_iter().flatten().collect();
    properties.sort_by_key(|(name, _)| name.as_str());
    for (name, known) in properties {
        if let Some(value) = value.get(name) {
            check(known, value, &inside(name), faults);
        }
    }
    for (index, element) in value.as_array().into_iter().flatten().enumerate() {
        check(&schema["items"], element, &format!("{path}[{index}]"), faults);
    }
}

fn limits(schema: &Value, value: &Value, path: &str, faults: &mut Vec<FieldError>) {
    if let Some(allowed) = schema["enum"].as_array().filter(|allowed| !allowed.contains(value)) {
        let allowed: Vec<&str> = allowed.iter().filter_map(Value::as_str).collect();
        faults.push(FieldError::unsupported(path, value, &allowed));
    }
    let number = value.as_f64();
    let mut bound = |name: &str, breaks: &dyn Fn(f64, f64) -> bool, word: &str| {
        if let Some((number, limit)) = number
            .zip(schema[name].as_f64())
            .filter(|(number, limit)| breaks(*number, *limit))
        {
            let _ = (number, limit);
            let why = format!("{path} in body should be {word} than or equal to {}", schema[name]);
            faults.push(FieldError::invalid(path, value, why));
        }
    };
    bound("minimum", &|number, limit| number < limit, "greater");
    bound("maximum", &|number, limit| number > limit, "less");
    let text = value.as_str();
    if let Some(pattern) = schema["pattern"].as_str()
        && let Ok(regex) = regex::Regex::new(pattern)
        && text.is_some_and(|text| !regex.is_match(text))
    {
        faults.push(FieldError::invalid(
            path,
            value,
            format!("{path} in body should match '{pattern}'"),
        ));
    }
    let length = text.map(|text| text.chars().count() as u64);
    if length
        .zip(schema["minLength"].as_u64())
        .is_some_and(|(length, least)| length < least)
    {
        faults.push(FieldError::invalid(
            path,
            value,
            format!("{path} in body should be at least {} chars long", schema["minLength"]),
        ));
    }
    if length
        .zip(schema["maxLength"].as_u64())
        .is_some_and(|(length, most)| length > most)
    {
        let message = format!("Too long: may not be more than {} bytes", schema["maxLength"]);
        faults.push(FieldError {
            reason: "FieldValueTooLong",
            field: path.to_owned(),
            message,
        });
    }
}

fn is_of(kind: &str, value: &Value) -> bool {
    match kind {
        "integer" => value.is_i64() || value.is_u64(),
        "number" => value.is_number(),
        other => type_of(value) == other,
    }
}

fn type_of(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Number(number) if number.is_f64() => "number",
        Value::Number(_) => "integer",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    }
}
