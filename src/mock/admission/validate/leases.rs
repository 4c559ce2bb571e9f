//! Leases, as `pkg/apis/coordination/validation/validation.go`.

use serde_json::Value;

use super::rules;
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
    faults
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::told;
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
        ] {
            let told = told(check(&json!({"spec": spec})));
            assert_eq!(told, [said]);
        }
        assert!(check(&json!({"spec": {"leaseDurationSeconds": 15}})).is_empty());
    }
}
