//! Priorities and budgets.

use serde_json::Value;

use super::{rules, text};
use crate::mock::admission::priority;
use crate::mock::kinds::go_types;
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
        let field = "preemptionPolicy";
        faults.extend(rules::immutable(&old[field], &object[field], field));
        return faults;
    }
    let name = text(&object["metadata"]["name"]);
    let system = name.starts_with("system-");
    if let Some(why) = system.then(|| system_class(name, object)).flatten() {
        let why = format!("priority class names with 'system-' prefix are reserved for system use only. error: {why}");
        faults.push(FieldError::forbidden("metadata.name", &why));
    }
    if !system && object["value"].as_i64().is_some_and(|value| value > 1_000_000_000) {
        let why = "maximum allowed value of a user defined priority is 1000000000";
        faults.push(FieldError::forbidden("value", why));
    }
    if object["preemptionPolicy"] == "" {
        faults.push(FieldError::required("preemptionPolicy", ""));
    } else {
        let policy = &object["preemptionPolicy"];
        faults.extend(rules::one_of(policy, "preemptionPolicy", &policies));
    }
    faults
}

/// Why a class is none of the two that every cluster has.
fn system_class(name: &str, class: &Value) -> Option<String> {
    let Some(value) = priority::of_system(name) else {
        return Some(format!("{name} is not a known system priority class"));
    };
    if class["value"].as_i64().unwrap_or_default() != value {
        return Some(format!("value of {name} PriorityClass must be {value}"));
    }
    let global = class["globalDefault"] == true;
    global.then(|| format!("globalDefault of {name} PriorityClass must be false"))
}

/// Faults of a disruption budget.
#[must_use]
pub fn budget(object: &Value) -> Vec<FieldError> {
    let spec = &object["spec"];
    let mut faults = Vec::new();
    if !spec["minAvailable"].is_null() && !spec["maxUnavailable"].is_null() {
        let shown = go_types::shown("PodDisruptionBudgetSpec", spec);
        let why = "minAvailable and maxUnavailable cannot be both set";
        faults.push(FieldError::invalid("spec", &shown, why));
    }
    for name in ["minAvailable", "maxUnavailable"] {
        let field = format!("spec.{name}");
        faults.extend(rules::count_or_share(&spec[name], &field, false));
        faults.extend(rules::whole_at_most(&spec[name], &field));
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
