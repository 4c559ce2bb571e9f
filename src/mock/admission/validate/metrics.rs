//! The metrics of autoscalers, as `validateMetrics` of `pkg/apis/autoscaling/validation/validation.go`.

use serde_json::Value;

use super::autoscalers::{Group, reference, wrong_version};
use super::{list, metadata, resource_names, rules, text};
use crate::mock::admission::quantity::Quantity;
use crate::mock::server::FieldError;

const KINDS: [&str; 5] = ["ContainerResource", "External", "Object", "Pods", "Resource"];
/// The sources in the order in which the server looks at them, with the type that each belongs to.
const SOURCES: [(&str, &str); 5] = [
    ("object", "Object"),
    ("external", "External"),
    ("pods", "Pods"),
    ("resource", "Resource"),
    ("containerResource", "ContainerResource"),
];

/// Faults of an autoscaler's metrics.
pub fn check(metrics: &Value, least: Option<i64>, group: Group) -> Vec<FieldError> {
    let mut faults = Vec::new();
    for (index, metric) in list(metrics).enumerate() {
        faults.extend(self::metric(metric, &format!("spec.metrics[{index}]"), group));
    }
    let outside = |metric: &Value| matches!(text(&metric["type"]), "Object" | "External");
    if least == Some(0) && !list(metrics).any(outside) {
        let why = "must specify at least one Object or External metric to support scaling to zero replicas";
        faults.push(FieldError::forbidden("spec.metrics", why));
    }
    faults
}

/// Whether metrics name objects of a group and version that cannot be read.
pub fn wrong_versions(metrics: &Value) -> bool {
    let version = |metric: &Value| wrong_version(text(&metric["object"]["describedObject"]["apiVersion"]), Group::Core);
    list(metrics).any(|metric| metric["object"].is_object() && version(metric).is_some())
}

fn metric(metric: &Value, at: &str, group: Group) -> Vec<FieldError> {
    let (kind, field) = (text(&metric["type"]), format!("{at}.type"));
    let mut faults = Vec::new();
    if kind.is_empty() {
        faults.push(FieldError::required(field.clone(), "must specify a metric source type"));
    }
    let unknown = rules::one_of(&kind.into(), field, &KINDS);
    faults.extend(unknown.clone());
    let given: Vec<&str> = SOURCES
        .iter()
        .map(|(name, _)| *name)
        .filter(|name| metric[*name].is_object())
        .collect();
    if let Some(first) = given.first() {
        faults.extend(source(first, &metric[*first], &format!("{at}.{first}"), group));
    }
    let expected = SOURCES.iter().find(|(_, of)| *of == kind).map(|(name, _)| *name);
    if let Some(expected) = expected.filter(|expected| !given.contains(expected)) {
        let why = "must populate information for the given metric source";
        faults.push(FieldError::required(format!("{at}.{expected}"), why));
    }
    faults.extend(unknown);
    if given.len() != 1 {
        for other in given.iter().filter(|name| Some(**name) != expected) {
            let why = "must populate the given metric source only";
            faults.push(FieldError::forbidden(format!("{at}.{other}"), why));
        }
    }
    faults
}

fn source(name: &str, source: &Value, at: &str, group: Group) -> Vec<FieldError> {
    let target = &source["target"];
    let mut faults = match name {
        "object" => reference(&source["describedObject"], &format!("{at}.describedObject"), group),
        "resource" | "containerResource" => resource(name, source, at),
        _ => Vec::new(),
    };
    if matches!(name, "object" | "external" | "pods") {
        faults.extend(identifier(&source["metric"]["name"], &format!("{at}.metric.name")));
    }
    let at = format!("{at}.target");
    faults.extend(self::target(target, &at));
    let has = |field: &str| !target[field].is_null();
    let (value, average, share) = (has("value"), has("averageValue"), has("averageUtilization"));
    let missing = match name {
        "object" if !value && !average => Some(("averageValue", "must set either a target value or averageValue")),
        "external" if !value && !average => Some((
            "averageValue",
            "must set either a target value for metric or a per-pod target",
        )),
        "pods" if !average => Some(("averageValue", "must specify a positive target averageValue")),
        "resource" | "containerResource" if !share && !average => Some((
            "averageUtilization",
            "must set either a target raw value or a target utilization",
        )),
        _ => None,
    };
    faults.extend(missing.map(|(field, why)| FieldError::required(format!("{at}.{field}"), why)));
    let both = match name {
        "external" if value && average => Some((
            "value",
            "may not set both a target value for metric and a per-pod target",
        )),
        "resource" | "containerResource" if share && average => Some((
            "averageValue",
            "may not set both a target raw value and a target utilization",
        )),
        _ => None,
    };
    faults.extend(both.map(|(field, why)| FieldError::forbidden(format!("{at}.{field}"), why)));
    faults
}

fn resource(kind: &str, source: &Value, at: &str) -> Vec<FieldError> {
    let (name, container) = (text(&source["name"]), text(&source["container"]));
    let mut faults = Vec::new();
    if name.is_empty() {
        faults.push(FieldError::required(
            format!("{at}.name"),
            "must specify a resource name",
        ));
    } else if kind == "containerResource" {
        faults.extend(resource_names::of_container(name, &format!("{at}.name")));
    }
    if kind == "containerResource" {
        let field = format!("{at}.container");
        if container.is_empty() {
            faults.push(FieldError::required(field, "must specify a container"));
        } else {
            faults.extend(rules::each(&field, &container.into(), metadata::label(container)));
        }
    }
    faults
}

fn identifier(name: &Value, at: &str) -> Vec<FieldError> {
    match text(name) {
        "" => vec![FieldError::required(at, "must specify a metric name")],
        given => rules::each(at, name, metadata::path_segment(given)),
    }
}

fn target(target: &Value, at: &str) -> Vec<FieldError> {
    let (kind, field) = (text(&target["type"]), format!("{at}.type"));
    let mut faults = Vec::new();
    if kind.is_empty() {
        faults.push(FieldError::required(field.clone(), "must specify a metric target type"));
    }
    if !matches!(kind, "Utilization" | "Value" | "AverageValue") {
        let why = "must be either Utilization, Value, or AverageValue";
        faults.push(FieldError::invalid(field, &kind.into(), why));
    }
    for name in ["value", "averageValue"] {
        let low = Quantity::from_value(&target[name]).is_some_and(|given| given <= Quantity::default());
        if low {
            faults.push(FieldError::invalid(
                format!("{at}.{name}"),
                &target[name],
                "must be positive",
            ));
        }
    }
    let share = &target["averageUtilization"];
    if share.as_i64().is_some_and(|share| share < 1) {
        let why = "must be greater than 0";
        faults.push(FieldError::invalid(format!("{at}.averageUtilization"), share, why));
    }
    faults
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::told;
    use super::*;

    #[test]
    fn metrics_have_one_source_and_one_target() {
        for (metric, said) in [
            (
                json!({"type": "Resource"}),
                &["spec.metrics[0].resource: Required value: must populate information for the given metric source"][..],
            ),
            (
                json!({"type": "Foo"}),
                &[
                    "spec.metrics[0].type: Unsupported value: \"Foo\": supported values: \"ContainerResource\", \"External\", \
                        \"Object\", \"Pods\", \"Resource\"",
                    "spec.metrics[0].type: Unsupported value: \"Foo\": supported values: \"ContainerResource\", \"External\", \
                        \"Object\", \"Pods\", \"Resource\"",
                ],
            ),
            (
                json!({"type": "Resource", "resource": {"name": "cpu", "target": {}}}),
                &[
                    "spec.metrics[0].resource.target.type: Required value: must specify a metric target type",
                    "spec.metrics[0].resource.target.type: Invalid value: \"\": must be either Utilization, Value, or AverageValue",
                    "spec.metrics[0].resource.target.averageUtilization: Required value: must set either a target raw value or a \
                        target utilization",
                ],
            ),
            (
                json!({"type": "Pods", "pods": {"metric": {}, "target": {"type": "AverageValue", "averageValue": "0"}}}),
                &[
                    "spec.metrics[0].pods.metric.name: Required value: must specify a metric name",
                    "spec.metrics[0].pods.target.averageValue: Invalid value: \"0\": must be positive",
                ],
            ),
        ] {
            let told = told(check(&json!([metric]), Some(1), Group::Core));
            assert_eq!(told, said);
        }
    }
}
