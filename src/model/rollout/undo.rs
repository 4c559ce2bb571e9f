//! How a rollout is undone: to which revision, by which patch, and when not. As kubectl's `rollback.go`.

use serde_json::{Map, Value, json};

use super::history::{HASH, REVISION, Revision};

/// Annotations that a Deployment keeps when it is rolled back (`annotationsToSkip`).
const KEPT: [&str; 6] = [
    "kubectl.kubernetes.io/last-applied-configuration",
    REVISION,
    "deployment.kubernetes.io/revision-history",
    "deployment.kubernetes.io/desired-replicas",
    "deployment.kubernetes.io/max-replicas",
    "deprecated.deployment.rollback.to",
];

/// What is done to undo a rollout.
#[derive(Clone, Debug, PartialEq)]
pub enum Undo {
    /// A JSON patch of the Deployment.
    Json(Value),
    /// A strategic merge patch of the DaemonSet or StatefulSet.
    Strategic(Value),
    /// Nothing: it has this template.
    Skipped,
}

/// Why a rollout cannot be undone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoUndo {
    /// There is only one revision, or none.
    NoHistory,
    /// There is no revision of this number.
    NotFound(i64),
    /// The Deployment is paused.
    Paused,
}

/// The revision before the newest one: what revision 0 means.
pub fn previous(revisions: &[Revision]) -> Option<&Revision> {
    revisions.len().checked_sub(2).and_then(|at| revisions.get(at))
}

/// How a workload is taken back to a revision; 0 for the one before the newest. `revisions` are all, the oldest first.
///
/// # Errors
/// Where kubectl refuses it.
pub fn undo(workload: &Value, revisions: &[Revision], to: i64) -> Result<Undo, NoUndo> {
    let found = match to {
        0 => previous(revisions).ok_or(NoUndo::NoHistory)?,
        _ => revisions
            .iter()
            .find(|revision| revision.number == to)
            .ok_or(NoUndo::NotFound(to))?,
    };
    if workload.pointer("/spec/paused").and_then(Value::as_bool) == Some(true) {
        return Err(NoUndo::Paused);
    }
    if found.is_current {
        return Ok(Undo::Skipped);
    }
    if !found.data.is_null() {
        return Ok(Undo::Strategic(found.data.clone()));
    }
    let mut template = found.template.clone();
    if let Some(labels) = template.pointer_mut("/metadata/labels").and_then(Value::as_object_mut) {
        labels.shift_remove(HASH);
    }
    Ok(Undo::Json(json!([
        {"op": "replace", "path": "/spec/template", "value": template},
        {"op": "replace", "path": "/metadata/annotations", "value": annotations(workload, &found.annotations)},
    ])))
}

/// The Deployment's own bookkeeping, and everything else from the ReplicaSet.
fn annotations(workload: &Value, of_set: &Value) -> Value {
    let own = workload.pointer("/metadata/annotations").and_then(Value::as_object);
    let is_kept = |(key, _): &(&String, &Value)| KEPT.contains(&key.as_str());
    let kept = own.into_iter().flatten().filter(is_kept);
    let taken = of_set.as_object().into_iter().flatten().filter(|entry| !is_kept(entry));
    let all: Map<String, Value> = kept
        .chain(taken)
        .map(|(key, value)| (key.clone(), value.clone()))
        .collect();
    Value::Object(all)
}

#[cfg(test)]
mod tests {
    use super::super::history::revisions;
    use super::super::history::tests::{deployment, set};
    use super::*;

    #[test]
    fn a_deployment_gets_template_and_annotations_of_the_replica_set() {
        let workload = deployment("c");
        let all = revisions(&workload, &[set("1", "a"), set("2", "b"), set("3", "c")]);
        let Ok(Undo::Json(patch)) = undo(&workload, &all, 0) else {
            panic!()
        };
        assert_eq!(
            patch,
            json!([
                {"op": "replace", "path": "/spec/template", "value": {"metadata": {"creationTimestamp": null, "labels": {"app": "web"}},
                    "spec": {"containers": [{"name": "c", "image": "b"}]}}},
                {"op": "replace", "path": "/metadata/annotations", "value": {"deployment.kubernetes.io/revision": "3",
                    "kubectl.kubernetes.io/last-applied-configuration": "{}", "kubernetes.io/change-cause": "to b"}},
            ])
        );
    }

    #[test]
    fn what_kubectl_refuses_is_refused() {
        let now = deployment("c");
        let mut paused = now.clone();
        paused["spec"]["paused"] = true.into();
        let all = revisions(&now, &[set("1", "a"), set("3", "c")]);
        let one = revisions(&now, &[set("3", "c")]);
        for (workload, revisions, to, wanted) in [
            (&now, &all, 99, Err(NoUndo::NotFound(99))),
            (&now, &all, -1, Err(NoUndo::NotFound(-1))),
            (&now, &one, 0, Err(NoUndo::NoHistory)),
            (&paused, &all, 0, Err(NoUndo::Paused)),
            (&paused, &all, 99, Err(NoUndo::NotFound(99))),
            (&now, &all, 3, Ok(Undo::Skipped)),
        ] {
            assert_eq!(undo(workload, revisions, to), wanted, "{to}");
        }
    }

    #[test]
    fn a_daemon_set_gets_what_its_revision_keeps() {
        let workload = deployment("b");
        let data = |image: &str| {
            let mut template = deployment(image)["spec"]["template"].clone();
            template["$patch"] = "replace".into();
            json!({"spec": {"template": template}})
        };
        let item = |number: i64, image: &str| {
            json!({"metadata": {"ownerReferences": [{"uid": "u1", "controller": true}]},
            "revision": number, "data": data(image)})
        };
        let all = revisions(&workload, &[item(1, "a"), item(2, "b")]);
        assert_eq!(undo(&workload, &all, 0), Ok(Undo::Strategic(data("a"))));
        assert_eq!(undo(&workload, &all, 2), Ok(Undo::Skipped));
    }
}
