//! DaemonSets.

use serde_json::Value;

use crate::core::text::Tone;

use super::need::Need;
use super::value::Read;
use super::words::Words;
use super::{Describer, Input, Writer, conditions, meta, pod_template, selector, workload_pods};

/// Describes a DaemonSet, as `describeDaemonSet` in kubectl.
pub struct DaemonSets;

impl Describer for DaemonSets {
    fn kinds(&self) -> &'static [(&'static str, &'static str)] {
        &[("apps", "DaemonSet")]
    }

    fn needs(&self, set: &Value) -> Vec<Need> {
        workload_pods::needs(set)
    }

    fn describe(&self, input: &Input, out: &mut Writer) {
        let set = input.object;
        meta::name(set, out);
        out.field("Selector", selector::format(set.at("spec.selector")));
        out.field(
            "Node-Selector",
            meta::format_labels(set.at("spec.template.spec.nodeSelector")),
        );
        meta::labels_and_annotations(set, out);
        out.apart(|out| counts(set.key("status"), out));
        workload_pods::describe(input, out);
        conditions::describe(set.at("status.conditions"), 2, out);
        pod_template::describe(set.at("spec.template"), out);
    }
}

fn counts(status: &Value, out: &mut Writer) {
    let desired = status.key("desiredNumberScheduled").int();
    for (label, field, wanted) in [
        ("Desired Number of Nodes Scheduled", "desiredNumberScheduled", desired),
        ("Current Number of Nodes Scheduled", "currentNumberScheduled", desired),
        (
            "Number of Nodes Scheduled with Up-to-date Pods",
            "updatedNumberScheduled",
            desired,
        ),
        (
            "Number of Nodes Scheduled with Available Pods",
            "numberAvailable",
            desired,
        ),
        ("Number of Nodes Misscheduled", "numberMisscheduled", 0),
    ] {
        let number = status.key(field).int();
        let tone = match number {
            number if number == wanted => Tone::Plain,
            _ if field == "updatedNumberScheduled" => Tone::Busy,
            _ => Tone::Warn,
        };
        out.field(label, Words::toned(number.to_string(), tone));
    }
}
