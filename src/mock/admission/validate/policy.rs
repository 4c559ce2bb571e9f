//! Nodes, limits, priorities and budgets.

use serde_json::{Value, json};

use super::{list, metadata, rules, text};
use crate::mock::admission::quantity::Quantity;
use crate::mock::kinds::go_types;
use crate::mock::server::FieldError;

/// Faults of a node. An update tells faults of taints twice, for it checks the node as a new one and as a changed one.
#[must_use]
pub fn node(updated: bool, object: &Value) -> Vec<FieldError> {
    let effects = ["NoSchedule", "PreferNoSchedule", "NoExecute"];
    let mut faults = Vec::new();
    for (index, taint) in list(&object["spec"]["taints"]).enumerate() {
        faults.extend(self::taint(taint, &format!("metadata.taints[{index}]")));
        if text(&taint["effect"]).is_empty() {
            faults.push(FieldError::required(format!("metadata.taints[{index}].effect"), ""));
        } else if !effects.contains(&text(&taint["effect"])) {
            let field = format!("metadata.taints[{index}].effect");
            faults.push(FieldError::unsupported(field, &taint["effect"], &effects));
        }
    }
    faults.extend(twins(&object["spec"]["taints"]));
    let again = if updated { faults.clone() } else { Vec::new() };
    faults.into_iter().chain(again).collect()
}

fn taint(taint: &Value, at: &str) -> Vec<FieldError> {
    let (key, value) = (text(&taint["key"]), text(&taint["value"]));
    let mut faults = rules::each(&format!("{at}.key"), &key.into(), metadata::key(key));
    faults.extend(rules::each(
        &format!("{at}.value"),
        &value.into(),
        metadata::value(value),
    ));
    faults
}

/// Taints that have the key and the effect of an earlier one.
fn twins(taints: &Value) -> Vec<FieldError> {
    let pair = |taint: &Value| (text(&taint["key"]).to_owned(), text(&taint["effect"]).to_owned());
    let mut seen = std::collections::HashSet::new();
    let mut faults = Vec::new();
    for (index, taint) in list(taints).enumerate() {
        if !seen.insert(pair(taint)) {
            let value = text(&taint["value"]);
            let shown = json!({"Key": taint["key"], "Value": value, "Effect": taint["effect"], "TimeAdded": taint["timeAdded"]});
            let mut fault = FieldError::duplicate(format!("metadata.taints[{index}]"), &shown);
            fault.message += ": taints must be unique by key and effect pair";
            faults.push(fault);
        }
    }
    faults
}

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
    let value = match name {
        "system-node-critical" => 2_000_001_000,
        "system-cluster-critical" => 2_000_000_000,
        _ => return Some(format!("{name} is not a known system priority class")),
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

/// Faults of a limit range: least values above greater ones.
#[must_use]
pub fn limit_range(object: &Value) -> Vec<FieldError> {
    let mut faults = Vec::new();
    for (index, limit) in list(&object["spec"]["limits"]).enumerate() {
        for (resource, least) in limit["min"].as_object().into_iter().flatten() {
            let Some(min) = Quantity::read(text(least)) else {
                continue;
            };
            for (name, word, shows_min) in [
                ("max", "max", true),
                ("defaultRequest", "default request", false),
                ("default", "default", false),
            ] {
                let bound = &limit[name][resource];
                let Some(value) = Quantity::read(text(bound)).filter(|value| min > *value) else {
                    continue;
                };
                let field = if shows_min { "min" } else { name };
                // The default's fault shows the least value, as the server does.
                let shown = if name == "defaultRequest" { bound } else { least };
                let why = format!("min value {min} is greater than {word} value {value}");
                faults.push(FieldError::invalid(
                    format!("spec.limits[{index}].{field}[{resource}]"),
                    shown,
                    why,
                ));
            }
        }
    }
    faults
}
