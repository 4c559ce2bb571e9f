//! Services: their defaults, and the addresses and ports that the server gives them. As Kubernetes'
//! `pkg/apis/core/v1/defaults.go` and `pkg/registry/core/service`.

mod addresses;
mod families;
mod ports;
mod update;

use std::collections::HashSet;

use serde_json::{Value, json};

use super::Attempt;
use super::defaults::{drop_all_nulls, put};
use crate::mock::server::{Api, ApiError, FieldError};

/// How long a client stays with a pod, in seconds, if nobody says.
const AFFINITY: i64 = 10_800;

/// The defaults of a service.
pub fn defaults(service: &mut Value) {
    let spec = &mut service["spec"];
    put(spec, "sessionAffinity", "None".into());
    match spec["sessionAffinity"].as_str() {
        Some("None") => remove(spec, "sessionAffinityConfig"),
        Some("ClientIP") if spec["sessionAffinityConfig"]["clientIP"]["timeoutSeconds"].is_null() => {
            spec["sessionAffinityConfig"] = json!({"clientIP": {"timeoutSeconds": AFFINITY}});
        }
        _ => {}
    }
    put(spec, "type", "ClusterIP".into());
    for port in spec["ports"].as_array_mut().into_iter().flatten() {
        put(port, "protocol", "TCP".into());
        if port["targetPort"].is_null() || port["targetPort"] == 0 || port["targetPort"] == "" {
            port["targetPort"] = port["port"].as_i64().unwrap_or_default().into();
        }
    }
    if is_reached_from_outside(spec) {
        put(spec, "externalTrafficPolicy", "Cluster".into());
    }
    let kind = spec["type"].as_str().unwrap_or_default().to_owned();
    if matches!(kind.as_str(), "ClusterIP" | "NodePort" | "LoadBalancer") {
        put(spec, "internalTrafficPolicy", "Cluster".into());
    }
    if kind == "LoadBalancer" {
        put(spec, "allocateLoadBalancerNodePorts", true.into());
    }
    drop_all_nulls(spec);
    put(&mut service["status"], "loadBalancer", json!({}));
}

/// Gives a new service its addresses and ports: `beginCreate`.
///
/// # Errors
/// 422 for what cannot be given.
pub fn create(attempt: &Attempt<'_>, service: &mut Value) -> Result<(), ApiError> {
    let spec = &mut service["spec"];
    if has(spec, "clusterIP") && !has(spec, "clusterIPs") {
        spec["clusterIPs"] = json!([spec["clusterIP"]]);
    }
    allocate(attempt, None, service)
}

/// Gives a changed service what it had, and what it needs now: `beginUpdate` and `PrepareForUpdate`.
///
/// # Errors
/// 422 for what cannot be given.
pub fn update(attempt: &Attempt<'_>, old: &Value, service: &mut Value) -> Result<(), ApiError> {
    update::keep_allocated(&old["spec"], &mut service["spec"]);
    update::keep_in_step(&old["spec"], &mut service["spec"]);
    allocate(attempt, Some(old), service)?;
    update::drop_what_the_type_lacks(old, service);
    Ok(())
}

fn allocate(attempt: &Attempt<'_>, old: Option<&Value>, service: &mut Value) -> Result<(), ApiError> {
    let before = old.map(|old| &old["spec"]);
    let name = service["metadata"]["name"].as_str().unwrap_or_default().to_owned();
    let refused = |faults: Vec<FieldError>| ApiError::invalid("", "Service", &name, &faults);
    families::settle(before, &mut service["spec"]).map_err(refused)?;
    addresses::allocate(attempt.api, before, &mut service["spec"]).map_err(refused)?;
    ports::allocate(attempt, before, &mut service["spec"]).map_err(refused)?;
    ports::allocate_health_check(attempt, before, &mut service["spec"])?;
    drop_all_nulls(&mut service["spec"]);
    Ok(())
}

/// All services.
fn all(api: &Api) -> Vec<Value> {
    let list = api.store.list("services", None).objects;
    list.iter().map(|service| service.decode()).collect()
}

fn remove(at: &mut Value, name: &str) {
    if let Some(map) = at.as_object_mut() {
        map.shift_remove(name);
    }
}

/// The texts of a list.
fn texts(list: &Value) -> Vec<&str> {
    list.as_array()
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
        .collect()
}

/// Whether a field says something.
fn has(spec: &Value, name: &str) -> bool {
    match &spec[name] {
        Value::Null => false,
        Value::String(text) => !text.is_empty(),
        Value::Array(list) => !list.is_empty(),
        _ => true,
    }
}

/// Whether a service has no address of its own.
#[must_use]
pub fn is_headless(spec: &Value) -> bool {
    texts(&spec["clusterIPs"]) == ["None"]
}

/// Whether a service can be reached from outside of the cluster: `ExternallyAccessible`.
#[must_use]
pub fn is_reached_from_outside(spec: &Value) -> bool {
    match spec["type"].as_str() {
        Some("LoadBalancer" | "NodePort") => true,
        Some("ClusterIP") => has(spec, "externalIPs"),
        _ => false,
    }
}

/// Whether load balancers ask the service's nodes for their health: `NeedsHealthCheck`.
#[must_use]
pub fn needs_health_check(spec: &Value) -> bool {
    spec["type"] == "LoadBalancer" && spec["externalTrafficPolicy"] == "Local"
}

fn needs_address(spec: &Value) -> bool {
    spec["type"] != "ExternalName"
}

/// Whether a service gets ports of nodes that it did not ask for: `shouldAllocateNodePorts`.
fn needs_node_ports(spec: &Value) -> bool {
    spec["type"] == "NodePort" || spec["type"] == "LoadBalancer" && spec["allocateLoadBalancerNodePorts"] != false
}

/// The ports of nodes in a service.
fn node_ports(spec: &Value) -> HashSet<i64> {
    let ports = spec["ports"].as_array().into_iter().flatten();
    ports
        .filter_map(|port| port["nodePort"].as_i64())
        .filter(|port| *port != 0)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn load_balancers_may_do_without() {
        assert!(needs_node_ports(&json!({"type": "NodePort"})) && needs_node_ports(&json!({"type": "LoadBalancer"})));
        assert!(!needs_node_ports(
            &json!({"type": "LoadBalancer", "allocateLoadBalancerNodePorts": false})
        ));
        assert!(!needs_node_ports(&json!({"type": "ClusterIP"})));
    }

    #[test]
    fn services_have_defaults() {
        let of = |spec: Value| {
            let mut service = json!({"spec": spec});
            defaults(&mut service);
            service["spec"].take()
        };
        let plain = of(json!({"ports": [{"port": 80}], "sessionAffinityConfig": {"clientIP": {"timeoutSeconds": 5}}}));
        assert_eq!(
            plain,
            json!({"ports": [{"port": 80, "protocol": "TCP", "targetPort": 80}], "sessionAffinity": "None",
                "type": "ClusterIP", "internalTrafficPolicy": "Cluster"})
        );
        let sticky = of(json!({"sessionAffinity": "ClientIP", "type": "LoadBalancer"}));
        assert_eq!(
            sticky["sessionAffinityConfig"],
            json!({"clientIP": {"timeoutSeconds": 10_800}})
        );
        assert_eq!(sticky["externalTrafficPolicy"], "Cluster");
        assert_eq!(sticky["allocateLoadBalancerNodePorts"], true);
        assert!(
            of(json!({"type": "ExternalName"}))
                .get("internalTrafficPolicy")
                .is_none()
        );
        assert_eq!(
            of(json!({"externalIPs": ["1.2.3.4"]}))["externalTrafficPolicy"],
            "Cluster"
        );
    }
}
