//! What a HorizontalPodAutoscaler measures: current and target of each metric.

use serde_json::Value;

use crate::core::text::Tone;

use super::Writer;
use super::amounts;
use super::value::Read;
use super::words::Words;

const UNKNOWN: &str = "<unknown>";

/// The metrics of `autoscaling/v2`. The current values stand in the order of the targets.
pub fn describe(scaler: &Value, out: &mut Writer) {
    out.field("Metrics", "( current / target )");
    let current = scaler.at("status.currentMetrics").list();
    out.block(|out| {
        for (index, metric) in scaler.at("spec.metrics").list().iter().enumerate() {
            one(metric, current.get(index).unwrap_or(&Value::Null), out);
        }
    });
}

fn one(metric: &Value, current: &Value, out: &mut Writer) {
    let kind = metric.key("type").text();
    let field = match kind {
        "External" => "external",
        "Pods" => "pods",
        "Object" => "object",
        "Resource" => "resource",
        "ContainerResource" => "containerResource",
        _ => return out.lines(Words::toned(format!("<unknown metric type {kind:?}>"), Tone::Warn)),
    };
    let (source, current) = (metric.key(field), current.key(field));
    let (target, measured) = (source.key("target"), current.key("current"));
    let name = source.at("metric.name").text();
    let by_average = target.key("averageValue").is_set();
    // Of a measurement that came without the value kubectl prints Go's nil, except for the average of an external one.
    let nil = if current.is_set() { "<nil>" } else { UNKNOWN };
    let (label, value) = match kind {
        "Pods" => (
            format!("{name:?} on pods"),
            amount(target, measured, "averageValue", nil),
        ),
        "External" if by_average => (
            format!("{name:?} (target average value)"),
            amount(target, measured, "averageValue", UNKNOWN),
        ),
        "External" => (
            format!("{name:?} (target value)"),
            amount(target, measured, "value", nil),
        ),
        "Object" => object(source, target, measured, nil),
        _ => resource(source, target, measured, nil),
    };
    let tone = if value.contains(UNKNOWN) || value.contains("<nil>") {
        Tone::Warn
    } else {
        Tone::Plain
    };
    out.field(&label, Words::toned(value, tone));
}

fn object(source: &Value, target: &Value, measured: &Value, nil: &str) -> (String, String) {
    let [kind, object] = ["describedObject.kind", "describedObject.name"].map(|field| source.at(field).show());
    let label = format!("{:?} on {kind}/{object}", source.at("metric.name").text());
    if target.key("type").text() == "AverageValue" {
        (
            format!("{label} (target average value)"),
            amount(target, measured, "averageValue", nil),
        )
    } else {
        (
            format!("{label} (target value)"),
            amount(target, measured, "value", nil),
        )
    }
}

/// A resource of the pods, or of one container in each.
fn resource(source: &Value, target: &Value, measured: &Value, nil: &str) -> (String, String) {
    let name = source.key("name").show();
    let label = match source.key("container") {
        Value::Null => format!("resource {name} on pods"),
        container => format!("resource {name} of container {:?} on pods", container.text()),
    };
    if target.key("averageValue").is_set() {
        return (label, amount(target, measured, "averageValue", nil));
    }
    let current = match measured.key("averageUtilization") {
        Value::Null => UNKNOWN.to_owned(),
        percent => format!("{}% ({})", percent.int(), quantity(measured.key("averageValue"), nil)),
    };
    let wanted = match target.key("averageUtilization") {
        Value::Null => "<auto>".to_owned(),
        percent => format!("{}%", percent.int()),
    };
    (
        format!("{label}  (as a percentage of request)"),
        format!("{current} / {wanted}"),
    )
}

/// `current / target` of a quantity.
fn amount(target: &Value, measured: &Value, field: &str, missing: &str) -> String {
    let current = quantity(measured.key(field), missing);
    format!("{current} / {}", amounts::text(target.key(field)))
}

fn quantity(measured: &Value, missing: &str) -> String {
    match measured {
        Value::Null => missing.to_owned(),
        measured => amounts::text(measured),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn metrics_read_as_kubectl_writes_them() {
        let scaler = json!({
            "spec": {"metrics": [
                {"type": "Resource", "resource": {"name": "cpu", "target": {"type": "Utilization", "averageUtilization": 50}}},
                {"type": "Resource", "resource": {"name": "memory", "target": {"averageValue": "200Mi"}}},
                {"type": "Object", "object": {"metric": {"name": "rps"}, "describedObject": {"kind": "Ingress", "name": "main"}, "target": {"type": "Value", "value": "2k"}}},
                {"type": "External", "external": {"metric": {"name": "queue"}, "target": {"averageValue": "30"}}},
                {"type": "Pods", "pods": {"metric": {"name": "http"}, "target": {"averageValue": "10"}}},
                {"type": "ContainerResource", "containerResource": {"name": "cpu", "container": "c", "target": {}}},
                {"type": "New"},
            ]},
            "status": {"currentMetrics": [
                {"type": "Resource", "resource": {"name": "cpu", "current": {"averageUtilization": 91, "averageValue": "5m"}}},
                {"type": "Resource", "resource": {"name": "memory", "current": {"averageValue": "1Gi"}}},
                {"type": "Object", "object": {"current": {"value": "1500"}}},
            ]},
        });
        let mut out = Writer::default();
        describe(&scaler, &mut out);
        let text = out.finish().text();
        let lines: Vec<_> = text
            .lines()
            .map(|line| line.split_whitespace().collect::<Vec<_>>().join(" "))
            .collect();
        assert_eq!(
            lines,
            [
                "Metrics: ( current / target )",
                "resource cpu on pods (as a percentage of request): 91% (5m) / 50%",
                "resource memory on pods: 1Gi / 200Mi",
                "\"rps\" on Ingress/main (target value): 1500 / 2k",
                "! \"queue\" (target average value): <unknown> / 30",
                "! \"http\" on pods: <unknown> / 10",
                "! resource cpu of container \"c\" on pods (as a percentage of request): <unknown> / <auto>",
                "! <unknown metric type \"New\">",
            ]
        );
    }
}
