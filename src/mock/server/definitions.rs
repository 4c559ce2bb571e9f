//! What becomes of a CustomResourceDefinition: its names are filled in, accepted, and its kinds established.

use serde_json::{Value, json};

use super::api::Api;
use crate::mock::clock::rfc3339;

/// The table of definitions.
pub const TABLE: &str = "customresourcedefinitions.apiextensions.k8s.io";

/// The defaults of a definition: `SetDefaults_CustomResourceDefinitionSpec`.
pub fn fill(definition: &mut Value) {
    let spec = &mut definition["spec"];
    if !spec["names"].is_object() {
        return;
    }
    let kind = spec["names"]["kind"].as_str().unwrap_or_default().to_owned();
    let mut put = |name: &str, value: String| {
        if spec["names"][name].as_str().is_none_or(str::is_empty) {
            spec["names"][name] = value.into();
        }
    };
    put("singular", kind.to_lowercase());
    if !kind.is_empty() {
        put("listKind", format!("{kind}List"));
    }
    if spec["conversion"].is_null() {
        spec["conversion"] = json!({"strategy": "None"});
    }
}

/// The names are nobody else's: the definition says that its kinds are served.
pub fn establish(api: &Api, name: &str) {
    let now = rfc3339(api.clock.now());
    let told = |kind: &str, reason: &str, message: &str| json!({"type": kind, "status": "True", "lastTransitionTime": now, "reason": reason, "message": message});
    let conditions = json!([
        told("NamesAccepted", "NoConflicts", "no conflicts found"),
        told(
            "Established",
            "InitialNamesAccepted",
            "the initial names have been accepted"
        ),
    ]);
    api.touch(TABLE, "", name, |definition| {
        let versions = definition["spec"]["versions"].as_array().into_iter().flatten();
        let stored = versions.filter(|version| version["storage"] == true);
        let stored: Vec<Value> = stored.map(|version| version["name"].clone()).collect();
        let names = definition["spec"]["names"].clone();
        definition["status"] = json!({"conditions": conditions, "acceptedNames": names, "storedVersions": stored});
    });
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mock::clock::Clock;

    #[test]
    fn a_definition_is_established_under_its_names() {
        let api = Api::new(Clock::real(), 1);
        let mut definition = json!({"apiVersion": "apiextensions.k8s.io/v1", "kind": "CustomResourceDefinition", "metadata": {"name": "gizmos.x"},
            "spec": {"group": "x", "scope": "Namespaced", "names": {"plural": "gizmos", "kind": "Gizmo"}, "versions": [{"name": "v1", "served": true, "storage": true}]}});
        fill(&mut definition);
        assert_eq!(
            definition["spec"]["names"],
            json!({"plural": "gizmos", "kind": "Gizmo", "singular": "gizmo", "listKind": "GizmoList"})
        );
        api.plant(definition).unwrap();
        establish(&api, "gizmos.x");
        let status = api.store.get(TABLE, "", "gizmos.x").unwrap().decode()["status"].clone();
        assert_eq!(status["storedVersions"], json!(["v1"]));
        assert_eq!(status["acceptedNames"]["listKind"], "GizmoList");
        assert_eq!(status["conditions"][1]["type"], "Established");
    }
}
