//! What a namespace's objects use of what a quota counts.

use std::collections::BTreeSet;

use serde_json::{Map, Value};

use super::quantity::Quantity;
use super::scopes;
use crate::mock::server::Api;

/// What is used of each resource that the `hard` of a quota's spec names.
#[must_use]
pub fn usage(api: &Api, namespace: &str, spec: &Value) -> Value {
    let hard = &spec["hard"];
    let counted_in = |table: &str| -> Vec<Value> {
        let objects = values(api, table, namespace).into_iter();
        objects.filter(|object| scopes::counts(spec, table, object)).collect()
    };
    let pods: Vec<Value> = counted_in("pods").into_iter().filter(|pod| !finished(pod)).collect();
    let claims = counted_in("persistentvolumeclaims");
    let services = counted_in("services");
    let sum = |resource: &str| -> Quantity {
        let of_pods = pods.iter().map(|pod| of_pod(pod, resource).unwrap_or_default());
        let of_claims = claims.iter().map(|claim| of_claim(claim, resource).unwrap_or_default());
        let counted = Quantity::whole(counted(api, namespace, resource));
        let of_services = services
            .iter()
            .map(|service| of_service(service, resource).unwrap_or_default());
        of_pods
            .chain(of_claims)
            .chain(of_services)
            .fold(counted, Quantity::plus)
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
        "cpu" | "memory" | "ephemeral-storage" => ("requests", resource),
        _ if resource.starts_with("hugepages-") => ("requests", resource),
        "requests.storage" => return None,
        _ => match resource.split_once('.')? {
            ("requests", name) => ("requests", name),
            ("limits", name @ ("cpu" | "memory" | "ephemeral-storage")) => ("limits", name),
            _ => return None,
        },
    };
    Some(pod_needs(pod, list, name).unwrap_or_default())
}

/// What a pod needs with what it costs to run it; none if nobody says. As `PodRequests` and `PodLimits` of
/// `component-helpers/resource`: what runs it has no limit of its own.
#[must_use]
pub fn pod_needs(pod: &Value, list: &str, name: &str) -> Option<Quantity> {
    let total = pod_total(pod, list, name);
    match Quantity::from_value(&pod["spec"]["overhead"][name]) {
        Some(overhead) if list == "requests" || total > Some(Quantity::default()) => {
            Some(total.unwrap_or_default().plus(overhead))
        }
        _ => total,
    }
}

/// Whether a pod as a whole may say what it needs of a resource: `IsSupportedPodLevelResource`.
#[must_use]
pub fn is_of_pods(resource: &str) -> bool {
    matches!(resource, "cpu" | "memory") || resource.starts_with("hugepages-")
}

/// What a pod asks for, or its containers together at the moment when they need most; none if nobody says. As `podRequests`
/// of the LimitRanger plugin.
#[must_use]
pub fn pod_total(pod: &Value, list: &str, name: &str) -> Option<Quantity> {
    let whole = Quantity::from_value(&pod["spec"]["resources"][list][name]);
    if let Some(whole) = whole.filter(|_| is_of_pods(name)) {
        return Some(whole);
    }
    let read = |container: &Value| Quantity::from_value(&container["resources"][list][name]);
    let plus = |a: Option<Quantity>, b: Option<Quantity>| match (a, b) {
        (Some(a), Some(b)) => Some(a.plus(b)),
        (a, b) => a.or(b),
    };
    let containers = pod["spec"]["containers"].as_array().into_iter().flatten();
    let mut total = containers.map(read).fold(None, plus);
    let (mut sidecars, mut peak) = (None, None);
    for container in pod["spec"]["initContainers"].as_array().into_iter().flatten() {
        let with_sidecars = plus(sidecars, read(container));
        if container["restartPolicy"] == "Always" {
            total = plus(total, read(container));
            sidecars = with_sidecars;
        }
        peak = peak.max(with_sidecars);
    }
    total.max(peak)
}

/// What a claim uses of a resource.
#[must_use]
pub fn of_claim(claim: &Value, resource: &str) -> Option<Quantity> {
    match resource {
        "persistentvolumeclaims" => Some(Quantity::whole(1)),
        "requests.storage" => Quantity::from_value(&claim["spec"]["resources"]["requests"]["storage"]),
        _ => {
            let (class, rest) = resource.split_once(".storageclass.storage.k8s.io/")?;
            (claim["spec"]["storageClassName"] == class).then(|| of_claim(claim, rest))?
        }
    }
}

/// What a service uses of a resource.
#[must_use]
pub fn of_service(service: &Value, resource: &str) -> Option<Quantity> {
    let spec = &service["spec"];
    let ports = spec["ports"].as_array().map_or(0, Vec::len);
    let used = match (resource, spec["type"].as_str()) {
        ("services.nodeports", Some("LoadBalancer")) if spec["allocateLoadBalancerNodePorts"] == false => 0,
        ("services.nodeports", Some("NodePort" | "LoadBalancer")) => ports,
        ("services.loadbalancers", Some("LoadBalancer")) => 1,
        ("services.nodeports" | "services.loadbalancers", _) => 0,
        _ => return None,
    };
    Some(Quantity::whole(i64::try_from(used).unwrap_or(i64::MAX)))
}

/// The containers of a pod, those that prepare it too, that say nothing of a resource that the quota counts, by name, where
/// the pod as a whole says nothing either: `Constraints` of the evaluator of pods.
#[must_use]
pub fn silent(pod: &Value, resource: &str) -> Vec<String> {
    let whole = ["requests", "limits"].map(|list| pod["spec"]["resources"][list].as_object());
    let mut told = whole.into_iter().flatten().flat_map(Map::keys);
    if told.any(|resource| is_of_pods(resource)) {
        return Vec::new();
    }
    let (list, name) = match resource {
        "cpu" | "memory" => ("requests", resource),
        _ => match resource.split_once('.') {
            Some((list @ ("requests" | "limits"), name @ ("cpu" | "memory"))) => (list, name),
            _ => return Vec::new(),
        },
    };
    let of = |kind: &str| pod["spec"][kind].as_array().into_iter().flatten();
    let containers = of("containers").chain(of("initContainers"));
    let quiet = containers.filter(|container| container["resources"][list][name].is_null());
    let names: BTreeSet<&str> = quiet.filter_map(|container| container["name"].as_str()).collect();
    names.into_iter().map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn pods_are_charged_for_what_they_say_as_a_whole_and_for_what_runs_them() {
        let container = |name: &str, resources: Value| json!({"name": name, "resources": resources});
        let plain = json!({"spec": {"containers": [
            container("a", json!({"requests": {"cpu": "100m", "ephemeral-storage": "1Gi"}, "limits": {"hugepages-2Mi": "4Mi", "memory": "1Gi"}})),
            container("b", json!({"requests": {"cpu": "200m", "hugepages-2Mi": "2Mi"}}))]}});
        let mut whole = plain.clone();
        whole["spec"]["resources"] = json!({"requests": {"cpu": "1", "ephemeral-storage": "9Gi"}});
        whole["spec"]["overhead"] = json!({"cpu": "50m", "memory": "10Mi"});
        for (resource, of_plain, of_whole) in [
            ("cpu", "300m", "1050m"),
            ("requests.cpu", "300m", "1050m"),
            ("limits.cpu", "0", "0"),
            ("memory", "0", "10Mi"),
            ("limits.memory", "1Gi", "1034Mi"),
            ("ephemeral-storage", "1Gi", "1Gi"),
            ("requests.ephemeral-storage", "1Gi", "1Gi"),
            ("limits.ephemeral-storage", "0", "0"),
            ("hugepages-2Mi", "2Mi", "2Mi"),
            ("requests.hugepages-2Mi", "2Mi", "2Mi"),
        ] {
            let used = [&plain, &whole].map(|pod| of_pod(pod, resource).map(|amount| amount.to_string()));
            assert_eq!(
                used,
                [of_plain, of_whole].map(|text| Some(text.to_owned())),
                "{resource}"
            );
        }
        for resource in [
            "services",
            "limits.hugepages-2Mi",
            "limits.a.io/gpu",
            "requests.storage",
        ] {
            assert_eq!(of_pod(&plain, resource), None, "{resource}");
        }
        let none = json!({"spec": {"overhead": {"memory": "10Mi"}, "containers": [container("a", json!({"limits": {"memory": "0"}}))]}});
        assert_eq!(of_pod(&none, "limits.memory"), Some(Quantity::default()));
        assert_eq!(silent(&plain, "limits.memory"), ["b"]);
        assert!(silent(&whole, "limits.memory").is_empty());
    }
}
