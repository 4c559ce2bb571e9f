//! Services and ingresses.

use serde_json::Value;

use super::{list, text};
use crate::mock::admission::{Attempt, services};
use crate::mock::server::FieldError;

/// Faults of a service.
#[must_use]
pub fn service(attempt: &Attempt<'_>, old: Option<&Value>, object: &Value) -> Vec<FieldError> {
    let spec = &object["spec"];
    let mut faults = Vec::new();
    let kinds = ["ClusterIP", "ExternalName", "LoadBalancer", "NodePort"];
    if !kinds.contains(&text(&spec["type"])) {
        faults.push(FieldError::unsupported("spec.type", &spec["type"], &kinds));
    }
    let ports: Vec<&Value> = list(&spec["ports"]).collect();
    if ports.is_empty() && text(&spec["clusterIP"]) != "None" && text(&spec["type"]) != "ExternalName" {
        faults.push(FieldError::required("spec.ports", ""));
    }
    for (index, port) in ports.iter().enumerate() {
        faults.extend(self::port(port, index, ports.len() > 1));
    }
    faults.extend(node_ports(attempt, old, object));
    faults
}

fn port(port: &Value, index: usize, many: bool) -> Vec<FieldError> {
    let mut faults = Vec::new();
    let at = format!("spec.ports[{index}]");
    if many && text(&port["name"]).is_empty() {
        faults.push(FieldError::required(format!("{at}.name"), ""));
    }
    let number = port["port"].as_i64().unwrap_or_default();
    if !(1..=65_535).contains(&number) {
        faults.push(FieldError::invalid(
            format!("{at}.port"),
            &number.into(),
            "must be between 1 and 65535, inclusive",
        ));
    }
    faults
}

/// Node ports lie in a range and belong to one service each.
fn node_ports(attempt: &Attempt<'_>, old: Option<&Value>, object: &Value) -> Vec<FieldError> {
    let own: Vec<i64> = old
        .into_iter()
        .flat_map(|old| list(&old["spec"]["ports"]))
        .filter_map(|port| port["nodePort"].as_i64())
        .collect();
    let taken = services::node_ports(attempt.api);
    let mut faults = Vec::new();
    for (index, port) in list(&object["spec"]["ports"]).enumerate() {
        let Some(number) = port["nodePort"].as_i64().filter(|number| *number != 0) else {
            continue;
        };
        let field = format!("spec.ports[{index}].nodePort");
        if !(30_000..=32_767).contains(&number) {
            let why = "provided port is not in the valid range. The range of valid ports is 30000-32767";
            faults.push(FieldError::invalid(field, &number.into(), why));
        } else if !own.contains(&number) && taken.iter().any(|(_, port)| *port == number) {
            faults.push(FieldError::invalid(
                field,
                &number.into(),
                "provided port is already allocated",
            ));
        }
    }
    faults
}

/// Faults of an ingress.
#[must_use]
pub fn ingress(object: &Value) -> Vec<FieldError> {
    let mut faults = Vec::new();
    for (rule_index, rule) in list(&object["spec"]["rules"]).enumerate() {
        for (index, path) in list(&rule["http"]["paths"]).enumerate() {
            let at = format!("spec.rules[{rule_index}].http.paths[{index}]");
            let kinds = ["Exact", "ImplementationSpecific", "Prefix"];
            if path["pathType"].is_null() {
                faults.push(FieldError::required(
                    format!("{at}.pathType"),
                    "pathType must be specified",
                ));
            } else if !kinds.contains(&text(&path["pathType"])) {
                faults.push(FieldError::unsupported(
                    format!("{at}.pathType"),
                    &path["pathType"],
                    &kinds,
                ));
            } else if !text(&path["path"]).starts_with('/') && text(&path["pathType"]) != "ImplementationSpecific" {
                faults.push(FieldError::invalid(
                    format!("{at}.path"),
                    &path["path"],
                    "must be an absolute path",
                ));
            }
        }
    }
    faults
}
