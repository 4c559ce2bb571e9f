//! The scheduler: a node for each pod that has none, or the reason why there is none.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde_json::{Value, json};

use super::context::{Context, condition, dying, name, namespace};
use super::pods::finished;
use super::quotas::quantity;
use super::recorder::About;

/// One look at every pod without a node.
pub fn tick(context: &mut Context) {
    let pods = context.list("pods");
    let waiting: Vec<_> = pods.iter().filter(|pod| waits(pod)).cloned().collect();
    if waiting.is_empty() {
        return;
    }
    let nodes = context.list("nodes");
    let mut load: BTreeMap<String, Load> = nodes
        .iter()
        .map(|node| (name(node).to_owned(), Load::default()))
        .collect();
    for pod in pods.iter().filter(|pod| !finished(pod)) {
        if let Some(load) = pod["spec"]["nodeName"].as_str().and_then(|node| load.get_mut(node)) {
            load.add(pod);
        }
    }
    for pod in waiting {
        match choose(context, &pod, &nodes, &load) {
            Ok(node) => {
                if let Some(load) = load.get_mut(&node) {
                    load.add(&pod);
                }
                bind(context, &pod, &node);
            }
            Err(why) => refuse(context, &pod, &why),
        }
    }
}

fn waits(pod: &Value) -> bool {
    let unbound = pod["spec"]["nodeName"].as_str().is_none_or(str::is_empty);
    let gated = pod["spec"]["schedulingGates"]
        .as_array()
        .is_some_and(|gates| !gates.is_empty());
    unbound && !gated && !dying(pod) && !finished(pod)
}

/// What the pods of a node ask for.
#[derive(Clone, Debug, Default)]
struct Load {
    cpu: f64,
    memory: f64,
    pods: f64,
}

impl Load {
    fn add(&mut self, pod: &Value) {
        let (cpu, memory) = requests(pod);
        self.cpu += cpu;
        self.memory += memory;
        self.pods += 1.0;
    }
}

fn requests(pod: &Value) -> (f64, f64) {
    let sum = |resource: &str| {
        let containers = pod["spec"]["containers"].as_array().into_iter().flatten();
        containers
            .map(|container| quantity(container["resources"]["requests"][resource].as_str().unwrap_or("0")))
            .sum()
    };
    (sum("cpu"), sum("memory"))
}

/// The least loaded node that takes the pod, or why none does.
fn choose(
    context: &mut Context,
    pod: &Value,
    nodes: &[Arc<Value>],
    load: &BTreeMap<String, Load>,
) -> Result<String, String> {
    if let Some(why) = unbound_claims(context, pod) {
        return Err(format!("0/{} nodes are available: {why}. not found", nodes.len()));
    }
    let mut reasons: BTreeMap<String, usize> = BTreeMap::new();
    let mut fitting = Vec::new();
    for node in nodes {
        let none = Load::default();
        match obstacle(pod, node, load.get(name(node)).unwrap_or(&none)) {
            Some(reason) => *reasons.entry(reason).or_default() += 1,
            None => fitting.push(node),
        }
    }
    let weight = |node: &&&Arc<Value>| load.get(name(node)).map_or(0, |load| (load.pods * 1000.0) as i64);
    if let Some(node) = fitting.iter().min_by_key(weight) {
        return Ok(name(node).to_owned());
    }
    let all = nodes.len();
    let told: Vec<String> = reasons
        .iter()
        .map(|(reason, count)| format!("{count} {reason}"))
        .collect();
    let preempt = "Preemption is not helpful for scheduling";
    Err(format!(
        "0/{all} nodes are available: {}. no new claims to deallocate, preemption: 0/{all} nodes are available: {all} {preempt}.",
        told.join(", ")
    ))
}

/// Why a node does not take the pod; the words of the scheduler's filters.
fn obstacle(pod: &Value, node: &Value, load: &Load) -> Option<String> {
    if let Some(taint) = untolerated(pod, node) {
        return Some(format!("node(s) had untolerated taint {{{taint}}}"));
    }
    if node["spec"]["unschedulable"] == true {
        return Some("node(s) were unschedulable".to_owned());
    }
    let labels = &node["metadata"]["labels"];
    let selector = pod["spec"]["nodeSelector"].as_object();
    let selected = selector.into_iter().flatten().all(|(key, value)| labels[key] == *value);
    if !selected || !affine(pod, labels) {
        return Some("node(s) didn't match Pod's node affinity/selector".to_owned());
    }
    let (cpu, memory) = requests(pod);
    let room = |resource: &str| quantity(node["status"]["allocatable"][resource].as_str().unwrap_or("0"));
    match () {
        () if load.cpu + cpu > room("cpu") && cpu > 0.0 => Some("Insufficient cpu".to_owned()),
        () if load.memory + memory > room("memory") && memory > 0.0 => Some("Insufficient memory".to_owned()),
        () if load.pods + 1.0 > room("pods") => Some("Too many pods".to_owned()),
        () => None,
    }
}

/// The first taint that keeps the pod away, as `key: value`.
fn untolerated(pod: &Value, node: &Value) -> Option<String> {
    let taints = node["spec"]["taints"].as_array()?;
    let tolerations: Vec<&Value> = pod["spec"]["tolerations"].as_array().into_iter().flatten().collect();
    let hard = taints.iter().filter(|taint| taint["effect"] != "PreferNoSchedule");
    let taint = hard
        .into_iter()
        .find(|taint| !tolerations.iter().any(|toleration| tolerates(toleration, taint)))?;
    let text = |field: &str| taint[field].as_str().unwrap_or_default();
    Some(format!("{}: {}", text("key"), text("value")))
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

/// Required node affinity: one of the terms must match.
fn affine(pod: &Value, labels: &Value) -> bool {
    let required = &pod["spec"]["affinity"]["nodeAffinity"]["requiredDuringSchedulingIgnoredDuringExecution"];
    let Some(terms) = required["nodeSelectorTerms"].as_array() else {
        return true;
    };
    let matches = |term: &Value| {
        let selector =
            crate::mock::select::LabelSelector::of_object(&json!({"matchExpressions": term["matchExpressions"]}));
        selector.matches_labels(labels)
    };
    terms.iter().any(matches)
}

fn unbound_claims(context: &mut Context, pod: &Value) -> Option<String> {
    let claims: Vec<String> = claims(pod);
    let known = if claims.is_empty() {
        Vec::new()
    } else {
        context.list("persistentvolumeclaims")
    };
    for claim in claims {
        let found = known
            .iter()
            .find(|known| namespace(known) == namespace(pod) && name(known) == claim);
        match found {
            None => return Some(format!("persistentvolumeclaim \"{claim}\" not found")),
            Some(found) if found["status"]["phase"] == "Bound" || waits_for_consumer(context, found) => {}
            Some(_) => return Some("pod has unbound immediate PersistentVolumeClaims".to_owned()),
        }
    }
    None
}

fn waits_for_consumer(context: &mut Context, claim: &Value) -> bool {
    let classes = context.list("storageclasses.storage.k8s.io");
    let class = classes
        .iter()
        .find(|class| class["metadata"]["name"] == claim["spec"]["storageClassName"]);
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

fn about<'a>(pod: &'a Value) -> About<'a> {
    About {
        api_version: "v1",
        kind: "Pod",
        object: pod,
        field: "",
        component: "default-scheduler",
        host: "",
    }
}

fn bind(context: &mut Context, pod: &Value, node: &str) {
    let now = context.stamp();
    context.touch("pods", pod, |pod| {
        pod["spec"]["nodeName"] = node.into();
        put_condition(
            pod,
            json!({"type": "PodScheduled", "status": "True", "lastProbeTime": null, "lastTransitionTime": now}),
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
        "lastProbeTime": null, "lastTransitionTime": now});
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
