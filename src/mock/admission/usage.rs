//! What a namespace's objects use of what a quota counts.

use serde_json::{Map, Value};

use super::quantity::Quantity;
use crate::mock::server::Api;

/// What is used of each resource that a quota's `hard` names.
#[must_use]
pub fn usage(api: &Api, namespace: &str, hard: &Value) -> Value {
    let pods: Vec<Value> = values(api, "pods", namespace)
        .into_iter()
        .filter(|pod| !finished(pod))
        .collect();
    let claims = values(api, "persistentvolumeclaims", namespace);
    let sum = |resource: &str| -> Quantity {
        let of_pods = pods.iter().map(|pod| of_pod(pod, resource).unwrap_or_default());
        let of_claims = claims.iter().map(|claim| of_claim(claim, resource).unwrap_or_default());
        let counted = Quantity::whole(counted(api, namespace, resource));
        of_pods.chain(of_claims).fold(counted, Quantity::plus)
    };
    let used = |resource: &String| (resource.clone(), Value::from(sum(resource).to_string()));
    let mut map: Map<String, Value> = hard
        .as_object()
        .into_iter()
        .flatten()
        .map(|(resource, _)| used(resource))
        .collect();
    map.sort_keys();
    Value::Object(map)
}

fn values(api: &Api, table: &str, namespace: &str) -> Vec<Value> {
    api.store
        .list(table, Some(namespace))
        .objects
        .iter()
        .map(|object| object.decode())
        .collect()
}

fn finished(pod: &Value) -> bool {
    matches!(pod["status"]["phase"].as_str(), Some("Succeeded" | "Failed"))
}

/// Objects that are counted one by one: `services`, `count/deployments.apps`. Pods and claims are counted elsewhere.
fn counted(api: &Api, namespace: &str, resource: &str) -> i64 {
    let table = resource.strip_prefix("count/").unwrap_or(resource);
    let plain = [
        "services",
        "secrets",
        "configmaps",
        "replicationcontrollers",
        "resourcequotas",
    ];
    if !resource.starts_with("count/") && !plain.contains(&resource) {
        return 0;
    }
    i64::try_from(api.store.list(table, Some(namespace)).objects.len()).unwrap_or(i64::MAX)
}

/// What a pod uses of a resource; none if the resource is not one that pods use.
#[must_use]
pub fn of_pod(pod: &Value, resource: &str) -> Option<Quantity> {
    let (list, name) = match resource {
        "pods" => return Some(Quantity::whole(1)),
        "cpu" | "memory" => ("requests", resource),
        "requests.storage" => return None,
        _ => resource
            .split_once('.')
            .filter(|(list, _)| matches!(*list, "requests" | "limits"))?,
    };
    let containers = pod["spec"]["containers"].as_array().into_iter().flatten();
    let one = |container: &Value| {
        container["resources"][list][name]
            .as_str()
            .and_then(Quantity::read)
            .unwrap_or_default()
    };
    Some(containers.map(one).fold(Quantity::default(), Quantity::plus))
}

/// What a claim uses of a resource.
#[must_use]
pub fn of_claim(claim: &Value, resource: &str) -> Option<Quantity> {
    match resource {
        "persistentvolumeclaims" => Some(Quantity::whole(1)),
        "requests.storage" => claim["spec"]["resources"]["requests"]["storage"]
            .as_str()
            .and_then(Quantity::read),
        _ => None,
    }
}

/// The containers of a pod that say nothing of a resource that the quota counts.
#[must_use]
pub fn silent(pod: &Value, resource: &str) -> Vec<String> {
    let (list, name) = match resource {
        "cpu" | "memory" => ("requests", resource),
        _ => match resource.split_once('.') {
            Some((list @ ("requests" | "limits"), name @ ("cpu" | "memory"))) => (list, name),
            _ => return Vec::new(),
        },
    };
    let containers = pod["spec"]["containers"].as_array().into_iter().flatten();
    let quiet = containers.filter(|container| container["resources"][list][name].is_null());
    quiet
        .filter_map(|container| container["name"].as_str())
        .map(str::to_owned)
        .collect()
}
