//! What a value holds, whatever stands there: what is missing, null or of another type holds nothing.

use serde_json::Value;

/// The elements of a list.
pub fn list(value: &Value) -> impl Iterator<Item = &Value> + Clone {
    value.as_array().into_iter().flatten()
}

/// A text, empty where there is none.
#[must_use]
pub fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

/// The entries of a map, by name.
#[must_use]
pub fn sorted(map: &Value) -> Vec<(&str, &Value)> {
    let entries = map.as_object().into_iter().flatten();
    let mut entries: Vec<_> = entries.map(|(name, value)| (name.as_str(), value)).collect();
    entries.sort_by_key(|(name, _)| *name);
    entries
}

/// A text as it is, anything else as JSON: quantities may be written as numbers.
#[must_use]
pub fn scalar(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

/// Whether an object's status has a condition that is true.
#[must_use]
pub fn has_condition(object: &Value, kind: &str) -> bool {
    list(&object["status"]["conditions"]).any(|condition| condition["type"] == kind && condition["status"] == "True")
}
