//! Services, endpoints, ingresses and network policies.

use std::collections::BTreeSet;

use jiff::Timestamp;
use serde_json::Value;

use super::Printer;
use super::column::{AGE, Column, NAME};
use super::text::{age, labels, name, or, selector, some};
use crate::mock::values::list;

/// The printer of services.
pub const SERVICES: Printer = Printer {
    columns: &[
        NAME,
        Column::text("Type"),
        Column::text("Cluster-IP"),
        Column::text("External-IP"),
        Column::text("Port(s)"),
        AGE,
        Column::wide("Selector"),
    ],
    cells: service,
};

fn service(object: &Value, now: Timestamp) -> Vec<Value> {
    let spec = &object["spec"];
    let first = list(&spec["clusterIPs"]).next().unwrap_or(&spec["clusterIP"]);
    let ports: Vec<String> = list(&spec["ports"]).map(port).collect();
    let ports = if ports.is_empty() {
        "<none>".to_owned()
    } else {
        ports.join(",")
    };
    vec![
        name(object),
        or(&spec["type"], "").into(),
        or(first, "<none>").into(),
        external(object).into(),
        ports.into(),
        age(object, now),
        labels(&spec["selector"]).into(),
    ]
}

fn port(port: &Value) -> String {
    let (number, protocol) = (port["port"].as_i64().unwrap_or_default(), or(&port["protocol"], "TCP"));
    match port["nodePort"].as_i64() {
        Some(node) if node > 0 => format!("{number}:{node}/{protocol}"),
        _ => format!("{number}/{protocol}"),
    }
}

/// Where a service is reached from outside, as `getServiceExternalIP`.
fn external(service: &Value) -> String {
    let spec = &service["spec"];
    let ips: Vec<&str> = list(&spec["externalIPs"]).filter_map(Value::as_str).collect();
    match or(&spec["type"], "") {
        "ClusterIP" | "NodePort" if ips.is_empty() => "<none>".to_owned(),
        "ClusterIP" | "NodePort" => ips.join(","),
        "LoadBalancer" => {
            let balancer = balancer(service);
            let all: Vec<&str> = balancer.iter().map(String::as_str).chain(ips).collect();
            if all.is_empty() {
                "<pending>".to_owned()
            } else {
                all.join(",")
            }
        }
        "ExternalName" => or(&spec["externalName"], "").to_owned(),
        _ => "<unknown>".to_owned(),
    }
}

/// The addresses that a load balancer gave, sorted, each once.
fn balancer(object: &Value) -> Vec<String> {
    let address = |ingress: &Value| {
        let ip = or(&ingress["ip"], or(&ingress["hostname"], ""));
        (!ip.is_empty()).then(|| ip.to_owned())
    };
    let given = list(&object["status"]["loadBalancer"]["ingress"]).filter_map(address);
    given.collect::<BTreeSet<String>>().into_iter().collect()
}

/// The printer of endpoint slices.
pub const ENDPOINT_SLICES: Printer = Printer {
    columns: &[
        NAME,
        Column::text("AddressType"),
        Column::text("Ports"),
        Column::text("Endpoints"),
        AGE,
    ],
    cells: |object, now| {
        let port = |port: &Value| match port["port"].as_i64() {
            Some(port) => port.to_string(),
            None => port["name"].as_str().unwrap_or("*").to_owned(),
        };
        let ports: Vec<String> = list(&object["ports"]).map(port).collect();
        let addresses = list(&object["endpoints"]).flat_map(|endpoint| list(&endpoint["addresses"]));
        let addresses: Vec<String> = addresses.filter_map(Value::as_str).map(str::to_owned).collect();
        let kind = or(&object["addressType"], "");
        vec![
            name(object),
            kind.into(),
            unset(&ports).into(),
            unset(&addresses).into(),
            age(object, now),
        ]
    },
};

fn unset(texts: &[String]) -> String {
    if texts.is_empty() {
        "<unset>".to_owned()
    } else {
        some(texts, 3)
    }
}

/// The printer of endpoints.
pub const ENDPOINTS: Printer = Printer {
    columns: &[NAME, Column::text("Endpoints"), AGE],
    cells: |object, now| {
        let subset = |subset: &Value| -> Vec<String> {
            let (addresses, ports): (Vec<&Value>, Vec<&Value>) =
                (list(&subset["addresses"]).collect(), list(&subset["ports"]).collect());
            let pair = |address: &&Value, port: &&Value| format!("{}:{}", or(&address["ip"], ""), port["port"]);
            if ports.is_empty() {
                return addresses
                    .iter()
                    .map(|address| or(&address["ip"], "").to_owned())
                    .collect();
            }
            ports
                .iter()
                .flat_map(|port| addresses.iter().map(move |address| pair(address, port)))
                .collect()
        };
        let all: Vec<String> = list(&object["subsets"]).flat_map(subset).collect();
        let text = if all.is_empty() {
            "<none>".to_owned()
        } else {
            some(&all, 3)
        };
        vec![name(object), text.into(), age(object, now)]
    },
};

/// The printer of ingresses.
pub const INGRESSES: Printer = Printer {
    columns: &[
        NAME,
        Column::text("Class"),
        Column::text("Hosts"),
        Column::text("Address"),
        Column::text("Ports"),
        AGE,
    ],
    cells: |object, now| {
        let spec = &object["spec"];
        let hosts = hosts(&spec["rules"]);
        let ports = if list(&spec["tls"]).next().is_some() {
            "80, 443"
        } else {
            "80"
        };
        let class = or(&spec["ingressClassName"], "<none>");
        vec![
            name(object),
            class.into(),
            hosts.into(),
            balancer(object).join(",").into(),
            ports.into(),
            age(object, now),
        ]
    },
};

/// At most three hosts; of rules that follow, those without a host count too. As `formatHosts`.
fn hosts(rules: &Value) -> String {
    let rules: Vec<&str> = list(rules).map(|rule| or(&rule["host"], "")).collect();
    let (mut shown, mut more) = (Vec::new(), false);
    for host in &rules {
        more |= shown.len() == 3;
        if !more && !host.is_empty() {
            shown.push(*host);
        }
    }
    match () {
        () if shown.is_empty() => "*".to_owned(),
        () if more => format!("{} + {} more...", shown.join(","), rules.len().saturating_sub(3)),
        () => shown.join(","),
    }
}

/// The printer of ingress classes.
pub const INGRESS_CLASSES: Printer = Printer {
    columns: &[NAME, Column::text("Controller"), Column::text("Parameters"), AGE],
    cells: |object, now| {
        let parameters = &object["spec"]["parameters"];
        let group = parameters["apiGroup"]
            .as_str()
            .map(|group| format!(".{group}"))
            .unwrap_or_default();
        let text = match parameters.is_object() {
            true => format!("{}{group}/{}", or(&parameters["kind"], ""), or(&parameters["name"], "")),
            false => "<none>".to_owned(),
        };
        let default = object["metadata"]["annotations"]["ingressclass.kubernetes.io/is-default-class"] == "true";
        let mark = if default { " (default)" } else { "" };
        vec![
            format!("{}{mark}", or(&object["metadata"]["name"], "")).into(),
            or(&object["spec"]["controller"], "").into(),
            text.into(),
            age(object, now),
        ]
    },
};

/// The printer of network policies.
pub const NETWORK_POLICIES: Printer = Printer {
    columns: &[NAME, Column::text("Pod-Selector"), AGE],
    cells: |object, now| {
        vec![
            name(object),
            selector(&object["spec"]["podSelector"]).into(),
            age(object, now),
        ]
    },
};
