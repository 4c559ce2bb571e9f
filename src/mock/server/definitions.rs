//! What becomes of a CustomResourceDefinition: its names are filled in, accepted, and its kinds established.

use serde_json::{Value, json};

use super::api::Api;
use super::delete::delete_of_kind;
use crate::mock::admission::order_metadata;
use crate::mock::clock::rfc3339;
use crate::mock::kinds::Kind;
use crate::mock::storage::StoreError;

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

/// The finalizer that holds a definition until its objects are gone.
const FINALIZER: &str = "customresourcecleanup.apiextensions.k8s.io";

/// Marks a definition as being deleted: `Delete` of the apiextensions server's
/// `pkg/registry/customresourcedefinition/etcd.go`, which knows neither grace nor propagation.
pub fn terminate(api: &Api, definition: &mut Value) {
    let metadata = &mut definition["metadata"];
    metadata["deletionTimestamp"] = rfc3339(api.clock.now()).into();
    let mut finalizers = metadata["finalizers"].as_array().cloned().unwrap_or_default();
    if !finalizers.iter().any(|known| known == FINALIZER) {
        finalizers.push(FINALIZER.into());
    }
    metadata["finalizers"] = finalizers.into();
    let message = "CustomResourceDefinition marked for deletion; CustomResource deletion will begin soon";
    tell(api, definition, "True", "InstanceDeletionPending", message);
    order_metadata(definition);
}

/// Sets the condition `Terminating`.
fn tell(api: &Api, definition: &mut Value, status: &str, reason: &str, message: &str) {
    let now = rfc3339(api.clock.now());
    let told = json!({"type": "Terminating", "status": status, "lastTransitionTime": now, "reason": reason, "message": message});
    if !definition["status"]["conditions"].is_array() {
        definition["status"]["conditions"] = json!([]);
    }
    if let Some(conditions) = definition["status"]["conditions"].as_array_mut() {
        match conditions
            .iter_mut()
            .find(|condition| condition["type"] == "Terminating")
        {
            Some(condition) => *condition = told,
            None => conditions.push(told),
        }
    }
}

/// Whether a definition is being deleted.
#[must_use]
pub fn is_dying(api: &Api, name: &str) -> bool {
    let definition = api.store.get(TABLE, "", name);
    definition.is_some_and(|definition| definition.decode()["metadata"]["deletionTimestamp"].is_string())
}

/// Deletes the objects of a definition that is being deleted, and the definition if none are left: what
/// `crd_finalizer.go` of the apiextensions server does, here at once.
pub fn clean_up(api: &Api, name: &str) {
    api.touch(TABLE, "", name, |definition| {
        let message = "CustomResource deletion is in progress";
        tell(api, definition, "True", "InstanceDeletionInProgress", message);
    });
    if let Some(kind) = api.kinds.of_definition(name) {
        for object in api.store.list(&kind.table, None).objects {
            delete_of_kind(api, &kind, object.namespace(), object.name());
        }
    }
    settle(api, name);
}

/// What follows when an object has left the store: the kinds of a definition are served no more, and a definition that
/// waited for its last object goes.
pub fn after_removal(api: &Api, kind: &Kind, name: &str) {
    if kind.table == TABLE {
        api.kinds.undefine(name);
    } else if let Some(custom) = &kind.custom {
        settle(api, &custom.definition);
    }
}

/// Lets go of a dying definition without objects, which goes if nothing else holds it.
fn settle(api: &Api, name: &str) {
    if api
        .kinds
        .of_definition(name)
        .is_some_and(|kind| api.store.count(&kind.table) > 0)
        || !is_dying(api, name)
    {
        return;
    }
    while let Some(stored) = api.store.get(TABLE, "", name) {
        let mut definition = stored.decode();
        let mut finalizers = definition["metadata"]["finalizers"]
            .as_array()
            .cloned()
            .unwrap_or_default();
        finalizers.retain(|known| known != FINALIZER);
        let written = if finalizers.is_empty() {
            let gone = api.store.delete(TABLE, &stored.key, stored.version).map(|_| ());
            if gone.is_ok() {
                api.kinds.undefine(name);
            }
            gone
        } else {
            definition["metadata"]["finalizers"] = finalizers.into();
            tell(
                api,
                &mut definition,
                "False",
                "InstanceDeletionCompleted",
                "removed all instances",
            );
            api.store.update(TABLE, definition, stored.version).map(|_| ())
        };
        if !matches!(written, Err(StoreError::Conflict)) {
            return;
        }
    }
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

    fn planted(finalizers: Value) -> Api {
        let api = Api::new(Clock::real(), 1);
        let mut definition = json!({"apiVersion": "apiextensions.k8s.io/v1", "kind": "CustomResourceDefinition", "metadata": {"name": "gizmos.x"},
            "spec": {"group": "x", "scope": "Namespaced", "names": {"plural": "gizmos", "kind": "Gizmo"}, "versions": [{"name": "v1", "served": true, "storage": true}]}});
        fill(&mut definition);
        api.plant(definition).unwrap();
        establish(&api, "gizmos.x");
        for (name, finalizers) in [("a", json!([])), ("b", finalizers)] {
            let metadata = json!({"name": name, "namespace": "d", "finalizers": finalizers});
            api.plant(json!({"apiVersion": "x/v1", "kind": "Gizmo", "metadata": metadata}))
                .unwrap();
        }
        api
    }

    fn delete(api: &Api, table: &str, namespace: &str, name: &str) {
        super::super::delete::delete_as_controller(api, table, namespace, name);
    }

    #[test]
    fn a_definition_goes_with_its_objects() {
        let api = planted(json!([]));
        delete(&api, TABLE, "", "gizmos.x");
        assert!(api.store.get(TABLE, "", "gizmos.x").is_none());
        assert_eq!(api.store.count("gizmos.x"), 0);
        assert!(api.kinds.of_table("gizmos.x").is_none());
    }

    #[test]
    fn a_definition_waits_for_an_object_that_is_held() {
        let api = planted(json!(["x.y/z"]));
        delete(&api, TABLE, "", "gizmos.x");
        let definition = api.store.get(TABLE, "", "gizmos.x").unwrap().decode();
        assert_eq!(definition["metadata"]["finalizers"], json!([FINALIZER]));
        assert!(definition["metadata"]["deletionGracePeriodSeconds"].is_null());
        let told = &definition["status"]["conditions"][2];
        assert_eq!(
            (&told["type"], &told["status"], &told["reason"], &told["message"]),
            (
                &"Terminating".into(),
                &"True".into(),
                &"InstanceDeletionInProgress".into(),
                &"CustomResource deletion is in progress".into()
            )
        );
        assert_eq!(api.store.count("gizmos.x"), 1);
        let kind = api.kinds.of_table("gizmos.x").unwrap();
        api.store.list("gizmos.x", None).objects.iter().for_each(|object| {
            api.store.delete("gizmos.x", &object.key, object.version).unwrap();
        });
        after_removal(&api, &kind, "b");
        assert!(api.store.get(TABLE, "", "gizmos.x").is_none());
        assert!(api.kinds.of_table("gizmos.x").is_none());
    }

    #[test]
    fn a_dying_definition_takes_no_new_objects() {
        let api = planted(json!(["x.y/z"]));
        delete(&api, TABLE, "", "gizmos.x");
        api.plant(json!({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "d"}}))
            .unwrap();
        let object = json!({"apiVersion": "x/v1", "kind": "Gizmo", "metadata": {"name": "d0", "namespace": "d"}});
        let error = crate::mock::server::admit(&api, "gizmos.x", object).unwrap_err();
        assert_eq!(
            (error.code, error.message.as_str()),
            (
                403,
                "gizmos.x \"d0\" is forbidden: create not allowed while custom resource definition is terminating"
            )
        );
    }

    #[test]
    fn a_definition_is_told_of_as_the_server_answers() {
        let api = planted(json!([]));
        let mut definition = api.store.get(TABLE, "", "gizmos.x").unwrap().decode();
        terminate(&api, &mut definition);
        assert_eq!(definition["metadata"]["finalizers"], json!([FINALIZER]));
        let told = &definition["status"]["conditions"][2];
        assert_eq!(told["reason"], "InstanceDeletionPending");
        let message = "CustomResourceDefinition marked for deletion; CustomResource deletion will begin soon";
        assert_eq!(told["message"], message);
    }
}
