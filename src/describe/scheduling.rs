//! Where a pod may run: node selectors, tolerations, spreading.

use serde_json::Value;

use super::value::Read;
use super::words::Words;
use super::{Writer, meta, selector};

/// Node selectors and tolerations.
pub fn describe(spec: &Value, out: &mut Writer) {
    out.field("Node-Selectors", meta::labels(spec.key("nodeSelector")));
    out.field("Tolerations", tolerations(spec.key("tolerations")));
}

/// Topology spread constraints, where there are any.
pub fn spreading(spec: &Value, out: &mut Writer) {
    let mut constraints: Vec<_> = spec.key("topologySpreadConstraints").list().iter().collect();
    constraints.sort_by_key(|constraint| constraint.key("topologyKey").text());
    if !constraints.is_empty() {
        out.field(
            "Topology Spread Constraints",
            Words::stack(constraints.into_iter().map(|one| constraint(one).into())),
        );
    }
}

/// The group of pods that are scheduled together, where there is one.
pub fn group(spec: &Value, out: &mut Writer) {
    if spec.key("schedulingGroup").is_set() {
        out.heading("SchedulingGroup");
        out.nested(|out| out.field("PodGroupName", spec.at("schedulingGroup.podGroupName").show()));
    }
}

fn constraint(constraint: &Value) -> String {
    let [key, unmet] = ["topologyKey", "whenUnsatisfiable"].map(|field| constraint.key(field).show());
    let text = format!(
        "{key}:{unmet} when max skew {} is exceeded",
        constraint.key("maxSkew").int()
    );
    match constraint.key("labelSelector") {
        Value::Null => text,
        labels => format!("{text} for selector {}", selector::format(labels)),
    }
}

fn tolerations(tolerations: &Value) -> Words {
    let mut tolerations: Vec<_> = tolerations.list().iter().collect();
    tolerations.sort_by_key(|toleration| toleration.key("key").text());
    Words::stack(tolerations.into_iter().map(|one| toleration(one).into()))
}

/// `key=value:Effect op=Exists for 300s`, as `printTolerationsMultilineWithIndent` in kubectl.
fn toleration(toleration: &Value) -> String {
    let [key, value, effect] = ["key", "value", "effect"].map(|field| toleration.key(field).text());
    let mut text = key.to_owned();
    if !value.is_empty() {
        text.push_str(&format!("={value}"));
    }
    if !effect.is_empty() {
        text.push_str(&format!(":{effect}"));
    }
    match toleration.key("operator").text() {
        "Exists" if value.is_empty() => text.push_str(if text.is_empty() { "op=Exists" } else { " op=Exists" }),
        operator @ ("Lt" | "Gt") => text.push_str(&format!(" op={operator}")),
        _ => {}
    }
    if toleration.key("tolerationSeconds").is_set() {
        text.push_str(&format!(" for {}s", toleration.key("tolerationSeconds").int()));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn tolerations_read_as_kubectl_writes_them() {
        for (value, expected) in [
            (json!({"operator": "Exists"}), "op=Exists"),
            (
                json!({"key": "a", "operator": "Exists", "effect": "NoExecute", "tolerationSeconds": 300}),
                "a:NoExecute op=Exists for 300s",
            ),
            (
                json!({"key": "a", "value": "b", "effect": "NoSchedule"}),
                "a=b:NoSchedule",
            ),
            (json!({"key": "a", "operator": "Equal"}), "a"),
            (
                json!({"operator": "Exists", "effect": "NoSchedule"}),
                ":NoSchedule op=Exists",
            ),
            (json!({"key": "n", "operator": "Gt", "value": "5"}), "n=5 op=Gt"),
        ] {
            assert_eq!(toleration(&value), expected);
        }
        assert_eq!(tolerations(&json!(null)), Words::none());
    }

    #[test]
    fn constraints_are_sorted_by_topology() {
        let spec = json!({"topologySpreadConstraints": [
            {"topologyKey": "zone", "maxSkew": 1, "whenUnsatisfiable": "DoNotSchedule", "labelSelector": {"matchLabels": {"app": "a"}}},
            {"topologyKey": "host", "maxSkew": 2, "whenUnsatisfiable": "ScheduleAnyway"},
        ]});
        let mut out = Writer::default();
        spreading(&spec, &mut out);
        let expected = "  Topology Spread Constraints:  host:ScheduleAnyway when max skew 2 is exceeded
                                zone:DoNotSchedule when max skew 1 is exceeded for selector app=a\n";
        assert_eq!(out.finish().text(), expected);
    }
}
