//! Reading a whole object that may be anything: what is missing, null or of another type reads as empty.

use serde::Deserialize;
use serde_json::Value;

use crate::model::{LabelSelector, Labels};

static NULL: Value = Value::Null;

/// What lies at a JSON pointer such as `/spec/template`; null where anything on the way is missing.
pub fn at<'a>(value: &'a Value, pointer: &str) -> &'a Value {
    value.pointer(pointer).unwrap_or(&NULL)
}

/// The text at a JSON pointer; empty for anything else.
pub fn text<'a>(value: &'a Value, pointer: &str) -> &'a str {
    at(value, pointer).as_str().unwrap_or_default()
}

/// The elements of the list at a JSON pointer; none for anything else.
pub fn list<'a>(value: &'a Value, pointer: &str) -> &'a [Value] {
    at(value, pointer).as_array().map(Vec::as_slice).unwrap_or_default()
}

/// The object's name.
pub fn name(object: &Value) -> &str {
    text(object, "/metadata/name")
}

/// The object's namespace; empty for what lives in none.
pub fn namespace(object: &Value) -> &str {
    text(object, "/metadata/namespace")
}

/// The map of strings at a JSON pointer, such as labels.
pub fn labels(value: &Value, pointer: &str) -> Labels {
    Labels::deserialize(at(value, pointer)).unwrap_or_default()
}

/// The `metav1.LabelSelector` at a JSON pointer.
pub fn selector(value: &Value, pointer: &str) -> LabelSelector {
    LabelSelector::deserialize(at(value, pointer)).unwrap_or_default()
}

/// What goes before the slash of an `apiVersion`: the API group, empty for core.
pub fn group(api_version: &str) -> &str {
    api_version.split_once('/').map_or("", |(group, _)| group)
}

/// The text where it is not empty.
pub fn some(text: &str) -> Option<&str> {
    (!text.is_empty()).then_some(text)
}
