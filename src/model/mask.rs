//! A secret's values, hidden until a person asks for them: on a screen that others see, in a picture, on the clipboard.

use serde_json::Value;

/// The annotation in which `kubectl apply` repeats the whole object, values included.
const LAST_APPLIED: &str = "kubectl.kubernetes.io/last-applied-configuration";

/// The object with its values hidden. Anything but a Secret stays as it is.
pub fn hidden(object: &Value) -> Value {
    let mut object = object.clone();
    if object.get("kind").and_then(Value::as_str) != Some("Secret") {
        return object;
    }
    for field in ["data", "stringData"] {
        for value in object
            .get_mut(field)
            .and_then(Value::as_object_mut)
            .into_iter()
            .flat_map(|data| data.values_mut())
        {
            let bytes = value
                .as_str()
                .map(|text| if field == "data" { decoded(text) } else { text.len() });
            *value = match bytes {
                Some(bytes) => format!("•••• ({bytes} bytes)").into(),
                None => "••••".into(),
            };
        }
    }
    if let Some(applied) = object
        .pointer_mut("/metadata/annotations")
        .and_then(|all| all.get_mut(LAST_APPLIED))
    {
        *applied = "••••".into();
    }
    // What a controller wrote about the fields names keys only, never values: managedFields can stay.
    object
}

/// How many bytes base64 text stands for.
fn decoded(text: &str) -> usize {
    let padding = text.bytes().rev().take_while(|byte| *byte == b'=').count();
    (text.len() / 4 * 3).saturating_sub(padding)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn no_value_of_a_secret_is_left() {
        let secret = json!({"kind": "Secret", "metadata": {"name": "db", "annotations": {LAST_APPLIED: "{\"data\":{\"password\":\"aHVudGVyMg==\"}}"}},
            "data": {"password": "aHVudGVyMg==", "odd": 7}, "stringData": {"plain": "hunter2"}, "type": "Opaque"});
        let shown = hidden(&secret);
        let text = shown.to_string();
        assert!(
            !text.contains("aHVudGVyMg") && !text.contains("hunter2") && !text.contains(":7"),
            "{text}"
        );
        assert_eq!(shown["data"]["password"], "•••• (7 bytes)");
        assert_eq!(shown["type"], "Opaque");
        let map = json!({"kind": "ConfigMap", "data": {"a": "b"}});
        assert_eq!(hidden(&map), map);
    }
}
