//! The scheduler: a node for each pod that has none, or the reason why there is none.

use std::collections::BTreeMap;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::Arc;

use serde_json::{Value, json};

use super::context::{Context, condition, dying, name, namespace, uid};
use super::pods::finished;
use super::preemption::{self, Plan, Refusal};
use super::recorder::About;
use super::scheduler_filters::obstacles;
use super::scheduler_scores::best;
use super::scheduler_view::View;

use super::volumes::NODE;

/// What may make a pod fit that did not.
const TABLES: [&str; 5] = [
    "pods",
    "nodes",
    "persistentvolumeclaims",
    "persistentvolumes",
    "storageclasses.storage.k8s.io",
];

/// One look at every pod without a node, if anything changed that matters.
pub fn tick(context: &mut Context) {
    if !context.news("scheduler", &TABLES) {
        return;
    }
    let pods = context.list("pods");
    let mut waiting: Vec<_> = pods.iter().filter(|pod| waits(pod)).cloned().collect();
    if waiting.is_empty() {
        return;
    }
    waiting.sort_by_key(|pod| (-preemption::priority(pod), born(pod)));
    let placed = placed(context, &pods);
    if context.placed == placed {
        return;
    }
    context.placed = placed;
    let nodes = context.list("nodes");
    let mut view = View::new(&nodes, &pods);
    let print = view.print();
    let quiet = context.scheduled_at == print;
    context.scheduled_at = print;
    for pod in waiting {
        match choose(context, &pod, &view) {
            Ok(node) => {
                view.place(&pod, &node);
                bind(context, &pod, &node);
            }
            Err((why, Some(plan))) => {
                refuse(context, &pod, &why);
                preemption::carry_out(context, &pod, &plan);
                view.place(&pod, &plan.node);
            }
            Err((why, None)) => {
                // What cannot have made a difference is not told again.
                if !quiet || condition(&pod, "PodScheduled").is_none() {
                    refuse(context, &pod, &why);
                }
                // A node that was promised is full for those that come after.
                if let Some(node) = pod["status"]["nominatedNodeName"].as_str() {
                    view.place(&pod, node);
                }
            }
        }
    }
}

/// A number that changes when a pod comes, goes or is placed, or when anything else changes that the scheduler looks at.
fn placed(context: &Context, pods: &[Arc<Value>]) -> u64 {
    let mut hasher = DefaultHasher::new();
    for table in TABLES.iter().filter(|table| **table != "pods") {
        context.api.store.version_of(table).hash(&mut hasher);
    }
    for pod in pods {
        let told = condition(pod, "PodScheduled").is_some();
        (
            uid(pod),
            pod["spec"]["nodeName"].as_str(),
            finished(pod),
            dying(pod),
            told,
        )
            .hash(&mut hasher);
        if pod["spec"]["nodeName"].is_null() {
            pod["metadata"]["generation"].to_string().hash(&mut hasher);
        }
    }
    hasher.finish()
}

fn born(pod: &Value) -> u64 {
    // Versions grow: of pods of the same second the older one has the smaller.
    pod["metadata"]["resourceVersion"]
        .as_str()
        .and_then(|version| version.parse().ok())
        .unwrap_or_default()
}

fn waits(pod: &Value) -> bool {
    let unbound = pod["spec"]["nodeName"].as_str().is_none_or(str::is_empty);
    let gated = pod["spec"]["schedulingGates"]
        .as_array()
        .is_some_and(|gates| !gates.is_empty());
    let own = pod["spec"]["schedulerName"]
        .as_str()
        .is_none_or(|name| name == "default-scheduler");
    unbound && own && !gated && !dying(pod) && !finished(pod)
}

/// The best node that takes the pod, or why none does, and who would have to leave.
fn choose(context: &mut Context, pod: &Value, view: &View) -> Result<String, (String, Option<Plan>)> {
    let all = view.nodes.len();
    if let Some(why) = unbound_claims(context, pod) {
        return Err((format!("0/{all} nodes are available: {why}. not found"), None));
    }
    if all == 0 {
        return Err(("no nodes available to schedule pods".to_owned(), None));
    }
    let looked: Vec<_> = view
        .nodes
        .iter()
        .map(|node| (node, obstacles(pod, node, view)))
        .collect();
    let (fitting, refused): (Vec<_>, Vec<_>) = looked.into_iter().partition(|(_, found)| found.is_empty());
    let fitting: Vec<&Arc<Value>> = fitting.into_iter().map(|(node, _)| node).collect();
    if let Some(node) = best(pod, &fitting, view, context.api.ids.bits()) {
        return Ok(node);
    }
    let mut reasons: BTreeMap<String, usize> = BTreeMap::new();
    for obstacle in refused.iter().flat_map(|(_, found)| found) {
        *reasons.entry(obstacle.words.clone()).or_default() += 1;
    }
    let none = format!("0/{all} nodes are available");
    let told = listed(reasons);
    let why = match preemption::plan(context, pod, view, &refused) {
        Ok(plan) => return Err((format!("{none}: {told}."), Some(plan))),
        Err(Refusal::Never(why)) => why.to_owned(),
        Err(Refusal::Nowhere(reasons)) => format!("{none}: {}.", listed(reasons)),
    };
    Err((
        format!("{none}: {told}. no new claims to deallocate, preemption: {why}"),
        None,
    ))
}

/// Reasons with their counts, in the order of the written text.
fn listed(reasons: BTreeMap<String, usize>) -> String {
    let some = reasons.into_iter().filter(|(_, count)| *count > 0);
    let mut told: Vec<String> = some.map(|(reason, count)| format!("{count} {reason}")).collect();
    told.sort();
    told.join(", ")
}

/// Whether a toleration bears a taint.
#[must_use]
pub fn tolerates(toleration: &Value, taint: &Value) -> bool {
    let text = |value: &Value, field: &str| value[field].as_str().unwrap_or_default().to_owned();
    let effect = text(toleration, "effect");
    if !effect.is_empty() && effect != text(taint, "effect") {
        return false;
    }
    let key = text(toleration, "key");
    if toleration["operator"] == "Exists" {
        return key.is_empty() || key == text(taint, "key");
    }
    key == text(taint, "key") && text(toleration, "value") == text(taint, "value")
}

fn unbound_claims(context: &mut Context, pod: &Value) -> Option<String> {
    for claim in claims(pod) {
        let found = context.find("persistentvolumeclaims", namespace(pod), &claim);
        match found {
            None => return Some(format!("persistentvolumeclaim \"{claim}\" not found")),
            Some(found) if dying(&found) => {
                return Some(format!("persistentvolumeclaim \"{claim}\" is being deleted"));
            }
            Some(found) if found["status"]["phase"] == "Bound" || !found["metadata"]["annotations"][NODE].is_null() => {
            }
            Some(found) if waits_for_consumer(context, &found) => {}
            Some(_) => return Some("pod has unbound immediate PersistentVolumeClaims".to_owned()),
        }
    }
    None
}

/// Whether a claim is bound only once a pod that uses it is placed.
pub fn waits_for_consumer(context: &mut Context, claim: &Value) -> bool {
    let class = claim["spec"]["storageClassName"].as_str().unwrap_or_default();
    let class = context.find("storageclasses.storage.k8s.io", "", class);
    class.is_some_and(|class| class["volumeBindingMode"] == "WaitForFirstConsumer")
}

/// The names of the claims that a pod mounts.
#[must_use]
pub fn claims(pod: &Value) -> Vec<String> {
    let volumes = pod["spec"]["volumes"].as_array().into_iter().flatten();
    volumes
        .filter_map(|volume| volume["persistentVolumeClaim"]["claimName"].as_str())
        .map(str::to_owned)
        .collect()
}

/// What an event of the scheduler names.
#[must_use]
pub fn about<'a>(pod: &'a Value) -> About<'a> {
    About {
        api_version: "v1",
        kind: "Pod",
        object: pod,
        field: "",
        component: "default-scheduler",
        host: "",
    }
}

/// Gives the pod its node, unless its claims first need a volume there.
fn bind(context: &mut Context, pod: &Value, node: &str) {
    if !super::volumes::reserve(context, pod, node) {
        return;
    }
    let now = context.stamp();
    context.touch("pods", pod, |pod| {
        pod["spec"]["nodeName"] = node.into();
        preemption::forget_promise(pod);
        put_condition(
            pod,
            json!({"type": "PodScheduled", "status": "True", "observedGeneration": pod["metadata"]["generation"],
                "lastProbeTime": null, "lastTransitionTime": now}),
        );
    });
    let message = format!("Successfully assigned {}/{} to {node}", namespace(pod), name(pod));
    let api = context.api.clone();
    context
        .recorder
        .record(&api, about(pod), "Normal", "Scheduled", &message);
}

fn refuse(context: &mut Context, pod: &Value, why: &str) {
    let known = condition(pod, "PodScheduled").is_some_and(|condition| condition["message"] == why);
    if known {
        return;
    }
    let now = context.stamp();
    let failed = json!({"type": "PodScheduled", "status": "False", "reason": "Unschedulable", "message": why,
        "observedGeneration": pod["metadata"]["generation"], "lastProbeTime": null, "lastTransitionTime": now});
    context.touch("pods", pod, |pod| put_condition(pod, failed.clone()));
    let api = context.api.clone();
    context
        .recorder
        .record(&api, about(pod), "Warning", "FailedScheduling", why);
}

/// Puts a condition in place of the one of its type; the time of an unchanged status stays.
pub fn put_condition(object: &mut Value, mut condition: Value) {
    let mut conditions = object["status"]["conditions"].as_array().cloned().unwrap_or_default();
    match conditions.iter_mut().find(|old| old["type"] == condition["type"]) {
        Some(old) => {
            if old["status"] == condition["status"] {
                condition["lastTransitionTime"] = old["lastTransitionTime"].clone();
            }
            *old = condition;
        }
        None => conditions.push(condition),
    }
    object["status"]["conditions"] = Value::Array(conditions);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reasons_are_counted_in_the_order_of_their_text() {
        let reasons = BTreeMap::from([
            ("Insufficient cpu".to_owned(), 2),
            ("node(s) were unschedulable".to_owned(), 1),
        ]);
        assert_eq!(listed(reasons), "1 node(s) were unschedulable, 2 Insufficient cpu");
    }

    #[test]
    fn tolerations_bear_taints() {
        let taint = json!({"key": "env", "value": "prod", "effect": "NoExecute"});
        for (toleration, bears) in [
            (json!({"key": "env", "operator": "Equal", "value": "prod"}), true),
            (json!({"key": "env", "value": "dev"}), false),
            (json!({"operator": "Exists"}), true),
            (
                json!({"key": "env", "operator": "Exists", "effect": "NoSchedule"}),
                false,
            ),
        ] {
            assert_eq!(tolerates(&toleration, &taint), bears, "{toleration}");
        }
    }
}
