//! How errors show an object after a patch: the levels that the patch went through have their keys in order, as Go's maps are
//! written; what it did not touch stands as it stood.

use serde_json::{Map, Value};

/// The object after a merge patch.
#[must_use]
pub fn merged(after: &Value, before: &Value, change: &Value) -> Value {
    let (Value::Object(map), Value::Object(changes)) = (after, change) else {
        return after.clone();
    };
    sorted(map, |key, value| match changes.get(key) {
        Some(change) if before[key].is_object() => merged(value, &before[key], change),
        _ => value.clone(),
    })
}

/// The object after a JSON patch whose operations have these paths.
#[must_use]
pub fn walked<'a>(after: &Value, paths: impl Iterator<Item = &'a str>) -> Value {
    let parents: Vec<Vec<&str>> = paths
        .map(|path| {
            let mut parts: Vec<&str> = path.split('/').skip(1).collect();
            parts.pop();
            parts
        })
        .collect();
    let parents: Vec<&[&str]> = parents.iter().map(Vec::as_slice).collect();
    along(after, &parents)
}

/// Orders this level and the levels below it to which the paths lead.
fn along(value: &Value, paths: &[&[&str]]) -> Value {
    let below = |key: &str| -> Vec<&[&str]> {
        let deeper = paths.iter().filter(|path| path.first() == Some(&key));
        deeper.filter_map(|path| path.get(1..)).collect()
    };
    let inner = |key: &str, value: &Value| {
        let deeper = below(key);
        if deeper.is_empty() {
            value.clone()
        } else {
            along(value, &deeper)
        }
    };
    match value {
        Value::Object(map) => sorted(map, inner),
        Value::Array(list) => {
            let element = |(index, value): (usize, &Value)| inner(&index.to_string(), value);
            list.iter().enumerate().map(element).collect()
        }
        other => other.clone(),
    }
}

fn sorted(map: &Map<String, Value>, inner: impl Fn(&str, &Value) -> Value) -> Value {
    let mut shown: Map<String, Value> = map
        .iter()
        .map(|(key, value)| (key.clone(), inner(key, value)))
        .collect();
    shown.sort_keys();
    Value::Object(shown)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn only_what_the_patch_went_through_is_in_order() {
        let before = json!({"kind": "K", "apiVersion": "v", "metadata": {"name": "c", "labels": {"b": "1", "a": "2"}}});
        let change = json!({"metadata": {"labels": null, "annotations": {"z": 1}}});
        let after = crate::mock::patch::merge::apply(&before, &change);
        assert_eq!(
            merged(&after, &before, &change).to_string(),
            r#"{"apiVersion":"v","kind":"K","metadata":{"annotations":{"z":1},"name":"c"}}"#
        );
        assert_eq!(
            walked(&before, ["/metadata/labels"].into_iter()).to_string(),
            r#"{"apiVersion":"v","kind":"K","metadata":{"labels":{"b":"1","a":"2"},"name":"c"}}"#
        );
        assert_eq!(
            walked(&before, ["/kind"].into_iter()).to_string(),
            r#"{"apiVersion":"v","kind":"K","metadata":{"name":"c","labels":{"b":"1","a":"2"}}}"#
        );
    }
}
