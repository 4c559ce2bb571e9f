//! How a container is, in a cell.

use jiff::Timestamp;

use super::container_wire::{ContainerStatusWire, TerminatedWire};
use crate::model::Health;

/// Reasons to wait that are a container's normal start.
const STARTING: [&str; 3] = ["", "ContainerCreating", "PodInitializing"];

/// How a container is, and how it ended before.
#[derive(Clone, Debug)]
pub struct ContainerState {
    text: String,
    health: Health,
    since: Option<Timestamp>,
}

impl ContainerState {
    pub(super) fn of(status: Option<&ContainerStatusWire>) -> Self {
        let state = status.map(|status| &status.state);
        if let Some(running) = state.and_then(|state| state.running.as_ref()) {
            return Self {
                text: "Running".to_owned(),
                health: Health::Good,
                since: running.started_at,
            };
        }
        if let Some(ended) = state.and_then(|state| state.terminated.as_ref()) {
            return Self {
                text: format!("{} ({})", why(ended), how(ended)),
                health: if ended.exit_code == 0 {
                    Health::Neutral
                } else {
                    Health::Bad
                },
                since: ended.started_at,
            };
        }
        let reason = state
            .and_then(|state| state.waiting.as_ref())
            .map_or("", |waiting| &waiting.reason);
        let last = status.and_then(|status| status.last_state.terminated.as_ref());
        let name = if reason.is_empty() { "Waiting" } else { reason };
        Self {
            text: match last {
                Some(last) if last.reason.is_empty() || last.reason == "Error" => format!("{name} ({})", how(last)),
                Some(last) => format!("{name} ({}, {})", last.reason, how(last)),
                None => name.to_owned(),
            },
            health: if STARTING.contains(&reason) {
                Health::Busy
            } else {
                Health::Bad
            },
            since: None,
        }
    }

    /// The STATE cell: the state or its reason, and the exit code: `CrashLoopBackOff (exit 1)`.
    pub fn text(&self) -> String {
        self.text.clone()
    }

    /// What the state means.
    pub fn health(&self) -> Health {
        self.health
    }

    /// When the process was started that runs, or that ended.
    pub fn since(&self) -> Option<Timestamp> {
        self.since
    }
}

fn why(ended: &TerminatedWire) -> &str {
    match ended.reason.as_str() {
        "" if ended.exit_code == 0 => "Completed",
        "" => "Error",
        reason => reason,
    }
}

fn how(ended: &TerminatedWire) -> String {
    if ended.signal > 0 {
        format!("exit {}, signal {}", ended.exit_code, ended.signal)
    } else {
        format!("exit {}", ended.exit_code)
    }
}
