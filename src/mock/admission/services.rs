//! Services: their defaults, and the addresses and ports that the server gives them.

use std::collections::HashSet;

use serde_json::{Value, json};

use super::defaults::put;
use crate::mock::server::Api;

/// The defaults and allocations of a service.
pub fn defaults(api: &Api, service: &mut Value) {
    let spec = &mut service["spec"];
    put(spec, "sessionAffinity", "None".into());
    put(spec, "type", "ClusterIP".into());
    for port in spec["ports"].as_array_mut().into_iter().flatten() {
        put(port, "protocol", "TCP".into());
        if port["targetPort"].is_null() {
            port["targetPort"] = port["port"].clone();
        }
    }
    if let Some(map) = spec.as_object_mut() {
        map.retain(|_, value| !value.is_null());
    }
    let kind = spec["type"].as_str().unwrap_or_default().to_owned();
    if kind == "ExternalName" {
        put(&mut service["status"], "loadBalancer", json!({}));
        return;
    }
    if matches!(kind.as_str(), "NodePort" | "LoadBalancer") {
        put(spec, "externalTrafficPolicy", "Cluster".into());
        allocate_ports(api, spec);
    }
    if kind == "LoadBalancer" {
        put(spec, "allocateLoadBalancerNodePorts", true.into());
    }
    if spec["clusterIP"].as_str().is_none_or(str::is_empty) {
        spec["clusterIP"] = free_address(api).into();
    }
    let address = spec["clusterIP"].clone();
    put(spec, "clusterIPs", json!([address]));
    put(spec, "ipFamilies", json!(["IPv4"]));
    put(spec, "ipFamilyPolicy", "SingleStack".into());
    put(spec, "internalTrafficPolicy", "Cluster".into());
    put(&mut service["status"], "loadBalancer", json!({}));
}

fn services(api: &Api) -> Vec<Value> {
    api.store
        .list("services", None)
        .objects
        .iter()
        .map(|service| service.decode())
        .collect()
}

fn free_address(api: &Api) -> String {
    let taken: HashSet<String> = services(api)
        .iter()
        .filter_map(|service| service["spec"]["clusterIP"].as_str())
        .map(str::to_owned)
        .collect();
    loop {
        let address = format!(
            "10.{}.{}.{}",
            96 + api.ids.below(16),
            api.ids.below(256),
            1 + api.ids.below(254)
        );
        if !taken.contains(&address) {
            return address;
        }
    }
}

/// The node ports in use, by service name.
#[must_use]
pub fn node_ports(api: &Api) -> Vec<(String, i64)> {
    let of = |service: &Value| -> Vec<(String, i64)> {
        let key = format!("{}/{}", service["metadata"]["namespace"], service["metadata"]["name"]);
        let ports = service["spec"]["ports"].as_array().into_iter().flatten();
        ports
            .filter_map(|port| Some((key.clone(), port["nodePort"].as_i64()?)))
            .collect()
    };
    services(api).iter().flat_map(of).collect()
}

fn allocate_ports(api: &Api, spec: &mut Value) {
    let mut taken: HashSet<i64> = node_ports(api).into_iter().map(|(_, port)| port).collect();
    for port in spec["ports"]
        .as_array_mut()
        .into_iter()
        .flatten()
        .filter(|port| port["nodePort"].as_i64().unwrap_or_default() == 0)
    {
        let free = (0..2768)
            .map(|_| 30_000 + api.ids.below(2768) as i64)
            .find(|free| !taken.contains(free));
        if let Some(free) = free {
            taken.insert(free);
            port["nodePort"] = free.into();
        }
    }
}
