//! NetworkPolicies: what `printNetworkPolicy` in Kubernetes' printers.go tells of them.

use super::decode::wire;
use super::{LabelSelector, Meta, Projection};

/// A NetworkPolicy's row.
#[derive(Clone, Debug, serde::Deserialize)]
#[serde(from = "NetworkPolicyWire")]
pub struct NetworkPolicy {
    meta: Meta,
    /// Which pods it is for; the POD-SELECTOR cell is its format. An empty one is for all pods.
    pub pod_selector: LabelSelector,
}

impl Projection for NetworkPolicy {
    const KIND: &'static str = "NetworkPolicy";

    fn meta(&self) -> &Meta {
        &self.meta
    }
}

wire! {
    struct NetworkPolicyWire {
        metadata: Meta,
        spec: SpecWire,
    }

    struct SpecWire {
        pod_selector: LabelSelector,
    }
}

impl From<NetworkPolicyWire> for NetworkPolicy {
    fn from(wire: NetworkPolicyWire) -> Self {
        Self {
            meta: wire.metadata,
            pod_selector: wire.spec.pod_selector,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::corpus;

    #[test]
    fn cells_are_those_of_the_server() {
        corpus::agrees("networkpolicy", |policy: &NetworkPolicy, now| {
            vec![
                policy.meta().name.to_string(),
                policy.pod_selector.format(),
                policy.meta().age_text(now),
            ]
        });
    }
}
