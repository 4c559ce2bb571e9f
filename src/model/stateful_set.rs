//! StatefulSets: what `printStatefulSet` in Kubernetes' printers.go tells of them.

use super::containers::TemplateWire;
use super::decode::wire;
use super::replica_set::replicas_health;
use super::{Containers, Health, LabelSelector, Meta, Projection};

/// A StatefulSet's row.
#[derive(Clone, Debug, serde::Deserialize)]
#[serde(from = "StatefulSetWire")]
pub struct StatefulSet {
    meta: Meta,
    /// How many pods there should be.
    pub desired: i32,
    /// How many pods there are.
    pub current: i32,
    /// How many pods are ready.
    pub ready: i32,
    /// The template's containers.
    pub containers: Containers,
    /// Which pods are its own.
    pub selector: LabelSelector,
}

impl StatefulSet {
    /// The READY cell: `2/3`.
    pub fn ready_text(&self) -> String {
        format!("{}/{}", self.ready, self.desired)
    }
}

impl Projection for StatefulSet {
    const KIND: &'static str = "StatefulSet";

    fn meta(&self) -> &Meta {
        &self.meta
    }

    fn health(&self) -> Health {
        replicas_health(&self.meta, false, self.desired, self.current, self.ready)
    }
}

wire! {
    struct StatefulSetWire {
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
    }
}

impl From<StatefulSetWire> for StatefulSet {
    fn from(wire: StatefulSetWire) -> Self {
        Self {
            meta: wire.metadata,
            desired: wire.spec.replicas.unwrap_or(1),
            current: wire.status.replicas,
            ready: wire.status.ready_replicas,
            containers: wire.spec.template.containers(),
            selector: wire.spec.selector,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::corpus;

    #[test]
    fn cells_are_those_of_the_server() {
        corpus::agrees("statefulset", |set: &StatefulSet, now| {
            vec![
                set.meta().name.to_string(),
                set.ready_text(),
                set.meta().age_text(now),
                set.containers.names().to_owned(),
                set.containers.images().to_owned(),
            ]
        });
    }
}
