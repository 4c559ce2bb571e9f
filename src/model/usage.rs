//! What nodes, pods and containers use, as metrics.k8s.io tells it, in the words of `kubectl top`.

use super::decode::{List, wire};
use super::{Istr, Meta, Projection, ResourceList};

/// Cores and bytes in use.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Usage {
    /// Billionths of a core.
    pub cpu: u64,
    /// Bytes of memory.
    pub memory: u64,
}

impl Usage {
    fn of(list: &ResourceList) -> Self {
        let nano = list.get("cpu").map_or(0.0, |cpu| cpu.as_f64() * 1e9);
        Self {
            cpu: nano.round().max(0.0) as u64,
            memory: list.memory_bytes(),
        }
    }

    /// This and another together.
    #[must_use]
    pub fn plus(self, other: Self) -> Self {
        Self {
            cpu: self.cpu.saturating_add(other.cpu),
            memory: self.memory.saturating_add(other.memory),
        }
    }

    /// Thousandths of a core, rounded up as `MilliValue` rounds.
    pub fn cpu_milli(self) -> u64 {
        self.cpu.div_ceil(1_000_000)
    }

    /// `123m`, as `printSingleResourceUsage` in kubectl's metricsutil writes it.
    pub fn cpu_text(self) -> String {
        format!("{}m", self.cpu_milli())
    }

    /// `64Mi`, rounded down, as `printSingleResourceUsage` writes it.
    pub fn memory_text(self) -> String {
        format!("{}Mi", self.memory >> 20)
    }
}

/// So many hundredths of a whole, rounded down as `kubectl top node` does; nothing where there is no whole.
pub fn percent(used: u64, whole: u64) -> Option<u64> {
    (whole > 0).then(|| (used as f64 / whole as f64 * 100.0) as u64)
}

/// What metrics.k8s.io tells of a node (`NodeMetrics`) or of a pod and its containers (`PodMetrics`).
#[derive(Clone, Debug, serde::Deserialize)]
#[serde(from = "MeasuredWire")]
pub struct Measured {
    meta: Meta,
    whole: Usage,
    parts: Box<[(Istr, Usage)]>,
}

impl Measured {
    /// What all of it uses.
    pub fn whole(&self) -> Usage {
        self.whole
    }

    /// What each container uses; none for a node.
    pub fn parts(&self) -> &[(Istr, Usage)] {
        &self.parts
    }
}

impl Projection for Measured {
    const KIND: &'static str = "measurement";

    fn meta(&self) -> &Meta {
        &self.meta
    }
}

wire! {
    struct MeasuredWire {
        metadata: Meta,
        usage: ResourceList,
        containers: List<PartWire>,
    }

    struct PartWire {
        name: Istr,
        usage: ResourceList,
    }
}

impl From<MeasuredWire> for Measured {
    fn from(wire: MeasuredWire) -> Self {
        let parts: Box<[(Istr, Usage)]> = wire
            .containers
            .iter()
            .map(|part| (part.name.clone(), Usage::of(&part.usage)))
            .collect();
        let whole = parts
            .iter()
            .fold(Usage::of(&wire.usage), |sum, (_, part)| sum.plus(*part));
        Self {
            meta: wire.metadata,
            whole,
            parts,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::decode;

    #[test]
    fn a_pod_is_the_sum_of_its_containers() {
        let pod: Measured = decode(
            r#"{"metadata":{"name":"web","namespace":"shop"},"containers":[
                {"name":"app","usage":{"cpu":"1500001n","memory":"65535Ki"}},
                {"name":"mesh","usage":{"cpu":"499999n","memory":"1Ki"}}, null, {"name":"odd","usage":"none"}]}"#,
        )
        .unwrap();
        // Each is rounded by itself, and so is the sum.
        let texts: Vec<_> = pod.parts().iter().map(|(_, part)| part.cpu_text()).collect();
        assert_eq!(texts, ["2m", "1m", "0m", "0m"]);
        assert_eq!(
            (pod.whole().cpu_text(), pod.whole().memory_text()),
            ("2m".into(), "64Mi".into())
        );
    }

    #[test]
    fn a_node_has_no_parts() {
        let node: Measured = decode(r#"{"metadata":{"name":"n"},"usage":{"cpu":"250m","memory":"2Gi"}}"#).unwrap();
        assert_eq!(
            (node.whole().cpu_milli(), node.whole().memory_text()),
            (250, "2048Mi".into())
        );
        assert!(node.parts().is_empty());
    }

    #[test]
    fn shares_are_rounded_down() {
        assert_eq!(percent(1999, 2000), Some(99));
        assert_eq!(percent(3000, 2000), Some(150));
        assert_eq!(percent(1, 0), None);
    }
}
