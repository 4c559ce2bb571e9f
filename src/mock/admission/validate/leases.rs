//! Leases, as `pkg/apis/coordination/validation/validation.go`.

use serde_json::Value;

use super::{metadata, rules, text};
use crate::mock::server::FieldError;

/// Faults of a lease.
#[must_use]
pub fn check(lease: &Value) -> Vec<FieldError> {
    let spec = &lease["spec"];
    let mut faults = Vec::new();
    let duration = &spec["leaseDurationSeconds"];
    if duration.as_i64().is_some_and(|seconds| seconds <= 0) {
        let why = "must be greater than 0";
        faults.push(FieldError::invalid("spec.leaseDurationSeconds", duration, why));
    }
    faults.extend(rules::at_least(&spec["leaseTransitions"], "spec.leaseTransitions", 0));
    let strategy = text(&spec["strategy"]);
    if !spec["strategy"].is_null() && strategy != "OldestEmulationVersion" {
        faults.extend(strategy_faults(strategy));
    }
    if !text(&spec["preferredHolder"]).is_empty() && strategy.is_empty() {
        let why = "may only be specified if `strategy` is defined";
        faults.push(FieldError::forbidden("spec.preferredHolder", why));
    }
    faults
}

/// A strategy of another's is a name with a domain.
fn strategy_faults(strategy: &str) -> Vec<FieldError> {
    // The server names the field twice.
    let field = "spec.strategy.strategy";
    if strategy.contains('/') {
        return rules::each(field, &strategy.into(), metadata::key(strategy));
    }
    vec![FieldError::unsupported(field, &strategy.into(), &["OldestEmulationVersion"])]
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn leases_last() {
        for (spec, said) in [
            (
                json!({"leaseDurationSeconds": 0}),
                "spec.leaseDurationSeconds: Invalid value: 0: must be greater than 0",
            ),
            (
                json!({"leaseTransitions": -1}),
                "spec.leaseTransitions: Invalid value: -1: must be greater than or equal to 0",
            ),
            (
                json!({"preferredHolder": "b"}),
                "spec.preferredHolder: Forbidden: may only be specified if `strategy` is defined",
            ),
        ] {
            let faults = check(&json!({"spec": spec})).into_iter();
            let told: Vec<String> = faults
                .map(|fault| format!("{}: {}", fault.field, fault.message))
                .collect();
            assert_eq!(told, [said]);
        }
        assert!(check(&json!({"spec": {"leaseDurationSeconds": 15}})).is_empty());
    }
}
