//! ReplicationControllers: what `printReplicationController` in Kubernetes' printers.go tells of them.

use super::condition::{ConditionWire, replica_failure};
use super::containers::TemplateWire;
use super::decode::{List, wire};
use super::replica_set::replicas_health;
use super::{Containers, Health, Labels, Meta, Projection};

/// A ReplicationController's row.
#[derive(Clone, Debug, serde::Deserialize)]
#[serde(from = "ReplicationControllerWire")]
pub struct ReplicationController {
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
    pub selector: Labels,
    /// What keeps pods from being made, if anything does.
    pub problem: Option<Box<str>>,
}

impl Projection for ReplicationController {
    const KIND: &'static str = "ReplicationController";

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

wire! {
    struct ReplicationControllerWire {
        metadata: Meta,
        spec: SpecWire,
        status: StatusWire,
    }

    struct SpecWire {
        replicas: Option<i32>,
        selector: Labels,
        template: TemplateWire,
    }

    struct StatusWire {
        replicas: i32,
        ready_replicas: i32,
        conditions: List<ConditionWire>,
    }
}

impl From<ReplicationControllerWire> for ReplicationController {
    fn from(wire: ReplicationControllerWire) -> Self {
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
    use crate::model::corpus;

    #[test]
    fn cells_are_those_of_the_server() {
        corpus::agrees("replicationcontroller", |controller: &ReplicationController, now| {
            vec![
                controller.meta().name.to_string(),
                controller.desired.to_string(),
                controller.current.to_string(),
                controller.ready.to_string(),
                controller.meta().age_text(now),
                controller.containers.names().to_owned(),
                controller.containers.images().to_owned(),
                controller.selector.format(),
            ]
        });
    }
}
