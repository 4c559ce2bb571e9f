//! Nodes that fall silent: what the node lifecycle controller makes of a kubelet that has stopped, and of one that is back.
//!
//! `kubectl annotate node NAME konn.dev/kubelet=stopped` stops a kubelet; without the annotation it runs again.

use std::sync::Arc;

use serde_json::{Value, json};

use super::context::{Context, condition, name};
use super::recorder::About;
use super::scheduler::put_condition;

/// The annotation of a node whose kubelet does nothing, with the value `stopped`.
const KUBELET: &str = "konn.dev/kubelet";
/// Milliseconds of silence until a node is taken for lost: `--node-monitor-grace-period`.
const GRACE: i64 = 50_000;
const NOT_READY: &str = "node.kubernetes.io/not-ready";
const UNREACHABLE: &str = "node.kubernetes.io/unreachable";

/// What a kubelet says of its node when all is well: condition, status, reason, message.
const WELL: [(&str, &str, &str, &str); 4] = [
    (
        "MemoryPressure",
        "False",
        "KubeletHasSufficientMemory",
        "kubelet has sufficient memory available",
    ),
    (
        "DiskPressure",
        "False",
        "KubeletHasNoDiskPressure",
        "kubelet has no disk pressure",
    ),
    (
        "PIDPressure",
        "False",
        "KubeletHasSufficientPID",
        "kubelet has sufficient PID available",
    ),
    ("Ready", "True", "KubeletReady", "kubelet is posting ready status"),
];

/// Whether a node's kubelet has stopped.
#[must_use]
pub fn stopped(node: &Value) -> bool {
    node["metadata"]["annotations"][KUBELET] == "stopped"
}

/// The `Ready` condition's status; a node that never told has none.
fn readiness(node: &Value) -> Option<&str> {
    condition(node, "Ready")?["status"].as_str()
}

/// One look at every node's health.
pub fn tick(context: &mut Context) {
    let nodes = context.list("nodes");
    // Where every node is lost it is more likely that the control plane is: nobody is evicted then.
    let all_lost = nodes.iter().all(|node| readiness(node) != Some("True"));
    for node in nodes.iter() {
        if stopped(node) {
            let now = context.millis();
            let since = *context.silent.entry(name(node).to_owned()).or_insert(now);
            if readiness(node) != Some("Unknown") && now - since >= GRACE {
                lose(context, node);
            }
        } else if context.silent.remove(name(node)).is_some() {
            find_again(context, node);
        }
        let fresh = context.find("nodes", "", name(node));
        if let Some(node) = fresh {
            mark(context, &node, all_lost);
        }
    }
}

fn about<'a>(node: &'a Value, component: &'a str, host: &'a str) -> About<'a> {
    About {
        api_version: "v1",
        kind: "Node",
        object: node,
        field: "",
        component,
        host,
    }
}

/// The node has said nothing for too long: nothing is known of it, and its pods are not ready.
fn lose(context: &mut Context, node: &Value) {
    let now = context.stamp();
    context.touch("nodes", node, |node| {
        for (kind, ..) in WELL {
            let never = json!({"type": kind, "reason": "NodeStatusNeverUpdated", "message": "Kubelet never posted node status."});
            let mut told = condition(node, kind).cloned().unwrap_or(never);
            if told["lastHeartbeatTime"].is_string() {
                told["reason"] = "NodeStatusUnknown".into();
                told["message"] = "Kubelet stopped posting node status.".into();
            } else {
                told["lastHeartbeatTime"] = node["metadata"]["creationTimestamp"].clone();
            }
            told["status"] = "Unknown".into();
            told["lastTransitionTime"] = now.clone().into();
            put_condition(node, told);
        }
    });
    let api = context.api.clone();
    let message = format!("Node {} status is now: NodeNotReady", name(node));
    let teller = about(node, "node-controller", "");
    context
        .recorder
        .record(&api, teller, "Normal", "NodeNotReady", &message);
    for pod in pods_of(context, node) {
        unready(context, &pod);
    }
}

fn pods_of(context: &mut Context, node: &Value) -> Vec<Arc<Value>> {
    let pods = context.list("pods");
    let of = pods
        .iter()
        .filter(|pod| pod["spec"]["nodeName"] == node["metadata"]["name"]);
    of.cloned().collect()
}

/// A pod of a lost node is not ready, whatever its containers were when they were heard of last.
fn unready(context: &mut Context, pod: &Value) {
    let Some(ready) = condition(pod, "Ready").filter(|ready| ready["status"] == "True") else {
        return;
    };
    let mut told = ready.clone();
    told["status"] = "False".into();
    told["lastTransitionTime"] = context.stamp().into();
    context.touch("pods", pod, |pod| put_condition(pod, told.clone()));
    let about = About {
        api_version: "v1",
        kind: "Pod",
        object: pod,
        field: "",
        component: "node-controller",
        host: "",
    };
    let api = context.api.clone();
    context
        .recorder
        .record(&api, about, "Warning", "NodeNotReady", "Node is not ready");
}

/// The kubelet is back: it tells how its node and its pods are.
fn find_again(context: &mut Context, node: &Value) {
    let lost = readiness(node) == Some("Unknown");
    let now = context.stamp();
    context.touch("nodes", node, |node| {
        for (kind, status, reason, message) in WELL {
            let told = json!({"type": kind, "status": status, "lastHeartbeatTime": now, "lastTransitionTime": now,
                "reason": reason, "message": message});
            put_condition(node, told);
        }
    });
    for pod in pods_of(context, node) {
        if let Some(memory) = context.pods.get_mut(super::context::uid(&pod)) {
            memory.told = 0;
            memory.due = 0;
        }
    }
    if lost {
        let api = context.api.clone();
        let message = format!("Node {} status is now: NodeReady", name(node));
        let teller = about(node, "kubelet", name(node));
        context.recorder.record(&api, teller, "Normal", "NodeReady", &message);
    }
}

/// The taints that a node gets for being unreachable or not ready, and loses again.
fn mark(context: &Context, node: &Value, all_lost: bool) {
    let key = match readiness(node) {
        Some("Unknown") => Some(UNREACHABLE),
        Some("False") => Some(NOT_READY),
        _ => None,
    };
    let wanted: Vec<(&str, &str)> = match key {
        None => Vec::new(),
        Some(key) if all_lost => vec![(key, "NoSchedule")],
        Some(key) => vec![(key, "NoSchedule"), (key, "NoExecute")],
    };
    let known = |taint: &Value, (key, effect): (&str, &str)| taint["key"] == key && taint["effect"] == effect;
    let own = |taint: &Value| taint["key"] == UNREACHABLE || taint["key"] == NOT_READY;
    let taints = node["spec"]["taints"].as_array().cloned().unwrap_or_default();
    let present = |wanted: &(&str, &str)| taints.iter().any(|taint| known(taint, *wanted));
    if wanted.iter().all(present) && taints.iter().filter(|taint| own(taint)).count() == wanted.len() {
        return;
    }
    let now = context.stamp();
    context.touch("nodes", node, |node| {
        let mut taints = node["spec"]["taints"].as_array().cloned().unwrap_or_default();
        taints.retain(|taint| !own(taint) || wanted.iter().any(|wanted| known(taint, *wanted)));
        for (key, effect) in &wanted {
            if !taints.iter().any(|taint| known(taint, (key, effect))) {
                taints.push(json!({"key": key, "effect": effect, "timeAdded": now}));
            }
        }
        super::nodes::set_taints(node, taints);
    });
}
