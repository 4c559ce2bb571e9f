//! Which pod a forward leads to.

use serde_json::Value;

use crate::core::reference::Reference;
use crate::model::{LabelSelector, Labels, Selector};

/// The selector of the pods of a workload or a service, as kubectl finds it. None where it takes no pods; never one that
/// takes all.
pub fn pods_of(object: &Reference, value: &Value) -> Option<String> {
    let selector = value.pointer("/spec/selector").cloned().unwrap_or_default();
    let text = if matches!(object.resource.kind.as_ref(), "Service" | "ReplicationController") {
        let labels: Labels = serde_json::from_value(selector).unwrap_or_default();
        Selector::of(&labels).to_string()
    } else {
        let selector: LabelSelector = serde_json::from_value(selector).unwrap_or_default();
        selector.selector().map(ToString::to_string).unwrap_or_default()
    };
    Some(text).filter(|text| !text.is_empty())
}

/// Whether a pod runs and is to stay.
pub fn is_alive(pod: &Value) -> bool {
    let at = |pointer: &str| pod.pointer(pointer).and_then(Value::as_str);
    at("/metadata/deletionTimestamp").is_none() && at("/status/phase") == Some("Running")
}

fn is_ready(pod: &Value) -> bool {
    let conditions = pod.pointer("/status/conditions").and_then(Value::as_array);
    let ready = |condition: &&Value| condition.get("type").and_then(Value::as_str) == Some("Ready");
    let ready = conditions.into_iter().flatten().find(ready);
    ready.is_some_and(|ready| ready.get("status").and_then(Value::as_str) == Some("True"))
}

/// The pod to lead to: one that is ready, else one that runs; of those the one that was made first, which is the one to
/// stay when there are too many.
pub fn pick(pods: &[Value]) -> Option<&Value> {
    let made = |pod: &Value| {
        let time = pod.pointer("/metadata/creationTimestamp").and_then(Value::as_str);
        let name = pod.pointer("/metadata/name").and_then(Value::as_str);
        (
            time.unwrap_or_default().to_string(),
            name.unwrap_or_default().to_string(),
        )
    };
    let alive = pods.iter().filter(|pod| is_alive(pod));
    alive.min_by_key(|pod| (!is_ready(pod), made(pod)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::core::resource::Resource;
    use serde_json::json;

    fn pod(name: &str, phase: &str, ready: &str, made: &str) -> Value {
        json!({"metadata": {"name": name, "creationTimestamp": made},
            "status": {"phase": phase, "conditions": [{"type": "Ready", "status": ready}]}})
    }

    #[test]
    fn a_ready_pod_comes_first_and_a_dying_one_never() {
        let mut dying = pod("dying", "Running", "True", "2026-01-01T00:00:00Z");
        dying["metadata"]["deletionTimestamp"] = json!("2026-01-02T00:00:00Z");
        let mut pods = vec![
            dying,
            json!({"metadata": null, "status": []}),
            pod("pending", "Pending", "False", "2026-01-01T00:00:00Z"),
            pod("unready", "Running", "False", "2026-01-01T00:00:00Z"),
            pod("young", "Running", "True", "2026-01-03T00:00:00Z"),
            pod("old", "Running", "True", "2026-01-02T00:00:00Z"),
        ];
        for wanted in ["old", "young", "unready"] {
            assert_eq!(pick(&pods).unwrap()["metadata"]["name"], wanted);
            pods.retain(|pod| pod["metadata"]["name"] != wanted);
        }
        assert_eq!(pick(&pods), None);
    }

    #[test]
    fn selectors_take_some_pods_and_never_all() {
        const DEPLOYMENT: Resource = Resource::known("apps", "v1", "Deployment", "deployments", &[], true);
        const SERVICE: Resource = Resource::known("", "v1", "Service", "services", &[], true);
        for (resource, object, wanted) in [
            (&SERVICE, json!({"spec": {"selector": {"app": "web"}}}), Some("app=web")),
            (&SERVICE, json!({"spec": {"selector": {}}}), None),
            (&SERVICE, json!({"spec": {"selector": 3}}), None),
            (
                &DEPLOYMENT,
                json!({"spec": {"selector": {"matchLabels": {"app": "web"}}}}),
                Some("app=web"),
            ),
            (&DEPLOYMENT, json!({}), None),
        ] {
            let reference = Reference::to(resource, "shop", "web");
            assert_eq!(pods_of(&reference, &object).as_deref(), wanted, "{object}");
        }
    }
}
