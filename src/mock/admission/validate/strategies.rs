//! How workloads replace their pods.

use serde_json::{Value, json};

use super::{rules, text};
use crate::mock::server::FieldError;

/// Faults of how a workload of a kind replaces its pods, and of its counts.
pub fn check(kind: &str, spec: &Value) -> Vec<FieldError> {
    match kind {
        "Deployment" => deployment(spec),
        "DaemonSet" => daemon_set(&spec["updateStrategy"]),
        "StatefulSet" => stateful_set(spec),
        _ => Vec::new(),
    }
}

/// A strategy of an unknown kind, as Go prints its struct.
fn shown(strategy: &Value) -> Value {
    json!({"Type": strategy["type"], "RollingUpdate": null})
}

fn is_zero(value: &Value) -> bool {
    value == 0 || text(value) == "0%"
}

fn deployment(spec: &Value) -> Vec<FieldError> {
    let (strategy, rolling) = (&spec["strategy"], &spec["strategy"]["rollingUpdate"]);
    let mut faults = Vec::new();
    match text(&strategy["type"]) {
        "Recreate" if rolling.is_object() => faults.push(FieldError::forbidden(
            "spec.strategy.rollingUpdate",
            "may not be specified when strategy `type` is 'Recreate'",
        )),
        "RollingUpdate" if rolling.is_object() => {
            let at = "spec.strategy.rollingUpdate";
            faults.extend(rules::count_or_share(
                &rolling["maxUnavailable"],
                &format!("{at}.maxUnavailable"),
                true,
            ));
            faults.extend(rules::count_or_share(
                &rolling["maxSurge"],
                &format!("{at}.maxSurge"),
                false,
            ));
            if is_zero(&rolling["maxUnavailable"]) && is_zero(&rolling["maxSurge"]) {
                faults.push(FieldError::invalid(
                    format!("{at}.maxUnavailable"),
                    &rolling["maxUnavailable"],
                    "may not be 0 when `maxSurge` is 0",
                ));
            }
        }
        "Recreate" | "RollingUpdate" => {}
        _ => faults.push(FieldError::unsupported(
            "spec.strategy",
            &shown(strategy),
            &["Recreate", "RollingUpdate"],
        )),
    }
    faults.extend(deadline(spec));
    faults
}

fn deadline(spec: &Value) -> Vec<FieldError> {
    let field = "spec.progressDeadlineSeconds";
    let deadline = &spec["progressDeadlineSeconds"];
    let mut faults: Vec<FieldError> = rules::at_least(deadline, field, 0).into_iter().collect();
    let ready = spec["minReadySeconds"].as_i64().unwrap_or_default();
    if deadline.as_i64().is_some_and(|seconds| seconds <= ready) {
        faults.push(FieldError::invalid(
            field,
            deadline,
            "must be greater than minReadySeconds",
        ));
    }
    faults
}

fn daemon_set(strategy: &Value) -> Vec<FieldError> {
    let (rolling, at) = (&strategy["rollingUpdate"], "spec.updateStrategy.rollingUpdate");
    let mut faults = Vec::new();
    match text(&strategy["type"]) {
        "OnDelete" => {}
        "RollingUpdate" => {
            let (away, surge) = (&rolling["maxUnavailable"], &rolling["maxSurge"]);
            faults.extend(rules::count_or_share(away, &format!("{at}.maxUnavailable"), true));
            faults.extend(rules::count_or_share(surge, &format!("{at}.maxSurge"), true));
            let field = format!("{at}.maxSurge");
            match (is_zero(away) || away.is_null(), is_zero(surge) || surge.is_null()) {
                (false, false) => faults.push(FieldError::invalid(
                    field,
                    surge,
                    "may not be set when maxUnavailable is non-zero",
                )),
                (true, true) => faults.push(FieldError::required(
                    format!("{at}.maxUnavailable"),
                    "cannot be 0 when maxSurge is 0",
                )),
                _ => {}
            }
        }
        _ => faults.push(FieldError::unsupported(
            "spec.updateStrategy",
            &shown(strategy),
            &["RollingUpdate", "OnDelete"],
        )),
    }
    faults
}

fn stateful_set(spec: &Value) -> Vec<FieldError> {
    let strategy = &spec["updateStrategy"];
    let mut faults = Vec::new();
    if !matches!(text(&spec["podManagementPolicy"]), "OrderedReady" | "Parallel") {
        faults.push(FieldError::invalid(
            "spec.podManagementPolicy",
            &spec["podManagementPolicy"],
            "must be 'OrderedReady' or 'Parallel'",
        ));
    }
    match text(&strategy["type"]) {
        "OnDelete" => {}
        "RollingUpdate" => faults.extend(rules::at_least(
            &strategy["rollingUpdate"]["partition"],
            "spec.updateStrategy.rollingUpdate.partition",
            0,
        )),
        _ => faults.push(FieldError::invalid(
            "spec.updateStrategy",
            &shown(strategy),
            "must be 'RollingUpdate' or 'OnDelete'",
        )),
    }
    let kept = &spec["persistentVolumeClaimRetentionPolicy"];
    for name in ["whenDeleted", "whenScaled"] {
        let field = format!("spec.persistentVolumeClaimRetentionPolicy.{name}");
        faults.extend(rules::one_of(&kept[name], field, &["Retain", "Delete"]));
    }
    faults
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strategies_can_make_progress() {
        for (kind, spec, said) in [
            (
                "Deployment",
                json!({"strategy": {"type": "Foo"}}),
                "spec.strategy: Unsupported value: {\"Type\":\"Foo\",\"RollingUpdate\":null}: supported values: \
                    \"Recreate\", \"RollingUpdate\"",
            ),
            (
                "Deployment",
                json!({"strategy": {"type": "RollingUpdate", "rollingUpdate": {"maxSurge": 0, "maxUnavailable": 0}}}),
                "spec.strategy.rollingUpdate.maxUnavailable: Invalid value: 0: may not be 0 when `maxSurge` is 0",
            ),
            (
                "Deployment",
                json!({"strategy": {"type": "Recreate", "rollingUpdate": {}}}),
                "spec.strategy.rollingUpdate: Forbidden: may not be specified when strategy `type` is 'Recreate'",
            ),
            (
                "Deployment",
                json!({"strategy": {"type": "Recreate"}, "progressDeadlineSeconds": 600, "minReadySeconds": 700}),
                "spec.progressDeadlineSeconds: Invalid value: 600: must be greater than minReadySeconds",
            ),
            (
                "DaemonSet",
                json!({"updateStrategy": {"type": "RollingUpdate", "rollingUpdate": {"maxSurge": 1, "maxUnavailable": 1}}}),
                "spec.updateStrategy.rollingUpdate.maxSurge: Invalid value: 1: may not be set when maxUnavailable is non-zero",
            ),
            (
                "StatefulSet",
                json!({"podManagementPolicy": "Foo", "updateStrategy": {"type": "OnDelete"}}),
                "spec.podManagementPolicy: Invalid value: \"Foo\": must be 'OrderedReady' or 'Parallel'",
            ),
        ] {
            let faults = check(kind, &spec).into_iter();
            let told: Vec<String> = faults
                .map(|fault| format!("{}: {}", fault.field, fault.message))
                .collect();
            assert_eq!(told, [said]);
        }
    }
}
