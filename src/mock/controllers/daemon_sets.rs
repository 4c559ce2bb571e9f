//! DaemonSets: a pod on every node that takes it.

use std::sync::Arc;

use serde_json::{Value, json};

use super::context::{Context, dying, mark, name};
use super::pods::{self, Workload};
use super::rollout::template_hash;
use super::scheduler::tolerates;

const TABLE: &str = "daemonsets.apps";
const REVISION: &str = "controller-revision-hash";

/// One look at every DaemonSet.
pub fn tick(context: &mut Context) {
    let nodes = context.list("nodes");
    for set in context.list(TABLE).iter().filter(|set| !dying(set)) {
        let mark = mark(set, &context.controlled("pods", set)) ^ mark(set, &nodes).rotate_left(17);
        if !context.rests("daemon sets", set, mark) {
            sync(context, set);
            context.rest("daemon sets", set, mark, None);
        }
    }
}

fn sync(context: &mut Context, set: &Arc<Value>) {
    let workload = Workload {
        api_version: "apps/v1",
        kind: "DaemonSet",
        component: "daemonset-controller",
        object: set,
    };
    let hash = template_hash(&set["spec"]["template"]);
    keep_revision(context, set, &hash);
    let nodes = context.list("nodes");
    let owned = context.controlled("pods", set);
    let fitting: Vec<&str> = nodes
        .iter()
        .filter(|node| fits(set, node))
        .map(|node| name(node))
        .collect();
    // A pod that is on its way out still holds its node, until its containers have ended.
    let holds = |pod: &&Arc<Value>| !pods::finished(pod);
    for node in &fitting {
        if !owned.iter().filter(holds).any(|pod| target(pod) == *node) {
            let pod = pod_for(workload, node, &hash);
            pods::create(context, workload, pod);
        }
    }
    let active = || owned.iter().filter(|pod| pods::active(pod));
    for pod in active().filter(|pod| !fitting.contains(&target(pod))) {
        pods::delete(context, workload, pod);
    }
    // An update replaces one pod at a time, and only while the others are ready.
    let missing = fitting
        .len()
        .saturating_sub(active().filter(|pod| pods::ready(pod)).count());
    let outdated: Vec<_> = active()
        .filter(|pod| pods_hash(pod) != hash && fitting.contains(&target(pod)))
        .collect();
    let most = usize::try_from(super::rollout::portion(
        &set["spec"]["updateStrategy"]["rollingUpdate"]["maxUnavailable"],
        fitting.len() as i64,
        true,
        1,
    ))
    .unwrap_or(1)
    .max(1);
    if set["spec"]["updateStrategy"]["type"] != "OnDelete" {
        for pod in outdated.iter().take(most.saturating_sub(missing)) {
            pods::delete(context, workload, pod);
        }
    }
    let owned = context.controlled("pods", set);
    status(context, set, &owned, fitting.len(), &hash);
}

fn pods_hash(pod: &Value) -> &str {
    pod["metadata"]["labels"][REVISION].as_str().unwrap_or_default()
}

/// The revision of the present template, kept so that an update can be undone.
fn keep_revision(context: &mut Context, set: &Value, hash: &str) {
    let revision_name = format!("{}-{hash}", name(set));
    let known = context.controlled("controllerrevisions.apps", set);
    let highest = known
        .iter()
        .filter_map(|known| known["revision"].as_i64())
        .max()
        .unwrap_or_default();
    if let Some(found) = known.iter().find(|known| name(known) == revision_name) {
        if found["revision"].as_i64() != Some(highest) {
            context.touch("controllerrevisions.apps", found, |found| {
                found["revision"] = (highest + 1).into()
            });
        }
        return;
    }
    let mut template = set["spec"]["template"].clone();
    template["$patch"] = "replace".into();
    let mut labels = set["spec"]["template"]["metadata"]["labels"].clone();
    labels[REVISION] = hash.into();
    let owner = super::context::owner_reference("apps/v1", "DaemonSet", set);
    let _ = context
        .api
        .plant(json!({"kind": "ControllerRevision", "apiVersion": "apps/v1",
        "metadata": {"name": revision_name, "namespace": set["metadata"]["namespace"], "labels": labels,
            "annotations": {"deprecated.daemonset.template.generation": set["metadata"]["generation"].to_string()},
            "ownerReferences": [owner]},
        "data": {"spec": {"template": template}}, "revision": highest + 1}));
}

/// The node that a pod is for: where it runs, or where its affinity sends it.
fn target(pod: &Value) -> &str {
    let bound = pod["spec"]["nodeName"].as_str().filter(|node| !node.is_empty());
    let terms = "/spec/affinity/nodeAffinity/requiredDuringSchedulingIgnoredDuringExecution/nodeSelectorTerms/0/matchFields/0/values/0";
    bound
        .or_else(|| pod.pointer(terms).and_then(Value::as_str))
        .unwrap_or_default()
}

fn fits(set: &Value, node: &Value) -> bool {
    let spec = &set["spec"]["template"]["spec"];
    let labels = &node["metadata"]["labels"];
    let selected = spec["nodeSelector"]
        .as_object()
        .into_iter()
        .flatten()
        .all(|(key, value)| labels[key] == *value);
    let own: Vec<Value> = spec["tolerations"].as_array().cloned().unwrap_or_default();
    let borne = |taint: &&Value| {
        // The controller adds these to every daemon pod.
        let given = taint["key"]
            .as_str()
            .is_some_and(|key| key.starts_with("node.kubernetes.io/"));
        given || taint["effect"] == "PreferNoSchedule" || own.iter().any(|toleration| tolerates(toleration, taint))
    };
    selected
        && node["spec"]["taints"]
            .as_array()
            .into_iter()
            .flatten()
            .all(|taint| borne(&taint))
}

fn pod_for(workload: Workload<'_>, node: &str, hash: &str) -> Value {
    let mut pod = pods::from_template(workload, &workload.object["spec"]["template"]);
    pod["metadata"]["labels"][REVISION] = hash.into();
    pod["metadata"]["labels"]["pod-template-generation"] = workload.object["metadata"]["generation"].to_string().into();
    pod["spec"]["affinity"]["nodeAffinity"] = super::scheduler_scores::pinned(node);
    let mut tolerations = pod["spec"]["tolerations"].as_array().cloned().unwrap_or_default();
    for (key, effect) in [
        ("not-ready", "NoExecute"),
        ("unreachable", "NoExecute"),
        ("disk-pressure", "NoSchedule"),
        ("memory-pressure", "NoSchedule"),
        ("pid-pressure", "NoSchedule"),
        ("unschedulable", "NoSchedule"),
    ] {
        tolerations.push(json!({"key": format!("node.kubernetes.io/{key}"), "operator": "Exists", "effect": effect}));
    }
    pod["spec"]["tolerations"] = Value::Array(tolerations);
    pod
}

fn status(context: &Context, set: &Value, owned: &[Arc<Value>], desired: usize, hash: &str) {
    // One pod of a node counts, the newest: one on its way out as long as no other has come.
    let mut active: Vec<&Arc<Value>> = owned.iter().filter(|pod| !pods::finished(pod)).collect();
    active.sort_by_key(|pod| (target(pod).to_owned(), dying(pod)));
    active.dedup_by_key(|pod| target(pod).to_owned());
    let ready = active.iter().filter(|pod| pods::ready(pod)).count();
    let updated = active
        .iter()
        .filter(|pod| pod["metadata"]["labels"][REVISION] == *hash)
        .count();
    let some = |count: usize| if count == 0 { Value::Null } else { count.into() };
    let status = json!({
        "currentNumberScheduled": active.len(), "numberMisscheduled": 0, "desiredNumberScheduled": desired, "numberReady": ready,
        "observedGeneration": set["metadata"]["generation"], "updatedNumberScheduled": some(updated),
        "numberAvailable": some(ready), "numberUnavailable": some(desired.saturating_sub(ready)),
    });
    context.set_status(TABLE, set, &status);
}
