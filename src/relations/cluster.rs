//! Nodes, namespaces, events, leases and definitions of kinds.

use serde_json::Value;

use super::kinds::{self, DEFINITION, EVENT, LEASE, LIMIT_RANGE, NAMESPACE, NODE, POD, RESOURCE_QUOTA};
use super::read::{at, list, name, some, text};
use super::{By, Direction, Find, Reference, Relation, SO, Within, relation, scan};
use crate::core::resource::Resource;

/// The namespace of the nodes' leases.
const NODE_LEASES: &str = "kube-node-lease";

/// What stands in the cluster as a whole.
pub static RELATIONS: &[Relation] = &[
    relation(&[&NODE], Direction::Out, "lease", Find::Names(lease)),
    relation(&[&NODE], Direction::Down, "pods", ON_NODE),
    relation(&[&NODE], Direction::In, "pods", ON_NODE),
    relation(&[&POD], Direction::Out, "node", Find::Names(node)),
    relation(&[&LEASE], Direction::Out, "node", Find::Names(leased)),
    relation(&[&EVENT], Direction::Out, "object", Find::Names(object)),
    relation(
        &[&NAMESPACE],
        Direction::Down,
        "quotas",
        scan(&RESOURCE_QUOTA, Within::Inside, SO),
    ),
    relation(
        &[&NAMESPACE],
        Direction::Down,
        "limits",
        scan(&LIMIT_RANGE, Within::Inside, SO),
    ),
    relation(&[&NAMESPACE], Direction::Down, "pods", scan(&POD, Within::Inside, SO)),
    relation(&[&DEFINITION], Direction::Down, "resources", Find::Defined(defined)),
];

/// The server selects pods by their node itself.
const ON_NODE: Find = Find::Select {
    of: &POD,
    within: Within::Everywhere,
    by: By::Fields(|node| some(name(node)).map(|name| format!("spec.nodeName={name}"))),
    look: SO,
};

fn lease(node: &Value) -> Vec<Reference> {
    vec![Reference::to(&LEASE, NODE_LEASES, name(node))]
}

fn node(pod: &Value) -> Vec<Reference> {
    vec![Reference::to(&NODE, "", text(pod, "/spec/nodeName"))]
}

fn leased(lease: &Value) -> Vec<Reference> {
    let is_nodes = text(lease, "/metadata/namespace") == NODE_LEASES;
    vec![Reference::to(&NODE, "", if is_nodes { name(lease) } else { "" })]
}

/// What an event is about. Events of kinds without namespaces stand in `default`, their object in none.
fn object(event: &Value) -> Vec<Reference> {
    let about = at(event, "/involvedObject");
    let namespace = text(about, "/namespace");
    let resource = kinds::named(text(about, "/apiVersion"), text(about, "/kind"), !namespace.is_empty());
    vec![Reference::to(&resource, namespace, text(about, "/name"))]
}

/// The kind that a definition defines, in the version that is stored.
fn defined(definition: &Value) -> Option<Resource> {
    let versions = list(definition, "/spec/versions");
    let served = |version: &&Value| at(version, "/served").as_bool() == Some(true);
    let stored = |version: &&Value| at(version, "/storage").as_bool() == Some(true);
    let version = versions.iter().filter(served).find(stored);
    let version = version.or_else(|| versions.iter().find(served))?;
    let owned = |pointer: &str| text(definition, pointer).to_string();
    let resource = Resource {
        group: owned("/spec/group").into(),
        version: text(version, "/name").to_string().into(),
        kind: owned("/spec/names/kind").into(),
        plural: owned("/spec/names/plural").into(),
        short: (&[]).into(),
        singular: "".into(),
        verbs: (&[]).into(),
        categories: (&[]).into(),
        scalable: false,
        namespaced: text(definition, "/spec/scope") == "Namespaced",
    };
    (!resource.plural.is_empty() && !resource.version.is_empty()).then_some(resource)
}
