//! DaemonSets: what `printDaemonSet` in Kubernetes' printers.go tells of them.

use super::containers::TemplateWire;
use super::decode::wire;
use super::{Containers, Health, LabelSelector, Labels, Meta, Projection};

/// A DaemonSet's row. Its numbers count nodes.
#[derive(Clone, Debug, serde::Deserialize)]
#[serde(from = "DaemonSetWire")]
pub struct DaemonSet {
    meta: Meta,
    /// The DESIRED cell: nodes that should run a pod of it.
    pub desired: i32,
    /// The CURRENT cell: those of them that have one.
    pub current: i32,
    /// The READY cell.
    pub ready: i32,
    /// The UP-TO-DATE cell: those whose pod is of the current template.
    pub updated: i32,
    /// The AVAILABLE cell.
    pub available: i32,
    /// Which nodes it wants.
    pub node_selector: Labels,
    /// The template's containers.
    pub containers: Containers,
    /// Which pods are its own.
    pub selector: LabelSelector,
}

impl Projection for DaemonSet {
    const KIND: &'static str = "DaemonSet";

    fn meta(&self) -> &Meta {
        &self.meta
    }

    fn health(&self) -> Health {
        let is_complete = self.updated >= self.desired && self.available >= self.desired;
        match () {
            () if self.meta.deleting.is_some() => Health::Busy,
            () if self.desired == 0 && self.current == 0 => Health::Neutral,
            () if is_complete => Health::Good,
            () => Health::Busy,
        }
    }
}

wire! {
    struct DaemonSetWire {
        metadata: Meta,
        spec: SpecWire,
        status: StatusWire,
    }

    struct SpecWire {
        selector: LabelSelector,
        template: TemplateWire,
    }

    struct StatusWire {
        desired_number_scheduled: i32,
        current_number_scheduled: i32,
        number_ready: i32,
        updated_number_scheduled: i32,
        number_available: i32,
    }
}

impl From<DaemonSetWire> for DaemonSet {
    fn from(wire: DaemonSetWire) -> Self {
        let (spec, status) = (wire.spec, wire.status);
        Self {
            meta: wire.metadata,
            desired: status.desired_number_scheduled,
            current: status.current_number_scheduled,
            ready: status.number_ready,
            updated: status.updated_number_scheduled,
            available: status.number_available,
            containers: spec.template.containers(),
            node_selector: spec.template.spec.node_selector,
            selector: spec.selector,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{corpus, decode};

    #[test]
    fn cells_are_those_of_the_server() {
        corpus::agrees("daemonset", |set: &DaemonSet, now| {
            vec![
                set.meta().name.to_string(),
                set.desired.to_string(),
                set.current.to_string(),
                set.ready.to_string(),
                set.updated.to_string(),
                set.available.to_string(),
                set.node_selector.format(),
                set.meta().age_text(now),
                set.containers.names().to_owned(),
                set.containers.images().to_owned(),
                set.selector.format(),
            ]
        });
    }

    #[test]
    fn health_follows_the_nodes() {
        for (status, health) in [
            ("", Health::Neutral),
            (
                r#""desiredNumberScheduled":2,"updatedNumberScheduled":2,"numberAvailable":2"#,
                Health::Good,
            ),
            (
                r#""desiredNumberScheduled":2,"updatedNumberScheduled":1,"numberAvailable":2"#,
                Health::Busy,
            ),
        ] {
            let set: DaemonSet = decode(&format!(r#"{{"status":{{{status}}}}}"#)).unwrap();
            assert_eq!(set.health(), health, "{status}");
        }
    }
}
