//! Whole objects within custom resources say what they are: `schemaobjectmeta.Validate` of apiextensions-apiserver.

use serde_json::Value;

use crate::mock::server::FieldError;
use crate::mock::server::go::path::child;

/// Faults of the objects in a value.
pub fn check(schema: &Value, value: &Value, at: &str) -> Vec<FieldError> {
    let mut faults = Vec::new();
    let inside = |name: &str| child(at, name);
    match value {
        Value::Object(map) => {
            if schema["x-kubernetes-embedded-resource"] == true {
                let missing = ["apiVersion", "kind"]
                    .into_iter()
                    .filter(|name| map.get(*name).is_none_or(|given| given == ""));
                faults.extend(missing.map(|name| FieldError::required(inside(name), "")));
            }
            for (name, value) in map {
                let known = schema["properties"]
                    .get(name)
                    .unwrap_or(&schema["additionalProperties"]);
                if known.is_object() {
                    faults.extend(check(known, value, &inside(name)));
                }
            }
        }
        Value::Array(list) => {
            for (index, value) in list.iter().enumerate() {
                faults.extend(check(&schema["items"], value, &format!("{at}[{index}]")));
            }
        }
        _ => {}
    }
    faults
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn objects_within_objects_name_their_kind() {
        let schema = json!({"properties": {"spec": {"x-kubernetes-embedded-resource": true}}});
        let faults = check(&schema, &json!({"spec": {"kind": "Pod"}}), "");
        assert_eq!(faults, [FieldError::required("spec.apiVersion", "")]);
        assert!(check(&schema, &json!({"spec": {"kind": "Pod", "apiVersion": "v1"}}), "").is_empty());
    }
}
