//! Endpoint slices: the addresses of the pods behind each service.

use std::sync::Arc;

use serde_json::{Value, json};

use super::context::{Context, dying, mark, name, namespace, owner_reference};
use super::pods;

const TABLE: &str = "endpointslices.discovery.k8s.io";

/// One look at every service with a selector.
pub fn tick(context: &mut Context) {
    if !context.news("endpoint slices", &["services", "pods", TABLE]) {
        return;
    }
    for service in context.list("services").iter() {
        let selects = service["spec"]["selector"]
            .as_object()
            .is_some_and(|selector| !selector.is_empty());
        if selects && service["spec"]["type"] != "ExternalName" && !dying(service) {
            sync(context, service);
        }
    }
}

fn sync(context: &mut Context, service: &Arc<Value>) {
    let near = context.list_in("pods", namespace(service));
    let slices = context.list_in(TABLE, namespace(service));
    let state = mark(service, &near) ^ mark(service, &slices).rotate_left(17);
    if context.rests("endpoint slices", service, state) {
        return;
    }
    context.rest("endpoint slices", service, state, None);
    let selector = crate::mock::select::LabelSelector::of_object(&service["spec"]["selector"]);
    let mut pods = near;
    pods.retain(|pod| {
        selector.matches_labels(&pod["metadata"]["labels"])
            && pod["status"]["podIP"].is_string()
            && !pods::finished(pod)
    });
    let endpoints: Vec<Value> = pods.iter().map(|pod| endpoint(pod)).collect();
    let ports = ports(service, pods.first().map(|pod| &**pod));
    let label = "kubernetes.io/service-name";
    let known = slices
        .iter()
        .find(|slice| slice["metadata"]["labels"][label] == name(service));
    match known {
        Some(slice) if slice["endpoints"] == json!(endpoints) && slice["ports"] == ports => {}
        Some(slice) => {
            context.touch(TABLE, slice, |slice| {
                let told = !endpoints.is_empty() || !slice["ports"].is_null();
                if told && (slice["endpoints"] != json!(endpoints) || slice["ports"] != ports) {
                    slice["endpoints"] = json!(endpoints);
                    slice["ports"] = ports.clone();
                    let generation = slice["metadata"]["generation"].as_i64().unwrap_or_default();
                    slice["metadata"]["generation"] = (generation + 1).into();
                }
            });
        }
        None => {
            // Before the first address there is nothing to say about ports.
            let ports = if endpoints.is_empty() { Value::Null } else { ports };
            let _ = context.api.plant(slice(context, service, endpoints, ports));
        }
    }
}

fn slice(context: &Context, service: &Value, endpoints: Vec<Value>, ports: Value) -> Value {
    let mut labels = service["metadata"]["labels"].clone();
    labels["endpointslice.kubernetes.io/managed-by"] = "endpointslice-controller.k8s.io".into();
    labels["kubernetes.io/service-name"] = name(service).into();
    let slice_name = format!("{}-{}", name(service), context.api.ids.suffix(5));
    json!({"kind": "EndpointSlice", "apiVersion": "discovery.k8s.io/v1",
        "metadata": {"name": slice_name, "generateName": format!("{}-", name(service)), "namespace": namespace(service),
            "generation": 1, "labels": labels, "ownerReferences": [owner_reference("v1", "Service", service)]},
        "addressType": "IPv4", "endpoints": endpoints, "ports": ports})
}

fn endpoint(pod: &Value) -> Value {
    let (ready, stopping) = (pods::ready(pod), dying(pod));
    json!({"addresses": [pod["status"]["podIP"]],
        "conditions": {"ready": ready && !stopping, "serving": ready, "terminating": stopping},
        "nodeName": pod["spec"]["nodeName"],
        "targetRef": {"kind": "Pod", "name": name(pod), "namespace": namespace(pod), "uid": pod["metadata"]["uid"]}})
}

/// The ports behind the service: numbers as they are, names looked up in a pod.
fn ports(service: &Value, pod: Option<&Value>) -> Value {
    let number = |port: &Value| match &port["targetPort"] {
        Value::Number(number) => number.clone().into(),
        Value::String(wanted) => {
            let containers = pod
                .into_iter()
                .flat_map(|pod| pod["spec"]["containers"].as_array().into_iter().flatten());
            let mut ports = containers.flat_map(|container| container["ports"].as_array().into_iter().flatten());
            ports
                .find(|port| port["name"] == *wanted)
                .map_or(port["port"].clone(), |port| port["containerPort"].clone())
        }
        _ => port["port"].clone(),
    };
    let ports = service["spec"]["ports"].as_array().into_iter().flatten();
    ports.map(|port| json!({"name": port["name"].as_str().unwrap_or_default(), "protocol": port["protocol"], "port": number(port)})).collect()
}
