//! Fields that Go writes even when they are zero: those whose JSON tag lacks `omitempty`.

use serde_json::{Value, json};

use super::defaults::put;
use crate::mock::kinds::Kind;

/// Writes a kind's zeroes.
pub fn apply(kind: &Kind, object: &mut Value) {
    let counts: &[&str] = match kind.table.as_str() {
        "statefulsets.apps" => &["replicas", "availableReplicas"],
        "replicasets.apps" | "replicationcontrollers" => &["replicas"],
        "daemonsets.apps" => &[
            "currentNumberScheduled",
            "numberMisscheduled",
            "desiredNumberScheduled",
            "numberReady",
        ],
        "poddisruptionbudgets.policy" => &["disruptionsAllowed", "currentHealthy", "desiredHealthy", "expectedPods"],
        "horizontalpodautoscalers.autoscaling" => &["desiredReplicas"],
        _ => &[],
    };
    for name in counts {
        put(&mut object["status"], name, 0.into());
    }
    if kind.table == "horizontalpodautoscalers.autoscaling" {
        let metrics = object["status"]["currentMetrics"].take();
        object["status"]["currentMetrics"] = metrics;
    }
    match kind.table.as_str() {
        "poddisruptionbudgets.policy" | "leases.coordination.k8s.io" => put(object, "spec", json!({})),
        "priorityclasses.scheduling.k8s.io" => put(object, "value", 0.into()),
        _ => {}
    }
    let times: &[&str] = match kind.table.as_str() {
        "pods" => &["lastProbeTime", "lastTransitionTime"],
        "nodes" => &["lastHeartbeatTime", "lastTransitionTime"],
        _ => &[],
    };
    if !times.is_empty() {
        for condition in object["status"]["conditions"].as_array_mut().into_iter().flatten() {
            if let Some(condition) = condition.as_object_mut() {
                for time in times {
                    condition.entry(*time).or_insert(Value::Null);
                }
                condition.entry("status").or_insert_with(|| "".into());
            }
        }
        if object["status"]["conditions"].is_null()
            && let Some(status) = object["status"].as_object_mut()
        {
            status.shift_remove("conditions");
        }
    }
    if kind.table == "events" {
        for time in ["firstTimestamp", "lastTimestamp", "eventTime"] {
            object[time] = object[time].take();
        }
        for text in ["reportingComponent", "reportingInstance"] {
            put(object, text, "".into());
        }
        put(object, "source", json!({}));
    }
}
