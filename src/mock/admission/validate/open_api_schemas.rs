//! What a definition's schema may say: `ValidateCustomResourceDefinitionOpenAPISchema` of apiextensions-apiserver.

use std::collections::HashSet;

use serde_json::Value;

use super::{list, rules, text};
use crate::mock::server::FieldError;
use crate::mock::values::sorted;

const TYPES: [&str; 6] = ["array", "boolean", "integer", "number", "object", "string"];

/// Faults of a schema and of those within it.
pub fn check(schema: &Value, at: &str, root: bool, faults: &mut Vec<FieldError>) {
    if !schema.is_object() {
        return;
    }
    faults.extend(plain(schema, at));
    let properties = sorted(&schema["properties"]);
    let additional = &schema["additionalProperties"];
    if !properties.is_empty() && !additional.is_null() && *additional != true {
        let why = "additionalProperties and properties are mutual exclusive";
        faults.push(FieldError::forbidden(format!("{at}.additionalProperties"), why));
    }
    check(additional, &format!("{at}.additionalProperties"), false, faults);
    for (name, property) in properties {
        if root && matches!(name, "metadata" | "kind" | "apiVersion") && !property["default"].is_null() {
            let why = format!("must not be set in top-level {name}");
            faults.push(FieldError::forbidden(format!("{at}.properties[{name}].default"), &why));
        }
        check(property, &format!("{at}.properties[{name}]"), false, faults);
    }
    check(&schema["not"], &format!("{at}.not"), false, faults);
    for name in ["allOf", "oneOf", "anyOf"] {
        for (index, nested) in list(&schema[name]).enumerate() {
            check(nested, &format!("{at}.{name}[{index}]"), false, faults);
        }
    }
    check(&schema["items"], &format!("{at}.items"), false, faults);
    if schema["x-kubernetes-preserve-unknown-fields"] == false {
        let field = format!("{at}.x-kubernetes-preserve-unknown-fields");
        faults.push(FieldError::invalid(field, &false.into(), "must be true or undefined"));
    }
    faults.extend(lists(schema, at));
}

/// Fields that no schema may have.
const UNSUPPORTED: [&str; 6] = [
    "id",
    "additionalItems",
    "patternProperties",
    "definitions",
    "dependencies",
    "$ref",
];

/// Whether a schema can be looked at as a structure: none of it has fields that no schema may have.
#[must_use]
pub fn supported(schema: &Value) -> bool {
    let plain = UNSUPPORTED.iter().all(|name| schema[*name].is_null())
        && !schema["items"].is_array()
        && schema["x-kubernetes-preserve-unknown-fields"] != false;
    let nested = ["allOf", "anyOf", "oneOf"]
        .into_iter()
        .flat_map(|name| list(&schema[name]));
    let properties = schema["properties"]
        .as_object()
        .into_iter()
        .flatten()
        .map(|(_, property)| property);
    let single = ["items", "not", "additionalProperties"].map(|name| &schema[name]);
    plain
        && nested
            .chain(properties)
            .chain(single)
            .filter(|inner| inner.is_object())
            .all(supported)
}

/// `specStandardValidatorV3`, and what no schema may say.
fn plain(schema: &Value, at: &str) -> Vec<FieldError> {
    let kind = text(&schema["type"]);
    let mut faults = Vec::new();
    if !kind.is_empty() {
        faults.extend(rules::one_of(&schema["type"], format!("{at}.type"), &TYPES));
    }
    for name in UNSUPPORTED {
        if !schema[name].is_null() {
            faults.push(FieldError::forbidden(
                format!("{at}.{name}"),
                &format!("{name} is not supported"),
            ));
        }
    }
    if kind == "null" {
        let why = "type cannot be set to null, use nullable as an alternative";
        faults.push(FieldError::forbidden(format!("{at}.type"), why));
    }
    if schema["items"].is_array() {
        let why = "items must be a schema object and not an array";
        faults.push(FieldError::forbidden(format!("{at}.items"), why));
    }
    if schema["uniqueItems"] == true {
        let why = "uniqueItems cannot be set to true since the runtime complexity becomes quadratic";
        faults.push(FieldError::forbidden(format!("{at}.uniqueItems"), why));
    }
    faults
}

/// How lists and maps are merged.
fn lists(schema: &Value, at: &str) -> Vec<FieldError> {
    let kind = text(&schema["type"]);
    let (list_type, map_type) = (&schema["x-kubernetes-list-type"], &schema["x-kubernetes-map-type"]);
    let mut faults = Vec::new();
    for (given, wanted, name) in [(map_type, "object", "map"), (list_type, "array", "list")] {
        if !given.is_null() && kind != wanted {
            let (field, why) = (
                format!("{at}.type"),
                format!("must be {wanted} if x-kubernetes-{name}-type is specified"),
            );
            faults.push(match kind {
                "" => FieldError::required(field, &why),
                _ => FieldError::invalid(field, &schema["type"], why),
            });
        }
        let known: &[&str] = if name == "map" {
            &["atomic", "granular"]
        } else {
            &["atomic", "set", "map"]
        };
        faults.extend(rules::one_of(given, format!("{at}.x-kubernetes-{name}-type"), known));
    }
    let keys = &schema["x-kubernetes-list-map-keys"];
    let why = "must be map if x-kubernetes-list-map-keys is non-empty";
    let field = format!("{at}.x-kubernetes-list-type");
    match (list(keys).next(), list_type.as_str()) {
        (Some(_), None) => faults.push(FieldError::required(field, why)),
        (Some(_), Some(other)) if other != "map" => faults.push(FieldError::invalid(field, list_type, why)),
        _ => {}
    }
    if text(list_type) == "map" {
        faults.extend(keyed(schema, keys, at));
    }
    let items = &schema["items"];
    if matches!(text(list_type), "set" | "map") && items["nullable"] == true {
        let why = format!("cannot be nullable when x-kubernetes-list-type is {}", text(list_type));
        faults.push(FieldError::forbidden(format!("{at}.items.nullable"), &why));
    }
    if text(list_type) == "map" {
        faults.extend(keys_given(items, keys, at));
    }
    faults
}

/// Lists whose elements are known by keys.
fn keyed(schema: &Value, keys: &Value, at: &str) -> Vec<FieldError> {
    let items = &schema["items"];
    let mut faults = Vec::new();
    if list(keys).next().is_none() {
        let why = "must not be empty if x-kubernetes-list-type is map";
        faults.push(FieldError::required(format!("{at}.x-kubernetes-list-map-keys"), why));
    }
    if !items.is_object() {
        let why = "must have a schema if x-kubernetes-list-type is map";
        faults.push(FieldError::required(format!("{at}.items"), why));
        return faults;
    }
    if items["type"] != "object" {
        let why = "must be object if parent array's x-kubernetes-list-type is map";
        let shown = Value::from(text(&items["type"]));
        faults.push(FieldError::invalid(format!("{at}.items.type"), &shown, why));
        return faults;
    }
    let mut seen = HashSet::new();
    for key in list(keys).map(text) {
        let field = format!("{at}.x-kubernetes-list-map-keys");
        match items["properties"].get(key) {
            Some(property) if matches!(text(&property["type"]), "array" | "object") => {
                let why = "must be a scalar type if parent array's x-kubernetes-list-type is map";
                let field = format!("{at}.items.properties[{key}].type");
                faults.push(FieldError::invalid(field, &items["type"], why));
            }
            Some(_) => {}
            None => faults.push(FieldError::invalid(
                field.clone(),
                keys,
                "entries must all be names of item properties",
            )),
        }
        if !seen.insert(key) {
            faults.push(FieldError::invalid(field, keys, "must not contain duplicate entries"));
        }
    }
    faults
}

/// Every element has its keys.
fn keys_given(items: &Value, keys: &Value, at: &str) -> Vec<FieldError> {
    let mut faults = Vec::new();
    for key in list(keys).map(text) {
        let Some(property) = items["properties"].get(key) else {
            continue;
        };
        let field = format!("{at}.items.properties[{key}]");
        if !list(&items["required"]).any(|required| required == key) && property["default"].is_null() {
            let why =
                "this property is in x-kubernetes-list-map-keys, so it must have a default or be a required property";
            faults.push(FieldError::required(format!("{field}.default"), why));
        }
        if property["nullable"] == true {
            let why = "this property is in x-kubernetes-list-map-keys, so it cannot be nullable";
            faults.push(FieldError::forbidden(format!("{field}.nullable"), why));
        }
    }
    faults
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::told;
    use super::*;

    #[test]
    fn schemas_say_what_they_may() {
        for (schema, said) in [
            (
                json!({"type": "foo"}),
                "s.type: Unsupported value: \"foo\": supported values: \"array\", \"boolean\", \"integer\", \"number\", \"object\", \
                    \"string\"",
            ),
            (
                json!({"type": "object", "properties": {"a": {"type": "string"}}, "additionalProperties": {"type": "string"}}),
                "s.additionalProperties: Forbidden: additionalProperties and properties are mutual exclusive",
            ),
            (
                json!({"type": "array", "items": {"type": "string"}, "uniqueItems": true}),
                "s.uniqueItems: Forbidden: uniqueItems cannot be set to true since the runtime complexity becomes quadratic",
            ),
            (
                json!({"type": "array", "items": {"type": "object", "properties": {"k": {"type": "string"}}},
                    "x-kubernetes-list-type": "map", "x-kubernetes-list-map-keys": ["k"]}),
                "s.items.properties[k].default: Required value: this property is in x-kubernetes-list-map-keys, so it must have a \
                    default or be a required property",
            ),
        ] {
            let mut faults = Vec::new();
            check(&schema, "s", true, &mut faults);
            assert_eq!(told(faults), [said]);
        }
    }
}
