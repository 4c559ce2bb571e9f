//! What a service keeps: `ValidateServiceUpdate` of Kubernetes' `pkg/apis/core/validation/validation.go`.

use serde_json::Value;

use super::{list, text};
use crate::mock::admission::services::{is_headless, needs_health_check};
use crate::mock::server::FieldError;

const FIXED: &str = "may not change once set";

/// Faults of a change of a service's spec.
#[must_use]
pub fn faults(old: &Value, new: &Value) -> Vec<FieldError> {
    let mut faults = Vec::new();
    if ![old, new].iter().any(|spec| text(&spec["type"]) == "ExternalName") {
        faults.extend(addresses(old, new));
        faults.extend(families(old, new));
    }
    let balanced = |spec: &Value| text(&spec["type"]) == "LoadBalancer";
    if balanced(old) && balanced(new) && old["loadBalancerClass"] != new["loadBalancerClass"] {
        let field = "spec.loadBalancerClass";
        faults.push(FieldError::invalid(field, &new["loadBalancerClass"], FIXED));
    }
    if !balanced(new) && !new["loadBalancerClass"].is_null() {
        let why = "may only be used when `type` is 'LoadBalancer'";
        faults.push(FieldError::forbidden("spec.loadBalancerClass", why));
    }
    let checked = needs_health_check(old) && needs_health_check(new);
    if checked && old["healthCheckNodePort"] != new["healthCheckNodePort"] {
        faults.push(FieldError::forbidden("spec.healthCheckNodePort", "field is immutable"));
    }
    faults
}

/// The first address stays; a second one comes and goes.
fn addresses(old: &Value, new: &Value) -> Vec<FieldError> {
    if is_headless(old) && is_headless(new) {
        return Vec::new();
    }
    let (before, now): (Vec<&Value>, Vec<&Value>) =
        (list(&old["clusterIPs"]).collect(), list(&new["clusterIPs"]).collect());
    let invalid =
        |index: usize, why: &str| FieldError::invalid(format!("spec.clusterIPs[{index}]"), &new["clusterIPs"], why);
    if before.len() == now.len() {
        let changed = before.iter().zip(&now).enumerate().filter(|(_, (old, new))| old != new);
        return changed.map(|(index, _)| invalid(index, FIXED)).collect();
    }
    if now.is_empty() {
        return vec![invalid(0, "primary clusterIP can not be unset")];
    }
    let mut faults = Vec::new();
    if before.first().is_some_and(|first| now.first() != Some(first)) {
        faults.push(invalid(0, FIXED));
    }
    if before.len() > now.len() && now.len() == 1 && text(&new["ipFamilyPolicy"]) != "SingleStack" {
        let why = "must be set to 'SingleStack' when releasing the secondary clusterIP";
        faults.push(FieldError::invalid("spec.ipFamilyPolicy", &new["ipFamilyPolicy"], why));
    }
    faults
}

/// The first family stays with the first address.
fn families(old: &Value, new: &Value) -> Vec<FieldError> {
    if is_headless(old) || is_headless(new) {
        return Vec::new();
    }
    let (before, now): (Vec<&Value>, Vec<&Value>) =
        (list(&old["ipFamilies"]).collect(), list(&new["ipFamilies"]).collect());
    let invalid = |shown: &Value| FieldError::invalid("spec.ipFamilies[0]", shown, FIXED);
    if before.len() == now.len() {
        let changed = before.iter().zip(&now).filter(|(old, new)| old != new);
        return changed.map(|_| invalid(&new["ipFamilies"])).collect();
    }
    match (before.first(), now.first()) {
        (Some(old), Some(first)) if old != first => vec![invalid(&new["clusterIPs"])],
        _ => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_service_keeps_its_address() {
        let of = |address: &str| json!({"type": "ClusterIP", "clusterIP": address, "clusterIPs": [address]});
        let told = |old: &Value, new: &Value| {
            let faults = faults(old, new);
            faults.first().map(ToString::to_string).unwrap_or_default()
        };
        assert_eq!(told(&of("10.96.1.1"), &of("10.96.1.1")), "");
        assert_eq!(
            told(&of("10.96.1.1"), &of("10.96.9.9")),
            "spec.clusterIPs[0]: Invalid value: [\"10.96.9.9\"]: may not change once set"
        );
        assert_eq!(
            told(&of("10.96.1.1"), &of("None")),
            "spec.clusterIPs[0]: Invalid value: [\"None\"]: may not change once set"
        );
        assert_eq!(told(&of("10.96.1.1"), &json!({"type": "ExternalName"})), "");
    }
}
