//! Nodes and namespaces, as `printNode` and `printNamespace`.

use jiff::Timestamp;
use serde_json::Value;

use super::Printer;
use super::column::{AGE, Column, NAME};
use super::text::{age, name, or};
use crate::mock::values::list;

/// The printer of nodes.
pub const NODES: Printer = Printer {
    columns: &[
        NAME,
        Column::text("Status").told("The status of the node"),
        Column::text("Roles").told("The roles of the node"),
        AGE,
        Column::text("Version").told("Kubelet Version reported by the node."),
        Column::wide("Internal-IP"),
        Column::wide("External-IP"),
        Column::wide("OS-Image"),
        Column::wide("Kernel-Version"),
        Column::wide("Container-Runtime"),
    ],
    cells: node,
};

fn node(node: &Value, now: Timestamp) -> Vec<Value> {
    let info = &node["status"]["nodeInfo"];
    let kernel = match (or(&info["kernelVersion"], "<unknown>"), or(&info["architecture"], "")) {
        (kernel, "") => kernel.to_owned(),
        (kernel, architecture) => format!("{kernel} ({architecture})"),
    };
    vec![
        name(node),
        status(node).into(),
        roles(node).into(),
        age(node, now),
        or(&info["kubeletVersion"], "").into(),
        address(node, "InternalIP").into(),
        address(node, "ExternalIP").into(),
        or(&info["osImage"], "<unknown>").into(),
        kernel.into(),
        or(&info["containerRuntimeVersion"], "<unknown>").into(),
    ]
}

fn status(node: &Value) -> String {
    let ready = list(&node["status"]["conditions"]).find(|condition| condition["type"] == "Ready");
    let ready = match ready {
        None => "Unknown",
        Some(condition) if condition["status"] == "True" => "Ready",
        Some(_) => "NotReady",
    };
    if node["spec"]["unschedulable"] == true {
        format!("{ready},SchedulingDisabled")
    } else {
        ready.to_owned()
    }
}

fn roles(node: &Value) -> String {
    let labels = node["metadata"]["labels"].as_object().into_iter().flatten();
    let role = |(key, value): (&String, &Value)| {
        let suffix = key.strip_prefix("node-role.kubernetes.io/").map(str::to_owned);
        let named = (key == "kubernetes.io/role").then(|| value.as_str().unwrap_or_default().to_owned());
        suffix.or(named).filter(|role| !role.is_empty())
    };
    let roles: std::collections::BTreeSet<String> = labels.filter_map(role).collect();
    if roles.is_empty() {
        "<none>".to_owned()
    } else {
        roles.into_iter().collect::<Vec<_>>().join(",")
    }
}

fn address(node: &Value, kind: &str) -> String {
    let found = list(&node["status"]["addresses"]).find(|address| address["type"] == kind);
    found
        .map_or("<none>", |address| or(&address["address"], "<none>"))
        .to_owned()
}

/// The printer of namespaces.
pub const NAMESPACES: Printer = Printer {
    columns: &[NAME, Column::text("Status").told("The status of the namespace"), AGE],
    cells: |namespace, now| {
        vec![
            name(namespace),
            or(&namespace["status"]["phase"], "").into(),
            age(namespace, now),
        ]
    },
};
