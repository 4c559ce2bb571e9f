//! Deployments.

use serde_json::Value;

use crate::core::text::Tone;

use super::need::{Answer, Need};
use super::value::Read;
use super::words::Words;
use super::{Describer, Input, Writer, conditions, meta, pod_template, replicas, selector, time};

/// Describes a Deployment, as `describeDeployment` in kubectl.
pub struct Deployments;

const REPLICA_SETS: &str = "replicasets";

impl Describer for Deployments {
    fn kinds(&self) -> &'static [(&'static str, &'static str)] {
        &[("apps", "Deployment")]
    }

    fn needs(&self, deployment: &Value) -> Vec<Need> {
        let namespace = deployment.at("metadata.namespace").text();
        let list = |labels| Need::list(REPLICA_SETS, ("apps", "v1", "replicasets"), namespace).with_labels(labels);
        selector::query(deployment.at("spec.selector"))
            .map(list)
            .into_iter()
            .collect()
    }

    fn describe(&self, input: &Input, out: &mut Writer) {
        let (deployment, spec) = (input.object, input.object.key("spec"));
        meta::name(deployment, out);
        out.field(
            "CreationTimestamp",
            time::with_age(deployment.at("metadata.creationTimestamp"), input.clock, out.lang()),
        );
        meta::labels_and_annotations(deployment, out);
        out.field("Selector", selector::format(spec.key("selector")));
        out.field("Replicas", replica_counts(deployment));
        if spec.key("paused").truth() {
            out.field("Paused", Words::toned("true", Tone::Warn));
        }
        out.field("StrategyType", spec.at("strategy.type").show());
        out.field("MinReadySeconds", spec.key("minReadySeconds").int());
        let rolling = spec.at("strategy.rollingUpdate");
        if rolling.is_set() {
            let [unavailable, surge] =
                ["maxUnavailable", "maxSurge"].map(|field| replicas::int_or_text(rolling.key(field)));
            out.field(
                "RollingUpdateStrategy",
                format!("{unavailable} max unavailable, {surge} max surge"),
            );
        }
        replica_sets(input, out);
        conditions::describe(deployment.at("status.conditions"), 3, out);
        pod_template::describe(spec.key("template"), out);
    }
}

fn replica_counts(deployment: &Value) -> Words {
    let desired = replicas::desired(deployment);
    let status = deployment.key("status");
    let [updated, total, available, unavailable] = [
        "updatedReplicas",
        "replicas",
        "availableReplicas",
        "unavailableReplicas",
    ]
    .map(|field| status.key(field).int());
    let tone = if desired > 0 && available == 0 {
        Tone::Error
    } else if unavailable > 0 || updated < desired {
        Tone::Busy
    } else {
        Tone::Good
    };
    Words::toned(
        format!(
            "{desired} desired | {updated} updated | {total} total | {available} available | {unavailable} unavailable"
        ),
        tone,
    )
}

/// The ReplicaSet of the present template and the others, where there are any.
fn replica_sets(input: &Input, out: &mut Writer) {
    match input.related.get(REPLICA_SETS) {
        Answer::Loading if selector::query(input.object.at("spec.selector")).is_none() => {}
        Answer::Loading => out.field("ReplicaSets", "…"),
        Answer::Refused(message) => out.field("ReplicaSets", Words::toned(message, Tone::Warn)),
        Answer::Items(items) => {
            let owned = replicas::controlled(items, input.object);
            let new = replicas::newest(&owned, input.object.at("spec.template"));
            if !owned.is_empty() {
                let old = owned
                    .iter()
                    .filter(|set| new.is_none_or(|new| !std::ptr::eq(**set, new)))
                    .copied();
                out.field("OldReplicaSets", replicas::created(old));
                out.field("NewReplicaSet", replicas::created(new));
            }
        }
    }
}
