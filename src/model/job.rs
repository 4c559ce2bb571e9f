//! Jobs: what `printJob` in Kubernetes' printers.go tells of them.

use jiff::Timestamp;

use super::condition::{ConditionWire, is_true};
use super::containers::TemplateWire;
use super::decode::{List, wire};
use super::{Containers, Health, Istr, LabelSelector, Meta, Projection, age};

/// A Job's row.
#[derive(Clone, Debug, serde::Deserialize)]
#[serde(from = "JobWire")]
pub struct Job {
    meta: Meta,
    /// The STATUS cell.
    pub status: Istr,
    /// Why it failed, or is about to: the condition's reason.
    pub problem: Option<Istr>,
    /// How many pods succeeded.
    pub succeeded: i32,
    /// How many pods must succeed; `None` where the first success is enough.
    pub completions: Option<i32>,
    /// How many pods run at once.
    pub parallelism: i32,
    /// How many pods run now.
    pub active: i32,
    /// When it started.
    pub started: Option<Timestamp>,
    /// When it completed.
    pub completed: Option<Timestamp>,
    /// The template's containers.
    pub containers: Containers,
    /// Which pods are its own.
    pub selector: LabelSelector,
}

impl Job {
    /// The COMPLETIONS cell: `1/3`, or `1/1 of 3` where three pods race for one success.
    pub fn completions_text(&self) -> String {
        match (self.completions, self.parallelism) {
            (Some(completions), _) => format!("{}/{completions}", self.succeeded),
            (None, 2..) => format!("{}/1 of {}", self.succeeded, self.parallelism),
            (None, _) => format!("{}/1", self.succeeded),
        }
    }

    /// Whether it should run more pods than it does: as many as may run at once, of those that have not succeeded.
    pub fn lacks_pods(&self) -> bool {
        let left = self
            .completions
            .map_or(self.parallelism, |all| all.saturating_sub(self.succeeded));
        self.status == "Running" && self.active < self.parallelism.min(left)
    }

    /// The DURATION cell: from its start until its completion, or now; empty before its start.
    pub fn duration_text(&self, now: Timestamp) -> String {
        self.started.map_or_else(String::new, |started| {
            age::human(self.completed.unwrap_or(now).duration_since(started))
        })
    }
}

impl Projection for Job {
    const KIND: &'static str = "Job";

    fn meta(&self) -> &Meta {
        &self.meta
    }

    fn health(&self) -> Health {
        match self.status.as_str() {
            "Complete" | "SuccessCriteriaMet" => Health::Good,
            "Failed" | "FailureTarget" => Health::Bad,
            "Suspended" => Health::Neutral,
            _ => Health::Busy,
        }
    }
}

wire! {
    struct JobWire {
        metadata: Meta,
        spec: SpecWire,
        status: StatusWire,
    }

    struct SpecWire {
        completions: Option<i32>,
        parallelism: Option<i32>,
        selector: LabelSelector,
        template: TemplateWire,
    }

    struct StatusWire {
        active: i32,
        succeeded: i32,
        start_time: Option<Timestamp>,
        completion_time: Option<Timestamp>,
        conditions: List<ConditionWire>,
    }
}

impl From<JobWire> for Job {
    fn from(wire: JobWire) -> Self {
        Self {
            status: Istr::new(status(&wire.status.conditions, wire.metadata.deleting.is_some())),
            problem: problem(&wire.status.conditions),
            meta: wire.metadata,
            succeeded: wire.status.succeeded,
            completions: wire.spec.completions,
            parallelism: wire.spec.parallelism.unwrap_or(1),
            active: wire.status.active,
            started: wire.status.start_time,
            completed: wire.status.completion_time,
            containers: wire.spec.template.containers(),
            selector: wire.spec.selector,
        }
    }
}

/// The reason of the failure, if it failed: `BackoffLimitExceeded`.
fn problem(conditions: &[ConditionWire]) -> Option<Istr> {
    let failed =
        |own: &&ConditionWire| (own.r#type == "Failed" || own.r#type == "FailureTarget") && own.status == "True";
    let failed = conditions.iter().find(failed)?;
    Some(if failed.reason.is_empty() {
        Istr::new("Failed")
    } else {
        failed.reason.clone()
    })
}

/// The first that holds.
fn status(conditions: &[ConditionWire], is_deleting: bool) -> &'static str {
    match () {
        () if is_true(conditions, "Complete") => "Complete",
        () if is_true(conditions, "Failed") => "Failed",
        () if is_deleting => "Terminating",
        () if is_true(conditions, "Suspended") => "Suspended",
        () if is_true(conditions, "FailureTarget") => "FailureTarget",
        () if is_true(conditions, "SuccessCriteriaMet") => "SuccessCriteriaMet",
        () => "Running",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{corpus, decode};

    #[test]
    fn cells_are_those_of_the_server() {
        corpus::agrees("job", |job: &Job, now| {
            vec![
                job.meta().name.to_string(),
                job.status.to_string(),
                job.completions_text(),
                job.duration_text(now),
                job.meta().age_text(now),
                job.containers.names().to_owned(),
                job.containers.images().to_owned(),
                job.selector.format(),
            ]
        });
    }

    #[test]
    fn the_first_condition_that_holds_is_the_status() {
        let deleting = r#"{"metadata":{"deletionTimestamp":"2026-11-20T22:00:00Z"},"#;
        for (start, conditions, status, health) in [
            ("{", &["SuccessCriteriaMet"][..], "SuccessCriteriaMet", Health::Good),
            (
                "{",
                &["FailureTarget", "SuccessCriteriaMet"],
                "FailureTarget",
                Health::Bad,
            ),
            ("{", &["FailureTarget", "Suspended"], "Suspended", Health::Neutral),
            (deleting, &["Suspended"], "Terminating", Health::Busy),
            (deleting, &["Failed"], "Failed", Health::Bad),
            ("{", &["Failed", "Complete"], "Complete", Health::Good),
            ("{", &[], "Running", Health::Busy),
        ] {
            let condition = |kind: &&str| format!(r#"{{"type":"{kind}","status":"True"}}"#);
            let conditions: Vec<_> = conditions.iter().map(condition).collect();
            let json = format!(r#"{start}"status":{{"conditions":[{}]}}}}"#, conditions.join(","));
            let job: Job = decode(&json).unwrap();
            assert_eq!((job.status.as_str(), job.health()), (status, health), "{json}");
        }
    }

    #[test]
    fn completions_tell_of_races() {
        for (spec, text) in [
            ("", "2/1"),
            (r#""parallelism":1"#, "2/1"),
            (r#""parallelism":3"#, "2/1 of 3"),
            (r#""completions":5,"parallelism":3"#, "2/5"),
        ] {
            let job: Job = decode(&format!(r#"{{"spec":{{{spec}}},"status":{{"succeeded":2}}}}"#)).unwrap();
            assert_eq!(job.completions_text(), text, "{spec}");
        }
    }
}
