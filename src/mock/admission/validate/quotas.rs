//! Quotas: `ValidateResourceQuota` of Kubernetes' `pkg/apis/core/validation/validation.go`.

use std::collections::BTreeSet;

use serde_json::Value;

use super::{list, resource_names, text};
use crate::mock::server::FieldError;

const SCOPES: [&str; 7] = [
    "Terminating",
    "NotTerminating",
    "BestEffort",
    "NotBestEffort",
    "PriorityClass",
    "VolumeAttributesClass",
    "CrossNamespacePodAffinity",
];
/// Scopes that a selector only asks for.
const ASKED: [&str; 5] = [
    "BestEffort",
    "NotBestEffort",
    "Terminating",
    "NotTerminating",
    "CrossNamespacePodAffinity",
];
const COMPUTE: [&str; 6] = [
    "cpu",
    "memory",
    "limits.cpu",
    "limits.memory",
    "requests.cpu",
    "requests.memory",
];

/// Faults of a quota.
#[must_use]
pub fn check(old: Option<&Value>, object: &Value) -> Vec<FieldError> {
    let spec = &object["spec"];
    let mut faults = Vec::new();
    let hard = spec["hard"].as_object();
    for (name, amount) in hard.into_iter().flatten() {
        let field = format!("spec.hard[{name}]");
        faults.extend(resource_names::name(name, &field));
        if !name.contains('/') && !resource_names::is_quota(name) {
            let why = "must be a standard resource for quota";
            faults.push(FieldError::invalid(field.clone(), &name.as_str().into(), why));
        }
        faults.extend(resource_names::amount(name, amount, &field));
    }
    faults.extend(scopes(spec));
    faults.extend(selector(spec));
    let set = |spec: &Value| {
        list(&spec["scopes"])
            .map(|scope| text(scope).to_owned())
            .collect::<BTreeSet<_>>()
    };
    if old.is_some_and(|old| set(&old["spec"]) != set(spec)) {
        faults.push(FieldError::invalid(
            "spec.scopes",
            &spec["scopes"],
            "field is immutable",
        ));
    }
    faults
}

/// Whether what is counted exists in the scope: `IsResourceQuotaScopeValidForResource`.
fn counts(scope: &str, resource: &str) -> bool {
    match scope {
        "BestEffort" => resource == "pods",
        "VolumeAttributesClass" => matches!(resource, "persistentvolumeclaims" | "requests.storage"),
        _ if SCOPES.contains(&scope) => resource == "pods" || COMPUTE.contains(&resource),
        _ => true,
    }
}

/// The counted resources that a scope has nothing to do with.
fn strangers<'a>(spec: &'a Value, scope: &'a str) -> impl Iterator<Item = ()> + 'a {
    let hard = spec["hard"].as_object().into_iter().flatten();
    hard.filter(move |(name, _)| resource_names::is_quota(name) && !counts(scope, name))
        .map(|_| ())
}

/// Scopes of which no object is in both.
fn conflicts(scopes: &[&str], shown: &Value, field: &str) -> Vec<FieldError> {
    let pairs = [["BestEffort", "NotBestEffort"], ["NotTerminating", "Terminating"]];
    pairs
        .iter()
        .filter(|pair| pair.iter().all(|scope| scopes.contains(scope)))
        .map(|_| FieldError::invalid(field, shown, "conflicting scopes"))
        .collect()
}

fn scopes(spec: &Value) -> Vec<FieldError> {
    let (field, shown) = ("spec.scopes", &spec["scopes"]);
    let given: Vec<&str> = list(shown).map(text).collect();
    let mut faults = Vec::new();
    for scope in &given {
        if !SCOPES.contains(scope) {
            faults.push(FieldError::invalid(field, shown, "unsupported scope"));
        }
        let why = "unsupported scope applied to resource";
        faults.extend(strangers(spec, scope).map(|()| FieldError::invalid(field, shown, why)));
    }
    faults.extend(conflicts(&given, shown, field));
    faults
}

fn selector(spec: &Value) -> Vec<FieldError> {
    let field = "spec.scopeSelector.matchExpressions";
    let selector = &spec["scopeSelector"];
    let mut faults = Vec::new();
    let mut given = Vec::new();
    for expression in list(&selector["matchExpressions"]) {
        let scope = text(&expression["scopeName"]);
        given.push(scope);
        if !SCOPES.contains(&scope) {
            let field = format!("{field}.scopeName");
            faults.push(FieldError::invalid(field, &scope.into(), "unsupported scope"));
        }
        let why = "unsupported scope applied to resource";
        let shown = go_selector(selector);
        faults.extend(strangers(spec, scope).map(|()| FieldError::invalid(field, &shown, why)));
        faults.extend(expression_faults(expression, scope, field));
    }
    faults.extend(conflicts(&given, &spec["scopes"], field));
    faults
}

fn expression_faults(expression: &Value, scope: &str, field: &str) -> Vec<FieldError> {
    let operator = Value::from(text(&expression["operator"]));
    let values = list(&expression["values"]).count();
    let mut faults = Vec::new();
    if ASKED.contains(&scope) && operator != "Exists" {
        let why = "must be 'Exists' when scope is any of ResourceQuotaScopeTerminating, ResourceQuotaScopeNotTerminating, \
            ResourceQuotaScopeBestEffort, ResourceQuotaScopeNotBestEffort or ResourceQuotaScopeCrossNamespacePodAffinity";
        faults.push(FieldError::invalid(format!("{field}.operator"), &operator, why));
    }
    match text(&operator) {
        "In" | "NotIn" if values == 0 => {
            let why = "must be at least one value when `operator` is 'In' or 'NotIn' for scope selector";
            faults.push(FieldError::required(format!("{field}.values"), why));
        }
        "Exists" | "DoesNotExist" if values > 0 => {
            let why = "must be no value when `operator` is 'Exist' or 'DoesNotExist' for scope selector";
            faults.push(FieldError::invalid(
                format!("{field}.values"),
                &expression["values"],
                why,
            ));
        }
        "In" | "NotIn" | "Exists" | "DoesNotExist" => {}
        _ => {
            let why = "not a valid selector operator";
            faults.push(FieldError::invalid(format!("{field}.operator"), &operator, why));
        }
    }
    faults
}

/// A selector of scopes, as Go shows its internal type.
fn go_selector(selector: &Value) -> Value {
    let shown = |one: &Value| serde_json::json!({"ScopeName": one["scopeName"], "Operator": one["operator"], "Values": one["values"]});
    serde_json::json!({"MatchExpressions": list(&selector["matchExpressions"]).map(shown).collect::<Vec<_>>()})
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::joined;
    use super::*;

    #[test]
    fn quotas_count_what_there_is() {
        let told = |spec: Value| joined(check(None, &json!({"spec": spec})));
        for (spec, said) in [
            (
                json!({"hard": {"pods": "10", "count/deployments.apps": "1", "requests.storage": "5Gi"}}),
                "",
            ),
            (
                json!({"hard": {"foo": "1"}}),
                "spec.hard[foo]: Invalid value: \"foo\": must be a standard resource type or fully qualified; \
                spec.hard[foo]: Invalid value: \"foo\": must be a standard resource for quota",
            ),
            (
                json!({"hard": {"pods": "-1"}}),
                "spec.hard[pods]: Invalid value: \"-1\": must be greater than or equal to 0",
            ),
            (
                json!({"scopes": ["Foo"]}),
                "spec.scopes: Invalid value: [\"Foo\"]: unsupported scope",
            ),
            (
                json!({"hard": {"cpu": "2", "pods": "1"}, "scopes": ["BestEffort", "NotBestEffort"]}),
                "spec.scopes: Invalid value: [\"BestEffort\",\"NotBestEffort\"]: unsupported scope applied to resource; \
                spec.scopes: Invalid value: [\"BestEffort\",\"NotBestEffort\"]: conflicting scopes",
            ),
            (
                json!({"scopeSelector": {"matchExpressions": [{"scopeName": "PriorityClass", "operator": "In"}]}}),
                "spec.scopeSelector.matchExpressions.values: Required value: must be at least one value when `operator` is \
                'In' or 'NotIn' for scope selector",
            ),
        ] {
            assert_eq!(told(spec), said);
        }
    }
}
