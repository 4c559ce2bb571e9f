//! Classes of ingresses and of container runtimes.

use serde_json::Value;

use super::{ingresses, metadata, resource_names, rules, text};
use crate::mock::server::FieldError;

/// Faults of a class of ingresses, whose controller stays: `ValidateIngressClass`.
#[must_use]
pub fn ingress(old: Option<&Value>, object: &Value) -> Vec<FieldError> {
    let controller = &Value::from(text(&object["spec"]["controller"]));
    let field = "spec.controller";
    let mut faults = Vec::new();
    if let Some(old) = old {
        faults.extend(rules::immutable(&old["spec"]["controller"], controller, field));
    }
    if text(controller).len() > 250 {
        faults.push(FieldError::too_long(field, 250));
    }
    faults.extend(rules::domain_prefixed_path(text(controller), field));
    let parameters = &object["spec"]["parameters"];
    if parameters.is_object() {
        faults.extend(ingresses::resource(parameters, "spec.parameters"));
        faults.extend(scope(parameters, "spec.parameters"));
    }
    faults
}

fn scope(parameters: &Value, at: &str) -> Vec<FieldError> {
    let (field, namespace) = (format!("{at}.namespace"), &parameters["namespace"]);
    match (text(&parameters["scope"]), namespace.as_str()) {
        ("Namespace", None) => vec![FieldError::required(field, "`parameters.scope` is set to 'Namespace'")],
        ("Namespace", Some(name)) => rules::each(&field, namespace, metadata::label(name)),
        ("Cluster", Some(_)) => vec![FieldError::forbidden(field, "`parameters.scope` is set to 'Cluster'")],
        _ => {
            let kinds = ["Cluster", "Namespace"];
            let wrong = rules::one_of(&parameters["scope"], format!("{at}.scope"), &kinds);
            wrong.into_iter().collect()
        }
    }
}

/// Faults of a runtime class, whose handler stays: `ValidateRuntimeClass` of `pkg/apis/node/validation`.
#[must_use]
pub fn runtime(old: Option<&Value>, object: &Value) -> Vec<FieldError> {
    let handler = &Value::from(text(&object["handler"]));
    let mut faults = match text(handler) {
        "" => vec![FieldError::required("handler", "")],
        name => rules::each("handler", handler, metadata::label(name)),
    };
    let selector = &object["scheduling"]["nodeSelector"];
    for (name, amount) in object["overhead"]["podFixed"].as_object().into_iter().flatten() {
        let field = format!("overhead.limits[{name}]");
        faults.extend(resource_names::of_container(name, &field));
        faults.extend(resource_names::amount(name, amount, &field));
    }
    faults.extend(metadata::labels(selector, "scheduling.nodeSelector"));
    if let Some(old) = old {
        faults.extend(rules::immutable(&old["handler"], handler, "handler"));
    }
    faults
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::joined;
    use super::*;

    #[test]
    fn classes_of_ingresses_have_a_controller() {
        let of = |spec: Value| json!({"spec": spec});
        for (spec, said) in [
            (json!({"controller": "a.b/c"}), ""),
            (json!({}), "spec.controller: Required value"),
            (
                json!({"controller": "nginx"}),
                "spec.controller: Invalid value: \"nginx\": must be a domain-prefixed path (such as \"acme.io/foo\")",
            ),
            (
                json!({"controller": "a.b/c", "parameters": {"kind": "X", "name": "y", "scope": "Namespace"}}),
                "spec.parameters.namespace: Required value: `parameters.scope` is set to 'Namespace'",
            ),
        ] {
            assert_eq!(joined(ingress(None, &of(spec))), said);
        }
        let (old, new) = (of(json!({"controller": "a.b/c"})), of(json!({"controller": "a.b/d"})));
        assert_eq!(
            joined(ingress(Some(&old), &new)),
            "spec.controller: Invalid value: \"a.b/d\": field is immutable"
        );
    }

    #[test]
    fn classes_of_runtimes_have_a_handler() {
        assert_eq!(joined(runtime(None, &json!({"handler": "runsc"}))), "");
        assert_eq!(joined(runtime(None, &json!({}))), "handler: Required value");
        assert_eq!(
            joined(runtime(Some(&json!({"handler": "a"})), &json!({"handler": "b"}))),
            "handler: Invalid value: \"b\": field is immutable"
        );
    }
}
