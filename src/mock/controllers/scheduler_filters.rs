//! What keeps a pod off a node, in the order and words of the scheduler's filters.

use serde_json::{Value, json};

use super::context::name;
use super::quotas::quantity;
use super::scheduler::tolerates;
use super::scheduler_spread::spread;
use super::scheduler_view::{View, requests, required};
use crate::mock::select::LabelSelector;

/// Why a node does not take a pod.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Obstacle {
    /// In the words of the scheduler.
    pub words: String,
    /// Whether it is other pods that stand in the way, and so their removal would help.
    pub by_others: bool,
}

/// What lies in the node itself.
#[must_use]
pub fn lies(words: &str) -> Vec<Obstacle> {
    vec![Obstacle {
        words: words.to_owned(),
        by_others: false,
    }]
}

/// What other pods do.
#[must_use]
pub fn others(words: &str) -> Vec<Obstacle> {
    vec![Obstacle {
        words: words.to_owned(),
        by_others: true,
    }]
}

/// What the first filter that refuses the node says; nothing if none does.
#[must_use]
pub fn obstacles(pod: &Value, node: &Value, view: &View) -> Vec<Obstacle> {
    let cordon = json!({"key": "node.kubernetes.io/unschedulable", "effect": "NoSchedule"});
    let tolerated = tolerations(pod).any(|toleration| tolerates(toleration, &cordon));
    if node["spec"]["unschedulable"] == true && !tolerated {
        return lies("node(s) were unschedulable");
    }
    if untolerated(pod, node) {
        return lies("node(s) had untolerated taint(s)");
    }
    if !affine(pod, node) {
        return lies("node(s) didn't match Pod's node affinity/selector");
    }
    if port_taken(pod, node, view) {
        return others("node(s) didn't have free ports for the requested pod ports");
    }
    let short = shortages(pod, node, view);
    if !short.is_empty() {
        return short;
    }
    spread(pod, node, view)
        .or_else(|| neighbours(pod, node, view))
        .unwrap_or_default()
}

fn tolerations(pod: &Value) -> impl Iterator<Item = &Value> {
    pod["spec"]["tolerations"].as_array().into_iter().flatten()
}

/// Whether a taint keeps the pod away.
#[must_use]
pub fn untolerated(pod: &Value, node: &Value) -> bool {
    let taints = node["spec"]["taints"].as_array().into_iter().flatten();
    taints
        .filter(|taint| taint["effect"] != "PreferNoSchedule")
        .any(|taint| !tolerations(pod).any(|toleration| tolerates(toleration, taint)))
}

/// Node selector, and required node affinity: one of the terms must match.
#[must_use]
pub fn affine(pod: &Value, node: &Value) -> bool {
    let labels = &node["metadata"]["labels"];
    let selector = pod["spec"]["nodeSelector"].as_object().into_iter().flatten();
    if !selector.into_iter().all(|(key, value)| labels[key] == *value) {
        return false;
    }
    let required = &pod["spec"]["affinity"]["nodeAffinity"]["requiredDuringSchedulingIgnoredDuringExecution"];
    required["nodeSelectorTerms"]
        .as_array()
        .is_none_or(|terms| terms.iter().any(|term| term_matches(term, node)))
}

/// Whether a node selector term matches a node; an empty one matches none.
#[must_use]
pub fn term_matches(term: &Value, node: &Value) -> bool {
    let labels = &node["metadata"]["labels"];
    let list = |field: &str| term[field].as_array().into_iter().flatten();
    if list("matchExpressions").next().is_none() && list("matchFields").next().is_none() {
        return false;
    }
    let by_label = |expression: &Value| match expression["operator"].as_str() {
        Some(operator @ ("Gt" | "Lt")) => compares(operator, expression, labels),
        _ => LabelSelector::of_object(&json!({"matchExpressions": [expression]})).matches_labels(labels),
    };
    let by_name = |field: &Value| {
        let named = field["values"]
            .as_array()
            .is_some_and(|values| values.iter().any(|value| value == name(node)));
        named == (field["operator"] == "In")
    };
    list("matchExpressions").all(by_label) && list("matchFields").all(by_name)
}

fn compares(operator: &str, expression: &Value, labels: &Value) -> bool {
    let number = |value: &Value| value.as_str().and_then(|text| text.parse::<i64>().ok());
    let has = expression["key"].as_str().and_then(|key| number(&labels[key]));
    let wanted = number(&expression["values"][0]);
    match (has, wanted) {
        (Some(has), Some(wanted)) if operator == "Gt" => has > wanted,
        (Some(has), Some(wanted)) => has < wanted,
        _ => false,
    }
}

fn host_ports(pod: &Value) -> impl Iterator<Item = (i64, &str, &str)> {
    let containers = pod["spec"]["containers"].as_array().into_iter().flatten();
    let ports = containers.flat_map(|container| container["ports"].as_array().into_iter().flatten());
    ports.filter_map(|port| {
        let number = port["hostPort"].as_i64().filter(|number| *number > 0)?;
        Some((
            number,
            port["protocol"].as_str().unwrap_or("TCP"),
            port["hostIP"].as_str().unwrap_or("0.0.0.0"),
        ))
    })
}

fn port_taken(pod: &Value, node: &Value, view: &View) -> bool {
    let clash = |(port, protocol, address): (i64, &str, &str), other: (i64, &str, &str)| {
        port == other.0 && protocol == other.1 && (address == other.2 || address == "0.0.0.0" || other.2 == "0.0.0.0")
    };
    host_ports(pod).any(|wanted| {
        view.on(node)
            .iter()
            .any(|other| host_ports(other).any(|taken| clash(wanted, taken)))
    })
}

/// The resources of which the node has too little.
fn shortages(pod: &Value, node: &Value, view: &View) -> Vec<Obstacle> {
    let ((cpu, memory), load) = (requests(pod), view.load(node));
    let room = |resource: &str| quantity(node["status"]["allocatable"][resource].as_str().unwrap_or("0"));
    let wants = [
        ("Too many pods", load.pods, 1.0, room("pods")),
        ("Insufficient cpu", load.cpu, cpu, room("cpu")),
        ("Insufficient memory", load.memory, memory, room("memory")),
    ];
    let short = wants
        .into_iter()
        .filter(|(_, taken, wanted, room)| *wanted > 0.0 && taken + wanted > room + 1e-9);
    short
        .map(|(words, _, wanted, room)| Obstacle {
            words: words.to_owned(),
            by_others: wanted <= room,
        })
        .collect()
}

/// Pod affinity, pod anti-affinity, and the anti-affinity of pods that are there already.
fn neighbours(pod: &Value, node: &Value, view: &View) -> Option<Vec<Obstacle>> {
    let affinity: Vec<_> = required(pod, "podAffinity").collect();
    let near = |term: &super::scheduler_view::Term<'_>| view.beside(node, term.key).any(|other| term.means(other));
    if !affinity.iter().all(near) && !first_of_its_kind(pod, node, view) {
        return Some(lies("node(s) didn't match pod affinity rules"));
    }
    if required(pod, "podAntiAffinity").any(|term| view.beside(node, term.key).any(|other| term.means(other))) {
        return Some(others("node(s) didn't match pod anti-affinity rules"));
    }
    let all = view
        .nodes
        .iter()
        .flat_map(|other| view.on(other).iter().map(move |there| (other, there)));
    for (home, there) in all {
        for term in required(there, "podAntiAffinity") {
            let part = &node["metadata"]["labels"][term.key];
            if part.is_string() && home["metadata"]["labels"][term.key] == *part && term.means(pod) {
                return Some(others("node(s) didn't satisfy existing pods anti-affinity rules"));
            }
        }
    }
    None
}

/// The first pod of a group that wants to be together may go anywhere that has the labels.
fn first_of_its_kind(pod: &Value, node: &Value, view: &View) -> bool {
    required(pod, "podAffinity").all(|term| {
        let any = view.pods.values().flatten().any(|other| term.means(other));
        !any && term.means(pod) && node["metadata"]["labels"][term.key].is_string()
    })
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;

    fn node(name: &str, labels: Value) -> Arc<Value> {
        let mut node = json!({"metadata": {"name": name, "labels": labels},
            "status": {"allocatable": {"cpu": "2", "memory": "4Gi", "pods": "10"}}});
        node["metadata"]["labels"]["kubernetes.io/hostname"] = name.into();
        Arc::new(node)
    }

    fn pod(spec: Value, labels: Value) -> Arc<Value> {
        Arc::new(json!({"metadata": {"name": "p", "namespace": "a", "labels": labels}, "spec": spec}))
    }

    fn words(pod: &Value, node: &Value, view: &View) -> Vec<String> {
        obstacles(pod, node, view)
            .into_iter()
            .map(|obstacle| obstacle.words)
            .collect()
    }

    #[test]
    fn filters_speak_as_the_scheduler_does() {
        let first = node("n1", json!({"vendor": "dell", "memory": "4000"}));
        let mut tainted = (*node("n2", json!({}))).clone();
        tainted["spec"]["taints"] = json!([{"key": "env", "value": "prod", "effect": "NoExecute"}]);
        let placed = pod(
            json!({"nodeName": "n1", "containers": [{"resources": {"requests": {"cpu": "1"}}, "ports": [{"hostPort": 80}]}],
                "affinity": {"podAntiAffinity": {"requiredDuringSchedulingIgnoredDuringExecution":
                    [{"labelSelector": {"matchLabels": {"app": "x"}}, "topologyKey": "kubernetes.io/hostname"}]}}}),
            json!({"app": "web"}),
        );
        let view = View::new(&[Arc::clone(&first)], &[placed]);
        let term = |key: &str, operator: &str, value: &str| {
            json!({"affinity": {"nodeAffinity": {"requiredDuringSchedulingIgnoredDuringExecution": {"nodeSelectorTerms":
                [{"matchExpressions": [{"key": key, "operator": operator, "values": [value]}]}]}}}})
        };
        let near = json!({"affinity": {"podAffinity": {"requiredDuringSchedulingIgnoredDuringExecution":
            [{"labelSelector": {"matchLabels": {"app": "db"}}, "topologyKey": "kubernetes.io/hostname"}]}}});
        for (spec, labels, expected) in [
            (json!({}), json!({}), ""),
            (
                json!({"nodeSelector": {"vendor": "hp"}}),
                json!({}),
                "node(s) didn't match Pod's node affinity/selector",
            ),
            (term("memory", "Gt", "2000"), json!({}), ""),
            (
                term("memory", "Lt", "2000"),
                json!({}),
                "node(s) didn't match Pod's node affinity/selector",
            ),
            (
                json!({"containers": [{"resources": {"requests": {"cpu": "1500m"}}}]}),
                json!({}),
                "Insufficient cpu",
            ),
            (
                json!({"containers": [{"ports": [{"hostPort": 80}]}]}),
                json!({}),
                "node(s) didn't have free ports for the requested pod ports",
            ),
            (near, json!({}), "node(s) didn't match pod affinity rules"),
            (
                json!({}),
                json!({"app": "x"}),
                "node(s) didn't satisfy existing pods anti-affinity rules",
            ),
        ] {
            let pod = pod(spec, labels);
            assert_eq!(words(&pod, &first, &view).join(), expected, "{pod}");
        }
        assert_eq!(
            words(&pod(json!({}), json!({})), &tainted, &view),
            ["node(s) had untolerated taint(s)"]
        );
    }

    trait Join {
        fn join(&self) -> String;
    }

    impl Join for Vec<String> {
        fn join(&self) -> String {
            self.as_slice().join("+")
        }
    }

    #[test]
    fn a_spread_keeps_its_skew() {
        let nodes = [node("n1", json!({})), node("n2", json!({}))];
        let spec = json!({"topologySpreadConstraints": [{"maxSkew": 1, "topologyKey": "kubernetes.io/hostname",
            "whenUnsatisfiable": "DoNotSchedule", "labelSelector": {"matchLabels": {"app": "s"}}}]});
        let mut placed = (*pod(spec.clone(), json!({"app": "s"}))).clone();
        placed["spec"]["nodeName"] = "n1".into();
        let view = View::new(&nodes, &[Arc::new(placed)]);
        let next = pod(spec, json!({"app": "s"}));
        assert_eq!(
            words(&next, &nodes[0], &view),
            ["node(s) didn't match pod topology spread constraints"]
        );
        assert!(words(&next, &nodes[1], &view).is_empty());
    }
}
