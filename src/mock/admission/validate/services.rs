//! Services: `validateService` of Kubernetes' `pkg/apis/core/validation/validation.go`.

use std::collections::HashSet;

use serde_json::{Value, json};

use super::{addresses, cluster_addresses, list, metadata, rules, service_update, text};
use crate::mock::admission::services::{is_headless, is_reached_from_outside, needs_health_check};
use crate::mock::server::FieldError;

/// No affinity lasts longer, in seconds.
const DAY: i64 = 86_400;

/// Faults of a service.
#[must_use]
pub fn check(old: Option<&Value>, object: &Value) -> Vec<FieldError> {
    let spec = &object["spec"];
    let before = old.map(|old| &old["spec"]);
    let mut faults = before.map(|old| service_update::faults(old, spec)).unwrap_or_default();
    faults.extend(of_type(spec));
    let many = list(&spec["ports"]).count() > 1;
    let mut names = HashSet::new();
    for (index, port) in list(&spec["ports"]).enumerate() {
        faults.extend(self::port(port, &format!("spec.ports[{index}]"), many, &mut names));
    }
    faults.extend(metadata::labels(&spec["selector"], "spec.selector"));
    faults.extend(affinity(spec));
    faults.extend(cluster_addresses::faults(spec, before));
    faults.extend(external_addresses(before, spec));
    let kinds = ["ClusterIP", "ExternalName", "LoadBalancer", "NodePort"];
    faults.extend(rules::one_of(&spec["type"], "spec.type", &kinds));
    faults.extend(twins(spec));
    faults.extend(load_balancer(before, spec));
    faults.extend(old_ranges(old, object));
    faults.extend(traffic(spec));
    faults
}

/// What a service of a type must have, or cannot have.
fn of_type(spec: &Value) -> Vec<FieldError> {
    let mut faults = Vec::new();
    let kind = text(&spec["type"]);
    if list(&spec["ports"]).next().is_none() && !is_headless(spec) && kind != "ExternalName" {
        faults.push(FieldError::required("spec.ports", ""));
    }
    if matches!(kind, "LoadBalancer" | "NodePort") && is_headless(spec) {
        let why = format!("may not be set to 'None' for {kind} services");
        faults.push(FieldError::invalid("spec.clusterIPs[0]", &"None".into(), why));
    }
    if kind != "ExternalName" {
        return faults;
    }
    for name in ["clusterIPs", "ipFamilies", "ipFamilyPolicy"] {
        let empty = spec[name].as_array().map_or(spec[name].is_null(), Vec::is_empty);
        if !empty {
            let why = "may not be set for ExternalName services";
            faults.push(FieldError::forbidden(format!("spec.{name}"), why));
        }
    }
    let name = text(&spec["externalName"]);
    match name.strip_suffix('.').unwrap_or(name) {
        "" => faults.push(FieldError::required("spec.externalName", "")),
        name => faults.extend(rules::each(
            "spec.externalName",
            &name.into(),
            metadata::subdomain(name),
        )),
    }
    faults
}

fn port<'a>(port: &'a Value, at: &str, many: bool, names: &mut HashSet<&'a str>) -> Vec<FieldError> {
    let mut faults = Vec::new();
    let (name, field) = (text(&port["name"]), format!("{at}.name"));
    if many && name.is_empty() {
        faults.push(FieldError::required(field, ""));
    } else if !name.is_empty() {
        faults.extend(rules::each(&field, &port["name"], metadata::label(name)));
        if !names.insert(name) {
            faults.push(FieldError::duplicate(field, &port["name"]));
        }
    }
    let number = port["port"].as_i64().unwrap_or_default();
    faults.extend(rules::within(&number.into(), format!("{at}.port"), 1, 65_535));
    faults.extend(rules::protocol(port, at));
    if !port["targetPort"].is_null() {
        faults.extend(rules::port(&port["targetPort"], &format!("{at}.targetPort")));
    }
    faults.extend(rules::app_protocol(port, at));
    faults
}

/// Whether clients stay with their pod, and how long.
fn affinity(spec: &Value) -> Vec<FieldError> {
    let affinities = ["ClientIP", "None"];
    let mut faults: Vec<FieldError> = rules::one_of(&spec["sessionAffinity"], "spec.sessionAffinity", &affinities)
        .into_iter()
        .collect();
    let seconds = &spec["sessionAffinityConfig"]["clientIP"]["timeoutSeconds"];
    if text(&spec["sessionAffinity"]) == "ClientIP" && seconds.as_i64().is_some_and(|s| !(1..=DAY).contains(&s)) {
        let field = "spec.sessionAffinityConfig.clientIP.timeoutSeconds";
        let why = format!("must be greater than 0 and less than {DAY}");
        faults.push(FieldError::invalid(field, seconds, why));
    }
    faults
}

fn external_addresses(old: Option<&Value>, spec: &Value) -> Vec<FieldError> {
    let before: Vec<&str> = old
        .map(|old| list(&old["externalIPs"]).map(text).collect())
        .unwrap_or_default();
    let mut faults = Vec::new();
    for (index, address) in list(&spec["externalIPs"]).enumerate() {
        let field = format!("spec.externalIPs[{index}]");
        let wrong = addresses::address(address, &field, &before);
        faults.extend(if wrong.is_empty() {
            addresses::endpoint(address, &field)
        } else {
            wrong
        });
    }
    faults
}

/// Ports that a service has twice, and ports of nodes where it has none.
fn twins(spec: &Value) -> Vec<FieldError> {
    let mut faults = Vec::new();
    let number = |port: &Value, name: &str| port[name].as_i64().unwrap_or_default();
    let ports = || list(&spec["ports"]).enumerate();
    if text(&spec["type"]) == "ClusterIP" {
        for (index, _) in ports().filter(|(_, port)| number(port, "nodePort") != 0) {
            let field = format!("spec.ports[{index}].nodePort");
            faults.push(FieldError::forbidden(
                field,
                "may not be used when `type` is 'ClusterIP'",
            ));
        }
    }
    let mut seen = HashSet::new();
    for (index, port) in ports().filter(|(_, port)| number(port, "nodePort") != 0) {
        if !seen.insert((text(&port["protocol"]), number(port, "nodePort"))) {
            let field = format!("spec.ports[{index}].nodePort");
            faults.push(FieldError::duplicate(field, &port["nodePort"]));
        }
    }
    let mut seen = HashSet::new();
    for (index, port) in ports() {
        let (protocol, number) = (text(&port["protocol"]), number(port, "port"));
        if !seen.insert((protocol, number)) {
            let shown = json!({"Name": "", "Protocol": protocol, "AppProtocol": null, "Port": number, "TargetPort": 0, "NodePort": 0});
            faults.push(FieldError::duplicate(format!("spec.ports[{index}]"), &shown));
        }
    }
    faults
}

/// What only load balancers have.
fn load_balancer(old: Option<&Value>, spec: &Value) -> Vec<FieldError> {
    const ONLY: &str = "may only be used when `type` is 'LoadBalancer'";
    let balanced = text(&spec["type"]) == "LoadBalancer";
    let mut faults = Vec::new();
    let field = "spec.LoadBalancerSourceRanges";
    if list(&spec["loadBalancerSourceRanges"]).next().is_some() && !balanced {
        faults.push(FieldError::forbidden(field, ONLY));
    }
    let before: Vec<&str> = old
        .into_iter()
        .flat_map(|old| list(&old["loadBalancerSourceRanges"]))
        .map(|range| text(range).trim())
        .collect();
    for (index, range) in list(&spec["loadBalancerSourceRanges"]).enumerate() {
        faults.extend(addresses::range(
            text(range).trim(),
            &format!("{field}[{index}]"),
            &before,
        ));
    }
    if !balanced {
        for name in ["allocateLoadBalancerNodePorts", "loadBalancerClass"] {
            if !spec[name].is_null() {
                faults.push(FieldError::forbidden(format!("spec.{name}"), ONLY));
            }
        }
    } else if let Some(class) = spec["loadBalancerClass"].as_str() {
        let (field, shown) = ("spec.loadBalancerClass", &spec["loadBalancerClass"]);
        faults.extend(rules::each(field, shown, metadata::key(class)));
    }
    faults
}

/// The ranges of a load balancer's clients in an annotation, where they stood before they were a field.
fn old_ranges(old: Option<&Value>, object: &Value) -> Vec<FieldError> {
    const NAME: &str = "service.beta.kubernetes.io/load-balancer-source-ranges";
    let annotation = &object["metadata"]["annotations"][NAME];
    if annotation.is_null() || list(&object["spec"]["loadBalancerSourceRanges"]).next().is_some() {
        return Vec::new();
    }
    let field = format!("metadata.annotations[{NAME}]");
    let mut faults = Vec::new();
    if text(&object["spec"]["type"]) != "LoadBalancer" {
        let why = "may only be used when `type` is 'LoadBalancer'";
        faults.push(FieldError::forbidden(field.clone(), why));
    }
    let changed = old.is_none_or(|old| old["metadata"]["annotations"][NAME] != *annotation);
    if changed && !text(annotation).trim().is_empty() {
        let ranges = text(annotation).split(',');
        faults.extend(ranges.flat_map(|range| addresses::range(range.trim(), &field, &[])));
    }
    faults
}

/// Where traffic goes.
fn traffic(spec: &Value) -> Vec<FieldError> {
    let mut faults = Vec::new();
    let (field, policy) = ("spec.externalTrafficPolicy", &spec["externalTrafficPolicy"]);
    if is_reached_from_outside(spec) {
        faults.extend(rules::one_of(policy, field, &["Cluster", "Local"]));
    } else if !text(policy).is_empty() {
        let why = "may only be set for externally-accessible services";
        faults.push(FieldError::invalid(field, policy, why));
    }
    let (field, port) = ("spec.healthCheckNodePort", &spec["healthCheckNodePort"]);
    if needs_health_check(spec) {
        faults.extend(rules::within(port, field, 1, 65_535));
    } else if port.as_i64().is_some_and(|port| port != 0) {
        let why = "may only be set when `type` is 'LoadBalancer' and `externalTrafficPolicy` is 'Local'";
        faults.push(FieldError::invalid(field, port, why));
    }
    let (field, policy) = ("spec.internalTrafficPolicy", &spec["internalTrafficPolicy"]);
    faults.extend(rules::one_of(policy, field, &["Cluster", "Local"]));
    let known = ["PreferClose", "PreferSameZone", "PreferSameNode"];
    faults.extend(rules::one_of(
        &spec["trafficDistribution"],
        "spec.trafficDistribution",
        &known,
    ));
    faults
}

#[cfg(test)]
mod tests {
    use super::super::joined;
    use super::*;

    fn told(mut spec: Value) -> String {
        let base = json!({"type": "ClusterIP", "sessionAffinity": "None", "ports": [{"port": 80, "protocol": "TCP", "targetPort": 80}]});
        for (name, value) in base.as_object().unwrap() {
            if spec[name].is_null() {
                spec[name] = value.clone();
            }
        }
        joined(check(None, &json!({"spec": spec})))
    }

    #[test]
    fn services_are_refused_as_a_server_does() {
        for (spec, said) in [
            (json!({}), ""),
            (json!({"type": "ExternalName"}), "spec.externalName: Required value"),
            (
                json!({"ports": [{"port": 80, "name": "a", "protocol": "TCP"}, {"port": 80, "name": "b", "protocol": "TCP"}]}),
                "spec.ports[1]: Duplicate value: {\"Name\":\"\",\"Protocol\":\"TCP\",\"AppProtocol\":null,\"Port\":80,\"TargetPort\":0,\"NodePort\":0}",
            ),
            (
                json!({"externalTrafficPolicy": "Local"}),
                "spec.externalTrafficPolicy: Invalid value: \"Local\": may only be set for externally-accessible services",
            ),
            (
                json!({"internalTrafficPolicy": "Foo"}),
                "spec.internalTrafficPolicy: Unsupported value: \"Foo\": supported values: \"Cluster\", \"Local\"",
            ),
            (
                json!({"externalIPs": ["127.0.0.1"], "externalTrafficPolicy": "Cluster"}),
                "spec.externalIPs[0]: Invalid value: \"127.0.0.1\": may not be in the loopback range (127.0.0.0/8, ::1/128)",
            ),
            (
                json!({"loadBalancerSourceRanges": ["x"]}),
                "spec.LoadBalancerSourceRanges: Forbidden: may only be used when `type` is 'LoadBalancer'; \
                spec.LoadBalancerSourceRanges[0]: Invalid value: \"x\": must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)",
            ),
            (
                json!({"ports": [{"port": 80, "nodePort": 30_100}]}),
                "spec.ports[0].nodePort: Forbidden: may not be used when `type` is 'ClusterIP'",
            ),
            (
                json!({"type": "NodePort", "clusterIP": "None", "clusterIPs": ["None"], "externalTrafficPolicy": "Cluster"}),
                "spec.clusterIPs[0]: Invalid value: \"None\": may not be set to 'None' for NodePort services",
            ),
            (
                json!({"trafficDistribution": "X"}),
                "spec.trafficDistribution: Unsupported value: \"X\": supported values: \"PreferClose\", \"PreferSameZone\", \"PreferSameNode\"",
            ),
        ] {
            assert_eq!(told(spec), said);
        }
    }
}
