//! What a node's container runtime knows: which containers of a pod run, how they ended, why they do not start.
//!
//! A pod's status is told from this, a moment later, as the kubelet does: what is told at one look was true before it.

use std::collections::HashMap;
use std::hash::{Hash, Hasher};

use serde_json::Value;

use super::kubelet_status::seconds;
use super::probes::Probes;

/// The end of a run.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct End {
    /// When the run began, in milliseconds.
    pub started: i64,
    /// When it ended, in milliseconds.
    pub finished: i64,
    /// The exit code.
    pub code: i64,
    /// `Completed`, `Error`, `OOMKilled`, `StartError`.
    pub reason: String,
    /// What the runtime said, if it could not start it.
    pub message: String,
    /// The run's container ID.
    pub id: String,
}

/// What a container does.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub enum Run {
    /// It was never started.
    #[default]
    Never,
    /// It runs since a moment, in milliseconds.
    Running(i64),
    /// It has ended.
    Ended(End),
}

/// One container on its node.
#[derive(Clone, Debug, Default)]
pub struct Container {
    /// What it does.
    pub run: Run,
    /// How the run before ended.
    pub last: Option<End>,
    /// How often it was started again.
    pub restarts: i64,
    /// Why it was not started at the last look: reason and message.
    pub error: Option<(String, String)>,
    /// How long it backs off after its next end, in seconds; 0 before the first restart.
    pub delay: i64,
    /// How long the next failed pull backs off, in seconds, and until when the last one does, in milliseconds.
    pub pull: (i64, i64),
    /// What its probes found.
    pub probes: Probes,
    /// Until when it is being killed to be started again, in milliseconds.
    pub killing: Option<i64>,
    /// The container ID of the present run.
    pub id: String,
    /// The image it was started from.
    pub image: String,
}

impl Container {
    /// Whether it runs.
    #[must_use]
    pub fn runs(&self) -> bool {
        matches!(self.run, Run::Running(_))
    }

    /// How it ended, if it does not run.
    #[must_use]
    pub fn end(&self) -> Option<&End> {
        match &self.run {
            Run::Ended(end) => Some(end),
            _ => None,
        }
    }

    /// Ends the present run.
    pub fn finish(&mut self, finished: i64, code: i64, reason: &str) {
        let Run::Running(started) = self.run else { return };
        let (reason, id) = (reason.to_owned(), self.id.clone());
        self.run = Run::Ended(End {
            started,
            finished,
            code,
            reason,
            message: String::new(),
            id,
        });
        self.probes = Probes::default();
        self.killing = None;
    }
}

/// A pod that stops.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stop {
    /// Whether the last container has ended and that was told.
    pub told: bool,
    /// When the next step is due, in milliseconds.
    pub due: i64,
}

/// What the kubelet remembers of a pod besides its status.
#[derive(Clone, Debug, Default)]
pub struct Memory {
    /// Last number of the address, once it has one.
    pub address: Option<u64>,
    /// The address, once the sandbox stands.
    pub ip: Option<String>,
    /// When the kubelet took the pod up, in milliseconds.
    pub began: i64,
    /// When to look at it again, in milliseconds.
    pub due: i64,
    /// The generation that was looked at last.
    pub generation: i64,
    /// Whether the pod's sandbox stands, in which its containers run.
    pub sandbox: bool,
    /// Its containers by name, those that initialize too.
    pub containers: HashMap<String, Container>,
    /// How often mounting a volume failed.
    pub mounts: u32,
    /// What was told of it last, as a number.
    pub told: u64,
    /// How it stops, once it does.
    pub stop: Option<Stop>,
}

impl Memory {
    /// A number that changes with everything that a pod's status tells.
    #[must_use]
    pub fn print(&self, pod: &Value) -> u64 {
        let mut hasher = std::collections::hash_map::DefaultHasher::new();
        (self.sandbox, self.stop.is_some(), self.generation, &self.ip).hash(&mut hasher);
        for list in ["initContainers", "containers", "ephemeralContainers"] {
            for spec in pod["spec"][list].as_array().into_iter().flatten() {
                let known = self.containers.get(spec["name"].as_str().unwrap_or_default());
                let Some(known) = known else { continue };
                (&known.run, &known.last, known.restarts, &known.error, &known.id).hash(&mut hasher);
                (known.probes.started, known.probes.ready).hash(&mut hasher);
            }
        }
        hasher.finish()
    }

    /// What is known of a pod that ran before anybody looked: what its status says.
    #[must_use]
    pub fn adopt(pod: &Value) -> Self {
        let mut memory = Self {
            sandbox: true,
            due: i64::MAX,
            ..Self::default()
        };
        memory.began = pod["status"]["startTime"]
            .as_str()
            .map_or(0, |text| seconds(text) * 1000);
        memory.generation = pod["metadata"]["generation"].as_i64().unwrap_or_default();
        for list in [
            "initContainerStatuses",
            "containerStatuses",
            "ephemeralContainerStatuses",
        ] {
            for status in pod["status"][list].as_array().into_iter().flatten() {
                let name = status["name"].as_str().unwrap_or_default().to_owned();
                memory.containers.insert(name, adopted(status));
            }
        }
        if memory.containers.values().any(|container| !container.runs()) {
            memory.due = 0;
        }
        memory
    }
}

/// How the run since a moment ended, where a pod's status tells of its end.
pub fn told_end(pod: &Value, name: &str, since: i64) -> Option<End> {
    let lists = [
        "containerStatuses",
        "initContainerStatuses",
        "ephemeralContainerStatuses",
    ];
    let mut statuses = lists.iter().filter_map(|list| pod["status"][list].as_array()).flatten();
    match adopted(statuses.find(|status| status["name"] == name)?).run {
        Run::Ended(end) if end.started / 1000 == since / 1000 => Some(end),
        _ => None,
    }
}

fn adopted(status: &Value) -> Container {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let millis = |value: &Value| value.as_str().map_or(0, |text| seconds(text) * 1000);
    let end = |ended: &Value| End {
        started: millis(&ended["startedAt"]),
        finished: millis(&ended["finishedAt"]),
        code: ended["exitCode"].as_i64().unwrap_or_default(),
        reason: text(&ended["reason"]),
        message: text(&ended["message"]),
        id: text(&ended["containerID"]),
    };
    let (state, last) = (&status["state"], &status["lastState"]["terminated"]);
    let run = match () {
        () if state["running"].is_object() => Run::Running(millis(&state["running"]["startedAt"])),
        () if state["terminated"].is_object() => Run::Ended(end(&state["terminated"])),
        () if last.is_object() => Run::Ended(end(last)),
        () => Run::Never,
    };
    let waiting = &state["waiting"];
    let mut probes = Probes::default();
    probes.started = status["started"] == true;
    probes.ready = status["ready"] == true;
    Container {
        error: waiting["reason"]
            .as_str()
            .map(|reason| (reason.to_owned(), text(&waiting["message"]))),
        last: (last.is_object() && run != Run::Never).then(|| end(last)),
        restarts: status["restartCount"].as_i64().unwrap_or_default(),
        id: text(&status["containerID"]),
        image: text(&status["image"]),
        run,
        probes,
        ..Container::default()
    }
}
