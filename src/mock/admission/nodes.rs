//! Nodes: their defaults, and the taint that a new one gets.

use serde_json::{Value, json};

use super::defaults::drop_all_nulls;
use crate::mock::values::{has_condition, list};

const NOT_READY: &str = "node.kubernetes.io/not-ready";

/// All that a node has can be had, unless it says otherwise.
pub fn defaults(status: &mut Value) {
    if status["capacity"].is_object() && status["allocatable"].is_null() {
        status["allocatable"] = status["capacity"].clone();
    }
    drop_all_nulls(status);
}

/// A new node takes no pods until it is seen to be ready: the TaintNodesByCondition plugin. One that comes with its readiness
/// was seen already.
pub fn admit(object: &mut Value) {
    if let Some(spec) = object["spec"].as_object_mut() {
        // What configured kubelets from afar is gone.
        spec.shift_remove("configSource");
    }
    let taints = list(&object["spec"]["taints"]);
    let marked = taints
        .clone()
        .any(|taint| taint["key"] == NOT_READY && taint["effect"] == "NoSchedule");
    if has_condition(object, "Ready") || marked {
        return;
    }
    let mut taints: Vec<Value> = taints.cloned().collect();
    taints.push(json!({"key": NOT_READY, "effect": "NoSchedule"}));
    object["spec"]["taints"] = taints.into();
}

/// `podCIDR` is the first of `podCIDRs`, and the other way round: the conversion of `pkg/apis/core/v1`.
pub fn keep_in_step(spec: &mut Value) {
    let first = spec["podCIDR"]
        .as_str()
        .filter(|range| !range.is_empty())
        .map(str::to_owned);
    let many = spec["podCIDRs"].as_array().is_some_and(|ranges| !ranges.is_empty());
    if let Some(first) = first
        && (!many || spec["podCIDRs"][0] != *first)
    {
        spec["podCIDRs"] = json!([first]);
    } else if many {
        spec["podCIDR"] = spec["podCIDRs"][0].clone();
    }
    drop_all_nulls(spec);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_new_node_is_not_ready() {
        let mut node = json!({"spec": {"taints": [{"key": "a", "effect": "NoExecute"}]}});
        admit(&mut node);
        admit(&mut node);
        assert_eq!(
            node["spec"]["taints"],
            json!([{"key": "a", "effect": "NoExecute"}, {"key": NOT_READY, "effect": "NoSchedule"}])
        );
        let mut ready = json!({"status": {"conditions": [{"type": "Ready", "status": "True"}]}});
        admit(&mut ready);
        assert_eq!(ready["spec"]["taints"], Value::Null);
    }

    #[test]
    fn ranges_of_pods_are_told_twice() {
        let of = |mut spec: Value| {
            keep_in_step(&mut spec);
            spec
        };
        let both = json!({"podCIDR": "10.1.0.0/24", "podCIDRs": ["10.1.0.0/24"]});
        assert_eq!(of(json!({"podCIDR": "10.1.0.0/24"})), both);
        assert_eq!(of(json!({"podCIDRs": ["10.1.0.0/24"]}))["podCIDR"], "10.1.0.0/24");
        assert_eq!(of(json!({})), json!({}));
    }
}
