//! The revisions of a workload: ReplicaSets of a Deployment, ControllerRevisions of a DaemonSet or StatefulSet.

use jiff::Timestamp;
use serde_json::{Value, json};

/// Where a Deployment and its ReplicaSets keep the number of the revision.
pub(super) const REVISION: &str = "deployment.kubernetes.io/revision";

/// Where the reason of a change is noted.
const CHANGE_CAUSE: &str = "kubernetes.io/change-cause";

/// The label that tells the pods of two ReplicaSets apart.
pub(super) const HASH: &str = "pod-template-hash";

/// A revision of a workload.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Revision {
    /// Its number.
    pub number: i64,
    /// The name of the object that keeps it.
    pub name: String,
    /// The annotation `kubernetes.io/change-cause`; empty where there is none.
    pub cause: String,
    /// When it was made.
    pub created: Option<Timestamp>,
    /// The images of its containers, init containers first.
    pub images: Vec<String>,
    /// The pod template.
    pub template: Value,
    /// Whether the workload has this template now.
    pub is_current: bool,
    /// The annotations of the object that keeps it.
    pub(super) annotations: Value,
    /// What a ControllerRevision keeps: a patch of the workload.
    pub(super) data: Value,
}

/// The revisions of a workload among these objects, the oldest first: those that it controls, as `ViewHistory` in
/// kubectl's `history.go` finds them. Objects may be ReplicaSets or ControllerRevisions.
pub fn revisions<'a>(workload: &Value, items: impl IntoIterator<Item = &'a Value>) -> Vec<Revision> {
    let uid = text(workload, "/metadata/uid");
    let mut found: Vec<Revision> = items
        .into_iter()
        .filter(|item| is_controlled(item, uid))
        .filter_map(|item| revision(item, workload))
        .collect();
    found.sort_by_key(|revision| revision.number);
    found
}

/// Whether the object of this uid controls another (`metav1.IsControlledBy`).
fn is_controlled(item: &Value, uid: &str) -> bool {
    let owners = item.pointer("/metadata/ownerReferences").and_then(Value::as_array);
    let controls = |owner: &Value| {
        owner.get("controller").and_then(Value::as_bool) == Some(true)
            && owner.get("uid").and_then(Value::as_str) == Some(uid)
    };
    !uid.is_empty() && owners.is_some_and(|owners| owners.iter().any(controls))
}

fn revision(item: &Value, workload: &Value) -> Option<Revision> {
    let annotations = item.pointer("/metadata/annotations").cloned().unwrap_or_default();
    let (number, template, data) = match item.get("data") {
        Some(data) => {
            let template = data.pointer("/spec/template").cloned().unwrap_or_default();
            (item.get("revision")?.as_i64()?, template, data.clone())
        }
        // A ReplicaSet that has no number counts as revision 0 (`deploymentutil.Revision`); a bad number is left out.
        None => {
            let number = match annotations.get(REVISION).and_then(Value::as_str) {
                Some(number) => number.parse().ok()?,
                None => 0,
            };
            (number, item.pointer("/spec/template").cloned()?, Value::Null)
        }
    };
    let now = workload.pointer("/spec/template").unwrap_or(&Value::Null);
    Some(Revision {
        number,
        name: text(item, "/metadata/name").to_string(),
        cause: annotations
            .get(CHANGE_CAUSE)
            .and_then(Value::as_str)
            .unwrap_or_default()
            .to_string(),
        created: text(item, "/metadata/creationTimestamp").parse().ok(),
        images: images(&template),
        is_current: plain(&template) == plain(now),
        template: shown(template),
        annotations,
        data,
    })
}

/// A template without the directive that a patch needs.
fn shown(mut template: Value) -> Value {
    if let Some(template) = template.as_object_mut() {
        template.shift_remove("$patch");
    }
    template
}

fn images(template: &Value) -> Vec<String> {
    let list = |field: &str| template.pointer(field).and_then(Value::as_array).into_iter().flatten();
    list("/spec/initContainers")
        .chain(list("/spec/containers"))
        .filter_map(|container| Some(container.get("image")?.as_str()?.to_string()))
        .collect()
}

/// A template as it is compared with another: without the hash that a ReplicaSet adds, and without what says nothing, as
/// `equalIgnoreHash` in kubectl's `rollback.go` compares semantically.
fn plain(template: &Value) -> Value {
    let mut template = said(template);
    if let Some(labels) = template.pointer_mut("/metadata/labels").and_then(Value::as_object_mut) {
        labels.shift_remove(HASH);
    }
    if let Some(metadata) = template.get_mut("metadata").and_then(Value::as_object_mut) {
        metadata.retain(|_, value| *value != json!({}));
    }
    shown(template)
}

/// Nulls and empty lists say nothing.
fn said(value: &Value) -> Value {
    match value {
        Value::Object(map) => map
            .iter()
            .filter(|(_, value)| !value.is_null() && !value.as_array().is_some_and(Vec::is_empty))
            .map(|(key, value)| (key.clone(), said(value)))
            .collect(),
        Value::Array(items) => items.iter().map(said).collect(),
        other => other.clone(),
    }
}

fn text<'a>(value: &'a Value, pointer: &str) -> &'a str {
    value.pointer(pointer).and_then(Value::as_str).unwrap_or_default()
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    /// A Deployment with this image.
    pub fn deployment(image: &str) -> Value {
        json!({"kind": "Deployment", "metadata": {"name": "web", "uid": "u1", "annotations": {
                "deployment.kubernetes.io/revision": "3", "kubectl.kubernetes.io/last-applied-configuration": "{}", "team": "a"}},
            "spec": {"template": {"metadata": {"labels": {"app": "web"}}, "spec": {"containers": [{"name": "c", "image": image}]}}}})
    }

    /// A ReplicaSet of it.
    pub fn set(number: &str, image: &str) -> Value {
        json!({"metadata": {"name": format!("web-{number}"), "annotations": {
                "deployment.kubernetes.io/revision": number, "deployment.kubernetes.io/desired-replicas": "3",
                "kubernetes.io/change-cause": format!("to {image}")},
                "ownerReferences": [{"kind": "Deployment", "uid": "u1", "controller": true}]},
            "spec": {"template": {"metadata": {"creationTimestamp": null, "labels": {"app": "web", "pod-template-hash": number}},
                "spec": {"containers": [{"name": "c", "image": image}]}}}})
    }

    #[test]
    fn revisions_are_those_that_it_controls_in_order() {
        let mut strange = set("9", "x");
        strange["metadata"]["ownerReferences"][0]["uid"] = "u2".into();
        let items = [
            set("10", "c"),
            strange,
            set("2", "a"),
            set("x", "b"),
            json!(null),
            json!({"metadata": []}),
        ];
        let found = revisions(&deployment("c"), &items);
        let told: Vec<(i64, &str, bool)> = found
            .iter()
            .map(|one| (one.number, one.cause.as_str(), one.is_current))
            .collect();
        assert_eq!(told, [(2, "to a", false), (10, "to c", true)]);
        assert_eq!(found[0].images, ["a"]);
    }

    #[test]
    fn a_controller_revision_keeps_a_patch() {
        let owner = json!([{"uid": "u1", "controller": true}]);
        let mut template = deployment("a")["spec"]["template"].clone();
        template["$patch"] = "replace".into();
        let item = json!({"metadata": {"name": "web-1", "ownerReferences": owner}, "revision": 1, "data": {"spec": {"template": template}}});
        let found = revisions(&deployment("a"), [&item]);
        assert!(found[0].is_current && found[0].template.get("$patch").is_none());
        assert!(revisions(&json!({}), [&item]).is_empty(), "nothing without a uid");
    }
}
