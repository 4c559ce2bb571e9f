//! The schemas of definitions, which must be structural: `apiserver/schema/validation.go` of apiextensions-apiserver.

use serde_json::{Value, json};

use super::{list, open_api_schemas, text};
use crate::mock::admission::custom;
use crate::mock::server::FieldError;
use crate::mock::values::sorted;

/// Fields at the root of a schema that has a status apart, in the order in which the server looks at them.
const ROOT: [&str; 22] = [
    "Description",
    "Type",
    "Format",
    "Title",
    "Maximum",
    "ExclusiveMaximum",
    "Minimum",
    "ExclusiveMinimum",
    "MaxLength",
    "MinLength",
    "Pattern",
    "MaxItems",
    "MinItems",
    "UniqueItems",
    "MultipleOf",
    "Required",
    "Items",
    "Properties",
    "ExternalDocs",
    "Example",
    "XPreserveUnknownFields",
    "XValidations",
];

#[derive(Clone, Copy, PartialEq, Eq)]
enum Level {
    Root,
    Item,
    Field,
}

/// Faults of a version's schema; `status` says whether its status is a subresource.
#[must_use]
pub fn check(validation: &Value, status: bool, at: &str) -> Vec<FieldError> {
    let schema = &validation["openAPIV3Schema"];
    if schema.is_null() {
        return Vec::new();
    }
    let at = format!("{at}.openAPIV3Schema");
    let kind = text(&schema["type"]);
    let mut faults = Vec::new();
    if status && !kind.is_empty() && kind != "object" {
        let why =
            "only \"object\" is allowed as the type at the root of the schema if the status subresource is enabled";
        faults.push(FieldError::invalid(format!("{at}.type"), &kind.into(), why));
    } else if status {
        faults.extend(root(schema, &at));
    }
    if schema["nullable"] == true {
        let field = format!("{at}.nullable");
        faults.push(FieldError::forbidden(field, "nullable cannot be true at the root"));
    }
    let mut wrong = Vec::new();
    // What has fields that no schema may have is not looked at as a structure.
    if open_api_schemas::supported(schema) {
        structural(schema, Level::Root, &at, &mut wrong);
        complete(schema, &at, &mut wrong);
    }
    // The server sorts these, as it goes over maps.
    wrong.sort_by_cached_key(ToString::to_string);
    if wrong.is_empty() && open_api_schemas::supported(schema) {
        defaults(schema, &at, &mut wrong);
    }
    faults.extend(wrong);
    open_api_schemas::check(schema, &at, true, &mut faults);
    faults
}

fn root(schema: &Value, at: &str) -> Option<FieldError> {
    let odd = [
        "allOf",
        "oneOf",
        "anyOf",
        "not",
        "nullable",
        "default",
        "enum",
        "additionalProperties",
    ];
    odd.iter()
        .find(|name| schema[**name] != Value::Null && schema[**name] != false)?;
    let why = format!(
        "only [{}] fields are allowed at the root of the schema if the status subresource is enabled",
        ROOT.join(" ")
    );
    Some(FieldError::invalid(at, schema, why))
}

fn properties(schema: &Value) -> Vec<(&str, &Value)> {
    sorted(&schema["properties"])
}

/// `validateStructuralInvariants`.
fn structural(schema: &Value, level: Level, at: &str, faults: &mut Vec<FieldError>) {
    if schema["type"] == "array" && schema["items"].is_null() {
        faults.push(FieldError::required(format!("{at}.items"), "must be specified"));
    }
    if schema["items"].is_object() {
        structural(&schema["items"], Level::Item, &format!("{at}.items"), faults);
    }
    for (name, property) in properties(schema) {
        structural(property, Level::Field, &format!("{at}.properties[{name}]"), faults);
    }
    let (additional, field) = (&schema["additionalProperties"], format!("{at}.additionalProperties"));
    if !additional.is_null() && *additional != false && level == Level::Root {
        faults.push(FieldError::forbidden(field.clone(), "must not be used at the root"));
    }
    if additional.is_object() {
        structural(additional, Level::Field, &field, faults);
    }
    let set = |name: &str| schema[name] == true;
    for name in ["preserve-unknown-fields", "embedded-resource"] {
        let field = format!("x-kubernetes-{name}");
        if set("x-kubernetes-int-or-string") && set(&field) {
            let why = "must be false if x-kubernetes-int-or-string is true";
            faults.push(FieldError::invalid(format!("{at}.{field}"), &true.into(), why));
        }
    }
    values(schema, level, at, faults);
    faults.extend(typed(schema, level, at));
    let embedded = set("x-kubernetes-embedded-resource");
    if embedded && !set("x-kubernetes-preserve-unknown-fields") && properties(schema).is_empty() {
        let why =
            "must not be empty if x-kubernetes-embedded-resource is true without x-kubernetes-preserve-unknown-fields";
        faults.push(FieldError::required(format!("{at}.properties"), why));
    }
    meta(schema, level, embedded, at, faults);
}

/// Nearly every schema says of which type its values are.
fn typed(schema: &Value, level: Level, at: &str) -> Vec<FieldError> {
    let (kind, field) = (text(&schema["type"]), format!("{at}.type"));
    let free = ["x-kubernetes-int-or-string", "x-kubernetes-preserve-unknown-fields"]
        .iter()
        .any(|name| schema[*name] == true);
    let mut faults = Vec::new();
    if schema["x-kubernetes-embedded-resource"] == true && kind != "object" {
        let why = "must be object if x-kubernetes-embedded-resource is true";
        faults.push(match kind {
            "" => FieldError::required(field.clone(), why),
            _ => FieldError::invalid(field.clone(), &kind.into(), why),
        });
    } else if kind.is_empty() && !free {
        let why = match level {
            Level::Root => "must not be empty at the root",
            Level::Item => "must not be empty for specified array items",
            Level::Field => "must not be empty for specified object fields",
        };
        faults.push(FieldError::required(field.clone(), why));
    }
    if level == Level::Root && !kind.is_empty() && kind != "object" {
        faults.push(FieldError::invalid(field, &kind.into(), "must be object at the root"));
    }
    faults
}

/// Kind, version and metadata are implicit: little can be said of them.
fn meta(schema: &Value, level: Level, embedded: bool, at: &str, faults: &mut Vec<FieldError>) {
    if level != Level::Root && !embedded {
        return;
    }
    for name in ["kind", "apiVersion"] {
        let given = &schema["properties"][name];
        if given.is_object() && given["type"] != "string" {
            let field = format!("{at}.properties[{name}].type");
            let shown = Value::from(text(&given["type"]));
            faults.push(FieldError::invalid(field, &shown, "must be string"));
        }
    }
    let metadata = &schema["properties"]["metadata"];
    let at = format!("{at}.properties[metadata]");
    if !metadata.is_object() {
        return;
    }
    if metadata["type"] != "object" {
        let shown = Value::from(text(&metadata["type"]));
        faults.push(FieldError::invalid(format!("{at}.type"), &shown, "must be object"));
    }
    let named = properties(metadata)
        .iter()
        .all(|(name, _)| matches!(*name, "name" | "generateName"));
    let only = metadata.as_object().is_none_or(|map| {
        map.keys()
            .all(|key| matches!(key.as_str(), "type" | "properties" | "default"))
    });
    if level == Level::Root && !(named && only) {
        let why = "must not specify anything other than name and generateName, but metadata is implicitly specified";
        faults.push(FieldError::forbidden(at, why));
    }
}

fn is_int_or_string(any_of: &Value) -> bool {
    *any_of == json!([{"type": "integer"}, {"type": "string"}])
}

/// `validateValueValidation`: what restricts values without saying what they are.
fn values(schema: &Value, level: Level, at: &str, faults: &mut Vec<FieldError>) {
    let skip_any = is_int_or_string(&schema["anyOf"]);
    let skip_all = is_int_or_string(&schema["allOf"][0]["anyOf"]);
    for name in ["anyOf", "allOf", "oneOf"] {
        for (index, nested) in list(&schema[name]).enumerate() {
            let skip = (name == "anyOf" && skip_any) || (name == "allOf" && skip_all && index == 0);
            if !skip {
                self::nested(nested, level, &format!("{at}.{name}[{index}]"), faults);
            }
        }
    }
    if schema["not"].is_object() {
        nested(&schema["not"], level, &format!("{at}.not"), faults);
    }
    let pattern = &schema["pattern"];
    if let Some(why) = pattern.as_str().and_then(wrong_pattern) {
        let why = format!("must be a valid regular expression, but isn't: error parsing regexp: {why}");
        faults.push(FieldError::invalid(format!("{at}.pattern"), pattern, why));
    }
}

/// What Go's `regexp` says of a pattern that it cannot read, for the mistakes that people make.
fn wrong_pattern(pattern: &str) -> Option<String> {
    let error = regex::Regex::new(pattern).err()?.to_string();
    let from = |start: &str| pattern.find(start).and_then(|at| pattern.get(at..)).unwrap_or_default();
    let said = error.lines().last().unwrap_or_default().trim_start_matches("error: ");
    Some(match said {
        "unclosed character class" => format!("missing closing ]: `{}`", from("[")),
        "unclosed group" => format!("missing closing ): `{pattern}`"),
        "unopened group" => format!("unexpected ): `{pattern}`"),
        "repetition operator missing expression" => {
            let operator = pattern.find(['*', '+', '?']).and_then(|at| pattern.get(at..=at));
            format!(
                "missing argument to repetition operator: `{}`",
                operator.unwrap_or_default()
            )
        }
        said if said.starts_with("look-around") => {
            let around = ["(?=", "(?!", "(?<"]
                .into_iter()
                .find(|around| pattern.contains(around));
            format!("invalid or unsupported Perl syntax: `{}`", around.unwrap_or_default())
        }
        said => said.to_owned(),
    })
}

/// What may not be said below `allOf` and its like, with what the server says of it.
const NESTED: [(&str, &str); 13] = [
    ("type", "must be empty to be structural"),
    ("additionalProperties", "must be undefined to be structural"),
    ("default", "must be undefined to be structural"),
    ("title", "must be empty to be structural"),
    ("description", "must be empty to be structural"),
    ("nullable", "must be false to be structural"),
    ("x-kubernetes-preserve-unknown-fields", "must be false to be structural"),
    ("x-kubernetes-embedded-resource", "must be false to be structural"),
    ("x-kubernetes-int-or-string", "must be false to be structural"),
    ("x-kubernetes-list-map-keys", "must be empty to be structural"),
    ("x-kubernetes-list-type", "must be undefined to be structural"),
    ("x-kubernetes-map-type", "must be undefined to be structural"),
    ("x-kubernetes-validations", "must be empty to be structural"),
];

fn nested(schema: &Value, level: Level, at: &str, faults: &mut Vec<FieldError>) {
    values(schema, level, at, faults);
    if schema["items"].is_object() {
        nested(&schema["items"], level, &format!("{at}.items"), faults);
    }
    for (name, property) in properties(schema) {
        nested(property, Level::Field, &format!("{at}.properties[{name}]"), faults);
    }
    for (name, why) in NESTED {
        let given = &schema[name];
        let empty = given.is_null() || *given == false || *given == "" || given.as_array().is_some_and(Vec::is_empty);
        if !empty {
            faults.push(FieldError::forbidden(format!("{at}.{name}"), why));
        }
    }
    if schema["properties"].get("metadata").is_some() {
        let why = "must not be specified in a nested context";
        faults.push(FieldError::forbidden(format!("{at}.properties[metadata]"), why));
    }
}

/// `validateStructuralCompleteness`: what is restricted is also described.
fn complete(schema: &Value, at: &str, faults: &mut Vec<FieldError>) {
    restricted(schema, schema, at, at, faults);
}

fn restricted(values: &Value, schema: &Value, at: &str, from: &str, faults: &mut Vec<FieldError>) {
    let mut each = |nested: &Value, from: &str| described(nested, schema, at, from, faults);
    if values["not"].is_object() {
        each(&values["not"], &format!("{from}.not"));
    }
    for name in ["allOf", "anyOf", "oneOf"] {
        for (index, nested) in list(&values[name]).enumerate() {
            each(nested, &format!("{from}.{name}[{index}]"));
        }
    }
}

fn described(values: &Value, schema: &Value, at: &str, from: &str, faults: &mut Vec<FieldError>) {
    restricted(values, schema, at, from, faults);
    let missing = |at: &str, from: &str| FieldError::required(at, &format!("because it is defined in {from}"));
    if values["items"].is_object() {
        let (at, from) = (format!("{at}.items"), format!("{from}.items"));
        if schema["items"].is_object() {
            described(&values["items"], &schema["items"], &at, &from, faults);
        } else {
            faults.push(missing(&at, &from));
        }
    }
    for (name, property) in properties(values) {
        let (at, from) = (format!("{at}.properties[{name}]"), format!("{from}.properties[{name}]"));
        match schema["properties"].get(name) {
            Some(known) => described(property, known, &at, &from, faults),
            None => faults.push(missing(&at, &from)),
        }
    }
}

/// Defaults are what their schema allows: `structuraldefaulting.ValidateDefaults`.
fn defaults(schema: &Value, at: &str, faults: &mut Vec<FieldError>) {
    if let Some(default) = schema.get("default").filter(|default| !default.is_null()) {
        let field = format!("{at}.default");
        let mut pruned = default.clone();
        if !custom::prune_value(schema, &mut pruned).is_empty() {
            faults.push(FieldError::invalid(
                field.clone(),
                default,
                "must not have unknown fields",
            ));
        }
        faults.extend(custom::check_value(schema, default, &field));
    }
    if schema["items"].is_object() {
        defaults(&schema["items"], &format!("{at}.items"), faults);
    }
    for (name, property) in properties(schema) {
        defaults(property, &format!("{at}.properties[{name}]"), faults);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(schema: Value) -> Vec<String> {
        super::super::told(check(&json!({"openAPIV3Schema": schema}), true, "v"))
    }

    #[test]
    fn schemas_are_structural() {
        assert_eq!(
            told(json!({"properties": {"a": {}}})),
            [
                "v.openAPIV3Schema.properties[a].type: Required value: must not be empty for specified object fields",
                "v.openAPIV3Schema.type: Required value: must not be empty at the root"
            ]
        );
        assert_eq!(
            told(
                json!({"type": "object", "properties": {"a": {"type": "array"}, "b": {"type": "string", "default": 5}}})
            ),
            ["v.openAPIV3Schema.properties[a].items: Required value: must be specified"]
        );
        assert_eq!(
            told(json!({"type": "object", "properties": {"b": {"type": "string", "default": 5}}})),
            [
                "v.openAPIV3Schema.properties[b].default: Invalid value: \"integer\":  in body must be of type string: \"integer\""
            ]
        );
        assert_eq!(
            told(json!({"type": "object", "properties": {"a": {"type": "string", "anyOf": [{"type": "string"}]}}})),
            ["v.openAPIV3Schema.properties[a].anyOf[0].type: Forbidden: must be empty to be structural"]
        );
        let mixed = json!({"x-kubernetes-int-or-string": true, "anyOf": [{"type": "integer"}, {"type": "string"}]});
        assert_eq!(
            told(json!({"type": "object", "properties": {"a": mixed}})),
            Vec::<String>::new()
        );
    }
}
