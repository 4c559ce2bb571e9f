//! ReplicaSets and ReplicationControllers.

use serde_json::Value;

use crate::core::text::Tone;

use super::need::Need;
use super::value::Read;
use super::words::Words;
use super::{Describer, Input, Writer, conditions, meta, pod_template, replicas, selector, workload_pods};

/// Describes a ReplicaSet, as `describeReplicaSet` in kubectl.
pub struct ReplicaSets;

/// Describes a ReplicationController, as `describeReplicationController` in kubectl.
pub struct ReplicationControllers;

impl Describer for ReplicaSets {
    fn kinds(&self) -> &'static [(&'static str, &'static str)] {
        &[("apps", "ReplicaSet")]
    }

    fn needs(&self, set: &Value) -> Vec<Need> {
        workload_pods::needs(set)
    }

    fn describe(&self, input: &Input, out: &mut Writer) {
        meta::name(input.object, out);
        out.field("Selector", selector::format(input.object.at("spec.selector")));
        meta::labels_and_annotations(input.object, out);
        meta::controlled_by(input.object, out);
        common(input, out);
    }
}

impl Describer for ReplicationControllers {
    fn kinds(&self) -> &'static [(&'static str, &'static str)] {
        &[("", "ReplicationController")]
    }

    fn needs(&self, controller: &Value) -> Vec<Need> {
        workload_pods::needs_of_map(controller)
    }

    fn describe(&self, input: &Input, out: &mut Writer) {
        meta::name(input.object, out);
        out.field("Selector", meta::format_labels(input.object.at("spec.selector")));
        meta::labels_and_annotations(input.object, out);
        common(input, out);
    }
}

fn common(input: &Input, out: &mut Writer) {
    let (object, desired) = (input.object, replicas::desired(input.object));
    let current = object.at("status.replicas").int();
    let tone = if current == desired { Tone::Plain } else { Tone::Busy };
    out.field(
        "Replicas",
        Words::toned(format!("{current} current / {desired} desired"), tone),
    );
    workload_pods::describe(input, out);
    conditions::describe(object.at("status.conditions"), 3, out);
    pod_template::describe(object.at("spec.template"), out);
}
