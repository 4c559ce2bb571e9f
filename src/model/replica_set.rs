//! ReplicaSets: what `printReplicaSet` in Kubernetes' printers.go tells of them.

use super::condition::{ConditionWire, replica_failure};
use super::containers::TemplateWire;
use super::decode::{List, wire};
use super::{Containers, Health, LabelSelector, Meta, Projection};

/// A ReplicaSet's row.
#[derive(Clone, Debug, serde::Deserialize)]
#[serde(from = "ReplicaSetWire")]
pub struct ReplicaSet {
    meta: Meta,
    /// The DESIRED cell.
    pub desired: i32,
    /// The CURRENT cell.
    pub current: i32,
    /// The READY cell.
    pub ready: i32,
    /// The template's containers.
    pub containers: Containers,
    /// Which pods are its own.
    pub selector: LabelSelector,
    /// What keeps pods from being made, if anything does.
    pub problem: Option<Box<str>>,
}

impl Projection for ReplicaSet {
    const KIND: &'static str = "ReplicaSet";

    fn meta(&self) -> &Meta {
        &self.meta
    }

    fn health(&self) -> Health {
        replicas_health(
            &self.meta,
            self.problem.is_some(),
            self.desired,
            self.current,
            self.ready,
        )
    }
}

/// How a set of replicas fares: empty on purpose, complete, failing, or on its way.
pub(super) fn replicas_health(meta: &Meta, failing: bool, desired: i32, current: i32, ready: i32) -> Health {
    match () {
        () if meta.deleting.is_some() => Health::Busy,
        () if failing => Health::Bad,
        () if desired == 0 && current == 0 => Health::Neutral,
        () if current == desired && ready >= desired => Health::Good,
        () => Health::Busy,
    }
}

wire! {
    struct ReplicaSetWire {
        metadata: Meta,
        spec: SpecWire,
        status: StatusWire,
    }

    struct SpecWire {
        replicas: Option<i32>,
        selector: LabelSelector,
        template: TemplateWire,
    }

    struct StatusWire {
        replicas: i32,
        ready_replicas: i32,
        conditions: List<ConditionWire>,
    }
}

impl From<ReplicaSetWire> for ReplicaSet {
    fn from(wire: ReplicaSetWire) -> Self {
        Self {
            meta: wire.metadata,
            desired: wire.spec.replicas.unwrap_or(1),
            current: wire.status.replicas,
            ready: wire.status.ready_replicas,
            containers: wire.spec.template.containers(),
            selector: wire.spec.selector,
            problem: replica_failure(&wire.status.conditions),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{corpus, decode};

    #[test]
    fn cells_are_those_of_the_server() {
        corpus::agrees("replicaset", |set: &ReplicaSet, now| {
            vec![
                set.meta().name.to_string(),
                set.desired.to_string(),
                set.current.to_string(),
                set.ready.to_string(),
                set.meta().age_text(now),
                set.containers.names().to_owned(),
                set.containers.images().to_owned(),
                set.selector.format(),
            ]
        });
    }

    #[test]
    fn health_follows_the_replicas() {
        for (spec, status, health) in [
            (r#""replicas":0"#, "", Health::Neutral),
            (r#""replicas":0"#, r#""replicas":1"#, Health::Busy),
            (r#""replicas":2"#, r#""replicas":2,"readyReplicas":2"#, Health::Good),
            (r#""replicas":2"#, r#""replicas":2,"readyReplicas":1"#, Health::Busy),
            (
                "",
                r#""conditions":[{"type":"ReplicaFailure","status":"True"}]"#,
                Health::Bad,
            ),
        ] {
            let set: ReplicaSet = decode(&format!(r#"{{"spec":{{{spec}}},"status":{{{status}}}}}"#)).unwrap();
            assert_eq!(set.health(), health, "{spec} {status}");
        }
    }
}
