//! Pods, as `printPod`.

use jiff::Timestamp;
use serde_json::{Value, json};

use super::Printer;
use super::column::{AGE, Column, NAME};
use super::text::{age, name, or, since, time};
use crate::mock::values::{has_condition, list};

/// The printer of pods.
pub const PODS: Printer = Printer {
    columns: &[
        NAME,
        Column::text("Ready").told("The aggregate readiness state of this pod for accepting traffic."),
        Column::text("Status").told("The aggregate status of the containers in this pod."),
        Column::text("Restarts").told(
            "The number of times the containers in this pod have been restarted and when the last container in this pod has \
             restarted.",
        ),
        AGE,
        Column::wide("IP"),
        Column::wide("Node"),
        Column::wide("Nominated Node"),
        Column::wide("Readiness Gates"),
    ],
    cells,
};

fn cells(pod: &Value, now: Timestamp) -> Vec<Value> {
    let state = State::of(pod);
    let ip = list(&pod["status"]["podIPs"])
        .next()
        .map_or("", |ip| ip["ip"].as_str().unwrap_or_default());
    vec![
        name(pod),
        format!("{}/{}", state.ready, state.total).into(),
        state.reason.clone().into(),
        restarts(&state, now).into(),
        age(pod, now),
        if ip.is_empty() {
            or(&pod["status"]["podIP"], "<none>").into()
        } else {
            ip.into()
        },
        or(&pod["spec"]["nodeName"], "<none>").into(),
        or(&pod["status"]["nominatedNodeName"], "<none>").into(),
        gates(pod).into(),
    ]
}

fn restarts(state: &State, now: Timestamp) -> String {
    match state.last_restart {
        Some(at) if state.restarts > 0 => format!("{} ({} ago)", state.restarts, since(&json!(at.to_string()), now)),
        _ => state.restarts.to_string(),
    }
}

fn gates(pod: &Value) -> String {
    let gates: Vec<&Value> = list(&pod["spec"]["readinessGates"]).collect();
    if gates.is_empty() {
        return "<none>".to_owned();
    }
    let holds = |gate: &&&Value| has_condition(pod, gate["conditionType"].as_str().unwrap_or_default());
    format!("{}/{}", gates.iter().filter(holds).count(), gates.len())
}

/// What the cells of a pod are computed from.
#[derive(Debug, Default)]
struct State {
    reason: String,
    ready: usize,
    total: usize,
    restarts: i64,
    last_restart: Option<Timestamp>,
    /// The same of the sidecars alone, as far as the init containers were looked at.
    sidecars: (i64, Option<Timestamp>),
}

impl State {
    fn of(pod: &Value) -> Self {
        let (spec, status) = (&pod["spec"], &pod["status"]);
        let sidecars = list(&spec["initContainers"])
            .filter(|container| is_sidecar(container))
            .count();
        let mut state = Self {
            reason: or(&status["reason"], or(&status["phase"], "")).to_owned(),
            total: list(&spec["containers"]).count() + sidecars,
            ..Self::default()
        };
        let gated = |condition: &Value| condition["type"] == "PodScheduled" && condition["reason"] == "SchedulingGated";
        if list(&status["conditions"]).any(gated) {
            state.reason = "SchedulingGated".to_owned();
        }
        let initializing = state.init(pod);
        if !initializing || has_condition(pod, "Initialized") {
            state.main(pod);
        }
        state.deletion(pod);
        state
    }

    fn restarted(&mut self, container: &Value) {
        let (times, at) = restarted(container);
        self.restarts += times;
        self.last_restart = self.last_restart.max(at);
    }

    /// The init containers in order, up to the first that is not done. Returns whether there is one.
    fn init(&mut self, pod: &Value) -> bool {
        let specs: Vec<&Value> = list(&pod["spec"]["initContainers"]).collect();
        for (index, container) in list(&pod["status"]["initContainerStatuses"]).enumerate() {
            self.restarted(container);
            let sidecar = specs
                .iter()
                .any(|spec| spec["name"] == container["name"] && is_sidecar(spec));
            if sidecar {
                let (times, at) = restarted(container);
                self.sidecars = (self.sidecars.0 + times, self.sidecars.1.max(at));
            }
            let (terminated, waiting) = (
                &container["state"]["terminated"],
                or(&container["state"]["waiting"]["reason"], ""),
            );
            if terminated.is_object() && terminated["exitCode"].as_i64().unwrap_or_default() == 0 {
                continue;
            }
            if sidecar && container["started"] == true {
                self.ready += usize::from(container["ready"] == true);
                continue;
            }
            self.reason = match () {
                () if terminated.is_object() => format!("Init:{}", termination(terminated)),
                () if !waiting.is_empty() && waiting != "PodInitializing" => format!("Init:{waiting}"),
                () => format!("Init:{index}/{}", specs.len()),
            };
            return true;
        }
        false
    }

    /// The containers from last to first, so that the first one's reason wins.
    fn main(&mut self, pod: &Value) {
        (self.restarts, self.last_restart) = self.sidecars;
        let containers: Vec<&Value> = list(&pod["status"]["containerStatuses"]).collect();
        let (mut running, mut failed) = (false, String::new());
        for container in containers.into_iter().rev() {
            self.restarted(container);
            let state = &container["state"];
            let waiting = or(&state["waiting"]["reason"], "");
            if !waiting.is_empty() {
                waiting.clone_into(&mut self.reason);
            } else if state["terminated"].is_object() {
                self.reason = termination(&state["terminated"]);
                if state["terminated"]["exitCode"].as_i64().unwrap_or_default() != 0 {
                    self.reason.clone_into(&mut failed);
                }
            } else if container["ready"] == true && state["running"].is_object() {
                running = true;
                self.ready += 1;
            }
        }
        if self.reason == "Completed" {
            match () {
                () if running && has_condition(pod, "Ready") => "Running".clone_into(&mut self.reason),
                () if !failed.is_empty() => self.reason = failed,
                () if running => "NotReady".clone_into(&mut self.reason),
                () => {}
            }
        }
    }

    fn deletion(&mut self, pod: &Value) {
        if !pod["metadata"]["deletionTimestamp"].is_string() {
            return;
        }
        let phase = or(&pod["status"]["phase"], "");
        if pod["status"]["reason"] == "NodeLost" {
            self.reason = "Unknown".to_owned();
        } else if !matches!(phase, "Succeeded" | "Failed") {
            self.reason = "Terminating".to_owned();
        }
    }
}

/// How often a container was started again, and when it last ended.
fn restarted(container: &Value) -> (i64, Option<Timestamp>) {
    (
        container["restartCount"].as_i64().unwrap_or_default(),
        time(&container["lastState"]["terminated"]["finishedAt"]),
    )
}

fn is_sidecar(container: &Value) -> bool {
    container["restartPolicy"] == "Always"
}

/// Why a container ended: its reason, else its signal, else its exit code.
fn termination(terminated: &Value) -> String {
    let (reason, signal) = (
        or(&terminated["reason"], ""),
        terminated["signal"].as_i64().unwrap_or_default(),
    );
    match () {
        () if !reason.is_empty() => reason.to_owned(),
        () if signal != 0 => format!("Signal:{signal}"),
        () => format!("ExitCode:{}", terminated["exitCode"].as_i64().unwrap_or_default()),
    }
}
