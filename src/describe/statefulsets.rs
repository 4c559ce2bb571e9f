//! StatefulSets.

use serde_json::Value;

use crate::core::text::Tone;

use super::need::Need;
use super::value::{Read, joined};
use super::words::Words;
use super::{
    Describer, Input, Writer, amounts, conditions, meta, pod_template, replicas, selector, time, volume_claim,
    workload_pods,
};

/// Describes a StatefulSet, as `describeStatefulSet` in kubectl.
pub struct StatefulSets;

impl Describer for StatefulSets {
    fn kinds(&self) -> &'static [(&'static str, &'static str)] {
        &[("apps", "StatefulSet")]
    }

    fn needs(&self, set: &Value) -> Vec<Need> {
        workload_pods::needs(set)
    }

    fn describe(&self, input: &Input, out: &mut Writer) {
        let (set, spec) = (input.object, input.object.key("spec"));
        meta::name(set, out);
        out.field(
            "CreationTimestamp",
            time::with_age(set.at("metadata.creationTimestamp"), input.clock, out.lang()),
        );
        out.field("Selector", selector::format(spec.key("selector")));
        meta::labels_and_annotations(set, out);
        let (desired, total) = (replicas::desired(set), set.at("status.replicas").int());
        let tone = if desired == total { Tone::Plain } else { Tone::Busy };
        out.field(
            "Replicas",
            Words::toned(format!("{desired} desired | {total} total"), tone),
        );
        out.field("Update Strategy", spec.at("updateStrategy.type").show());
        let rolling = spec.at("updateStrategy.rollingUpdate");
        out.nested(|out| {
            for (label, field) in [("Partition", "partition"), ("MaxUnavailable", "maxUnavailable")] {
                if rolling.key(field).is_set() {
                    out.field(label, rolling.key(field).show());
                }
            }
        });
        workload_pods::describe(input, out);
        conditions::describe(set.at("status.conditions"), 2, out);
        pod_template::describe(spec.key("template"), out);
        claims(spec.key("volumeClaimTemplates").list(), out);
    }
}

fn claims(templates: &[Value], out: &mut Writer) {
    if templates.is_empty() {
        return out.field("Volume Claims", Words::none());
    }
    out.section("Volume Claims");
    for template in templates {
        out.field("Name", template.at("metadata.name").show());
        volume_claim::class_field(template, out);
        out.field("Labels", meta::labels(template.at("metadata.labels")));
        // Unlike an object's own annotations, these are printed as labels are.
        out.field("Annotations", meta::labels(template.at("metadata.annotations")));
        out.field(
            "Capacity",
            match template.at("spec.resources.requests.storage") {
                Value::Null => "<default>".to_owned(),
                storage => amounts::text(storage),
            },
        );
        out.field(
            "Access Modes",
            format!("[{}]", joined(template.at("spec.accessModes"), " ")),
        );
    }
}
