//! HorizontalPodAutoscalers and PodDisruptionBudgets.

use serde_json::Value;

use super::kinds::{
    self, AUTOSCALER, DEPLOYMENT, DISRUPTION_BUDGET, POD, REPLICA_SET, REPLICATION_CONTROLLER, STATEFUL_SET,
};
use super::pod_spec::pod_labels;
use super::read::{at, group, name, namespace, selector, text};
use super::workloads::WORKLOADS;
use super::{Direction, Find, From, How, Reference, Relation, Within, labelled, relation, scan};
use crate::model::Selector;

/// From autoscalers and budgets to what they are about, and back.
pub static RELATIONS: &[Relation] = &[
    relation(&[&AUTOSCALER], Direction::Down, "target", Find::Names(target)),
    relation(
        &[&DEPLOYMENT, &STATEFUL_SET, &REPLICA_SET, &REPLICATION_CONTROLLER],
        Direction::In,
        "autoscalers",
        SCALED,
    ),
    Relation {
        from: From::Custom,
        name: "autoscalers",
        direction: Direction::In,
        find: SCALED,
    },
    relation(
        &[&DISRUPTION_BUDGET],
        Direction::Down,
        "pods",
        labelled(&POD, budget_pods),
    ),
    relation(
        &[&POD],
        Direction::In,
        "budgets",
        scan(&DISRUPTION_BUDGET, Within::Same, guards),
    ),
    relation(
        WORKLOADS,
        Direction::In,
        "budgets",
        scan(&DISRUPTION_BUDGET, Within::Same, guards),
    ),
];

const SCALED: Find = scan(&AUTOSCALER, Within::Same, scales);

fn target(autoscaler: &Value) -> Vec<Reference> {
    let target = at(autoscaler, "/spec/scaleTargetRef");
    let resource = kinds::named(text(target, "/apiVersion"), text(target, "/kind"), true);
    vec![Reference::to(&resource, namespace(autoscaler), text(target, "/name"))]
}

/// Whether the autoscaler names the object. Versions of one group mean the same objects.
fn scales(object: &Value, autoscaler: &Value) -> Vec<How> {
    let target = at(autoscaler, "/spec/scaleTargetRef");
    let is_target = text(target, "/name") == name(object)
        && text(target, "/kind") == text(object, "/kind")
        && group(text(target, "/apiVersion")) == group(text(object, "/apiVersion"));
    is_target.then(How::plain).into_iter().collect()
}

fn budget_pods(budget: &Value) -> Option<String> {
    selector(budget, "/spec/selector").selector().map(Selector::to_string)
}

fn guards(pod: &Value, budget: &Value) -> Vec<How> {
    let selector = selector(budget, "/spec/selector");
    let hit = selector.matches(&pod_labels(pod));
    hit.then(|| How::of("selector", &[("selector", &selector.format())]))
        .into_iter()
        .collect()
}
