//! Nodes: their heartbeats, and the eviction of pods that do not bear a taint.

use serde_json::{Value, json};

use super::context::{Context, dying, name, namespace};
use super::node_health;
use super::pods::finished;
use super::recorder::About;
use super::scheduler::{put_condition, tolerates};

/// Seconds between two reports of a node that nothing happens to.
const EVERY: i64 = 300;

/// One look at every node.
pub fn tick(context: &mut Context) {
    let turn = context.now().as_second() / EVERY;
    let beat = context.beaten != turn;
    context.beaten = turn;
    node_health::tick(context);
    for node in context.list("nodes").iter() {
        if beat && !node_health::stopped(node) {
            heartbeat(context, node);
            renew_lease(context, node);
        }
        register(context, node);
        mark_cordon(context, node);
        if taints(node).next().is_some() {
            evict(context, node);
        }
    }
}

/// A node that is seen for the first time is said to be known now.
fn register(context: &mut Context, node: &Value) {
    let mark = 0;
    if context.rests("nodes", node, mark) {
        return;
    }
    context.rest("nodes", node, mark, None);
    let about = About {
        api_version: "v1",
        kind: "Node",
        object: node,
        field: "",
        component: "node-controller",
        host: "",
    };
    let message = format!("Node {0} event: Registered Node {0} in Controller", name(node));
    let api = context.api.clone();
    context
        .recorder
        .record(&api, about, "Normal", "RegisteredNode", &message);
}

/// A node that takes no pods has a taint that says so.
fn mark_cordon(context: &Context, node: &Value) {
    const KEY: &str = "node.kubernetes.io/unschedulable";
    let all = || node["spec"]["taints"].as_array().into_iter().flatten();
    let (cordoned, marked) = (
        node["spec"]["unschedulable"] == true,
        all().any(|taint| taint["key"] == KEY),
    );
    if cordoned == marked {
        return;
    }
    let now = context.stamp();
    context.touch("nodes", node, |node| {
        let mut taints = node["spec"]["taints"].as_array().cloned().unwrap_or_default();
        taints.retain(|taint| taint["key"] != KEY);
        if cordoned {
            taints.push(json!({"key": KEY, "effect": "NoSchedule", "timeAdded": now}));
        }
        set_taints(node, taints);
    });
}

/// Gives a node its taints; a node without any has no such field.
pub fn set_taints(node: &mut Value, taints: Vec<Value>) {
    match node["spec"].as_object_mut() {
        Some(spec) if taints.is_empty() => {
            spec.shift_remove("taints");
        }
        _ => node["spec"]["taints"] = Value::Array(taints),
    }
}

fn heartbeat(context: &Context, node: &Value) {
    let now = context.stamp();
    context.touch("nodes", node, |node| {
        let born = node["metadata"]["creationTimestamp"].clone();
        for condition in node["status"]["conditions"]
            .as_array_mut()
            .into_iter()
            .flatten()
            .filter(|condition| condition.is_object())
        {
            condition["lastHeartbeatTime"] = now.clone().into();
            if condition["lastTransitionTime"].is_null() {
                condition["lastTransitionTime"] = born.clone();
            }
        }
    });
}

/// The lease by which a node says that it is there.
fn renew_lease(context: &Context, node: &Value) {
    const SPACE: &str = "kube-node-lease";
    let now = crate::mock::clock::rfc3339_micro(context.now());
    let renewed = context
        .api
        .touch("leases.coordination.k8s.io", SPACE, name(node), |lease| {
            lease["spec"]["renewTime"] = now.clone().into()
        });
    if !renewed {
        let owner = json!({"apiVersion": "v1", "kind": "Node", "name": name(node), "uid": node["metadata"]["uid"]});
        let _ = context
            .api
            .plant(json!({"kind": "Lease", "apiVersion": "coordination.k8s.io/v1",
            "metadata": {"name": name(node), "namespace": SPACE, "ownerReferences": [owner]},
            "spec": {"holderIdentity": name(node), "leaseDurationSeconds": 40, "renewTime": now}}));
    }
}

fn taints(node: &Value) -> impl Iterator<Item = &Value> {
    node["spec"]["taints"]
        .as_array()
        .into_iter()
        .flatten()
        .filter(|taint| taint["effect"] == "NoExecute")
}

/// Pods leave a node whose taint they do not bear, at once or after as long as they bear it.
fn evict(context: &mut Context, node: &Value) {
    let pods = context.list("pods");
    for pod in pods
        .iter()
        .filter(|pod| pod["spec"]["nodeName"] == node["metadata"]["name"] && !dying(pod) && !finished(pod))
    {
        if taints(node).all(|taint| bears(context, pod, taint)) {
            continue;
        }
        let about = About {
            api_version: "v1",
            kind: "Pod",
            object: pod,
            field: "",
            component: "taint-eviction-controller",
            host: "",
        };
        let message = format!("Marking for deletion Pod {}/{}", namespace(pod), name(pod));
        let api = context.api.clone();
        context
            .recorder
            .record(&api, about, "Normal", "TaintManagerEviction", &message);
        let told = json!({"type": "DisruptionTarget", "status": "True", "reason": "DeletionByTaintManager",
            "message": "Taint manager: deleting due to NoExecute taint", "observedGeneration": pod["metadata"]["generation"],
            "lastProbeTime": null, "lastTransitionTime": context.stamp()});
        context.touch("pods", pod, |pod| put_condition(pod, told.clone()));
        context.delete("pods", pod);
    }
}

/// Whether a pod bears a taint now: a toleration with a time ends that long after the taint was seen first.
fn bears(context: &mut Context, pod: &Value, taint: &Value) -> bool {
    let tolerations: Vec<&Value> = pod["spec"]["tolerations"].as_array().into_iter().flatten().collect();
    let Some(toleration) = tolerations.iter().find(|toleration| tolerates(toleration, taint)) else {
        return false;
    };
    let Some(patience) = toleration["tolerationSeconds"].as_i64() else {
        return true;
    };
    let now = context.now().as_second();
    let key = format!("{}/{}/{}", super::context::uid(pod), taint["key"], taint["timeAdded"]);
    let since = *context.tainted.entry(key).or_insert(now);
    now - since < patience
}
