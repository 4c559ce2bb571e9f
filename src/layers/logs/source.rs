//! One container's log in the view: its session, and what is known of the container.

use serde_json::Value;

use crate::core::clock::Time;
use crate::core::log::stamp::Nanos;
use crate::core::session::SessionId;
use crate::core::trouble::Trouble;
use crate::describe::Read;

/// How a session fares.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum State {
    /// It was asked for.
    Asked,
    /// Its lines come.
    Live,
    /// Nothing more comes for now.
    Paused,
    /// It broke, and is tried again.
    Broken(Trouble),
    /// It is over.
    Ended,
}

/// A container's log in the view.
#[derive(Clone, Debug)]
pub struct Source {
    /// The pod's uid: another pod of this name is another source.
    pub uid: String,
    /// The pod's namespace.
    pub namespace: String,
    /// The pod.
    pub pod: String,
    /// The container.
    pub container: String,
    /// Whether it is the log of the run before.
    pub previous: bool,
    /// Its session.
    pub session: SessionId,
    /// How that fares.
    pub state: State,
    /// When the run that is known began, as the API says.
    pub started: String,
    /// Whether nothing more will begin there.
    pub last: bool,
    /// Whether its pod is gone.
    pub gone: bool,
    /// The runs whose ends were told, by when they began and ended.
    pub told: Vec<String>,
    /// The pod's place among all pods, for its colour.
    pub place: usize,
}

impl Source {
    /// Whether it is this container's.
    pub fn is(&self, uid: &str, container: &str, previous: bool) -> bool {
        self.uid == uid && self.container == container && self.previous == previous
    }

    /// `web-0/app`.
    pub fn name(&self) -> String {
        format!("{}/{}", self.pod, self.container)
    }
}

/// What a pod's status says of a container.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Known {
    /// The container.
    pub name: String,
    /// Whether it has written anything that can be read: it runs, or ran.
    pub has_log: bool,
    /// When the present run began; empty where none does.
    pub running: String,
    /// Whether it waits after a crash.
    pub crashing: bool,
    /// How often it was started again.
    pub restarts: i64,
    /// The runs that ended, the last one first.
    pub ended: Vec<Ended>,
}

/// A run that ended.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Ended {
    /// When it began.
    pub started: String,
    /// When it ended.
    pub finished: String,
    /// Its exit code.
    pub code: i64,
    /// Why, such as `OOMKilled`.
    pub reason: String,
    /// Whether the container was started again after it.
    pub restarted: bool,
}

impl Ended {
    /// Where its mark stands: behind the lines of its last second, before those of the run that follows.
    pub fn time(&self, next: &str) -> Nanos {
        let nanos = |text: &str| {
            let time: Option<Time> = text.parse().ok();
            time.and_then(|time| Nanos::try_from(time.as_nanosecond()).ok())
        };
        let finished = nanos(&self.finished).unwrap_or_default();
        let latest = finished.saturating_add(999_999_999);
        match nanos(next) {
            Some(next) if next > finished => latest.min(next - 1),
            _ => latest,
        }
    }
}

/// The containers of a pod in the order of their lists, as far as their status is known.
pub fn containers(pod: &Value) -> Vec<Known> {
    let (spec, status) = (pod.key("spec"), pod.key("status"));
    let lists = [
        ("initContainers", "initContainerStatuses"),
        ("containers", "containerStatuses"),
        ("ephemeralContainers", "ephemeralContainerStatuses"),
    ];
    let mut known = Vec::new();
    for (specs, statuses) in lists {
        for container in spec.key(specs).list() {
            let name = container.key("name").text();
            let statuses = status.key(statuses).list();
            let status = statuses.iter().find(|status| status.key("name").text() == name);
            known.push(status.map_or_else(
                || Known {
                    name: name.to_string(),
                    ..Known::default()
                },
                |status| container_status(name, status),
            ));
        }
    }
    known
}

fn container_status(name: &str, status: &Value) -> Known {
    let running = status.at("state.running.startedAt").text().to_string();
    let ended = |state: &str, restarted: bool| {
        let run = status.at(&format!("{state}.terminated"));
        run.is_set().then(|| Ended {
            started: run.key("startedAt").text().to_string(),
            finished: run.key("finishedAt").text().to_string(),
            code: run.key("exitCode").int(),
            reason: run.key("reason").text().to_string(),
            restarted,
        })
    };
    let now = ended("state", false);
    let again = now.is_some() || !running.is_empty();
    let ended: Vec<Ended> = [now, ended("lastState", again)].into_iter().flatten().collect();
    Known {
        name: name.to_string(),
        has_log: !running.is_empty() || !ended.is_empty() || status.at("state.running").is_set(),
        crashing: status.at("state.waiting.reason").text() == "CrashLoopBackOff",
        restarts: status.key("restartCount").int(),
        running,
        ended,
    }
}

/// Whether no container of the pod starts any more.
pub fn is_over(pod: &Value) -> bool {
    matches!(pod.at("status.phase").text(), "Succeeded" | "Failed")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_a_status_says_of_a_container() {
        let pod = json!({"spec": {"initContainers": [{"name": "init"}], "containers": [{"name": "app"}, {"name": "side"}]},
            "status": {"containerStatuses": [{"name": "app", "restartCount": 2,
                "state": {"waiting": {"reason": "CrashLoopBackOff"}},
                "lastState": {"terminated": {"exitCode": 1, "reason": "Error", "startedAt": "2026-11-21T02:00:00Z", "finishedAt": "2026-11-21T02:00:09Z"}}}]}});
        let known = containers(&pod);
        assert_eq!(
            known.iter().map(|known| known.name.as_str()).collect::<Vec<_>>(),
            ["init", "app", "side"]
        );
        assert!(!known[0].has_log && known[1].has_log && known[1].crashing);
        let ended = &known[1].ended[0];
        assert_eq!(
            (ended.code, ended.reason.as_str(), ended.restarted),
            (1, "Error", false)
        );
        let at = |text: &str| Nanos::try_from(text.parse::<Time>().unwrap().as_nanosecond()).unwrap();
        assert_eq!(ended.time(""), at("2026-11-21T02:00:09.999999999Z"));
        assert_eq!(ended.time("2026-11-21T02:00:10Z"), at("2026-11-21T02:00:09.999999999Z"));
        assert_eq!(containers(&json!({"spec": {"containers": 5}, "status": null})), []);
    }
}
