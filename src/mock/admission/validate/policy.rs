//! Priorities and budgets.

use serde_json::{Value, json};

use super::{rules, text};
use crate::mock::server::FieldError;

/// Faults of a priority class, whose number and policy stay.
#[must_use]
pub fn priority_class(old: Option<&Value>, object: &Value) -> Vec<FieldError> {
    let mut faults = Vec::new();
    let policies = ["PreemptLowerPriority", "Never"];
    if let Some(old) = old {
        if old["value"] != object["value"] {
            faults.push(FieldError::forbidden("value", "may not be changed in an update."));
        }
        if old["preemptionPolicy"] != object["preemptionPolicy"] {
            let shown = &object["preemptionPolicy"];
            faults.push(FieldError::invalid("preemptionPolicy", shown, "field is immutable"));
        }
        return faults;
    }
    let system = text(&object["metadata"]["name"]).starts_with("system-");
    if !system && object["value"].as_i64().is_some_and(|value| value > 1_000_000_000) {
        let why = "maximum allowed value of a user defined priority is 1000000000";
        faults.push(FieldError::forbidden("value", why));
    }
    faults.extend(rules::one_of(
        &object["preemptionPolicy"],
        "preemptionPolicy",
        &policies,
    ));
    faults
}

/// Faults of a disruption budget.
#[must_use]
pub fn budget(object: &Value) -> Vec<FieldError> {
    let spec = &object["spec"];
    let mut faults = Vec::new();
    if !spec["minAvailable"].is_null() && !spec["maxUnavailable"].is_null() {
        let shown = json!({"MinAvailable": spec["minAvailable"], "Selector": spec["selector"],
            "MaxUnavailable": spec["maxUnavailable"], "UnhealthyPodEvictionPolicy": spec["unhealthyPodEvictionPolicy"]});
        let why = "minAvailable and maxUnavailable cannot be both set";
        faults.push(FieldError::invalid("spec", &shown, why));
    }
    for name in ["minAvailable", "maxUnavailable"] {
        faults.extend(rules::count_or_share(&spec[name], &format!("spec.{name}"), true));
    }
    faults.extend(rules::selector(&spec["selector"], "spec.selector"));
    let policies = ["AlwaysAllow", "IfHealthyBudget"];
    faults.extend(rules::one_of(
        &spec["unhealthyPodEvictionPolicy"],
        "spec.unhealthyPodEvictionPolicy",
        &policies,
    ));
    faults
}
