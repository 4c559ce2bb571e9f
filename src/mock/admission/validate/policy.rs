//! Nodes and limits.

use serde_json::Value;

use super::{list, text};
use crate::mock::admission::quantity::Quantity;
use crate::mock::server::FieldError;

/// Faults of a node. An update tells faults of taints twice, for it checks the node as a new one and as a changed one.
#[must_use]
pub fn node(updated: bool, object: &Value) -> Vec<FieldError> {
    let effects = ["NoSchedule", "PreferNoSchedule", "NoExecute"];
    let mut faults = Vec::new();
    for (index, taint) in list(&object["spec"]["taints"]).enumerate() {
        if !effects.contains(&text(&taint["effect"])) {
            let field = format!("metadata.taints[{index}].effect");
            faults.push(FieldError::unsupported(field, &taint["effect"], &effects));
        }
    }
    let again = if updated { faults.clone() } else { Vec::new() };
    faults.into_iter().chain(again).collect()
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
