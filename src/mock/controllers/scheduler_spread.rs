//! Topology spread: how many pods of a group are in each part of the topology, and whether one more would be too many.

use std::collections::BTreeMap;

use serde_json::Value;

use super::context::{dying, namespace};
use super::scheduler_filters::{Obstacle, affine, lies, others, untolerated};
use super::scheduler_view::{View, chosen};

/// A pod's constraints of one kind, `DoNotSchedule` or `ScheduleAnyway`.
pub fn spreads<'a>(pod: &'a Value, unsatisfiable: &'static str) -> impl Iterator<Item = &'a Value> + use<'a> {
    let constraints = pod["spec"]["topologySpreadConstraints"]
        .as_array()
        .into_iter()
        .flatten();
    constraints
        .filter(move |constraint| constraint["whenUnsatisfiable"].as_str().unwrap_or("DoNotSchedule") == unsatisfiable)
}

fn key(constraint: &Value) -> &str {
    constraint["topologyKey"].as_str().unwrap_or_default()
}

fn part<'a>(node: &'a Value, constraint: &Value) -> Option<&'a str> {
    node["metadata"]["labels"][key(constraint)].as_str()
}

/// Whether a pod is one of those that a constraint counts: its selector, and of `matchLabelKeys` the same values.
fn means(constraint: &Value, pod: &Value, other: &Value) -> bool {
    let keys = constraint["matchLabelKeys"].as_array().into_iter().flatten();
    let mut keys = keys.filter_map(Value::as_str);
    let labels = |pod: &Value, key: &str| pod["metadata"]["labels"][key].clone();
    // A key that the pod itself does not have is left out of account.
    let same = keys.all(|key| labels(pod, key).is_null() || labels(pod, key) == labels(other, key));
    constraint["labelSelector"].is_object()
        && namespace(other) == namespace(pod)
        && chosen(&constraint["labelSelector"], other)
        && same
}

/// Whether what lies on a node counts: by default where the pod's node affinity leads, whatever the taints are.
fn counts(constraint: &Value, pod: &Value, node: &Value) -> bool {
    let honoured = |policy: &str, default: &str| constraint[policy].as_str().unwrap_or(default) == "Honor";
    (!honoured("nodeAffinityPolicy", "Honor") || affine(pod, node))
        && !(honoured("nodeTaintsPolicy", "Ignore") && untolerated(pod, node))
}

/// How many pods there are in each part of the topology that counts.
fn parts<'a>(pod: &Value, constraint: &Value, all: &[&Value], view: &'a View) -> BTreeMap<&'a str, i64> {
    let mut parts = BTreeMap::new();
    for node in &view.nodes {
        // Only nodes that have their place in every constraint are looked at.
        let placed = all.iter().all(|constraint| part(node, constraint).is_some());
        let Some(part) = part(node, constraint).filter(|_| placed && counts(constraint, pod, node)) else {
            continue;
        };
        let there = view.on(node).iter();
        let there = there
            .filter(|other| !dying(other) && means(constraint, pod, other))
            .count();
        *parts.entry(part).or_default() += i64::try_from(there).unwrap_or(i64::MAX);
    }
    parts
}

/// Whether the pod would lie too unevenly on a node.
#[must_use]
pub fn spread(pod: &Value, node: &Value, view: &View) -> Option<Vec<Obstacle>> {
    let all: Vec<&Value> = spreads(pod, "DoNotSchedule").collect();
    for constraint in &all {
        let Some(part) = part(node, constraint) else {
            return Some(lies(
                "node(s) didn't match pod topology spread constraints (missing required label)",
            ));
        };
        let parts = parts(pod, constraint, &all, view);
        let few = parts.len() < usize::try_from(constraint["minDomains"].as_i64().unwrap_or(1)).unwrap_or(1);
        // With too few parts, the missing ones count as empty.
        let least = if few {
            0
        } else {
            parts.values().copied().min().unwrap_or_default()
        };
        let own = i64::from(means(constraint, pod, pod));
        let skew = parts.get(part).copied().unwrap_or_default() + own - least;
        if skew > constraint["maxSkew"].as_i64().unwrap_or(1) {
            return Some(others("node(s) didn't match pod topology spread constraints"));
        }
    }
    None
}

/// How many pods a constraint counts in a node's part of the topology.
#[must_use]
pub fn spread_count(view: &View, pod: &Value, constraint: &Value, node: &Value) -> i64 {
    let near = view.beside(node, key(constraint));
    let counted = near
        .filter(|other| !dying(other) && means(constraint, pod, other))
        .count();
    i64::try_from(counted).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use serde_json::json;

    use super::*;

    fn node(name: &str, zone: &str) -> Arc<Value> {
        Arc::new(
            json!({"metadata": {"name": name, "labels": {"zone": zone, "kubernetes.io/hostname": name}},
            "status": {"allocatable": {"cpu": "2", "memory": "4Gi", "pods": "10"}}}),
        )
    }

    fn pod(name: &str, node: &str, more: &Value) -> Arc<Value> {
        let mut constraint = json!({"maxSkew": 1, "topologyKey": "zone", "whenUnsatisfiable": "DoNotSchedule",
            "labelSelector": {"matchLabels": {"app": "s"}}});
        for (field, value) in more.as_object().into_iter().flatten() {
            constraint[field] = value.clone();
        }
        Arc::new(
            json!({"metadata": {"name": name, "uid": name, "namespace": "a", "labels": {"app": "s", "hash": node}},
            "spec": {"nodeName": node, "topologySpreadConstraints": [constraint]}}),
        )
    }

    fn fits(more: &Value, change: impl Fn(&mut Value)) -> Vec<bool> {
        let nodes = [node("n1", "z1"), node("n2", "z2")];
        let view = View::new(&nodes, &[pod("p1", "n1", more), pod("p2", "n1", more)]);
        let mut new = (*pod("new", "", more)).clone();
        change(&mut new);
        nodes.iter().map(|node| spread(&new, node, &view).is_none()).collect()
    }

    #[test]
    fn constraints_count_what_they_say() {
        let same = |_: &mut Value| {};
        assert_eq!(fits(&json!({}), same), [false, true]);
        assert_eq!(fits(&json!({"maxSkew": 3}), same), [true, true]);
        // A third zone that does not exist is empty.
        assert_eq!(fits(&json!({"maxSkew": 2, "minDomains": 3}), same), [false, true]);
        // Where the pod may only go to one zone, the other does not count, unless the policy says so.
        let here = |pod: &mut Value| pod["spec"]["nodeSelector"] = json!({"zone": "z1"});
        assert_eq!(fits(&json!({}), here), [true, true]);
        assert_eq!(fits(&json!({"nodeAffinityPolicy": "Ignore"}), here), [false, true]);
        // Pods of another revision do not count.
        let next = |pod: &mut Value| pod["metadata"]["labels"]["hash"] = "other".into();
        assert_eq!(fits(&json!({"matchLabelKeys": ["hash"]}), next), [true, true]);
    }
}
