//! Owners and finalizers of an object.

use serde_json::Value;

use super::{list, metadata, rules, text};
use crate::mock::server::FieldError;

/// Finalizers without a domain before a slash that the server knows.
const STANDARD: [&str; 3] = ["orphan", "foregroundDeletion", "kubernetes"];

/// Faults of the references to owners, as `ValidateOwnerReferences`.
pub fn owners(references: &Value) -> Vec<FieldError> {
    let field = "metadata.ownerReferences";
    let mut faults = Vec::new();
    let mut controller: Option<String> = None;
    for owner in list(references) {
        faults.extend(owner_of(owner, field));
        if owner["controller"] != true {
            continue;
        }
        let shown = format!("{}/{}", text(&owner["kind"]), text(&owner["name"]));
        match &controller {
            None => controller = Some(shown),
            Some(first) => {
                let why = format!(
                    "Only one reference can have Controller set to true. Found \"true\" in references for {first} and {shown}"
                );
                faults.push(FieldError::invalid(field, references, why));
            }
        }
    }
    faults
}

fn owner_of(owner: &Value, field: &str) -> Vec<FieldError> {
    let mut faults = Vec::new();
    for (name, why) in [
        ("apiVersion", "version must not be empty"),
        ("kind", "must not be empty"),
        ("name", "must not be empty"),
        ("uid", "must not be empty"),
    ] {
        if text(&owner[name]).is_empty() {
            faults.push(FieldError::invalid(format!("{field}.{name}"), &"".into(), why));
        }
    }
    if text(&owner["apiVersion"]) == "v1" && text(&owner["kind"]) == "Event" {
        faults.push(FieldError::invalid(
            field,
            owner,
            "/v1, Kind=Event is disallowed from being an owner",
        ));
    }
    faults
}

/// Faults of one finalizer, as `ValidateFinalizerName`.
pub fn finalizer(finalizer: &Value, field: &str) -> Vec<FieldError> {
    rules::each(field, finalizer, metadata::key(text(finalizer)))
}

/// A finalizer without a domain that Kubernetes' own kinds do not know, as `validateKubeFinalizerName`.
pub fn unqualified(finalizer: &Value, field: &str) -> Option<FieldError> {
    let name = text(finalizer);
    let why = "name is neither a standard finalizer name nor is it fully qualified";
    let odd = !name.contains('/') && !STANDARD.contains(&name);
    odd.then(|| FieldError::invalid(field, finalizer, why))
}

/// Faults of finalizers, as `ValidateFinalizers`.
pub fn finalizers(finalizers: &Value) -> Vec<FieldError> {
    let field = "metadata.finalizers";
    let mut faults: Vec<FieldError> = list(finalizers)
        .flat_map(|finalizer| self::finalizer(finalizer, field))
        .collect();
    let has = |name: &str| list(finalizers).any(|finalizer| finalizer == name);
    if has("orphan") && has("foregroundDeletion") {
        let why = "finalizer orphan and foregroundDeletion cannot be both set";
        faults.push(FieldError::invalid(field, finalizers, why));
    }
    faults
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn owners_are_named_in_full_and_one_controls() {
        let owner = |name: &str, controller: bool| json!({"apiVersion": "v1", "kind": "Pod", "name": name, "uid": "u", "controller": controller});
        assert!(owners(&json!([owner("x", true), owner("y", false)])).is_empty());
        let two = owners(&json!([owner("x", true), owner("y", true)]));
        assert!(two[0].message.ends_with("references for Pod/x and Pod/y"), "{two:?}");
        let empty = owners(&json!([{}]));
        assert_eq!(empty.len(), 4);
        assert_eq!(empty[0].message, "Invalid value: \"\": version must not be empty");
    }

    #[test]
    fn finalizers_are_qualified() {
        assert!(finalizers(&json!(["a.b/c", "orphan"])).is_empty());
        assert!(finalizers(&json!(["bad"])).is_empty());
        let bare = unqualified(&"bad".into(), "metadata.finalizers[0]").unwrap();
        assert_eq!(bare.field, "metadata.finalizers[0]");
        assert_eq!(unqualified(&"a.b/c".into(), "f"), None);
        assert_eq!(unqualified(&"orphan".into(), "f"), None);
        assert_eq!(finalizers(&json!(["foregroundDeletion", "orphan"])).len(), 1);
    }
}
