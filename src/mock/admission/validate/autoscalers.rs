//! Autoscalers, as `pkg/apis/autoscaling/validation/validation.go`.

use serde_json::Value;

use super::{list, metadata, metrics, rules, text};
use crate::mock::admission::quantity::Quantity;
use crate::mock::server::FieldError;

/// Faults of an autoscaler. What an old one had wrong in its references, it may keep.
#[must_use]
pub fn check(old: Option<&Value>, object: &Value) -> Vec<FieldError> {
    let spec = &object["spec"];
    let least = spec["minReplicas"].as_i64();
    let lowest = i64::from(old.is_none_or(|old| old["spec"]["minReplicas"] != 0));
    let mut faults = Vec::new();
    faults.extend(rules::at_least(&spec["minReplicas"], "spec.minReplicas", lowest));
    let (field, most) = ("spec.maxReplicas", spec["maxReplicas"].as_i64().unwrap_or_default());
    if most == 0 {
        faults.push(FieldError::required(field, "must be set and greater than 0"));
    }
    faults.extend(rules::at_least(&most.into(), field, i64::from(most < 0)));
    if least.is_some_and(|least| most < least) {
        let why = "must be greater than or equal to `minReplicas`";
        faults.push(FieldError::invalid(field, &most.into(), why));
    }
    let target = &spec["scaleTargetRef"];
    let same = |name: &str| old.is_some_and(|old| old["spec"]["scaleTargetRef"][name] == target[name]);
    let group = if same("kind") && same("apiVersion") {
        Group::Any
    } else if target["kind"] == "ReplicationController" {
        Group::Core
    } else {
        Group::Named
    };
    faults.extend(reference(target, "spec.scaleTargetRef", group));
    let was_wrong = old.is_some_and(|old| metrics::wrong_versions(&old["spec"]["metrics"]));
    let group = if was_wrong { Group::Any } else { Group::Core };
    faults.extend(metrics::check(&spec["metrics"], least, group));
    for direction in ["scaleUp", "scaleDown"] {
        let given = &spec["behavior"][direction];
        if given.is_object() {
            faults.extend(scaling(given, &format!("spec.behavior.{direction}")));
        }
    }
    faults
}

/// What the group of a reference may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Group {
    /// Whatever is written.
    Any,
    /// The core group too, which has no name.
    Core,
    /// One with a name.
    Named,
}

/// Faults of what is scaled or measured.
pub fn reference(reference: &Value, at: &str, group: Group) -> Vec<FieldError> {
    let mut faults = Vec::new();
    for name in ["kind", "name"] {
        let (field, given) = (format!("{at}.{name}"), text(&reference[name]));
        if given.is_empty() {
            faults.push(FieldError::required(field, ""));
        } else {
            faults.extend(rules::each(&field, &given.into(), metadata::path_segment(given)));
        }
    }
    let version = text(&reference["apiVersion"]);
    if let Some(why) = wrong_version(version, group) {
        faults.push(FieldError::invalid(format!("{at}.apiVersion"), &version.into(), why));
    }
    faults
}

/// What is wrong with the group and version of a reference.
pub fn wrong_version(version: &str, group: Group) -> Option<String> {
    let parts = version.matches('/').count();
    if group != Group::Any && parts > 1 {
        return Some(format!("unexpected GroupVersion string: {version}"));
    }
    let unnamed = parts == 0 || version.starts_with('/');
    (group == Group::Named && unnamed).then(|| "apiVersion must specify API group".to_owned())
}

fn scaling(rules: &Value, at: &str) -> Vec<FieldError> {
    let mut faults = Vec::new();
    let (window, field) = (
        &rules["stabilizationWindowSeconds"],
        format!("{at}.stabilizationWindowSeconds"),
    );
    if window.as_i64().is_some_and(|seconds| seconds < 0) {
        let why = "must be greater than or equal to zero";
        faults.push(FieldError::invalid(field.clone(), window, why));
    }
    if window.as_i64().is_some_and(|seconds| seconds > 3600) {
        faults.push(FieldError::invalid(field, window, "must be less than or equal to 3600"));
    }
    let choices = ["Disabled", "Max", "Min"];
    faults.extend(rules::one_of(
        &rules["selectPolicy"],
        format!("{at}.selectPolicy"),
        &choices,
    ));
    if list(&rules["policies"]).next().is_none() {
        let why = "must specify at least one Policy";
        faults.push(FieldError::required(format!("{at}.policies"), why));
    }
    for (index, policy) in list(&rules["policies"]).enumerate() {
        faults.extend(self::policy(policy, &format!("{at}.policies[{index}]")));
    }
    let tolerance = &rules["tolerance"];
    if Quantity::from_value(tolerance).is_some_and(|given| given < Quantity::default()) {
        let why = "must be greater than or equal to 0";
        faults.push(FieldError::invalid(format!("{at}.tolerance"), tolerance, why));
    }
    faults
}

fn policy(policy: &Value, at: &str) -> Vec<FieldError> {
    let kind = Value::from(text(&policy["type"]));
    let mut faults: Vec<FieldError> = rules::one_of(&kind, format!("{at}.type"), &["Percent", "Pods"])
        .into_iter()
        .collect();
    for name in ["value", "periodSeconds"] {
        let given = policy[name].as_i64().unwrap_or_default();
        if given <= 0 {
            let why = "must be greater than zero";
            faults.push(FieldError::invalid(format!("{at}.{name}"), &given.into(), why));
        }
    }
    let period = &policy["periodSeconds"];
    if period.as_i64().is_some_and(|seconds| seconds > 1800) {
        let why = "must be less than or equal to 1800";
        faults.push(FieldError::invalid(format!("{at}.periodSeconds"), period, why));
    }
    faults
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn told(change: &[(&str, Value)]) -> Vec<String> {
        let target = json!({"apiVersion": "apps/v1", "kind": "Deployment", "name": "x"});
        let mut spec = json!({"scaleTargetRef": target, "minReplicas": 1, "maxReplicas": 5});
        for (name, value) in change {
            spec[*name] = value.clone();
        }
        super::super::told(check(None, &json!({"spec": spec})))
    }

    #[test]
    fn autoscalers_are_told_what_is_wrong() {
        assert_eq!(told(&[]), Vec::<String>::new());
        assert_eq!(
            told(&[("maxReplicas", json!(0))]),
            [
                "spec.maxReplicas: Required value: must be set and greater than 0",
                "spec.maxReplicas: Invalid value: 0: must be greater than or equal to `minReplicas`"
            ]
        );
        assert_eq!(
            told(&[("maxReplicas", json!(-1))])[0],
            "spec.maxReplicas: Invalid value: -1: must be greater than or equal to 1"
        );
        assert_eq!(
            told(&[("minReplicas", json!(0))]),
            [
                "spec.minReplicas: Invalid value: 0: must be greater than or equal to 1",
                "spec.metrics: Forbidden: must specify at least one Object or External metric to support scaling to zero replicas"
            ]
        );
        assert_eq!(
            told(&[("scaleTargetRef", json!({"kind": "D/x"}))]),
            [
                "spec.scaleTargetRef.kind: Invalid value: \"D/x\": may not contain '/'",
                "spec.scaleTargetRef.name: Required value",
                "spec.scaleTargetRef.apiVersion: Invalid value: \"\": apiVersion must specify API group"
            ]
        );
    }

    #[test]
    fn scaling_has_policies() {
        let up = json!({"scaleUp": {"selectPolicy": "Foo", "policies": [{"type": "Foo", "value": 0, "periodSeconds": 1900}]}});
        assert_eq!(
            told(&[("behavior", up)]),
            [
                "spec.behavior.scaleUp.selectPolicy: Unsupported value: \"Foo\": supported values: \"Disabled\", \"Max\", \"Min\"",
                "spec.behavior.scaleUp.policies[0].type: Unsupported value: \"Foo\": supported values: \"Percent\", \"Pods\"",
                "spec.behavior.scaleUp.policies[0].value: Invalid value: 0: must be greater than zero",
                "spec.behavior.scaleUp.policies[0].periodSeconds: Invalid value: 1900: must be less than or equal to 1800"
            ]
        );
        let down = json!({"scaleDown": {"stabilizationWindowSeconds": 5000, "policies": []}});
        assert_eq!(
            told(&[("behavior", down)]),
            [
                "spec.behavior.scaleDown.stabilizationWindowSeconds: Invalid value: 5000: must be less than or equal to 3600",
                "spec.behavior.scaleDown.policies: Required value: must specify at least one Policy"
            ]
        );
    }
}
