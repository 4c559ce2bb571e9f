//! How workloads replace their pods.

use serde_json::Value;

use super::{rules, text};
use crate::mock::kinds::go_types;
use crate::mock::server::FieldError;

fn is_zero(value: &Value) -> bool {
    match value.as_str() {
        // What is no number counts as none, as `getIntOrPercentValue`.
        Some(share) => share.strip_suffix('%').unwrap_or(share).parse().unwrap_or(0) == 0,
        None => value == 0,
    }
}

/// Faults of a deployment's strategy.
pub fn deployment(strategy: &Value) -> Vec<FieldError> {
    let rolling = &strategy["rollingUpdate"];
    let mut faults = Vec::new();
    match text(&strategy["type"]) {
        "Recreate" if rolling.is_object() => faults.push(FieldError::forbidden(
            "spec.strategy.rollingUpdate",
            "may not be specified when strategy `type` is 'Recreate'",
        )),
        "RollingUpdate" if rolling.is_object() => {
            let at = "spec.strategy.rollingUpdate";
            let (away, surge) = (&rolling["maxUnavailable"], &rolling["maxSurge"]);
            faults.extend(rules::count_or_share(away, &format!("{at}.maxUnavailable"), false));
            faults.extend(rules::count_or_share(surge, &format!("{at}.maxSurge"), false));
            if is_zero(away) && is_zero(surge) {
                faults.push(FieldError::invalid(
                    format!("{at}.maxUnavailable"),
                    away,
                    "may not be 0 when `maxSurge` is 0",
                ));
            }
            faults.extend(rules::whole_at_most(away, &format!("{at}.maxUnavailable")));
        }
        "Recreate" | "RollingUpdate" => {}
        _ => faults.push(FieldError::unsupported(
            "spec.strategy",
            &go_types::shown("DeploymentStrategy", strategy),
            &["Recreate", "RollingUpdate"],
        )),
    }
    faults
}

/// Faults of how long a deployment may take.
pub fn deadline(spec: &Value) -> Vec<FieldError> {
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

/// Faults of a daemon set's strategy.
pub fn daemon_set(strategy: &Value) -> Vec<FieldError> {
    let (rolling, at) = (&strategy["rollingUpdate"], "spec.updateStrategy.rollingUpdate");
    let mut faults = Vec::new();
    match text(&strategy["type"]) {
        "OnDelete" => {}
        "RollingUpdate" => {
            let (away, surge) = (&rolling["maxUnavailable"], &rolling["maxSurge"]);
            faults.extend(rules::count_or_share(away, &format!("{at}.maxUnavailable"), false));
            faults.extend(rules::count_or_share(surge, &format!("{at}.maxSurge"), false));
            faults.extend(rules::whole_at_most(away, &format!("{at}.maxUnavailable")));
            faults.extend(rules::whole_at_most(surge, &format!("{at}.maxSurge")));
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
            &go_types::shown("DaemonSetUpdateStrategy", strategy),
            &["RollingUpdate", "OnDelete"],
        )),
    }
    faults
}

/// Faults of how a stateful set makes and replaces its pods and keeps their claims.
pub fn stateful_set(spec: &Value) -> Vec<FieldError> {
    let strategy = &spec["updateStrategy"];
    let mut faults = Vec::new();
    if !matches!(text(&spec["podManagementPolicy"]), "OrderedReady" | "Parallel") {
        faults.push(FieldError::invalid(
            "spec.podManagementPolicy",
            &spec["podManagementPolicy"],
            "must be 'OrderedReady' or 'Parallel'",
        ));
    }
    let shown = || go_types::shown("StatefulSetUpdateStrategy", strategy);
    match text(&strategy["type"]) {
        "OnDelete" if strategy["rollingUpdate"].is_object() => faults.push(FieldError::invalid(
            "spec.updateStrategy.rollingUpdate",
            &shown()["RollingUpdate"],
            "only allowed for updateStrategy 'RollingUpdate'",
        )),
        "OnDelete" => {}
        "RollingUpdate" => faults.extend(rules::at_least(
            &strategy["rollingUpdate"]["partition"],
            "spec.updateStrategy.rollingUpdate.partition",
            0,
        )),
        _ => faults.push(FieldError::invalid(
            "spec.updateStrategy",
            &shown(),
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
    use serde_json::json;

    use super::super::told;
    use super::*;

    #[test]
    fn strategies_can_make_progress() {
        type Rule = fn(&Value) -> Vec<FieldError>;
        for (rule, given, said) in [
            (
                deployment as Rule,
                json!({"type": "Foo"}),
                "spec.strategy: Unsupported value: {\"Type\":\"Foo\",\"RollingUpdate\":null}: supported values: \
                    \"Recreate\", \"RollingUpdate\"",
            ),
            (
                deployment,
                json!({"type": "RollingUpdate", "rollingUpdate": {"maxSurge": 0, "maxUnavailable": 0}}),
                "spec.strategy.rollingUpdate.maxUnavailable: Invalid value: 0: may not be 0 when `maxSurge` is 0",
            ),
            (
                deployment,
                json!({"type": "RollingUpdate", "rollingUpdate": {"maxSurge": 1, "maxUnavailable": "150%"}}),
                "spec.strategy.rollingUpdate.maxUnavailable: Invalid value: \"150%\": must not be greater than 100%",
            ),
            (
                deployment,
                json!({"type": "Recreate", "rollingUpdate": {}}),
                "spec.strategy.rollingUpdate: Forbidden: may not be specified when strategy `type` is 'Recreate'",
            ),
            (
                deadline,
                json!({"progressDeadlineSeconds": 600, "minReadySeconds": 700}),
                "spec.progressDeadlineSeconds: Invalid value: 600: must be greater than minReadySeconds",
            ),
            (
                daemon_set,
                json!({"type": "RollingUpdate", "rollingUpdate": {"maxSurge": 1, "maxUnavailable": 1}}),
                "spec.updateStrategy.rollingUpdate.maxSurge: Invalid value: 1: may not be set when maxUnavailable is non-zero",
            ),
            (
                stateful_set,
                json!({"podManagementPolicy": "Foo", "updateStrategy": {"type": "OnDelete"}}),
                "spec.podManagementPolicy: Invalid value: \"Foo\": must be 'OrderedReady' or 'Parallel'",
            ),
            (
                stateful_set,
                json!({"podManagementPolicy": "Parallel", "updateStrategy": {"type": "OnDelete", "rollingUpdate": {"partition": 1}}}),
                "spec.updateStrategy.rollingUpdate: Invalid value: {\"Partition\":1,\"MaxUnavailable\":null}: only allowed for \
                    updateStrategy 'RollingUpdate'",
            ),
        ] {
            let told = told(rule(&given));
            assert_eq!(told, [said]);
        }
    }
}
