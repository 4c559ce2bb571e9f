//! From client-side to server-side apply: what kubectl applied on its side is told by an annotation. Rules as
//! lastappliedmanager.go and lastappliedupdater.go in apimachinery's managedfields.

use serde_json::{Map, Value};

use super::{Claim, Conflict, Fields, apply, leaves, live, shown};

const ANNOTATION: &str = "kubectl.kubernetes.io/last-applied-configuration";

/// Whose applies read and write the annotation.
const KUBECTL: &str = "kubectl";

/// Applies a configuration as [`apply`] does. What kubectl applied on its side and nobody changed since is no conflict for
/// kubectl, and the annotation follows what it applies.
///
/// # Errors
/// The conflicts with other managers that are left, unless the claim is forced.
pub fn apply_over(claim: Claim<'_>, object: &Value, config: &Value) -> Result<Value, Vec<Conflict>> {
    let mut merged = match apply(claim, object, config) {
        Err(conflicts) if claim.manager == KUBECTL => {
            let own: Vec<String> = unchanged(claim, object).iter().map(|path| shown(path)).collect();
            let left: Vec<Conflict> = conflicts
                .into_iter()
                .filter(|conflict| !own.contains(&conflict.field))
                .collect();
            if !left.is_empty() {
                return Err(left);
            }
            apply(Claim { force: true, ..claim }, object, config)?
        }
        other => other?,
    };
    if claim.manager == KUBECTL && last(&merged).is_some() {
        merged["metadata"]["annotations"][ANNOTATION] = written(config).into();
    }
    Ok(merged)
}

fn last(object: &Value) -> Option<&str> {
    let text = object.get("metadata")?.get("annotations")?.get(ANNOTATION)?.as_str();
    text.filter(|text| !text.is_empty())
}

/// The fields that the annotation tells, as far as the object still has them so.
fn unchanged(claim: Claim<'_>, object: &Value) -> Fields {
    let applied = last(object).and_then(|text| serde_json::from_str::<Value>(text).ok());
    let Some(applied) = applied.filter(|applied| applied["apiVersion"] == object["apiVersion"]) else {
        return Fields::new();
    };
    let mut fields = leaves(claim.typing(), &applied);
    fields.retain(|path| live::at(object, path) == live::at(&applied, path));
    fields
}

/// A configuration as Go writes it: fields by their names, with a line's end behind.
fn written(config: &Value) -> String {
    let mut config = config.clone();
    if let Some(annotations) = config
        .pointer_mut("/metadata/annotations")
        .and_then(Value::as_object_mut)
    {
        annotations.remove(ANNOTATION);
    }
    format!("{}\n", sorted(&config))
}

fn sorted(value: &Value) -> Value {
    match value {
        Value::Object(map) => {
            let mut pairs: Vec<(&String, &Value)> = map.iter().collect();
            pairs.sort_by_key(|(name, _)| *name);
            let pair = |(name, value): (&String, &Value)| (name.clone(), sorted(value));
            Value::Object(pairs.into_iter().map(pair).collect::<Map<_, _>>())
        }
        Value::Array(list) => list.iter().map(sorted).collect(),
        other => other.clone(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::{message, note_create};
    use super::*;

    fn claim(manager: &str) -> Claim<'_> {
        Claim {
            kind: "ConfigMap",
            schema: None,
            manager,
            force: false,
            now: "2026-01-01T00:00:00Z",
        }
    }

    fn config(data: Value) -> Value {
        json!({"kind": "ConfigMap", "apiVersion": "v1", "metadata": {"name": "x"}, "data": data})
    }

    /// What kubectl applied on its side.
    fn applied() -> Value {
        let mut object = config(json!({"a": "1", "b": "2"}));
        object["metadata"]["annotations"] = json!({ANNOTATION: config(json!({"a": "1", "b": "2"})).to_string()});
        note_create(claim("kubectl-client-side-apply"), &object.clone(), &mut object);
        object
    }

    #[test]
    fn what_kubectl_applied_before_is_no_conflict() {
        let done = apply_over(claim(KUBECTL), &applied(), &config(json!({"a": "7", "b": "2"}))).unwrap();
        assert_eq!(done["data"], json!({"a": "7", "b": "2"}));
        let annotation = "{\"apiVersion\":\"v1\",\"data\":{\"a\":\"7\",\"b\":\"2\"},\"kind\":\"ConfigMap\",\"metadata\":{\"name\":\"x\"}}\n";
        assert_eq!(done["metadata"]["annotations"][ANNOTATION], annotation);
        // Another manager has no part in it.
        let refused = apply_over(claim("other"), &applied(), &config(json!({"a": "7"})))
            .err()
            .unwrap();
        let told = "Apply failed with 1 conflict: conflict with \"kubectl-client-side-apply\" using v1: .data.a";
        assert_eq!(message(&refused), told);
    }

    #[test]
    fn what_was_changed_since_is_a_conflict_alone() {
        let mut object = applied();
        object["data"]["a"] = "5".into();
        let wanted = config(json!({"a": "7", "b": "8"}));
        let refused = apply_over(claim(KUBECTL), &object, &wanted).err().unwrap();
        let fields: Vec<&str> = refused.iter().map(|conflict| conflict.field.as_str()).collect();
        assert_eq!(fields, [".data.a"]);
        // An annotation that tells nothing helps nobody.
        for text in ["", "{", "{\"apiVersion\":\"v2\"}"] {
            object["metadata"]["annotations"][ANNOTATION] = text.into();
            assert_eq!(
                apply_over(claim(KUBECTL), &object, &wanted)
                    .err()
                    .map(|left| left.len()),
                Some(2)
            );
        }
    }
}
