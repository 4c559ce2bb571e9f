//! PriorityClasses.

use super::value::{Read, or};
use super::{Describer, Input, Writer, meta};

/// Describes a PriorityClass, as `describePriorityClass` in kubectl.
pub struct PriorityClasses;

impl Describer for PriorityClasses {
    fn kinds(&self) -> &'static [(&'static str, &'static str)] {
        &[("scheduling.k8s.io", "PriorityClass")]
    }

    fn describe(&self, input: &Input, out: &mut Writer) {
        let class = input.object;
        meta::name(class, out);
        out.field("Value", class.key("value").int());
        out.field("GlobalDefault", class.key("globalDefault").truth().to_string());
        out.field(
            "PreemptionPolicy",
            or(class.key("preemptionPolicy").text(), "PreemptLowerPriority"),
        );
        out.field("Description", class.key("description").show());
        out.field("Annotations", meta::format_labels(class.at("metadata.annotations")));
    }
}
