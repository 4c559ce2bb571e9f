//! Nodes.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::core::reference::Reference;
use crate::core::text::Tone;
use crate::relations::kinds::LEASE as LEASES;

use super::need::{Answer, Need};
use super::value::{Read, join, joined, or};
use super::words::Words;
use super::{Describer, Input, Writer, amounts, conditions, meta, node_allocation, time};

/// Describes a node, as `describeNode` in kubectl.
pub struct Nodes;

const LEASE: &str = "lease";
const PODS: &str = "pods";

impl Describer for Nodes {
    fn kinds(&self) -> &'static [(&'static str, &'static str)] {
        &[("", "Node")]
    }

    fn needs(&self, node: &Value) -> Vec<Need> {
        let name = node.at("metadata.name").text();
        let running = format!("spec.nodeName={name},status.phase!=Succeeded,status.phase!=Failed");
        vec![
            Need::list(LEASE, ("coordination.k8s.io", "v1", "leases"), "kube-node-lease").named(name),
            Need::list(PODS, ("", "v1", "pods"), "").with_fields(running),
        ]
    }

    fn describe(&self, input: &Input, out: &mut Writer) {
        let node = input.object;
        out.field("Name", node.at("metadata.name").show());
        out.field("Roles", Words::or_none(roles(node)));
        meta::labels_and_annotations(node, out);
        out.field(
            "CreationTimestamp",
            time::with_age(node.at("metadata.creationTimestamp"), input.clock, out.lang()),
        );
        out.field("Taints", taints(node));
        let cordoned = node.at("spec.unschedulable").truth();
        out.field(
            "Unschedulable",
            Words::toned(cordoned.to_string(), if cordoned { Tone::Warn } else { Tone::Plain }),
        );
        lease(input, out);
        conditions::with_times(
            node.at("status.conditions"),
            Some(("LastHeartbeatTime", "lastHeartbeatTime")),
            out,
        );
        addresses(node, out);
        for (title, field) in [("Capacity", "status.capacity"), ("Allocatable", "status.allocatable")] {
            resources(title, node.at(field), out);
        }
        system_info(node.at("status.nodeInfo"), out);
        network(node.key("spec"), out);
        pods(input, out);
    }
}

/// The suffixes of the role labels, sorted, as `findNodeRoles` in kubectl.
fn roles(node: &Value) -> String {
    let labels = node.at("metadata.labels").members();
    let role = |(key, value): (&str, &Value)| match key.strip_prefix("node-role.kubernetes.io/") {
        Some(role) => Some(role.to_owned()),
        None if key == "kubernetes.io/role" => Some(value.show()),
        None => None,
    };
    let roles: BTreeSet<_> = labels
        .into_iter()
        .filter_map(role)
        .filter(|role| !role.is_empty())
        .collect();
    join(roles, ",")
}

fn taints(node: &Value) -> Words {
    let mut taints: Vec<_> = node.at("spec.taints").list().iter().collect();
    taints.sort_by_key(|taint| (taint.key("effect").text(), taint.key("key").text()));
    Words::stack(taints.into_iter().map(|one| taint(one).into()))
}

/// `key=value:Effect` without what is missing, as `Taint.ToString` in Kubernetes.
fn taint(taint: &Value) -> String {
    let [key, value, effect] = ["key", "value", "effect"].map(|field| taint.key(field).text());
    match (effect, value) {
        ("", "") => key.to_owned(),
        ("", value) => format!("{key}={value}:"),
        (effect, "") => format!("{key}:{effect}"),
        (effect, value) => format!("{key}={value}:{effect}"),
    }
}

fn lease(input: &Input, out: &mut Writer) {
    let failed = |why: &str| format!("Failed to get lease: {why}");
    match input.related.get(LEASE) {
        Answer::Loading => out.field("Lease", "…"),
        Answer::Refused(message) => out.field("Lease", Words::toned(failed(message), Tone::Warn)),
        Answer::Items(items) => match items.first() {
            Some(lease) => {
                out.heading("Lease");
                out.nested(|out| lease_fields(lease.key("spec"), input, out));
            }
            None => {
                let name = input.object.at("metadata.name").show();
                let why = format!("leases.coordination.k8s.io \"{name}\" not found");
                out.field("Lease", Words::toned(failed(&why), Tone::Warn));
            }
        },
    }
}

fn lease_fields(spec: &Value, input: &Input, out: &mut Writer) {
    let lang = out.lang();
    let time = |field: &str| match spec.key(field) {
        Value::Null => Words::from("<unset>"),
        time => time::with_age(time, input.clock, lang),
    };
    let holder = spec.key("holderIdentity").show();
    let name = input.object.at("metadata.name").text();
    let lease = Reference::to(&LEASES, "kube-node-lease", name);
    out.field("HolderIdentity", Words::from(or(&holder, "<unset>")).naming(&lease));
    out.field("AcquireTime", time("acquireTime"));
    out.field("RenewTime", time("renewTime"));
}

fn addresses(node: &Value, out: &mut Writer) {
    out.section("Addresses");
    let addresses = node.at("status.addresses").list();
    if addresses.is_empty() {
        out.lines(Words::none());
    }
    for address in addresses {
        out.field(&address.key("type").show(), address.key("address").show());
    }
}

fn resources(title: &str, list: &Value, out: &mut Writer) {
    let resources = list.members();
    if !resources.is_empty() {
        out.section(title);
        resources
            .iter()
            .for_each(|(name, quantity)| out.field(name, amounts::text(quantity)));
    }
}

fn system_info(info: &Value, out: &mut Writer) {
    out.section("System Info");
    for (label, field) in [
        ("Machine ID", "machineID"),
        ("System UUID", "systemUUID"),
        ("Boot ID", "bootID"),
        ("Kernel Version", "kernelVersion"),
        ("OS Image", "osImage"),
        ("Operating System", "operatingSystem"),
        ("Architecture", "architecture"),
        ("Container Runtime Version", "containerRuntimeVersion"),
        ("Kubelet Version", "kubeletVersion"),
        ("Kube-Proxy Version", "kubeProxyVersion"),
    ] {
        out.field(label, info.key(field).show());
    }
}

fn network(spec: &Value, out: &mut Writer) {
    if !spec.key("podCIDR").text().is_empty() {
        out.field("PodCIDR", spec.key("podCIDR").text());
    }
    if !spec.key("podCIDRs").list().is_empty() {
        out.field("PodCIDRs", joined(spec.key("podCIDRs"), ","));
    }
    if !spec.key("providerID").text().is_empty() {
        out.field("ProviderID", spec.key("providerID").text());
    }
}

fn pods(input: &Input, out: &mut Writer) {
    out.section(&out.lang().t("describe.pods"));
    match input.related.get(PODS) {
        Answer::Items(pods) => node_allocation::describe(input, pods, out),
        Answer::Loading => out.field("Non-terminated Pods", "…"),
        Answer::Refused(message) => {
            out.field(
                "Pods",
                Words::toned("not authorized", Tone::Warn).then(format!("  {message}"), Tone::Muted),
            );
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn taints_read_as_kubectl_writes_them() {
        for (value, expected) in [
            (
                json!({"key": "a", "value": "b", "effect": "NoExecute"}),
                "a=b:NoExecute",
            ),
            (json!({"key": "a", "effect": "NoSchedule"}), "a:NoSchedule"),
            (json!({"key": "a"}), "a"),
            (json!({"key": "a", "value": "b"}), "a=b:"),
        ] {
            assert_eq!(taint(&value), expected);
        }
    }

    #[test]
    fn roles_are_sorted_and_once() {
        let labels = json!({"metadata": {"labels": {"node-role.kubernetes.io/master": "", "kubernetes.io/role": "master", "node-role.kubernetes.io/": "", "node-role.kubernetes.io/etcd": "true"}}});
        assert_eq!(roles(&labels), "etcd,master");
    }
}
