//! Preemption: which pods of lower priority leave a node for one that fits nowhere, as `DefaultPreemption` chooses them.

use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::sync::Arc;

use serde_json::{Value, json};

use super::context::{Context, condition, dying, name, namespace, uid};
use super::scheduler::{about, put_condition};
use super::scheduler_filters::{Obstacle, obstacles};
use super::scheduler_view::{View, chosen};

/// Why the pods of a preemption leave.
const REASON: &str = "PreemptionByScheduler";

/// Whose leaving makes room on a node.
#[derive(Clone, Debug)]
pub struct Plan {
    /// The node's name.
    pub node: String,
    victims: Vec<Arc<Value>>,
    /// How many of them leave against a disruption budget.
    violations: usize,
}

/// `spec.priority`.
#[must_use]
pub fn priority(pod: &Value) -> i64 {
    pod["spec"]["priority"].as_i64().unwrap_or_default()
}

/// The node on which the least is lost. `refused` has what keeps the pod off each node.
///
/// # Errors
/// Why there is none, for each node by its reason; or why the pod may not ask for it, as a sentence.
pub fn plan(
    context: &mut Context,
    pod: &Value,
    view: &View,
    refused: &[(&Arc<Value>, Vec<Obstacle>)],
) -> Result<Plan, Refusal> {
    if pod["spec"]["preemptionPolicy"] == "Never" {
        return Err(Refusal::Never("not eligible due to preemptionPolicy=Never."));
    }
    // Removing other pods would not help against what lies in the node itself.
    let hopeless = |found: &[Obstacle]| found.iter().any(|obstacle| !obstacle.by_others);
    if waits_for_victims(pod, view) {
        let nominated = &pod["status"]["nominatedNodeName"];
        let lost = refused
            .iter()
            .any(|(node, found)| node["metadata"]["name"] == *nominated && hopeless(found));
        if !lost {
            return Err(Refusal::Never(
                "not eligible due to a terminating pod on the nominated node.",
            ));
        }
    }
    let budgets = context.list("poddisruptionbudgets.policy");
    let mut view = view.clone();
    let (mut reasons, mut plans) = (BTreeMap::<String, usize>::new(), Vec::new());
    for (node, found) in refused {
        let why = if hopeless(found) {
            vec!["Preemption is not helpful for scheduling".to_owned()]
        } else {
            match victims(pod, node, &mut view, &budgets) {
                Ok(plan) => {
                    plans.push(plan);
                    continue;
                }
                Err(why) => why,
            }
        };
        why.into_iter().for_each(|why| *reasons.entry(why).or_default() += 1);
    }
    plans.into_iter().min_by_key(cost).ok_or(Refusal::Nowhere(reasons))
}

/// Why nobody leaves.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// The pod may not make others leave.
    Never(&'static str),
    /// No node would be won: the reasons and of how many nodes each is true.
    Nowhere(BTreeMap<String, usize>),
}

/// Whether pods are already leaving the node that was promised.
fn waits_for_victims(pod: &Value, view: &View) -> bool {
    let Some(node) = pod["status"]["nominatedNodeName"].as_str() else {
        return false;
    };
    let leaving = |other: &Arc<Value>| {
        let told = condition(other, "DisruptionTarget").is_some_and(|condition| condition["reason"] == REASON);
        priority(other) < priority(pod) && dying(other) && told
    };
    view.pods.get(node).is_some_and(|pods| pods.iter().any(leaving))
}

/// The fewest pods whose leaving makes the pod fit; the more important ones are kept first.
fn victims(pod: &Value, node: &Arc<Value>, view: &mut View, budgets: &[Arc<Value>]) -> Result<Plan, Vec<String>> {
    let place = name(node);
    let mut lower: Vec<_> = view
        .on(node)
        .iter()
        .filter(|other| priority(other) < priority(pod))
        .cloned()
        .collect();
    if lower.is_empty() {
        return Err(vec!["No preemption victims found for incoming pod".to_owned()]);
    }
    lower.iter().for_each(|other| view.take(other, place));
    let still = obstacles(pod, node, view);
    if !still.is_empty() {
        lower.iter().for_each(|other| view.place(other, place));
        return Err(still.into_iter().map(|obstacle| obstacle.words).collect());
    }
    lower.sort_by_key(|pod| importance(pod));
    let protected = protected(&lower, budgets);
    let (first, second): (Vec<_>, Vec<_>) = lower.into_iter().zip(protected).partition(|(_, protected)| *protected);
    let (mut victims, mut violations) = (Vec::new(), 0);
    for (other, protected) in first.into_iter().chain(second) {
        view.place(&other, place);
        if !obstacles(pod, node, view).is_empty() {
            view.take(&other, place);
            violations += usize::from(protected);
            victims.push(other);
        }
    }
    victims.iter().for_each(|other| view.place(other, place));
    victims.sort_by_key(|pod| importance(pod));
    let node = place.to_owned();
    Ok(Plan {
        node,
        victims,
        violations,
    })
}

/// The most important first: of a high priority, then started early.
fn importance(pod: &Value) -> (Reverse<i64>, String) {
    (Reverse(priority(pod)), started(pod))
}

fn started(pod: &Value) -> String {
    // Whatever has not started yet started last.
    pod["status"]["startTime"].as_str().unwrap_or("~").to_owned()
}

/// For each pod whether its leaving would break a disruption budget, if those before it leave too.
fn protected(pods: &[Arc<Value>], budgets: &[Arc<Value>]) -> Vec<bool> {
    let mut allowed: Vec<i64> = budgets
        .iter()
        .map(|budget| budget["status"]["disruptionsAllowed"].as_i64().unwrap_or_default())
        .collect();
    let covers = |budget: &Value, pod: &Value| {
        let selector = &budget["spec"]["selector"];
        let empty = selector.as_object().is_none_or(serde_json::Map::is_empty);
        let told = !budget["status"]["disruptedPods"][name(pod)].is_null();
        let labelled = pod["metadata"]["labels"]
            .as_object()
            .is_some_and(|labels| !labels.is_empty());
        labelled && namespace(budget) == namespace(pod) && !empty && !told && chosen(selector, pod)
    };
    let mut one = |pod: &Arc<Value>| {
        let mut broken = false;
        for (_, allowed) in budgets
            .iter()
            .zip(&mut allowed)
            .filter(|(budget, _)| covers(budget, pod))
        {
            *allowed -= 1;
            broken |= *allowed < 0;
        }
        broken
    };
    pods.iter().map(&mut one).collect()
}

/// What a plan costs, in the order in which plans are compared: budgets broken, the highest priority among the victims, the
/// sum of their priorities, how many there are, and how early the most important of them started.
fn cost(plan: &Plan) -> (usize, i64, i64, usize, Reverse<String>) {
    let highest = plan.victims.first().map_or(i64::MIN, |pod| priority(pod));
    // Priorities may be negative: each victim counts for something.
    let sum = plan.victims.iter().map(|pod| priority(pod) + (1 << 31)).sum();
    let top = plan.victims.iter().filter(|pod| priority(pod) == highest);
    let earliest = top.map(|pod| started(pod)).min().unwrap_or_default();
    (plan.violations, highest, sum, plan.victims.len(), Reverse(earliest))
}

/// Lets the victims go and promises the node to the pod; nodes that were promised to lesser pods are theirs no longer.
pub fn carry_out(context: &mut Context, pod: &Value, plan: &Plan) {
    for victim in plan.victims.iter().filter(|victim| !dying(victim)) {
        leave(context, victim, pod, &plan.node);
    }
    context.touch("pods", pod, |pod| {
        pod["status"]["nominatedNodeName"] = plan.node.clone().into()
    });
    for other in context.list("pods").iter() {
        let promised = other["status"]["nominatedNodeName"] == plan.node && uid(other) != uid(pod);
        if promised && priority(other) < priority(pod) {
            context.touch("pods", other, forget_promise);
        }
    }
}

/// Takes back the promise of a node.
pub fn forget_promise(pod: &mut Value) {
    if let Some(status) = pod["status"].as_object_mut() {
        status.shift_remove("nominatedNodeName");
    }
}

fn leave(context: &mut Context, victim: &Value, pod: &Value, node: &str) {
    let now = context.stamp();
    let told = json!({"type": "DisruptionTarget", "status": "True", "reason": REASON,
        "message": "default-scheduler: preempting to accommodate a higher priority pod",
        "observedGeneration": victim["metadata"]["generation"], "lastProbeTime": null, "lastTransitionTime": now});
    context.touch("pods", victim, |victim| put_condition(victim, told.clone()));
    context.delete("pods", victim);
    let message = format!("Preempted by pod {} on node {node}", uid(pod));
    let api = context.api.clone();
    context
        .recorder
        .record(&api, about(victim), "Normal", "Preempted", &message);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mock::clock::Clock;
    use crate::mock::server::Api;

    fn node(name: &str) -> Arc<Value> {
        Arc::new(
            json!({"metadata": {"name": name}, "status": {"allocatable": {"cpu": "2", "memory": "4Gi", "pods": "10"}}}),
        )
    }

    fn pod(name: &str, priority: i64, cpu: &str, node: &str, started: &str) -> Arc<Value> {
        Arc::new(
            json!({"metadata": {"name": name, "namespace": "a", "uid": name, "labels": {"app": name}},
            "spec": {"priority": priority, "nodeName": node, "containers": [{"resources": {"requests": {"cpu": cpu}}}]},
            "status": {"startTime": format!("2026-01-01T00:00:0{started}Z")}}),
        )
    }

    fn names(plan: &Plan) -> Vec<&str> {
        plan.victims.iter().map(|pod| name(pod)).collect()
    }

    fn planned(pod: &Value, nodes: &[Arc<Value>], pods: &[Arc<Value>], budget: Option<Value>) -> Result<Plan, Refusal> {
        let api = Api::new(Clock::real(), 1);
        if let Some(budget) = budget {
            api.plant(budget).unwrap();
        }
        let mut context = Context::new(api);
        let view = View::new(nodes, pods);
        let refused: Vec<_> = nodes.iter().map(|node| (node, obstacles(pod, node, &view))).collect();
        plan(&mut context, pod, &view, &refused)
    }

    #[test]
    fn the_least_important_pods_leave_and_no_more_than_needed() {
        let nodes = [node("n1"), node("n2")];
        let new = pod("new", 100, "1", "", "9");
        let there = [
            pod("old", 1, "1", "n1", "1"),
            pod("young", 1, "1", "n1", "5"),
            pod("dear", 50, "2", "n2", "1"),
        ];
        let plan = planned(&new, &nodes, &there, None).unwrap();
        assert_eq!((plan.node.as_str(), names(&plan)), ("n1", vec!["young"]));
        // A budget protects the younger one.
        let budget = json!({"apiVersion": "policy/v1", "kind": "PodDisruptionBudget", "metadata": {"name": "b", "namespace": "a"},
            "spec": {"selector": {"matchLabels": {"app": "young"}}}, "status": {"disruptionsAllowed": 0}});
        let plan = planned(&new, &nodes, &there, Some(budget)).unwrap();
        assert_eq!((plan.violations, names(&plan)), (0, vec!["old"]));
    }

    #[test]
    fn who_may_not_or_cannot_says_why() {
        let nodes = [node("n1")];
        let there = [pod("equal", 100, "2", "n1", "1")];
        let why = planned(&pod("new", 100, "1", "", "9"), &nodes, &there, None).unwrap_err();
        let none = BTreeMap::from([("No preemption victims found for incoming pod".to_owned(), 1)]);
        assert_eq!(why, Refusal::Nowhere(none));
        let mut meek = (*pod("new", 200, "1", "", "9")).clone();
        meek["spec"]["preemptionPolicy"] = "Never".into();
        let why = planned(&meek, &nodes, &there, None).unwrap_err();
        assert_eq!(why, Refusal::Never("not eligible due to preemptionPolicy=Never."));
        // Not even an empty node would do.
        let why = planned(&pod("new", 200, "3", "", "9"), &nodes, &there, None).unwrap_err();
        let hopeless = BTreeMap::from([("Preemption is not helpful for scheduling".to_owned(), 1)]);
        assert_eq!(why, Refusal::Nowhere(hopeless));
    }
}
