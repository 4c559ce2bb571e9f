//! The defaults of custom resources: `apiserver/schema/defaulting` of apiextensions-apiserver.

use serde_json::Value;

/// Fills in the schema's defaults; a null that may not be one is as good as nothing.
pub fn defaults(schema: &Value, value: &mut Value) {
    let additional = schema["additionalProperties"]
        .as_object()
        .map(|_| &schema["additionalProperties"]);
    match value {
        Value::Object(map) => {
            let known = |name: &str| schema["properties"].get(name).or(additional);
            map.retain(|name, value| {
                let bare = |known: &Value| !nullable(known) && known.get("default").is_none();
                !(value.is_null() && known(name).is_some_and(bare))
            });
            for (name, known) in schema["properties"].as_object().into_iter().flatten() {
                let missing = map.get(name).is_none_or(|value| value.is_null() && !nullable(known));
                if let (true, Some(default)) = (missing, known.get("default")) {
                    map.insert(name.clone(), default.clone());
                }
            }
            for (name, value) in map.iter_mut() {
                if let Some(known) = known(name) {
                    fill(known, value);
                }
            }
        }
        Value::Array(list) => list.iter_mut().for_each(|value| fill(&schema["items"], value)),
        _ => {}
    }
}

fn fill(schema: &Value, value: &mut Value) {
    if let Some(default) = schema.get("default").filter(|_| value.is_null() && !nullable(schema)) {
        *value = default.clone();
    }
    defaults(schema, value);
}

fn nullable(schema: &Value) -> bool {
    schema["nullable"] == true
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_is_missing_or_null_is_filled_in() {
        let schema = json!({"properties": {"on": {"type": "boolean", "default": true}, "size": {"type": "integer"},
            "opt": {"type": "string", "nullable": true}, "inner": {"type": "object", "default": {}, "properties": {"a": {"default": 1}}}}});
        let mut value = json!({"on": null, "size": null, "opt": null});
        defaults(&schema, &mut value);
        assert_eq!(value, json!({"on": true, "opt": null, "inner": {"a": 1}}));
    }
}
