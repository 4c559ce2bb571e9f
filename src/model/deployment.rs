//! Deployments: what `printDeployment` in Kubernetes' printers.go tells of them.

use super::condition::{ConditionWire, replica_failure};
use super::containers::TemplateWire;
use super::decode::{List, wire};
use super::{Containers, Health, LabelSelector, Meta, Projection};

/// A Deployment's row.
#[derive(Clone, Debug, serde::Deserialize)]
#[serde(from = "DeploymentWire")]
pub struct Deployment {
    meta: Meta,
    selector: LabelSelector,
    containers: Containers,
    desired: i32,
    replicas: i32,
    updated: i32,
    ready: i32,
    available: i32,
    paused: bool,
    /// That the rollout ran out of time, or what keeps pods from being made.
    problem: Option<Box<str>>,
}

impl Deployment {
    /// How many pods there should be.
    pub fn desired(&self) -> i32 {
        self.desired
    }

    /// How many pods there are, of old and new templates.
    pub fn replicas(&self) -> i32 {
        self.replicas
    }

    /// How many pods are of the current template.
    pub fn updated(&self) -> i32 {
        self.updated
    }

    /// How many pods are ready.
    pub fn ready(&self) -> i32 {
        self.ready
    }

    /// How many pods have been ready for long enough.
    pub fn available(&self) -> i32 {
        self.available
    }

    /// Whether rollouts are paused.
    pub fn paused(&self) -> bool {
        self.paused
    }

    /// The READY cell: `2/3`.
    pub fn ready_text(&self) -> String {
        format!("{}/{}", self.ready, self.desired)
    }

    /// Which pods are the Deployment's.
    pub fn selector(&self) -> &LabelSelector {
        &self.selector
    }

    /// The SELECTOR cell.
    pub fn selector_text(&self) -> String {
        self.selector.deployment_text()
    }

    /// What keeps the rollout from its end, if anything does: `ProgressDeadlineExceeded`, or why pods cannot be made.
    pub fn problem(&self) -> Option<&str> {
        self.problem.as_deref()
    }

    /// The template's containers.
    pub fn containers(&self) -> &Containers {
        &self.containers
    }
}

impl Projection for Deployment {
    const KIND: &'static str = "Deployment";

    fn meta(&self) -> &Meta {
        &self.meta
    }

    fn health(&self) -> Health {
        let is_complete =
            self.updated >= self.desired && self.available >= self.desired && self.replicas <= self.updated;
        match () {
            () if self.meta.deleting.is_some() => Health::Busy,
            () if self.problem.is_some() => Health::Bad,
            () if self.desired == 0 && self.replicas == 0 => Health::Neutral,
            () if is_complete => Health::Good,
            () if self.paused => Health::Warn,
            () => Health::Busy,
        }
    }
}

wire! {
    struct DeploymentWire {
        metadata: Meta,
        spec: SpecWire,
        status: StatusWire,
    }

    struct SpecWire {
        replicas: Option<i32>,
        paused: bool,
        selector: LabelSelector,
        template: TemplateWire,
    }

    struct StatusWire {
        replicas: i32,
        updated_replicas: i32,
        ready_replicas: i32,
        available_replicas: i32,
        conditions: List<ConditionWire>,
    }
}

impl From<DeploymentWire> for Deployment {
    fn from(wire: DeploymentWire) -> Self {
        let conditions = &wire.status.conditions;
        let out_of_time = |own: &ConditionWire| own.r#type == "Progressing" && own.reason == "ProgressDeadlineExceeded";
        let late = conditions.iter().find(|own| out_of_time(own));
        Self {
            problem: replica_failure(conditions).or_else(|| late.map(|own| own.reason.as_str().into())),
            containers: wire.spec.template.containers(),
            desired: wire.spec.replicas.unwrap_or(1),
            replicas: wire.status.replicas,
            updated: wire.status.updated_replicas,
            ready: wire.status.ready_replicas,
            available: wire.status.available_replicas,
            paused: wire.spec.paused,
            selector: wire.spec.selector,
            meta: wire.metadata,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{corpus, decode};

    #[test]
    fn cells_are_those_of_the_server() {
        corpus::agrees("deployment", |d: &Deployment, now| {
            vec![
                d.meta().name.to_string(),
                d.ready_text(),
                d.updated().to_string(),
                d.available().to_string(),
                d.meta().age_text(now),
                d.containers().names().to_owned(),
                d.containers().images().to_owned(),
                d.selector_text(),
            ]
        });
    }

    #[test]
    fn health_follows_the_rollout() {
        for (spec, status, health) in [
            (
                r#""replicas":2"#,
                r#""replicas":2,"updatedReplicas":2,"availableReplicas":2"#,
                Health::Good,
            ),
            (
                "",
                r#""replicas":1,"updatedReplicas":1,"availableReplicas":1"#,
                Health::Good,
            ),
            (
                r#""replicas":2"#,
                r#""replicas":3,"updatedReplicas":2,"availableReplicas":2"#,
                Health::Busy,
            ),
            (
                r#""replicas":2"#,
                r#""replicas":2,"updatedReplicas":2,"availableReplicas":1"#,
                Health::Busy,
            ),
            (
                r#""replicas":2,"paused":true"#,
                r#""replicas":2,"updatedReplicas":0,"availableReplicas":2"#,
                Health::Warn,
            ),
            (r#""replicas":0"#, "", Health::Neutral),
            (
                "",
                r#""conditions":[{"type":"Progressing","status":"False","reason":"ProgressDeadlineExceeded"}]"#,
                Health::Bad,
            ),
            (
                "",
                r#""conditions":[{"type":"ReplicaFailure","status":"True"}]"#,
                Health::Bad,
            ),
        ] {
            let read: Deployment = decode(&format!(r#"{{"spec":{{{spec}}},"status":{{{status}}}}}"#)).unwrap();
            assert_eq!(read.health(), health, "{spec} {status}");
        }
    }
}
