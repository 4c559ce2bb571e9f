//! The defaults of autoscalers: `SetDefaults_HorizontalPodAutoscaler` of autoscaling/v2.

use serde_json::{Value, json};

use super::defaults::put;

/// Fills in an autoscaler's spec.
pub fn defaults(spec: &mut Value) {
    put(spec, "minReplicas", 1.into());
    if spec["metrics"].as_array().is_none_or(Vec::is_empty) {
        let target = json!({"type": "Utilization", "averageUtilization": 80});
        spec["metrics"] = json!([{"type": "Resource", "resource": {"name": "cpu", "target": target}}]);
    }
    let Some(behavior) = spec.get_mut("behavior").filter(|behavior| behavior.is_object()) else {
        return;
    };
    let percent = json!({"type": "Percent", "value": 100, "periodSeconds": 15});
    let pods = json!({"type": "Pods", "value": 4, "periodSeconds": 15});
    let up = json!({"stabilizationWindowSeconds": 0, "selectPolicy": "Max", "policies": [pods, percent]});
    let down = json!({"selectPolicy": "Max", "policies": [percent]});
    *behavior = json!({"scaleUp": over(up, &behavior["scaleUp"]), "scaleDown": over(down, &behavior["scaleDown"])});
}

/// What is given in place of the defaults.
fn over(mut rules: Value, given: &Value) -> Value {
    for name in ["stabilizationWindowSeconds", "selectPolicy", "policies", "tolerance"] {
        if !given[name].is_null() {
            rules[name] = given[name].clone();
        }
    }
    rules
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn behaviour_is_filled_in_where_there_is_any() {
        let mut spec = json!({"maxReplicas": 5});
        defaults(&mut spec);
        assert_eq!(spec["minReplicas"], 1);
        assert_eq!(spec["metrics"][0]["resource"]["target"]["averageUtilization"], 80);
        assert!(spec.get("behavior").is_none());
        spec["behavior"] = json!({"scaleDown": {"stabilizationWindowSeconds": 60}});
        defaults(&mut spec);
        assert_eq!(spec["behavior"]["scaleUp"]["policies"][0]["type"], "Pods");
        assert_eq!(spec["behavior"]["scaleDown"]["stabilizationWindowSeconds"], 60);
        assert_eq!(spec["behavior"]["scaleDown"]["policies"][0]["value"], 100);
    }
}
