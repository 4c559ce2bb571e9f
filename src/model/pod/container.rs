//! The containers of a pod, a row each: what `kubectl describe pod` tells of them, in cells.

use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::Arc;

use jiff::Timestamp;

use super::Pod;
use super::container_state::ContainerState;
use super::container_wire::{ContainerStatusWire, ContainerWire, PodWire, PortWire, ProbeWire};
use crate::model::{DecodeError, Health, Istr, Meta, Projection, ResourceList, decode};

/// What a container is to its pod. In the order in which they start.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ContainerRole {
    /// It runs to its end before the others begin.
    Init,
    /// An init container that keeps running beside the others.
    Sidecar,
    /// One of those that the pod is there for.
    Main,
    /// Put into the running pod, to look into it.
    Ephemeral,
}

impl ContainerRole {
    /// The TYPE cell.
    pub fn text(self) -> &'static str {
        match self {
            Self::Init => "init",
            Self::Sidecar => "sidecar",
            Self::Main => "container",
            Self::Ephemeral => "ephemeral",
        }
    }
}

/// A container of a pod. Its metadata is the pod's, but for the name (`web-0/app`) and the uid, which no other row has.
#[derive(Clone, Debug)]
pub struct Container {
    meta: Meta,
    pod: Arc<Pod>,
    name: Istr,
    role: ContainerRole,
    place: usize,
    image: Istr,
    ready: bool,
    state: ContainerState,
    restarts: u32,
    last_restart: Option<Timestamp>,
    probes: String,
    ports: String,
    requests: ResourceList,
    limits: ResourceList,
}

impl Container {
    /// The containers of the pod in `raw`.
    ///
    /// # Errors
    /// [`DecodeError`] if `raw` is not a JSON object. What is malformed in it reads as missing.
    pub fn of_pod(raw: &str) -> Result<Vec<Self>, DecodeError> {
        let pod = Arc::new(decode::<Pod>(raw)?);
        let wire = decode::<PodWire>(raw)?;
        let (spec, status) = (&wire.spec, &wire.status);
        let parts = [
            (
                ContainerRole::Init,
                &spec.init_containers,
                &status.init_container_statuses,
            ),
            (ContainerRole::Main, &spec.containers, &status.container_statuses),
            (
                ContainerRole::Ephemeral,
                &spec.ephemeral_containers,
                &status.ephemeral_container_statuses,
            ),
        ];
        let mut rows = Vec::new();
        for (role, containers, statuses) in parts {
            for container in containers.iter() {
                // Of several statuses of one name, which no server admits, the last counts as in Go's map.
                let status = statuses.iter().rfind(|status| status.name == container.name);
                rows.push(Self::new(&pod, role, rows.len(), container, status));
            }
        }
        Ok(rows)
    }

    fn new(
        pod: &Arc<Pod>,
        role: ContainerRole,
        place: usize,
        spec: &ContainerWire,
        status: Option<&ContainerStatusWire>,
    ) -> Self {
        let sidecar = role == ContainerRole::Init && spec.restart_policy == "Always";
        let ended = status.and_then(|status| status.last_state.terminated.as_ref());
        let mut row = Self {
            meta: pod.meta().clone(),
            pod: pod.clone(),
            name: spec.name.clone(),
            role: if sidecar { ContainerRole::Sidecar } else { role },
            place,
            image: spec.image.clone(),
            ready: status.is_some_and(|status| status.ready),
            state: ContainerState::of(status),
            restarts: status.map_or(0, |status| status.restart_count),
            last_restart: ended.and_then(|ended| ended.finished_at),
            probes: probes(spec),
            ports: join(spec.ports.iter().map(port)),
            requests: spec.resources.requests.clone(),
            limits: spec.resources.limits.clone(),
        };
        row.meta.name = format!("{}/{}", pod.meta().name, spec.name).into();
        row.meta.uid = format!("{}/{}", pod.meta().uid, spec.name).into();
        // A change of the pod that does not touch the container is none of the row.
        row.meta.resource_version = row.fingerprint().to_string().into();
        row
    }

    fn fingerprint(&self) -> u64 {
        let mut hasher = DefaultHasher::new();
        (&self.image, self.role, self.ready, self.restarts, self.state.text()).hash(&mut hasher);
        (&self.probes, &self.ports, self.requests_text(), self.limits_text()).hash(&mut hasher);
        hasher.finish()
    }

    /// The container's name, which other pods' containers may have too.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The pod that it belongs to.
    pub fn pod(&self) -> &Arc<Pod> {
        &self.pod
    }

    /// What it is to the pod.
    pub fn role(&self) -> ContainerRole {
        self.role
    }

    /// Its place among the pod's containers in the order in which they start, from 0.
    pub fn place(&self) -> usize {
        self.place
    }

    /// The IMAGE cell.
    pub fn image(&self) -> &str {
        &self.image
    }

    /// Whether it is ready.
    pub fn is_ready(&self) -> bool {
        self.ready
    }

    /// How it is.
    pub fn state(&self) -> &ContainerState {
        &self.state
    }

    /// Metadata of the row.
    pub fn meta(&self) -> &Meta {
        &self.meta
    }

    /// How it fares: one that runs is worth a look while it is not ready.
    pub fn health(&self) -> Health {
        let health = self.state.health();
        let stays = matches!(self.role, ContainerRole::Main | ContainerRole::Sidecar);
        if health == Health::Good && stays && !self.ready {
            Health::Warn
        } else {
            health
        }
    }

    /// How often it was started again.
    pub fn restarts(&self) -> u32 {
        self.restarts
    }

    /// The RESTARTS cell, as of a pod: `3 (5m ago)`.
    pub fn restarts_text(&self, now: Timestamp) -> String {
        super::restarts_text(self.restarts, self.last_restart, now)
    }

    /// The PROBES cell: which it has, and how each asks: `live:http ready:tcp`.
    pub fn probes_text(&self) -> &str {
        &self.probes
    }

    /// The PORTS cell: `80/TCP(web),53/UDP`.
    pub fn ports_text(&self) -> &str {
        &self.ports
    }

    /// What it asks for.
    pub fn requests(&self) -> &ResourceList {
        &self.requests
    }

    /// What it may use.
    pub fn limits(&self) -> &ResourceList {
        &self.limits
    }

    /// The REQUESTS cell: `cpu=100m,memory=64Mi`.
    pub fn requests_text(&self) -> String {
        amounts(&self.requests)
    }

    /// The LIMITS cell.
    pub fn limits_text(&self) -> String {
        amounts(&self.limits)
    }
}

impl Projection for PodWire {
    const KIND: &'static str = "Pod";

    fn meta(&self) -> &Meta {
        &self.metadata
    }
}

fn probes(spec: &ContainerWire) -> String {
    let probes = [
        ("live", &spec.liveness_probe),
        ("ready", &spec.readiness_probe),
        ("start", &spec.startup_probe),
    ];
    let text = |(name, probe): (&str, &Option<ProbeWire>)| probe.as_ref().map(|probe| format!("{name}:{}", how(probe)));
    probes.into_iter().filter_map(text).collect::<Vec<_>>().join(" ")
}

fn how(probe: &ProbeWire) -> &'static str {
    if probe.http_get.is_some() {
        "http"
    } else if probe.tcp_socket.is_some() {
        "tcp"
    } else if probe.grpc.is_some() {
        "grpc"
    } else if probe.exec.is_some() {
        "exec"
    } else {
        "unknown"
    }
}

fn port(port: &PortWire) -> String {
    let protocol = Some(port.protocol.as_str())
        .filter(|text| !text.is_empty())
        .unwrap_or("TCP");
    let host = if port.host_port > 0 {
        format!("{}:", port.host_port)
    } else {
        String::new()
    };
    let name = if port.name.is_empty() {
        String::new()
    } else {
        format!("({})", port.name)
    };
    format!("{host}{}/{protocol}{name}", port.container_port)
}

fn amounts(list: &ResourceList) -> String {
    join(list.iter().map(|(resource, amount)| format!("{resource}={amount}")))
}

fn join(texts: impl Iterator<Item = String>) -> String {
    texts.collect::<Vec<_>>().join(",")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows() -> Vec<Container> {
        Container::of_pod(
            r#"{"metadata":{"name":"web-0","namespace":"shop","uid":"u","resourceVersion":"7"},
                "spec":{
                  "initContainers":[{"name":"migrate","image":"m:1"},{"name":"mesh","image":"p:2","restartPolicy":"Always"}],
                  "containers":[{"name":"app","image":"app:3","ports":[{"containerPort":80,"name":"web"},{"containerPort":53,"hostPort":53,"protocol":"UDP"}],
                    "resources":{"requests":{"cpu":"100m","memory":"64Mi"},"limits":{"memory":"128Mi"}},
                    "livenessProbe":{"httpGet":{"path":"/","port":80}},"readinessProbe":{"tcpSocket":{"port":"web"}}}],
                  "ephemeralContainers":[{"name":"debug","image":"busybox"}]},
                "status":{
                  "initContainerStatuses":[{"name":"migrate","state":{"terminated":{"exitCode":0,"reason":"Completed"}}}],
                  "containerStatuses":[{"name":"app","ready":false,"restartCount":5,"state":{"waiting":{"reason":"CrashLoopBackOff"}},
                    "lastState":{"terminated":{"exitCode":137,"reason":"OOMKilled","finishedAt":"2026-11-20T22:40:00Z"}}}]}}"#,
        )
        .unwrap()
    }

    #[test]
    fn a_pod_has_a_row_for_each_container_in_the_order_of_their_start() {
        let rows = rows();
        let told: Vec<_> = rows
            .iter()
            .map(|row| (&*row.meta().name, row.role().text(), row.state().text(), row.health()))
            .collect();
        let expected = [
            (
                "web-0/migrate",
                "init",
                "Completed (exit 0)".to_owned(),
                Health::Neutral,
            ),
            ("web-0/mesh", "sidecar", "Waiting".to_owned(), Health::Busy),
            (
                "web-0/app",
                "container",
                "CrashLoopBackOff (OOMKilled, exit 137)".to_owned(),
                Health::Bad,
            ),
            ("web-0/debug", "ephemeral", "Waiting".to_owned(), Health::Busy),
        ];
        assert_eq!(told, expected);
    }

    #[test]
    fn cells_are_short() {
        let rows = rows();
        let app = &rows[2];
        assert_eq!(app.ports_text(), "80/TCP(web),53:53/UDP");
        assert_eq!(app.probes_text(), "live:http ready:tcp");
        assert_eq!(app.requests_text(), "cpu=100m,memory=64Mi");
        assert_eq!(app.limits_text(), "memory=128Mi");
        assert_eq!(app.restarts_text("2026-11-20T22:46:00Z".parse().unwrap()), "5 (6m ago)");
        assert_eq!(
            (&*app.pod().meta().name, app.meta().uid.parts()),
            ("web-0", Some(("u", "app")))
        );
    }

    #[test]
    fn a_malformed_pod_keeps_the_rows_that_can_be_read() {
        let rows = Container::of_pod(
            r#"{"metadata":null,"spec":{"initContainers":7,"containers":[null,{"name":"a","ports":"80","livenessProbe":[]},3]},
                "status":{"containerStatuses":[{"name":"a","restartCount":"many","state":"running"}]}}"#,
        )
        .unwrap();
        assert_eq!(rows.len(), 3);
        assert_eq!(rows[1].name(), "a");
        assert_eq!(rows[1].state().text(), "Waiting");
        assert!(Container::of_pod("[]").is_err());
    }
}
