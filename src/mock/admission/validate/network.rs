//! Services.

use std::collections::HashSet;

use serde_json::Value;

use super::{list, metadata, rules, text};
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
    let mut names = HashSet::new();
    for (index, port) in ports.iter().enumerate() {
        faults.extend(self::port(port, index, ports.len() > 1, &mut names));
    }
    faults.extend(metadata::labels(&spec["selector"], "spec.selector"));
    let affinities = ["ClientIP", "None"];
    faults.extend(rules::one_of(
        &spec["sessionAffinity"],
        "spec.sessionAffinity",
        &affinities,
    ));
    faults.extend(node_ports(attempt, old, object));
    faults
}

fn port<'a>(port: &'a Value, index: usize, many: bool, names: &mut HashSet<&'a str>) -> Vec<FieldError> {
    let mut faults = Vec::new();
    let at = format!("spec.ports[{index}]");
    let (name, field) = (text(&port["name"]), format!("{at}.name"));
    if many && name.is_empty() {
        faults.push(FieldError::required(field, ""));
    } else if !name.is_empty() {
        let wrong = metadata::label(name);
        if wrong.is_empty() && !names.insert(name) {
            faults.push(FieldError::duplicate(field.clone(), &port["name"]));
        }
        faults.extend(rules::each(&field, &port["name"], wrong));
    }
    let number = port["port"].as_i64().unwrap_or_default();
    if !(1..=65_535).contains(&number) {
        faults.push(FieldError::invalid(
            format!("{at}.port"),
            &number.into(),
            "must be between 1 and 65535, inclusive",
        ));
    }
    let protocols = ["SCTP", "TCP", "UDP"];
    faults.extend(rules::one_of(&port["protocol"], format!("{at}.protocol"), &protocols));
    if !port["targetPort"].is_null() {
        faults.extend(rules::port(&port["targetPort"], &format!("{at}.targetPort")));
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
