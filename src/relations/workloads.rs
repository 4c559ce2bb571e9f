//! From what makes pods to the pods.

use serde_json::Value;

use super::kinds::{
    CONTROLLER_REVISION, CRON_JOB, DAEMON_SET, DEPLOYMENT, JOB, POD, REPLICA_SET, REPLICATION_CONTROLLER, STATEFUL_SET,
};
use super::owners::owned;
use super::read::{at, labels, selector};
use super::{By, Direction, Find, Relation, Within, relation, scan};
use crate::core::resource::Resource;
use crate::model::Selector;

/// What makes pods from a template, directly or through others.
pub const WORKLOADS: &[&Resource] = &[&DEPLOYMENT, &STATEFUL_SET, &DAEMON_SET, &JOB, &CRON_JOB];

/// From workloads down.
pub static RELATIONS: &[Relation] = &[
    relation(
        &[&DEPLOYMENT],
        Direction::Down,
        "replicasets",
        selected(&REPLICA_SET, by_selector),
    ),
    relation(&[&CRON_JOB], Direction::Down, "jobs", scan(&JOB, Within::Same, owned)),
    relation(
        &[&REPLICA_SET, &STATEFUL_SET, &DAEMON_SET, &JOB],
        Direction::Down,
        "pods",
        selected(&POD, pods),
    ),
    relation(
        &[&REPLICATION_CONTROLLER],
        Direction::Down,
        "pods",
        selected(&POD, by_labels),
    ),
    relation(
        &[&STATEFUL_SET, &DAEMON_SET],
        Direction::Out,
        "controllerrevisions",
        selected(&CONTROLLER_REVISION, by_selector),
    ),
];

/// What the selector takes, as far as it is owned: selectors may overlap.
const fn selected(of: &'static Resource, labels: fn(&Value) -> Option<String>) -> Find {
    let (within, by, look) = (Within::Same, By::Labels(labels), owned as super::Look);
    Find::Select { of, within, by, look }
}

fn by_selector(object: &Value) -> Option<String> {
    selector(object, "/spec/selector").selector().map(Selector::to_string)
}

fn by_labels(object: &Value) -> Option<String> {
    let labels = labels(object, "/spec/selector");
    (!labels.is_empty()).then(|| Selector::of(&labels).to_string())
}

/// As [`by_selector`]; nothing is asked for what is scaled to nothing, such as the ReplicaSets of old revisions.
fn pods(object: &Value) -> Option<String> {
    let none = |pointer: &str| at(object, pointer).as_i64().unwrap_or(0) == 0;
    let scaled_down = at(object, "/spec/replicas").as_i64() == Some(0) && none("/status/replicas");
    by_selector(object).filter(|_| !scaled_down)
}
