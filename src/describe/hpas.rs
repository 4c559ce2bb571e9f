//! HorizontalPodAutoscalers of `autoscaling/v2` and `v1`.

use serde_json::Value;

use super::value::Read;
use super::words::Words;
use super::{Describer, Input, Writer, conditions, hpa_metrics, meta, time};

/// Describes a HorizontalPodAutoscaler, as `describeHorizontalPodAutoscalerV2` and `V1` in kubectl.
pub struct HorizontalPodAutoscalers;

impl Describer for HorizontalPodAutoscalers {
    fn kinds(&self) -> &'static [(&'static str, &'static str)] {
        &[("autoscaling", "HorizontalPodAutoscaler")]
    }

    fn describe(&self, input: &Input, out: &mut Writer) {
        let (scaler, spec) = (input.object, input.object.key("spec"));
        meta::all(scaler, out);
        out.field(
            "CreationTimestamp",
            time::with_age(scaler.at("metadata.creationTimestamp"), input.clock, out.lang()),
        );
        let target = spec.key("scaleTargetRef");
        out.field(
            "Reference",
            out.naming_kind(
                format!("{}/{}", target.key("kind").show(), target.key("name").show()),
                target.key("apiVersion").text(),
                target.key("kind").text(),
                target.key("name").text(),
            ),
        );
        if spec.key("targetCPUUtilizationPercentage").is_set() {
            cpu(scaler, out);
        } else {
            hpa_metrics::describe(scaler, out);
        }
        let least = match spec.key("minReplicas") {
            Value::Null => "<unset>".to_owned(),
            least => least.show(),
        };
        out.field("Min replicas", least);
        out.field("Max replicas", spec.key("maxReplicas").int());
        behavior(spec.key("behavior"), out);
        let [current, desired] =
            ["status.currentReplicas", "status.desiredReplicas"].map(|field| scaler.at(field).int());
        out.field(
            &format!("{} pods", target.key("kind").show()),
            format!("{current} current / {desired} desired"),
        );
        if scaler.at("status.lastScaleTime").is_set() {
            out.field(
                "Last Scale Time",
                time::with_age(scaler.at("status.lastScaleTime"), input.clock, out.lang()),
            );
        }
        conditions::describe(scaler.at("status.conditions"), 4, out);
    }
}

/// What `autoscaling/v1` knows: the CPU alone.
fn cpu(scaler: &Value, out: &mut Writer) {
    let target = scaler.at("spec.targetCPUUtilizationPercentage").int();
    out.field("Target CPU utilization", format!("{target}%"));
    let current = match scaler.at("status.currentCPUUtilizationPercentage") {
        Value::Null => "<unknown>".to_owned(),
        current => current.show(),
    };
    out.field("Current CPU utilization", format!("{current}%"));
}

fn behavior(behavior: &Value, out: &mut Writer) {
    if !behavior.is_set() {
        return;
    }
    out.heading("Behavior");
    out.block(|out| {
        for (label, field) in [("Scale Up", "scaleUp"), ("Scale Down", "scaleDown")] {
            if behavior.key(field).is_set() {
                out.heading(label);
                out.block(|out| direction(behavior.key(field), out));
            }
        }
    });
}

fn direction(rules: &Value, out: &mut Writer) {
    if rules.key("stabilizationWindowSeconds").is_set() {
        out.field(
            "Stabilization Window",
            format!("{} seconds", rules.key("stabilizationWindowSeconds").int()),
        );
    }
    let policies = rules.key("policies").list();
    if policies.is_empty() {
        return;
    }
    out.field(
        "Select Policy",
        super::value::or(rules.key("selectPolicy").text(), "Max"),
    );
    out.heading("Policies");
    out.nested(|out| {
        for policy in policies {
            let kind = policy.key("type").show();
            let [value, period] = ["value", "periodSeconds"].map(|field| policy.key(field).int());
            out.lines(Words::from(format!(
                "- Type: {kind}  Value: {value}  Period: {period} seconds"
            )));
        }
    });
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn behavior_reads_as_kubectl_writes_it() {
        let rules = json!({"scaleUp": {"stabilizationWindowSeconds": 0, "policies": [{"type": "Pods", "value": 4, "periodSeconds": 15}]}, "scaleDown": {"selectPolicy": "Min"}});
        let mut out = Writer::default();
        behavior(&rules, &mut out);
        let expected = "  Behavior:
    Scale Up:
      Stabilization Window:  0 seconds
      Select Policy:         Max
      Policies:
        - Type: Pods  Value: 4  Period: 15 seconds
    Scale Down:
";
        assert_eq!(out.finish().text(), expected);
    }
}
