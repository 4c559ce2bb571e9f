//! The part of a pod's JSON that the rows of its containers are made from.

use jiff::Timestamp;

use crate::model::decode::{List, wire};
use crate::model::{Istr, Meta, ResourceList};

wire! {
    struct PodWire {
        metadata: Meta,
        spec: SpecWire,
        status: StatusWire,
    }

    struct SpecWire {
        containers: List<ContainerWire>,
        init_containers: List<ContainerWire>,
        ephemeral_containers: List<ContainerWire>,
    }

    struct ContainerWire {
        name: Istr,
        image: Istr,
        restart_policy: Istr,
        ports: List<PortWire>,
        resources: ResourcesWire,
        liveness_probe: Option<ProbeWire>,
        readiness_probe: Option<ProbeWire>,
        startup_probe: Option<ProbeWire>,
    }

    struct PortWire {
        container_port: i64,
        host_port: i64,
        protocol: Istr,
        name: Istr,
    }

    struct ResourcesWire {
        requests: ResourceList,
        limits: ResourceList,
    }

    struct ProbeWire {
        http_get: Option<ActionWire>,
        tcp_socket: Option<ActionWire>,
        grpc: Option<ActionWire>,
        exec: Option<ActionWire>,
    }

    struct ActionWire {}

    struct StatusWire {
        container_statuses: List<ContainerStatusWire>,
        init_container_statuses: List<ContainerStatusWire>,
        ephemeral_container_statuses: List<ContainerStatusWire>,
    }

    struct ContainerStatusWire {
        name: Istr,
        ready: bool,
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

    struct RunningWire {
        started_at: Option<Timestamp>,
    }

    struct TerminatedWire {
        exit_code: i32,
        signal: i32,
        reason: Istr,
        started_at: Option<Timestamp>,
        finished_at: Option<Timestamp>,
    }
}
