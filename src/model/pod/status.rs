//! READY, STATUS and RESTARTS of a pod, as `printPod` in Kubernetes' printers.go computes them.

use jiff::Timestamp;

use super::wire::{ContainerStatusWire, PodWire, TerminatedWire};
use crate::model::Health;

/// What the containers' states amount to.
#[derive(Debug, Default)]
pub(super) struct Seen {
    pub(super) reason: String,
    pub(super) ready: usize,
    pub(super) containers: usize,
    pub(super) restarts: u32,
    pub(super) last_restart: Option<Timestamp>,
}

/// Restarts and the newest end of a container that led to one.
#[derive(Clone, Copy, Default)]
struct Restarts {
    count: u32,
    last: Option<Timestamp>,
}

impl Restarts {
    fn add(&mut self, container: &ContainerStatusWire) {
        self.count = self.count.saturating_add(container.restart_count);
        let ended = container
            .last_state
            .terminated
            .as_ref()
            .and_then(|ended| ended.finished_at);
        self.last = self.last.max(ended);
    }
}

impl Seen {
    pub(super) fn of(pod: &PodWire) -> Self {
        let sidecars = pod
            .spec
            .init_containers
            .iter()
            .filter(|container| container.is_sidecar())
            .count();
        let mut seen = Self {
            reason: first_reason(pod).to_owned(),
            containers: pod.spec.containers.len() + sidecars,
            ..Self::default()
        };
        let (initializing, of_sidecars) = seen.go_over_init_containers(pod);
        if !initializing || pod.status.is_true("Initialized") {
            seen.go_over_containers(pod, of_sidecars);
        }
        if pod.metadata.deleting.is_some() {
            seen.mark_deleting(pod);
        }
        seen
    }

    /// Up to the first init container that is not done. Tells whether there is one, and the sidecars' restarts.
    fn go_over_init_containers(&mut self, pod: &PodWire) -> (bool, Restarts) {
        let specs = &pod.spec.init_containers;
        let (mut all, mut of_sidecars) = (Restarts::default(), Restarts::default());
        let mut initializing = false;
        for (i, container) in pod.status.init_container_statuses.iter().enumerate() {
            // Of several containers of one name, which no server admits, the last counts as in Go's map.
            let is_sidecar = specs
                .iter()
                .rfind(|spec| spec.name == container.name)
                .is_some_and(|spec| spec.is_sidecar());
            all.add(container);
            if is_sidecar {
                of_sidecars.add(container);
            }
            if container
                .state
                .terminated
                .as_ref()
                .is_some_and(|ended| ended.exit_code == 0)
            {
                continue;
            }
            if is_sidecar && container.started {
                self.ready += usize::from(container.ready);
                continue;
            }
            self.reason = init_reason(container).unwrap_or_else(|| format!("Init:{i}/{}", specs.len()));
            initializing = true;
            break;
        }
        self.restarts = all.count;
        self.last_restart = all.last;
        (initializing, of_sidecars)
    }

    /// From the last container to the first, so that the first one's reason wins.
    fn go_over_containers(&mut self, pod: &PodWire, mut restarts: Restarts) {
        let mut is_running = false;
        let mut error = None;
        for container in pod.status.container_statuses.iter().rev() {
            restarts.add(container);
            let state = &container.state;
            if let Some(waiting) = state.waiting.as_ref().filter(|waiting| !waiting.reason.is_empty()) {
                self.reason = waiting.reason.to_string();
            } else if let Some(ended) = &state.terminated {
                self.reason = ended.why();
                if ended.exit_code != 0 {
                    error = Some(self.reason.clone());
                }
            } else if container.ready && state.running.is_some() {
                is_running = true;
                self.ready += 1;
            }
        }
        self.restarts = restarts.count;
        self.last_restart = restarts.last;
        if self.reason == "Completed" {
            self.look_beyond_completed(is_running, pod.status.has_ready_condition(), error);
        }
    }

    /// The first container is done: the others decide.
    fn look_beyond_completed(&mut self, is_running: bool, is_ready: bool, error: Option<String>) {
        if is_running && is_ready {
            self.reason = "Running".to_owned();
        } else if let Some(error) = error {
            self.reason = error;
        } else if is_running {
            self.reason = "NotReady".to_owned();
        }
    }

    fn mark_deleting(&mut self, pod: &PodWire) {
        if pod.status.reason == "NodeLost" {
            self.reason = "Unknown".to_owned();
        } else if pod.status.phase != "Succeeded" && pod.status.phase != "Failed" {
            self.reason = "Terminating".to_owned();
        }
    }

    /// What the status means to the reader. What is not known to be harmless is bad: reasons of errors are an open set.
    pub(super) fn health(&self, pod: &PodWire) -> Health {
        match self.reason.as_str() {
            "Running" if self.ready == self.containers => Health::Good,
            "Running" | "NotReady" | "SchedulingGated" => Health::Warn,
            "Completed" | "Succeeded" => Health::Neutral,
            "Pending" if pod.status.is_unschedulable() => Health::Warn,
            "" | "Pending" | "ContainerCreating" | "PodInitializing" | "Terminating" => Health::Busy,
            reason if is_init_progress(reason) => Health::Busy,
            _ => Health::Bad,
        }
    }
}

/// The phase; the pod's own reason says more; a scheduling gate most.
fn first_reason(pod: &PodWire) -> &str {
    let status = &pod.status;
    let is_gated = |reason: &str| reason == "SchedulingGated";
    if status
        .conditions
        .iter()
        .any(|own| own.r#type == "PodScheduled" && is_gated(&own.reason))
    {
        return "SchedulingGated";
    }
    if status.reason.is_empty() {
        &status.phase
    } else {
        &status.reason
    }
}

/// Why an init container is not done, if that is known.
fn init_reason(container: &ContainerStatusWire) -> Option<String> {
    if let Some(ended) = &container.state.terminated {
        return Some(format!("Init:{}", ended.why()));
    }
    let waiting = &container.state.waiting.as_ref()?.reason;
    (!waiting.is_empty() && *waiting != "PodInitializing").then(|| format!("Init:{waiting}"))
}

/// `Init:1/3`: the init containers go on.
fn is_init_progress(reason: &str) -> bool {
    reason
        .strip_prefix("Init:")
        .and_then(|progress| progress.split_once('/'))
        .is_some_and(|(done, all)| done.parse::<u32>().is_ok() && all.parse::<u32>().is_ok())
}

impl TerminatedWire {
    /// The reason, else the signal, else the exit code.
    fn why(&self) -> String {
        match (self.reason.as_str(), self.signal) {
            ("", 0) => format!("ExitCode:{}", self.exit_code),
            ("", signal) => format!("Signal:{signal}"),
            (reason, _) => reason.to_owned(),
        }
    }
}

impl super::wire::StatusWire {
    /// Whether any condition says that the pod is ready.
    fn has_ready_condition(&self) -> bool {
        self.conditions
            .iter()
            .any(|own| own.r#type == "Ready" && own.status == "True")
    }

    /// Whether the scheduler found no node.
    fn is_unschedulable(&self) -> bool {
        self.conditions
            .iter()
            .any(|own| own.r#type == "PodScheduled" && own.reason == "Unschedulable")
    }
}

#[cfg(test)]
#[path = "status_tests.rs"]
mod tests;
