//! A secret's values, hidden until a person asks for each: on a screen that others see, in a picture, on the clipboard.

use std::collections::BTreeSet;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::Value;

/// The annotation in which `kubectl apply` repeats the whole object, values included.
const LAST_APPLIED: &str = "kubectl.kubernetes.io/last-applied-configuration";

/// The fields of a Secret that hold values.
const FIELDS: [&str; 2] = ["data", "stringData"];

/// The name of the value that a field of a Secret holds; none for a field that holds none.
pub fn value_at(path: &[String]) -> Option<String> {
    let path: Vec<&str> = path.iter().map(String::as_str).collect();
    match *path.as_slice() {
        [field, key] if FIELDS.contains(&field) => Some(key.to_string()),
        ["metadata", "annotations", LAST_APPLIED] => Some(LAST_APPLIED.to_string()),
        _ => None,
    }
}

/// The object with its values hidden but for those that were asked for. Anything but a Secret stays as it is.
pub fn hidden(object: &Value, revealed: &BTreeSet<String>) -> Value {
    let mut object = object.clone();
    if object.get("kind").and_then(Value::as_str) != Some("Secret") {
        return object;
    }
    for field in FIELDS {
        let Some(values) = object.get_mut(field).filter(|values| !values.is_null()) else {
            continue;
        };
        if !values.is_object() {
            // Malformed, and perhaps no less secret.
            *values = "••••".into();
        }
        let values = values.as_object_mut();
        for (_, value) in values.into_iter().flatten().filter(|(key, _)| !revealed.contains(*key)) {
            let bytes = value.as_str().map(|text| match field {
                "data" => bytes(text),
                _ => text.len(),
            });
            *value = match bytes {
                Some(bytes) => format!("•••• ({bytes} bytes)").into(),
                None => "••••".into(),
            };
        }
    }
    if let Some(applied) = object
        .pointer_mut("/metadata/annotations")
        .and_then(|all| all.get_mut(LAST_APPLIED))
        .filter(|_| !revealed.contains(LAST_APPLIED))
    {
        *applied = "••••".into();
    }
    // What a controller wrote about the fields names keys only, never values: managedFields can stay.
    object
}

/// How many bytes a base64 text holds; those of the text itself if it is none.
pub fn bytes(text: &str) -> usize {
    STANDARD.decode(text).map_or(text.len(), |decoded| decoded.len())
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn no_value_of_a_secret_is_left_but_those_that_were_asked_for() {
        let secret = json!({"kind": "Secret", "metadata": {"name": "db", "annotations": {LAST_APPLIED: "{\"data\":{\"password\":\"aHVudGVyMg==\"}}"}},
            "data": {"password": "aHVudGVyMg==", "user": "cm9vdA==", "odd": 7}, "stringData": {"plain": "hunter2"}, "type": "Opaque"});
        let shown = hidden(&secret, &BTreeSet::new());
        let text = shown.to_string();
        assert!(
            !text.contains("aHVudGVyMg") && !text.contains("hunter2") && !text.contains(":7"),
            "{text}"
        );
        assert_eq!(shown["data"]["password"], "•••• (7 bytes)");
        assert_eq!(shown["type"], "Opaque");
        let one = hidden(&secret, &BTreeSet::from(["user".to_string()]));
        assert_eq!(
            (&one["data"]["user"], &one["data"]["password"]),
            (&json!("cm9vdA=="), &json!("•••• (7 bytes)"))
        );
        assert_eq!(one["metadata"]["annotations"][LAST_APPLIED], "••••");
        let map = json!({"kind": "ConfigMap", "data": {"a": "b"}});
        assert_eq!(hidden(&map, &BTreeSet::new()), map);
    }

    #[test]
    fn values_are_known_by_their_place() {
        let at = |path: &[&str]| value_at(&path.iter().map(ToString::to_string).collect::<Vec<_>>());
        assert_eq!(at(&["data", "password"]).as_deref(), Some("password"));
        assert_eq!(
            at(&["metadata", "annotations", LAST_APPLIED]).as_deref(),
            Some(LAST_APPLIED)
        );
        assert_eq!(at(&["data"]), None);
        assert_eq!(at(&["metadata", "name"]), None);
    }
}
