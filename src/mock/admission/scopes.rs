//! Which objects a quota counts: all, or the pods of its scopes. As `pkg/quota/v1/evaluator/core/pods.go` of Kubernetes.

use serde_json::Value;

use super::pods::quality;
use crate::mock::values::list;

/// Whether a quota with that spec counts an object of that table.
#[must_use]
pub fn counts(spec: &Value, table: &str, object: &Value) -> bool {
    let plain = list(&spec["scopes"]).map(|scope| (scope.as_str().unwrap_or_default(), "Exists", Vec::new()));
    let selected = list(&spec["scopeSelector"]["matchExpressions"]).map(|expression| {
        let values = list(&expression["values"]).filter_map(Value::as_str).collect();
        let text = |name: &str| expression[name].as_str().unwrap_or_default();
        (text("scopeName"), text("operator"), values)
    });
    let scopes: Vec<(&str, &str, Vec<&str>)> = plain.chain(selected).collect();
    // Only pods are in scopes.
    scopes.is_empty()
        || table == "pods"
            && scopes
                .iter()
                .all(|(scope, operator, values)| holds(scope, operator, values, object))
}

fn holds(scope: &str, operator: &str, values: &[&str], pod: &Value) -> bool {
    let spec = &pod["spec"];
    match scope {
        "Terminating" => !spec["activeDeadlineSeconds"].is_null(),
        "NotTerminating" => spec["activeDeadlineSeconds"].is_null(),
        "BestEffort" => quality(spec) == "BestEffort",
        "NotBestEffort" => quality(spec) != "BestEffort",
        "PriorityClass" => {
            let name = spec["priorityClassName"].as_str().unwrap_or_default();
            match operator {
                "Exists" => !name.is_empty(),
                "DoesNotExist" => name.is_empty(),
                "In" => values.contains(&name),
                "NotIn" => !values.contains(&name),
                _ => false,
            }
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn pods_are_in_scopes() {
        let quiet = json!({"spec": {"containers": [{"name": "c"}], "priorityClassName": "high"}});
        let loud = json!({"spec": {"containers": [{"name": "c", "resources": {"requests": {"cpu": "1"}}}], "activeDeadlineSeconds": 5}});
        let selector = |operator: &str, values: &[&str]| {
            json!({"scopeSelector": {"matchExpressions": [
            {"scopeName": "PriorityClass", "operator": operator, "values": values}]}})
        };
        for (spec, of_quiet, of_loud) in [
            (json!({}), true, true),
            (json!({"scopes": ["BestEffort"]}), true, false),
            (json!({"scopes": ["NotBestEffort", "Terminating"]}), false, true),
            (json!({"scopes": ["NotTerminating"]}), true, false),
            (selector("In", &["high"]), true, false),
            (selector("NotIn", &["high"]), false, true),
        ] {
            assert_eq!(
                (counts(&spec, "pods", &quiet), counts(&spec, "pods", &loud)),
                (of_quiet, of_loud),
                "{spec}"
            );
        }
        assert!(!counts(&json!({"scopes": ["BestEffort"]}), "services", &json!({})));
    }
}
