//! Nodes: what `printNode` in Kubernetes' printers.go tells of them.

use super::condition::{ConditionWire, is_true};
use super::decode::{List, wire};
use super::{Health, Istr, Labels, Meta, Projection, ResourceList};

/// A node's row.
#[derive(Clone, Debug, serde::Deserialize)]
#[serde(from = "NodeWire")]
pub struct Node {
    meta: Meta,
    roles: Box<str>,
    version: Istr,
    internal_ip: Option<Box<str>>,
    external_ip: Option<Box<str>>,
    os_image: Istr,
    kernel: Istr,
    runtime: Istr,
    taints: Box<[Taint]>,
    allocatable: ResourceList,
    capacity: ResourceList,
    /// `None` without a Ready condition.
    ready: Option<bool>,
    unschedulable: bool,
    /// Whether the node is short of something.
    pressed: bool,
}

/// What keeps pods that do not tolerate it off a node.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Taint {
    /// Its key.
    pub key: Istr,
    /// Its value, often empty.
    pub value: Istr,
    /// `NoSchedule`, `PreferNoSchedule` or `NoExecute`.
    pub effect: Istr,
}

impl Node {
    /// The STATUS cell: `Ready`, `NotReady` or `Unknown`, and `,SchedulingDisabled` once cordoned.
    pub fn status(&self) -> &'static str {
        match (self.ready, self.unschedulable) {
            (Some(true), false) => "Ready",
            (Some(true), true) => "Ready,SchedulingDisabled",
            (Some(false), false) => "NotReady",
            (Some(false), true) => "NotReady,SchedulingDisabled",
            (None, false) => "Unknown",
            (None, true) => "Unknown,SchedulingDisabled",
        }
    }

    /// Whether new pods are kept off: the node is cordoned.
    pub fn unschedulable(&self) -> bool {
        self.unschedulable
    }

    /// The ROLES cell.
    pub fn roles_text(&self) -> &str {
        if self.roles.is_empty() { "<none>" } else { &self.roles }
    }

    /// The VERSION cell: the kubelet's.
    pub fn version(&self) -> &str {
        &self.version
    }

    /// The INTERNAL-IP cell.
    pub fn internal_ip_text(&self) -> &str {
        self.internal_ip.as_deref().unwrap_or("<none>")
    }

    /// The EXTERNAL-IP cell.
    pub fn external_ip_text(&self) -> &str {
        self.external_ip.as_deref().unwrap_or("<none>")
    }

    /// The OS-IMAGE cell.
    pub fn os_image_text(&self) -> &str {
        or_unknown(&self.os_image)
    }

    /// The KERNEL-VERSION cell: in 1.36 with the architecture.
    pub fn kernel_text(&self) -> &str {
        &self.kernel
    }

    /// The CONTAINER-RUNTIME cell.
    pub fn runtime_text(&self) -> &str {
        or_unknown(&self.runtime)
    }

    /// The node's taints.
    pub fn taints(&self) -> &[Taint] {
        &self.taints
    }

    /// What pods may use of the node.
    pub fn allocatable(&self) -> &ResourceList {
        &self.allocatable
    }

    /// What the node has.
    pub fn capacity(&self) -> &ResourceList {
        &self.capacity
    }
}

impl Projection for Node {
    const KIND: &'static str = "Node";

    fn meta(&self) -> &Meta {
        &self.meta
    }

    fn health(&self) -> Health {
        match self.ready {
            Some(true) if self.unschedulable || self.pressed => Health::Warn,
            Some(true) => Health::Good,
            Some(false) | None => Health::Bad,
        }
    }
}

wire! {
    struct NodeWire {
        metadata: Meta,
        spec: SpecWire,
        status: StatusWire,
    }

    struct SpecWire {
        unschedulable: bool,
        taints: List<TaintWire>,
    }

    struct TaintWire {
        key: Istr,
        value: Istr,
        effect: Istr,
    }

    struct StatusWire {
        conditions: List<ConditionWire>,
        addresses: List<AddressWire>,
        node_info: NodeInfoWire,
        allocatable: ResourceList,
        capacity: ResourceList,
    }

    struct AddressWire {
        r#type: Istr,
        address: Box<str>,
    }

    struct NodeInfoWire {
        kubelet_version: Istr,
        os_image: Istr,
        kernel_version: Istr,
        architecture: Istr,
        container_runtime_version: Istr,
    }
}

impl From<NodeWire> for Node {
    fn from(wire: NodeWire) -> Self {
        let status = wire.status;
        let address = |kind: &str| {
            status
                .addresses
                .iter()
                .find(|own| own.r#type == *kind)
                .map(|own| own.address.clone())
        };
        // Of two conditions of one type the last counts, as in printNode's map.
        let ready = status
            .conditions
            .iter()
            .rfind(|own| own.r#type == "Ready")
            .map(|own| own.status == "True");
        let pressures = ["MemoryPressure", "DiskPressure", "PIDPressure", "NetworkUnavailable"];
        Self {
            roles: roles(&wire.metadata.labels).into(),
            internal_ip: address("InternalIP"),
            external_ip: address("ExternalIP"),
            kernel: kernel(&status.node_info),
            version: status.node_info.kubelet_version,
            os_image: status.node_info.os_image,
            runtime: status.node_info.container_runtime_version,
            taints: wire.spec.taints.into_iter().map(Taint::from).collect(),
            ready,
            pressed: pressures.iter().any(|pressure| is_true(&status.conditions, pressure)),
            unschedulable: wire.spec.unschedulable,
            allocatable: status.allocatable,
            capacity: status.capacity,
            meta: wire.metadata,
        }
    }
}

impl From<TaintWire> for Taint {
    fn from(wire: TaintWire) -> Self {
        Self {
            key: wire.key,
            value: wire.value,
            effect: wire.effect,
        }
    }
}

fn or_unknown(text: &str) -> &str {
    if text.is_empty() { "<unknown>" } else { text }
}

/// `6.8.0-45-generic (arm64)`; the architecture is told of an unknown kernel too.
fn kernel(info: &NodeInfoWire) -> Istr {
    let version = or_unknown(&info.kernel_version);
    if info.architecture.is_empty() {
        return Istr::new(version);
    }
    Istr::new(&format!("{version} ({})", info.architecture))
}

/// What the labels `node-role.kubernetes.io/<role>` and `kubernetes.io/role=<role>` say, sorted, each once.
fn roles(labels: &Labels) -> String {
    let role = |(key, value): (&Istr, &Istr)| match key.strip_prefix("node-role.kubernetes.io/") {
        Some(role) => Some(role.to_owned()),
        None => (*key == "kubernetes.io/role").then(|| value.to_string()),
    };
    let mut roles: Vec<String> = labels.iter().filter_map(role).filter(|role| !role.is_empty()).collect();
    roles.sort();
    roles.dedup();
    roles.join(",")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{corpus, decode};

    #[test]
    fn cells_are_those_of_the_server() {
        corpus::agrees("node", |node: &Node, now| {
            [
                &node.meta().name,
                node.status(),
                node.roles_text(),
                &node.meta().age_text(now),
                node.version(),
                node.internal_ip_text(),
                node.external_ip_text(),
                node.os_image_text(),
                node.kernel_text(),
                node.runtime_text(),
            ]
            .map(str::to_owned)
            .into()
        });
    }

    #[test]
    fn roles_come_from_two_labels() {
        for (labels, text) in [
            ("", "<none>"),
            (r#""node-role.kubernetes.io/":"""#, "<none>"),
            (r#""kubernetes.io/role":"""#, "<none>"),
            (
                r#""kubernetes.io/role":"worker","node-role.kubernetes.io/worker":"x","node-role.kubernetes.io/a":"""#,
                "a,worker",
            ),
        ] {
            let node: Node = decode(&format!(r#"{{"metadata":{{"labels":{{{labels}}}}}}}"#)).unwrap();
            assert_eq!(node.roles_text(), text, "{labels}");
        }
    }

    #[test]
    fn status_and_health_follow_the_conditions() {
        let ready = r#"{"type":"Ready","status":"True"}"#;
        for (spec, conditions, status, health) in [
            ("", ready, "Ready", Health::Good),
            (
                r#""unschedulable":true"#,
                ready,
                "Ready,SchedulingDisabled",
                Health::Warn,
            ),
            (
                "",
                &format!(r#"{ready},{{"type":"DiskPressure","status":"True"}}"#),
                "Ready",
                Health::Warn,
            ),
            ("", r#"{"type":"Ready","status":"Unknown"}"#, "NotReady", Health::Bad),
            (
                r#""unschedulable":true"#,
                r#"{"type":"Ready","status":"False"}"#,
                "NotReady,SchedulingDisabled",
                Health::Bad,
            ),
            (r#""unschedulable":true"#, "", "Unknown,SchedulingDisabled", Health::Bad),
        ] {
            let json = format!(r#"{{"spec":{{{spec}}},"status":{{"conditions":[{conditions}]}}}}"#);
            let node: Node = decode(&json).unwrap();
            assert_eq!((node.status(), node.health()), (status, health), "{json}");
        }
    }
}
