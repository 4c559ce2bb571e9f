//! PodDisruptionBudgets.

use crate::core::text::Tone;

use super::value::Read;
use super::words::Words;
use super::{Describer, Input, Writer, conditions, meta, selector};

/// Describes a PodDisruptionBudget, as `describePodDisruptionBudgetV1` in kubectl.
pub struct PodDisruptionBudgets;

impl Describer for PodDisruptionBudgets {
    fn kinds(&self) -> &'static [(&'static str, &'static str)] {
        &[("policy", "PodDisruptionBudget")]
    }

    fn describe(&self, input: &Input, out: &mut Writer) {
        let (budget, spec) = (input.object, input.object.key("spec"));
        meta::all(budget, out);
        if spec.key("minAvailable").is_set() {
            out.field("Min available", spec.key("minAvailable").show());
        } else if spec.key("maxUnavailable").is_set() {
            out.field("Max unavailable", spec.key("maxUnavailable").show());
        }
        let labels = spec.key("selector");
        out.field(
            "Selector",
            if labels.is_set() {
                selector::format(labels)
            } else {
                "<unset>".to_owned()
            },
        );
        out.heading("Status");
        let status = budget.key("status");
        out.nested(|out| {
            for (label, field) in [
                ("Allowed disruptions", "disruptionsAllowed"),
                ("Current", "currentHealthy"),
                ("Desired", "desiredHealthy"),
                ("Total", "expectedPods"),
            ] {
                let number = status.key(field).int();
                let blocks = field == "disruptionsAllowed" && number == 0 && status.key("expectedPods").int() > 0;
                let tone = if blocks { Tone::Warn } else { Tone::Plain };
                out.field(label, Words::toned(number.to_string(), tone));
            }
        });
        conditions::describe(status.key("conditions"), 2, out);
    }
}
