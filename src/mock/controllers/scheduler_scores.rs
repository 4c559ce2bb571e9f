//! Which of the nodes that would take a pod is the best: the scheduler's scores with their default weights.

use std::sync::Arc;

use serde_json::{Value, json};

use super::context::{controller, name};
use super::quotas::quantity;
use super::scheduler::tolerates;
use super::scheduler_filters::term_matches;
use super::scheduler_spread::{spread_count, spreads};
use super::scheduler_view::{View, preferred, requests};

/// What a container that asks for nothing is taken to need: a tenth of a core and 200 MiB.
const NON_ZERO: (f64, f64) = (0.1, 200.0 * 1_048_576.0);

/// The best node; among equals `dice` decides.
#[must_use]
pub fn best(pod: &Value, nodes: &[&Arc<Value>], view: &View, dice: u64) -> Option<String> {
    let affinity = scaled(nodes, |node| node_affinity(pod, node), false);
    let taints = scaled(nodes, |node| intolerable(pod, node), true);
    let spread = scaled(nodes, |node| crowd(pod, node, view), true);
    let company = scaled(nodes, |node| company(pod, node, view), false);
    let score = |index: usize, node: &Value| {
        let of = |scores: &[f64]| scores.get(index).copied().unwrap_or_default();
        room(pod, node, view) + 2.0 * of(&affinity) + 3.0 * of(&taints) + 2.0 * of(&spread) + 2.0 * of(&company)
    };
    let scores: Vec<f64> = nodes
        .iter()
        .enumerate()
        .map(|(index, node)| score(index, node).round())
        .collect();
    let most = scores.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let equals: Vec<_> = nodes.iter().zip(&scores).filter(|(_, score)| **score >= most).collect();
    let chosen = usize::try_from(dice % (equals.len().max(1) as u64)).unwrap_or_default();
    equals.get(chosen).map(|(node, _)| name(node).to_owned())
}

/// Scores between 0 and 100: the highest value gets 100, or the lowest if `reverse`.
fn scaled(nodes: &[&Arc<Value>], value: impl Fn(&Value) -> f64, reverse: bool) -> Vec<f64> {
    let values: Vec<f64> = nodes.iter().map(|node| value(node)).collect();
    let (low, high) = values.iter().fold((f64::MAX, f64::MIN), |(low, high), value| {
        (low.min(*value), high.max(*value))
    });
    let scale = |value: &f64| match high - low {
        range if range <= 0.0 => 0.0,
        range if reverse => (high - value) / range * 100.0,
        range => (value - low) / range * 100.0,
    };
    values.iter().map(scale).collect()
}

/// `NodeResourcesFit` with `LeastAllocated`, and `NodeResourcesBalancedAllocation`.
fn room(pod: &Value, node: &Value, view: &View) -> f64 {
    let non_zero = |pod: &Value| {
        let (cpu, memory) = requests(pod);
        (
            if cpu > 0.0 { cpu } else { NON_ZERO.0 },
            if memory > 0.0 { memory } else { NON_ZERO.1 },
        )
    };
    let sum = |(cpu, memory): (f64, f64), (more, bytes): (f64, f64)| (cpu + more, memory + bytes);
    let (cpu, memory) = view
        .on(node)
        .iter()
        .map(|other| non_zero(other))
        .fold(non_zero(pod), sum);
    let has = |resource: &str| quantity(node["status"]["allocatable"][resource].as_str().unwrap_or("0")).max(1e-9);
    let (cpu, memory) = ((cpu / has("cpu")).min(1.0), (memory / has("memory")).min(1.0));
    let free = ((1.0 - cpu) + (1.0 - memory)) * 50.0;
    let balanced = (1.0 - (cpu - memory).abs() / 2.0) * 100.0;
    free + balanced
}

/// The weights of the preferred node affinity terms that match.
fn node_affinity(pod: &Value, node: &Value) -> f64 {
    let preferred = &pod["spec"]["affinity"]["nodeAffinity"]["preferredDuringSchedulingIgnoredDuringExecution"];
    let terms = preferred.as_array().into_iter().flatten();
    terms
        .filter(|term| term_matches(&term["preference"], node))
        .map(|term| term["weight"].as_f64().unwrap_or_default())
        .sum()
}

/// How many soft taints the pod does not bear.
fn intolerable(pod: &Value, node: &Value) -> f64 {
    let borne = |taint: &Value| {
        let tolerations = pod["spec"]["tolerations"].as_array().into_iter().flatten();
        tolerations.into_iter().any(|toleration| tolerates(toleration, taint))
    };
    let taints = node["spec"]["taints"].as_array().into_iter().flatten();
    taints
        .filter(|taint| taint["effect"] == "PreferNoSchedule" && !borne(taint))
        .count() as f64
}

/// How many pods of its own kind are near: by the pod's constraints, else by its controller.
fn crowd(pod: &Value, node: &Value, view: &View) -> f64 {
    let soft: Vec<&Value> = spreads(pod, "ScheduleAnyway").collect();
    if !soft.is_empty() {
        return soft
            .iter()
            .map(|constraint| spread_count(view, pod, constraint, node) as f64)
            .sum();
    }
    let owner = controller(pod).map(|owner| &owner["uid"]);
    let siblings = view
        .on(node)
        .iter()
        .filter(|other| owner.is_some() && controller(other).map(|o| &o["uid"]) == owner);
    siblings.count() as f64
}

/// The weights of pod affinity and anti-affinity, its own and those of the pods that are there.
fn company(pod: &Value, node: &Value, view: &View) -> f64 {
    let mut sum = 0.0;
    for (kind, sign) in [("podAffinity", 1.0), ("podAntiAffinity", -1.0)] {
        for (weight, term) in preferred(pod, kind) {
            let near = view.beside(node, term.key).filter(|other| term.means(other)).count();
            sum += sign * weight * near as f64;
        }
        for there in view.on(node) {
            let drawn = preferred(there, kind).filter(|(_, term)| term.means(pod));
            sum += drawn.map(|(weight, _)| sign * weight).sum::<f64>();
        }
    }
    sum
}

/// A pod that would run on no node but this one.
#[must_use]
pub fn pinned(node: &str) -> Value {
    json!({"requiredDuringSchedulingIgnoredDuringExecution": {"nodeSelectorTerms":
        [{"matchFields": [{"key": "metadata.name", "operator": "In", "values": [node]}]}]}})
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn preferences_decide_where_there_is_room() {
        let node = |name: &str, labels: Value| {
            Arc::new(json!({"metadata": {"name": name, "labels": labels},
                "status": {"allocatable": {"cpu": "4", "memory": "8Gi", "pods": "110"}}}))
        };
        let nodes = [
            node("a", json!({})),
            node("b", json!({"disktype": "ssd"})),
            node("c", json!({"disktype": "ssd", "region": "tokyo"})),
        ];
        let view = View::new(&nodes, &[]);
        let prefers = |key: &str, value: &str, weight: i64| json!({"weight": weight, "preference": {"matchExpressions": [{"key": key, "operator": "In", "values": [value]}]}});
        let pod = json!({"spec": {"affinity": {"nodeAffinity": {"preferredDuringSchedulingIgnoredDuringExecution":
            [prefers("disktype", "ssd", 80), prefers("region", "tokyo", 50)]}}}});
        let all: Vec<&Arc<Value>> = nodes.iter().collect();
        for dice in 0..3 {
            assert_eq!(best(&pod, &all, &view, dice).as_deref(), Some("c"));
        }
        assert_eq!(best(&pod, &[], &view, 0), None);
    }
}
