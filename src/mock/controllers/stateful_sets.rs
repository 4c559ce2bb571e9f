//! StatefulSets: numbered pods, made and given up one after the other, each with its own claims.

use std::sync::Arc;

use serde_json::{Value, json};

use super::context::{Context, MANAGER, dying, mark, name, namespace, owner_reference};
use super::pods::{self, Workload, finished};
use super::rollout::template_hash;

const TABLE: &str = "statefulsets.apps";
const REVISION: &str = "controller-revision-hash";

/// One look at every StatefulSet.
pub fn tick(context: &mut Context) {
    for set in context.list(TABLE).iter().filter(|set| !dying(set)) {
        let mark = mark(set, &context.controlled("pods", set));
        if !context.rests("stateful sets", set, mark) {
            sync(context, set);
            context.rest("stateful sets", set, mark, None);
        }
    }
}

fn sync(context: &mut Context, set: &Arc<Value>) {
    let revision = format!("{}-{}", name(set), template_hash(&set["spec"]["template"]));
    keep_revision(context, set, &revision);
    let owned = context.controlled("pods", set);
    let wanted = set["spec"]["replicas"].as_i64().unwrap_or(1);
    step(context, set, &owned, wanted, &revision);
    let owned = context.controlled("pods", set);
    status(context, set, &owned, &revision);
}

/// The revision of the present template, kept so that an update can be undone.
fn keep_revision(context: &Context, set: &Value, revision: &str) {
    if context
        .api
        .store
        .get("controllerrevisions.apps", namespace(set), revision)
        .is_some()
    {
        return;
    }
    let number = context
        .api
        .store
        .list("controllerrevisions.apps", Some(namespace(set)))
        .objects
        .iter()
        .filter(|object| {
            object
                .owners
                .iter()
                .any(|owner| **owner == *set["metadata"]["uid"].as_str().unwrap_or_default())
        })
        .count()
        + 1;
    let mut template = set["spec"]["template"].clone();
    template["$patch"] = "replace".into();
    let labels = set["spec"]["template"]["metadata"]["labels"].clone();
    let _ = context
        .api
        .plant(json!({"kind": "ControllerRevision", "apiVersion": "apps/v1",
        "metadata": {"name": revision, "namespace": namespace(set), "labels": labels,
            "ownerReferences": [owner_reference("apps/v1", "StatefulSet", set)]},
        "data": {"spec": {"template": template}}, "revision": number}));
}

fn ordinal(pod: &Value) -> i64 {
    name(pod)
        .rsplit_once('-')
        .and_then(|(_, number)| number.parse().ok())
        .unwrap_or(-1)
}

/// One step: the first missing pod, then the last surplus one, then the last outdated one.
fn step(context: &mut Context, set: &Arc<Value>, owned: &[Arc<Value>], wanted: i64, revision: &str) {
    let workload = Workload {
        api_version: "apps/v1",
        kind: "StatefulSet",
        component: "statefulset-controller",
        object: set,
    };
    let parallel = set["spec"]["podManagementPolicy"] == "Parallel";
    for number in 0..wanted {
        match owned.iter().find(|pod| ordinal(pod) == number) {
            None => {
                claims(context, set, number);
                create(context, workload, number, revision);
                if !parallel {
                    return;
                }
            }
            Some(pod) if !parallel && (dying(pod) || !pods::ready(pod)) && !outdated(pod, revision) => return,
            Some(_) => {}
        }
    }
    if let Some(last) = owned
        .iter()
        .filter(|pod| ordinal(pod) >= wanted)
        .max_by_key(|pod| ordinal(pod))
    {
        if !dying(last) {
            delete(context, workload, last);
        }
        return;
    }
    let partition = set["spec"]["updateStrategy"]["rollingUpdate"]["partition"]
        .as_i64()
        .unwrap_or_default();
    if set["spec"]["updateStrategy"]["type"] == "OnDelete" {
        return;
    }
    let mut old: Vec<_> = owned
        .iter()
        .filter(|pod| ordinal(pod) >= partition && outdated(pod, revision))
        .collect();
    old.sort_by_key(|pod| ordinal(pod));
    let unready = owned
        .iter()
        .any(|pod| !outdated(pod, revision) && !pods::ready(pod) || dying(pod));
    if let Some(last) = old.last().filter(|_| !unready) {
        delete(context, workload, last);
    }
}

fn outdated(pod: &Value, revision: &str) -> bool {
    pod["metadata"]["labels"][REVISION] != revision
}

fn create(context: &mut Context, workload: Workload<'_>, number: i64, revision: &str) {
    let set = workload.object;
    let mut pod = pods::from_template(workload, &set["spec"]["template"]);
    let pod_name = format!("{}-{number}", name(set));
    if let Some(metadata) = pod["metadata"].as_object_mut() {
        metadata.shift_remove("generateName");
    }
    pod["metadata"]["name"] = pod_name.clone().into();
    let labels = &mut pod["metadata"]["labels"];
    labels[REVISION] = revision.into();
    labels["apps.kubernetes.io/pod-index"] = number.to_string().into();
    labels["statefulset.kubernetes.io/pod-name"] = pod_name.clone().into();
    pod["spec"]["hostname"] = pod_name.clone().into();
    if let Some(service) = set["spec"]["serviceName"].as_str() {
        pod["spec"]["subdomain"] = service.into();
    }
    let mut volumes = pod["spec"]["volumes"].as_array().cloned().unwrap_or_default();
    for template in set["spec"]["volumeClaimTemplates"].as_array().into_iter().flatten() {
        let claim = format!("{}-{pod_name}", name(template));
        volumes.push(json!({"name": name(template), "persistentVolumeClaim": {"claimName": claim}}));
    }
    pod["spec"]["volumes"] = Value::Array(volumes);
    let api = context.api.clone();
    let (kind, reason, message) = match crate::mock::server::admit_by(&api, MANAGER, "pods", pod) {
        Ok(_) => (
            "Normal",
            "SuccessfulCreate",
            format!("Create Pod {pod_name} in StatefulSet {} successful", name(set)),
        ),
        Err(error) => (
            "Warning",
            "FailedCreate",
            format!(
                "Create Pod {pod_name} in StatefulSet {} failed error: {}",
                name(set),
                error.message
            ),
        ),
    };
    context.recorder.record(&api, workload.about(), kind, reason, &message);
}

fn claims(context: &mut Context, set: &Value, number: i64) {
    for template in set["spec"]["volumeClaimTemplates"].as_array().into_iter().flatten() {
        let claim = format!("{}-{}-{number}", name(template), name(set));
        if context
            .api
            .store
            .get("persistentvolumeclaims", namespace(set), &claim)
            .is_some()
        {
            continue;
        }
        let metadata =
            json!({"name": claim, "namespace": namespace(set), "labels": set["spec"]["selector"]["matchLabels"]});
        let object = json!({"kind": "PersistentVolumeClaim", "apiVersion": "v1", "metadata": metadata, "spec": template["spec"]});
        let _ = crate::mock::server::admit_by(&context.api, MANAGER, "persistentvolumeclaims", object);
    }
}

fn delete(context: &mut Context, workload: Workload<'_>, pod: &Value) {
    context.delete("pods", pod);
    let message = format!(
        "Delete Pod {} in StatefulSet {} successful",
        name(pod),
        name(workload.object)
    );
    let api = context.api.clone();
    context
        .recorder
        .record(&api, workload.about(), "Normal", "SuccessfulDelete", &message);
}

fn status(context: &Context, set: &Value, owned: &[Arc<Value>], revision: &str) {
    let alive: Vec<_> = owned.iter().filter(|pod| !finished(pod)).collect();
    let ready = alive.iter().filter(|pod| pods::ready(pod)).count();
    let updated = alive.iter().filter(|pod| !outdated(pod, revision)).count();
    let some = |count: usize| if count == 0 { Value::Null } else { count.into() };
    let done = updated == alive.len();
    let old = set["status"]["currentRevision"].clone();
    let current = if done || old.is_null() { revision.into() } else { old };
    let status = json!({
        "observedGeneration": set["metadata"]["generation"], "replicas": alive.len(), "readyReplicas": some(ready),
        "currentReplicas": some(if done { alive.len() } else { alive.len() - updated }), "updatedReplicas": some(updated),
        "currentRevision": current, "updateRevision": revision, "collisionCount": 0, "availableReplicas": ready,
    });
    context.set_status(TABLE, set, &status);
}
