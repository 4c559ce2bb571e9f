//! Custom resources by the printer columns of their definition, as `tableconvertor` of the apiextensions server.

use jiff::Timestamp;
use serde_json::{Value, json};

use super::column::NAME;
use super::text::{name, since};
use crate::mock::kinds::{CustomKind, PrinterColumn};
use crate::model::{JsonPath, number_text};

/// The columns: the name, then the definition's own.
#[must_use]
pub fn columns(custom: &CustomKind) -> Value {
    let own = custom.columns.iter().map(|column| {
        let told = match (column.description.as_str(), column.json_path.as_str()) {
            ("", ".metadata.creationTimestamp") => super::column::AGE.definition()["description"].clone(),
            ("", path) => format!("Custom resource definition column (in JSONPath format): {path}").into(),
            (told, _) => told.into(),
        };
        json!({"name": column.name, "type": column.kind, "format": column.format, "description": told, "priority": column.priority})
    });
    [NAME.definition()].into_iter().chain(own).collect()
}

/// The cells of one object.
#[must_use]
pub fn cells(custom: &CustomKind, object: &Value, now: Timestamp) -> Value {
    let own = custom.columns.iter().map(|column| cell(column, object, now));
    [name(object)].into_iter().chain(own).collect()
}

fn cell(column: &PrinterColumn, object: &Value, now: Timestamp) -> Value {
    let path = column.json_path.parse::<JsonPath>().ok();
    let first = path.as_ref().and_then(|path| path.first(object));
    let Some(first) = first.filter(|first| !first.is_null()) else {
        return Value::Null;
    };
    match column.kind.as_str() {
        "integer" => first
            .as_i64()
            .map(Value::from)
            .or_else(|| first.as_f64().map(|f| (f as i64).into()))
            .unwrap_or_default(),
        "number" if first.is_number() => first.clone(),
        "boolean" if first.is_boolean() => first.clone(),
        "string" => text(first).into(),
        "date" => match since(first, now) {
            unknown if unknown == "<unknown>" && first.is_string() => "<invalid>".into(),
            ago if first.is_string() => ago.into(),
            _ => Value::Null,
        },
        _ => Value::Null,
    }
}

/// A value as JSONPath prints it: text bare, numbers as Go's `%v`, lists and maps as JSON.
fn text(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Number(number) => number_text(number),
        other => other.to_string(),
    }
}
