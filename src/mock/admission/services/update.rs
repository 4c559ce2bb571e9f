//! What a changed service keeps of what it was given, and what it loses with its type: `patchAllocatedValues`,
//! `normalizeClusterIPs` and `dropTypeDependentFields` of Kubernetes' `pkg/registry/core/service`.

use std::collections::{HashMap, HashSet};

use serde_json::{Value, json};

use super::{has, is_reached_from_outside, needs_address, needs_health_check, needs_node_ports, node_ports, remove};

/// Puts back what the server had given and the client does not name: whoever sends a manifest again means the same service.
pub fn keep_allocated(old: &Value, spec: &mut Value) {
    if needs_address(old) && needs_address(spec) {
        for name in ["clusterIP", "clusterIPs"] {
            if !has(spec, name) && has(old, name) {
                spec[name] = old[name].clone();
            }
        }
    }
    if needs_node_ports(old) && needs_node_ports(spec) {
        let used: HashSet<i64> = node_ports(old).intersection(&node_ports(spec)).copied().collect();
        let by_name: HashMap<&str, i64> = old["ports"]
            .as_array()
            .into_iter()
            .flatten()
            .map(|port| {
                let name = port["name"].as_str().unwrap_or_default();
                (name, port["nodePort"].as_i64().unwrap_or_default())
            })
            .collect();
        for port in spec["ports"].as_array_mut().into_iter().flatten() {
            let name = port["name"].as_str().unwrap_or_default();
            let before = by_name.get(name).copied().unwrap_or_default();
            if port["nodePort"].as_i64().unwrap_or_default() == 0 && before != 0 && !used.contains(&before) {
                port["nodePort"] = before.into();
            }
        }
    }
    if needs_health_check(old) && needs_health_check(spec) && spec["healthCheckNodePort"].is_null() {
        spec["healthCheckNodePort"] = old["healthCheckNodePort"].clone();
    }
}

/// `clusterIP` and `clusterIPs` say the same, whichever of them the client changed.
pub fn keep_in_step(old: &Value, spec: &mut Value) {
    if has(old, "clusterIPs") && !has(spec, "clusterIPs") && old["clusterIP"] == spec["clusterIP"] {
        spec["clusterIPs"] = old["clusterIPs"].clone();
    }
    if old["clusterIP"] == spec["clusterIP"] {
        return;
    }
    if old["clusterIPs"] == spec["clusterIPs"] {
        if has(spec, "clusterIP") {
            spec["clusterIPs"] = json!([spec["clusterIP"]]);
        } else {
            remove(spec, "clusterIPs");
        }
    }
}

/// Takes out what the service's type no longer has, unless the client changed that too.
pub fn drop_what_the_type_lacks(old_service: &Value, service: &mut Value) {
    let old = &old_service["spec"];
    let spec = &mut service["spec"];
    let same = |spec: &Value, name: &str| old[name] == spec[name];
    if needs_address(old) && !needs_address(spec) {
        if same(spec, "clusterIPs") && same(spec, "clusterIP") {
            remove(spec, "clusterIP");
            remove(spec, "clusterIPs");
        }
        for name in ["ipFamilies", "ipFamilyPolicy"] {
            if same(spec, name) {
                remove(spec, name);
            }
        }
    }
    let typed = |spec: &Value| matches!(spec["type"].as_str(), Some("NodePort" | "LoadBalancer"));
    if typed(old) && !typed(spec) && node_ports(old).is_superset(&node_ports(spec)) {
        for port in spec["ports"].as_array_mut().into_iter().flatten() {
            remove(port, "nodePort");
        }
    }
    if needs_health_check(old) && !needs_health_check(spec) && same(spec, "healthCheckNodePort") {
        remove(spec, "healthCheckNodePort");
    }
    if old["type"] == "LoadBalancer" && spec["type"] != "LoadBalancer" {
        for name in ["allocateLoadBalancerNodePorts", "loadBalancerClass"] {
            if same(spec, name) {
                remove(spec, name);
            }
        }
    }
    if is_reached_from_outside(old) && !is_reached_from_outside(spec) && same(spec, "externalTrafficPolicy") {
        remove(spec, "externalTrafficPolicy");
    }
    if spec["type"] == "ExternalName" {
        remove(spec, "internalTrafficPolicy");
    }
    if spec["type"] != "LoadBalancer" {
        service["status"]["loadBalancer"] = json!({});
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_manifest_can_be_sent_again() {
        let old = json!({"type": "NodePort", "clusterIP": "10.96.1.1", "clusterIPs": ["10.96.1.1"],
            "ports": [{"name": "a", "port": 80, "nodePort": 30_100}]});
        let mut new = json!({"type": "NodePort", "ports": [{"name": "a", "port": 81}, {"name": "b", "port": 82}]});
        keep_allocated(&old, &mut new);
        keep_in_step(&old, &mut new);
        assert_eq!(new["clusterIP"], "10.96.1.1");
        assert_eq!(new["clusterIPs"], old["clusterIPs"]);
        assert_eq!(new["ports"][0]["nodePort"], 30_100);
        assert!(new["ports"][1].get("nodePort").is_none());
    }

    #[test]
    fn a_type_takes_its_fields_with_it() {
        let old = json!({"spec": {"type": "LoadBalancer", "clusterIP": "10.96.1.1", "clusterIPs": ["10.96.1.1"],
            "ipFamilies": ["IPv4"], "ipFamilyPolicy": "SingleStack", "externalTrafficPolicy": "Cluster",
            "allocateLoadBalancerNodePorts": true, "ports": [{"port": 80, "nodePort": 30_100}]},
            "status": {"loadBalancer": {"ingress": [{"ip": "1.2.3.4"}]}}});
        let become_type = |kind: &str| {
            let mut new = old.clone();
            new["spec"]["type"] = kind.into();
            drop_what_the_type_lacks(&old, &mut new);
            new
        };
        assert_eq!(
            become_type("ClusterIP")["spec"],
            json!({"type": "ClusterIP", "clusterIP": "10.96.1.1", "clusterIPs": ["10.96.1.1"],
                "ipFamilies": ["IPv4"], "ipFamilyPolicy": "SingleStack", "ports": [{"port": 80}]})
        );
        assert_eq!(
            become_type("ExternalName")["spec"],
            json!({"type": "ExternalName", "ports": [{"port": 80}]})
        );
        assert_eq!(become_type("ClusterIP")["status"], json!({"loadBalancer": {}}));
    }
}
