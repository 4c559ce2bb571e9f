//! Pods: what `printPod` in Kubernetes' printers.go tells of them.

use jiff::Timestamp;

use super::{Address, Health, Istr, Meta, Projection, age};

mod container;
mod container_state;
mod container_wire;
mod resources;
mod status;
mod wire;

pub use container::{Container, ContainerRole};
pub use container_state::ContainerState;
pub use resources::PodResources;

/// A pod's row.
#[derive(Clone, Debug, serde::Deserialize)]
#[serde(from = "wire::PodWire")]
pub struct Pod {
    meta: Meta,
    status: Istr,
    phase: Istr,
    ip: Option<Address>,
    node: Option<Istr>,
    nominated_node: Option<Istr>,
    images: Istr,
    last_restart: Option<Timestamp>,
    requests: PodResources,
    limits: PodResources,
    restarts: u32,
    ready: u16,
    containers: u16,
    gates_true: u16,
    gates: u16,
    health: Health,
}

impl Pod {
    /// The STATUS cell: the phase, or the reason that says more.
    pub fn status(&self) -> &str {
        &self.status
    }

    /// `status.phase`.
    pub fn phase(&self) -> &str {
        &self.phase
    }

    /// How many of the containers that stay running are ready, and how many there are of them.
    pub fn ready(&self) -> (u16, u16) {
        (self.ready, self.containers)
    }

    /// The READY cell: `1/2`.
    pub fn ready_text(&self) -> String {
        format!("{}/{}", self.ready, self.containers)
    }

    /// How often containers were restarted.
    pub fn restarts(&self) -> u32 {
        self.restarts
    }

    /// When a container last ended to be restarted, if that is known.
    pub fn last_restart(&self) -> Option<Timestamp> {
        self.last_restart
    }

    /// The RESTARTS cell: `3`, or `3 (5m ago)` if the time of the last one is known.
    pub fn restarts_text(&self, now: Timestamp) -> String {
        restarts_text(self.restarts, self.last_restart, now)
    }

    /// The images of its containers, joined by commas.
    pub fn images(&self) -> &str {
        &self.images
    }

    /// The pod's first address.
    pub fn ip(&self) -> Option<&Address> {
        self.ip.as_ref()
    }

    /// The IP cell.
    pub fn ip_text(&self) -> String {
        self.ip().map_or_else(|| "<none>".to_owned(), Address::to_string)
    }

    /// The node that the pod is bound to.
    pub fn node(&self) -> Option<&Istr> {
        self.node.as_ref()
    }

    /// The NODE cell.
    pub fn node_text(&self) -> &str {
        self.node.as_deref().unwrap_or("<none>")
    }

    /// The NOMINATED NODE cell: where the pod will be bound once others have made room.
    pub fn nominated_node_text(&self) -> &str {
        self.nominated_node.as_deref().unwrap_or("<none>")
    }

    /// How many readiness gates are open, and how many there are.
    pub fn readiness_gates(&self) -> (u16, u16) {
        (self.gates_true, self.gates)
    }

    /// The READINESS GATES cell: `1/2`.
    pub fn readiness_gates_text(&self) -> String {
        if self.gates == 0 {
            "<none>".to_owned()
        } else {
            format!("{}/{}", self.gates_true, self.gates)
        }
    }

    /// What the pod asks the scheduler for.
    pub fn requests(&self) -> PodResources {
        self.requests
    }

    /// What the pod may use at most; 0 where nothing limits it.
    pub fn limits(&self) -> PodResources {
        self.limits
    }
}

impl Projection for Pod {
    const KIND: &'static str = "Pod";

    fn meta(&self) -> &Meta {
        &self.meta
    }

    fn health(&self) -> Health {
        self.health
    }
}

impl From<wire::PodWire> for Pod {
    fn from(mut pod: wire::PodWire) -> Self {
        let seen = status::Seen::of(&pod);
        let gates = &pod.spec.readiness_gates;
        let gates_true = gates
            .iter()
            .filter(|gate| pod.status.is_true(&gate.condition_type))
            .count();
        Self {
            ready: short(seen.ready),
            containers: short(seen.containers),
            gates_true: short(gates_true),
            gates: short(gates.len()),
            restarts: seen.restarts,
            last_restart: seen.last_restart,
            requests: PodResources::requests(&pod.spec),
            limits: PodResources::limits(&pod.spec),
            health: seen.health(&pod),
            status: Istr::new(&seen.reason),
            phase: std::mem::take(&mut pod.status.phase),
            images: pod.spec.images(),
            ip: pod.status.ip(),
            node: filled(pod.spec.node_name),
            nominated_node: filled(pod.status.nominated_node_name),
            meta: pod.metadata,
        }
    }
}

impl wire::SpecWire {
    fn images(&self) -> Istr {
        if let [only] = &*self.containers {
            return only.image.clone();
        }
        let images: Vec<&str> = self
            .containers
            .iter()
            .map(|container| container.image.as_str())
            .collect();
        Istr::new(&images.join(","))
    }
}

/// `3`, or `3 (5m ago)` if the time of the last restart is known.
fn restarts_text(count: u32, last: Option<Timestamp>, now: Timestamp) -> String {
    match last {
        Some(time) if count != 0 => format!("{count} ({} ago)", age::since(Some(time), now)),
        _ => count.to_string(),
    }
}

fn short(count: usize) -> u16 {
    u16::try_from(count).unwrap_or(u16::MAX)
}

fn filled(text: Istr) -> Option<Istr> {
    Some(text).filter(|text| !text.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Uid, corpus, decode};

    /// A rough count of what a row keeps alive: itself, and the heap blocks that are its own, rounded as allocators do.
    /// Strings, labels and owners that siblings share count by their handles.
    fn live_bytes(pod: &Pod) -> usize {
        let block = |bytes: usize| if bytes == 0 { 0 } else { bytes.next_multiple_of(16) + 16 };
        let meta = &pod.meta;
        size_of::<Pod>()
            + match pod.ip() {
                Some(Address::Text(ip)) => block(ip.len()),
                _ => 0,
            }
            + block(meta.name.len())
            + match &meta.uid {
                Uid::Text(uid) => block(uid.len()),
                Uid::Uuid(_) => 0,
            }
            + block(meta.resource_version.len())
    }

    #[test]
    fn a_row_is_small() {
        let pod: Pod = decode(
            r#"{"metadata":{"name":"checkout-service-7cfcf9b64b-f5425","namespace":"production","resourceVersion":"123456789",
                  "uid":"d4234795-ad90-4346-b2c0-2c443b133514","creationTimestamp":"2026-11-20T22:46:23Z",
                  "labels":{"app":"a","tier":"b","version":"c","team":"d","env":"e","pod-template-hash":"7cfcf9b64b"},
                  "ownerReferences":[{"apiVersion":"apps/v1","kind":"ReplicaSet","name":"checkout-service-7cfcf9b64b",
                    "uid":"d4234795-ad90-4346-b2c0-2c443b133515","controller":true}]},
                "spec":{"nodeName":"node-1","containers":[{"name":"a"}]},
                "status":{"phase":"Running","podIPs":[{"ip":"10.0.0.1"}]}}"#,
        )
        .unwrap();
        assert!(
            live_bytes(&pod) < 600,
            "{} bytes, {} of them the struct",
            live_bytes(&pod),
            size_of::<Pod>()
        );
    }

    #[test]
    fn cells_are_those_of_the_server() {
        corpus::agrees("pod", |pod: &Pod, now| {
            [
                &pod.meta().name,
                pod.ready_text().as_str(),
                pod.status(),
                &pod.restarts_text(now),
                &pod.meta().age_text(now),
                &pod.ip_text(),
                pod.node_text(),
                pod.nominated_node_text(),
                &pod.readiness_gates_text(),
            ]
            .map(str::to_owned)
            .into()
        });
    }
}
