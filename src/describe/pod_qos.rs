//! A pod's quality of service class, as `GetPodQOS` in kubectl.

use serde_json::Value;

use super::amounts::{self, Amounts};
use super::value::Read;

/// The class that the pod's status says, else the one that its containers make it.
pub fn class(pod: &Value) -> String {
    match pod.at("status.qosClass").text() {
        "" => computed(pod).to_owned(),
        class => class.to_owned(),
    }
}

/// Best effort if no container has requests or limits of CPU or memory, guaranteed if every container limits both and
/// requests what it limits, burstable otherwise.
fn computed(pod: &Value) -> &'static str {
    let (mut requests, mut limits) = (Amounts::new(), Amounts::new());
    let mut all_limited = true;
    for container in ["spec.containers", "spec.initContainers"]
        .into_iter()
        .flat_map(|list| pod.at(list).list())
    {
        let own = compute(container.at("resources.limits"));
        all_limited &= own.len() == 2;
        amounts::add(&mut limits, &own);
        amounts::add(&mut requests, &compute(container.at("resources.requests")));
    }
    if requests.is_empty() && limits.is_empty() {
        return "BestEffort";
    }
    let equal = requests.iter().all(|(name, request)| limits.get(name) == Some(request));
    if all_limited && equal && requests.len() == limits.len() {
        "Guaranteed"
    } else {
        "Burstable"
    }
}

/// CPU and memory, where there is more than nothing of them.
fn compute(list: &Value) -> Amounts {
    let mut known = amounts::amounts(list);
    known.retain(|name, quantity| {
        matches!(name.as_str(), "cpu" | "memory") && *quantity > crate::model::Quantity::default()
    });
    known
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn classes_follow_requests_and_limits() {
        let both = json!({"cpu": "1", "memory": "1Gi"});
        for (containers, expected) in [
            (json!([{}]), "BestEffort"),
            (
                json!([{"resources": {"requests": {"cpu": "0"}, "limits": {"gpu": "1"}}}]),
                "BestEffort",
            ),
            (json!([{"resources": {"requests": both, "limits": both}}]), "Guaranteed"),
            (
                json!([{"resources": {"requests": both, "limits": {"cpu": "1000m", "memory": "1024Mi"}}}]),
                "Guaranteed",
            ),
            (json!([{"resources": {"limits": both}}]), "Burstable"),
            (
                json!([{"resources": {"requests": both, "limits": both}}, {}]),
                "Burstable",
            ),
            (json!([{"resources": {"requests": {"cpu": "1"}}}]), "Burstable"),
        ] {
            assert_eq!(
                class(&json!({"spec": {"containers": containers}})),
                expected,
                "{containers}"
            );
        }
        assert_eq!(class(&json!({"status": {"qosClass": "Guaranteed"}})), "Guaranteed");
    }
}
