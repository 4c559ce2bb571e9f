//! The part of a pod's JSON that its row is made from.

use jiff::Timestamp;

use crate::model::decode::{List, wire};
use crate::model::{Address, Istr, Meta, ResourceList};

wire! {
    struct PodWire {
        metadata: Meta,
        spec: SpecWire,
        status: StatusWire,
    }

    struct SpecWire {
        node_name: Istr,
        containers: List<ContainerWire>,
        init_containers: List<ContainerWire>,
        readiness_gates: List<GateWire>,
        resources: ResourcesWire,
        overhead: ResourceList,
    }

    struct ContainerWire {
        name: Istr,
        image: Istr,
        restart_policy: Istr,
        resources: ResourcesWire,
    }

    struct ResourcesWire {
        requests: ResourceList,
        limits: ResourceList,
    }

    struct GateWire {
        condition_type: Istr,
    }

    struct StatusWire {
        phase: Istr,
        reason: Istr,
        nominated_node_name: Istr,
        #[serde(rename = "podIP")]
        pod_ip: Box<str>,
        #[serde(rename = "podIPs")]
        pod_ips: List<PodIpWire>,
        conditions: List<ConditionWire>,
        container_statuses: List<ContainerStatusWire>,
        init_container_statuses: List<ContainerStatusWire>,
    }

    struct PodIpWire {
        ip: Box<str>,
    }

    struct ConditionWire {
        r#type: Istr,
        status: Istr,
        reason: Istr,
    }

    struct ContainerStatusWire {
        name: Istr,
        ready: bool,
        started: bool,
        restart_count: u32,
        state: StateWire,
        last_state: StateWire,
    }

    struct StateWire {
        waiting: Option<WaitingWire>,
        running: Option<RunningWire>,
        terminated: Option<TerminatedWire>,
    }

    struct WaitingWire {
        reason: Istr,
    }

    struct RunningWire {}

    struct TerminatedWire {
        exit_code: i32,
        signal: i32,
        reason: Istr,
        finished_at: Option<Timestamp>,
    }
}

impl ContainerWire {
    /// Whether it is an init container that keeps running, a sidecar.
    pub(super) fn is_sidecar(&self) -> bool {
        self.restart_policy == "Always"
    }
}

impl StatusWire {
    /// Whether the first condition of this type is true.
    pub(super) fn is_true(&self, condition: &str) -> bool {
        self.conditions
            .iter()
            .find(|own| own.r#type == *condition)
            .is_some_and(|own| own.status == "True")
    }

    /// The first address; of servers that know only one, that one.
    pub(super) fn ip(&self) -> Option<Address> {
        let first = self.pod_ips.first().map_or(&self.pod_ip, |first| &first.ip);
        (!first.is_empty()).then(|| Address::from(&**first))
    }
}
