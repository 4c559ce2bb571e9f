//! A metric of an autoscaler between version 2 and the form that version 1's annotations have: the conversions of
//! metrics in `pkg/apis/autoscaling/v1/conversion.go` of Kubernetes.

use serde_json::{Map, Value, json};

/// What is said of a metric.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// What it shall be, in the spec.
    Target,
    /// What it is, in the status.
    Current,
}

impl Side {
    /// The field of version 2, and the beginning of version 1's fields.
    fn name(self) -> &'static str {
        match self {
            Side::Target => "target",
            Side::Current => "current",
        }
    }
}

/// The field that describes a metric of each type.
const FIELDS: [&str; 5] = ["object", "pods", "resource", "containerResource", "external"];

/// A metric of version 2 as the annotation has it.
#[must_use]
pub fn old_metric(metric: &Value, side: Side) -> Value {
    converted(metric, |field, source| old_source(field, source, side))
}

/// A metric of the annotation as version 2 has it.
#[must_use]
pub fn new_metric(metric: &Value, side: Side) -> Value {
    converted(metric, |field, source| new_source(field, source, side))
}

/// A metric whose description is `source` of what it was.
fn converted(metric: &Value, source: impl Fn(&str, &Value) -> Value) -> Value {
    let mut converted = Map::new();
    put(&mut converted, "type", &metric["type"]);
    let described = FIELDS.into_iter().filter(|field| metric[*field].is_object());
    converted.extend(described.map(|field| (field.to_owned(), source(field, &metric[field]))));
    converted.into()
}

fn old_source(field: &str, source: &Value, side: Side) -> Value {
    let (name, values) = (side.name(), &source[side.name()]);
    let zero = Value::from("0");
    // What is no pointer in Go is written though it is missing.
    let at_least_zero = |value: &Value| if value.is_null() { zero.clone() } else { value.clone() };
    let (value, average) = (&values["value"], &values["averageValue"]);
    let metric = &source["metric"];
    let mut old = Map::new();
    match field {
        "object" => {
            old.insert("target".to_owned(), reference(&source["describedObject"]));
            put(&mut old, "metricName", &metric["name"]);
            put(&mut old, &format!("{name}Value"), &at_least_zero(value));
            put(&mut old, "selector", &metric["selector"]);
            put(&mut old, "averageValue", average);
        }
        "pods" => {
            put(&mut old, "metricName", &metric["name"]);
            put(&mut old, &format!("{name}AverageValue"), &at_least_zero(average));
            put(&mut old, "selector", &metric["selector"]);
        }
        "external" => {
            let value = if side == Side::Current {
                &at_least_zero(value)
            } else {
                value
            };
            put(&mut old, "metricName", &metric["name"]);
            put(&mut old, "metricSelector", &metric["selector"]);
            put(&mut old, &format!("{name}Value"), value);
            put(&mut old, &format!("{name}AverageValue"), average);
        }
        _ => {
            let average = if side == Side::Current {
                &at_least_zero(average)
            } else {
                average
            };
            put(&mut old, "name", &source["name"]);
            put(
                &mut old,
                &format!("{name}AverageUtilization"),
                &values["averageUtilization"],
            );
            put(&mut old, &format!("{name}AverageValue"), average);
            put(&mut old, "container", &source["container"]);
        }
    }
    old.into()
}

fn new_source(field: &str, source: &Value, side: Side) -> Value {
    let name = side.name();
    let mut value = source[format!("{name}Value")].clone();
    let mut average = source[format!("{name}AverageValue")].clone();
    if field == "object" {
        average = source["averageValue"].clone();
        if side == Side::Target && !average.is_null() && value == "0" {
            value = Value::Null;
        }
    }
    let percent = &source[format!("{name}AverageUtilization")];
    let kind = match field {
        "object" if average.is_null() => "Value",
        "external" if !value.is_null() => "Value",
        "resource" | "containerResource" if !percent.is_null() => "Utilization",
        _ => "AverageValue",
    };
    let mut values = Map::new();
    if side == Side::Target {
        values.insert("type".to_owned(), kind.into());
    }
    put(&mut values, "value", &value);
    put(&mut values, "averageValue", &average);
    put(&mut values, "averageUtilization", percent);
    let mut new = Map::new();
    if field == "object" {
        new.insert("describedObject".to_owned(), reference(&source["target"]));
    }
    if !source["metricName"].is_null() {
        let selector = if field == "external" {
            "metricSelector"
        } else {
            "selector"
        };
        let mut metric = Map::new();
        put(&mut metric, "name", &source["metricName"]);
        put(&mut metric, "selector", &source[selector]);
        new.insert("metric".to_owned(), metric.into());
    }
    put(&mut new, "name", &source["name"]);
    new.insert(name.to_owned(), values.into());
    put(&mut new, "container", &source["container"]);
    new.into()
}

fn reference(given: &Value) -> Value {
    let mut reference = json!({"kind": given["kind"], "name": given["name"]});
    if given["apiVersion"].as_str().is_some_and(|version| !version.is_empty()) {
        reference["apiVersion"] = given["apiVersion"].clone();
    }
    reference
}

fn put(map: &mut Map<String, Value>, name: &str, value: &Value) {
    if !value.is_null() {
        map.insert(name.to_owned(), value.clone());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn metrics_go_there_and_back() {
        let reference = json!({"kind": "Deployment", "name": "x", "apiVersion": "apps/v1"});
        let cases = [
            (
                json!({"type": "Pods", "pods": {"metric": {"name": "q"}, "current": {"averageValue": "3"}}}),
                json!({"type": "Pods", "pods": {"metricName": "q", "currentAverageValue": "3"}}),
            ),
            (
                json!({"type": "Object", "object": {"describedObject": reference, "metric": {"name": "q"}, "current": {"value": "3"}}}),
                json!({"type": "Object", "object": {"target": reference, "metricName": "q", "currentValue": "3"}}),
            ),
            (
                json!({"type": "External", "external": {"metric": {"name": "q"}, "current": {"value": "3", "averageValue": "2"}}}),
                json!({"type": "External", "external": {"metricName": "q", "currentValue": "3", "currentAverageValue": "2"}}),
            ),
            (
                json!({"type": "ContainerResource", "containerResource": {"name": "cpu", "current": {"averageValue": "10m", "averageUtilization": 5}, "container": "c"}}),
                json!({"type": "ContainerResource", "containerResource": {"name": "cpu", "currentAverageUtilization": 5, "currentAverageValue": "10m", "container": "c"}}),
            ),
        ];
        for (new, old) in cases {
            assert_eq!(old_metric(&new, Side::Current), old);
            assert_eq!(new_metric(&old, Side::Current), new);
        }
    }

    #[test]
    fn targets_get_their_type_from_what_is_given() {
        let cases = [
            (
                json!({"name": "memory", "targetAverageValue": "10Mi"}),
                "resource",
                "AverageValue",
            ),
            (
                json!({"name": "memory", "targetAverageUtilization": 1}),
                "resource",
                "Utilization",
            ),
            (json!({"metricName": "q", "targetValue": "1"}), "external", "Value"),
            (
                json!({"metricName": "q", "targetValue": "0", "averageValue": "1"}),
                "object",
                "AverageValue",
            ),
        ];
        for (old, field, kind) in cases {
            let new = new_metric(&json!({"type": "x", field: old}), Side::Target);
            assert_eq!(new[field]["target"]["type"], kind);
            assert_eq!(new[field]["target"].get("value").is_some(), kind == "Value");
        }
    }
}
