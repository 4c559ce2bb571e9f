//! Services, EndpointSlices, Ingresses and NetworkPolicies, and the pods behind them.

use serde_json::Value;

use super::kinds::{self, ENDPOINT_SLICE, INGRESS, INGRESS_CLASS, NETWORK_POLICY, POD, REPLICA_SET, SECRET, SERVICE};
use super::pod_spec::pod_labels;
use super::read::{at, labels, list, name, namespace, selector, some, text};
use super::workloads::WORKLOADS;
use super::{Direction, Find, How, Reference, Relation, Within, labelled, relation, scan};
use crate::model::Selector;

/// From Services and Ingresses to pods, and back.
pub static RELATIONS: &[Relation] = &[
    relation(&[&INGRESS], Direction::Out, "ingressclass", Find::Names(class)),
    relation(&[&INGRESS], Direction::Out, "secrets", Find::Names(tls_secrets)),
    relation(&[&INGRESS], Direction::Down, "services", Find::Names(backends)),
    relation(
        &[&INGRESS_CLASS],
        Direction::In,
        "ingresses",
        scan(&INGRESS, Within::Everywhere, has_class),
    ),
    relation(&[&SERVICE], Direction::Down, "pods", labelled(&POD, by_labels)),
    relation(
        &[&SERVICE],
        Direction::Down,
        "endpointslices",
        labelled(&ENDPOINT_SLICE, slices),
    ),
    INGRESSES,
    relation(&[&ENDPOINT_SLICE], Direction::Out, "pods", Find::Names(endpoints)),
    relation(&[&ENDPOINT_SLICE], Direction::In, "services", Find::Names(service)),
    SERVICES,
    relation(WORKLOADS, Direction::In, "services", SERVICES.find),
    relation(&[&REPLICA_SET], Direction::In, "services", SERVICES.find),
    relation(
        &[&POD],
        Direction::In,
        "ingresses",
        Find::Through(&SERVICES, &INGRESSES),
    ),
    relation(
        WORKLOADS,
        Direction::In,
        "ingresses",
        Find::Through(&SERVICES, &INGRESSES),
    ),
    relation(
        &[&POD],
        Direction::In,
        "networkpolicies",
        scan(&NETWORK_POLICY, Within::Same, applies),
    ),
    relation(
        WORKLOADS,
        Direction::In,
        "networkpolicies",
        scan(&NETWORK_POLICY, Within::Same, applies),
    ),
    relation(&[&NETWORK_POLICY], Direction::Down, "pods", labelled(&POD, policy_pods)),
    relation(
        &[&SECRET],
        Direction::In,
        "ingresses",
        scan(&INGRESS, Within::Same, has_secret),
    ),
];

/// From a pod to the Services that select it.
static SERVICES: Relation = relation(
    &[&POD],
    Direction::In,
    "services",
    scan(&SERVICE, Within::Same, selects),
);

/// From a Service to the Ingresses that lead to it.
static INGRESSES: Relation = relation(
    &[&SERVICE],
    Direction::In,
    "ingresses",
    scan(&INGRESS, Within::Same, leads_to),
);

fn by_labels(service: &Value) -> Option<String> {
    let labels = labels(service, "/spec/selector");
    (!labels.is_empty()).then(|| Selector::of(&labels).to_string())
}

fn slices(service: &Value) -> Option<String> {
    some(name(service)).map(|name| format!("kubernetes.io/service-name={name}"))
}

fn selects(pod: &Value, service: &Value) -> Vec<How> {
    let wanted = labels(service, "/spec/selector");
    let hit = !wanted.is_empty() && Selector::of(&wanted).matches(&pod_labels(pod));
    one(hit, || How::of("selector", &[("selector", &wanted.to_string())]))
}

fn one(hit: bool, how: impl FnOnce() -> How) -> Vec<How> {
    if hit { vec![how()] } else { Vec::new() }
}

/// The Services that an Ingress leads to, each with host and path; a default backend has none.
fn routes(ingress: &Value) -> Vec<(&str, String)> {
    let mut routes = vec![(text(ingress, "/spec/defaultBackend/service/name"), String::new())];
    for rule in list(ingress, "/spec/rules") {
        let host = some(text(rule, "/host")).unwrap_or("*");
        for path in list(rule, "/http/paths") {
            let route = format!("{host}{}", text(path, "/path"));
            routes.push((text(path, "/backend/service/name"), route));
        }
    }
    routes.retain(|(service, _)| !service.is_empty());
    routes
}

fn backends(ingress: &Value) -> Vec<Reference> {
    let to = |(service, _): (&str, String)| Reference::to(&SERVICE, namespace(ingress), service);
    routes(ingress).into_iter().map(to).collect()
}

fn leads_to(service: &Value, ingress: &Value) -> Vec<How> {
    let how = |(_, route): (&str, String)| match route.as_str() {
        "" => How::of("default_backend", &[]),
        route => How::of("route", &[("route", route)]),
    };
    let here = routes(ingress).into_iter().filter(|(to, _)| *to == name(service));
    here.map(how).collect()
}

/// The class by the field, or by the annotation that came before it.
fn class_name(ingress: &Value) -> &str {
    let field = text(ingress, "/spec/ingressClassName");
    some(field).unwrap_or_else(|| text(ingress, "/metadata/annotations/kubernetes.io~1ingress.class"))
}

fn class(ingress: &Value) -> Vec<Reference> {
    vec![Reference::to(&INGRESS_CLASS, "", class_name(ingress))]
}

fn has_class(class: &Value, ingress: &Value) -> Vec<How> {
    one(class_name(ingress) == name(class), How::plain)
}

fn tls_secrets(ingress: &Value) -> Vec<Reference> {
    let secret = |tls: &Value| Reference::to(&SECRET, namespace(ingress), text(tls, "/secretName"));
    list(ingress, "/spec/tls").iter().map(secret).collect()
}

fn has_secret(secret: &Value, ingress: &Value) -> Vec<How> {
    let tls = list(ingress, "/spec/tls");
    one(tls.iter().any(|tls| text(tls, "/secretName") == name(secret)), || {
        How::of("tls", &[])
    })
}

/// The objects behind a slice's addresses, pods as a rule.
fn endpoints(slice: &Value) -> Vec<Reference> {
    let own = namespace(slice);
    let target = |endpoint: &Value| {
        let target = at(endpoint, "/targetRef");
        let version = some(text(target, "/apiVersion")).unwrap_or("v1");
        let resource = kinds::named(version, text(target, "/kind"), true);
        let namespace = some(text(target, "/namespace")).unwrap_or(own);
        target
            .is_object()
            .then(|| Reference::to(&resource, namespace, text(target, "/name")))
    };
    list(slice, "/endpoints").iter().filter_map(target).collect()
}

fn service(slice: &Value) -> Vec<Reference> {
    let service = text(slice, "/metadata/labels/kubernetes.io~1service-name");
    vec![Reference::to(&SERVICE, namespace(slice), service)]
}

/// An empty selector of a NetworkPolicy takes every pod of the namespace.
fn policy_pods(policy: &Value) -> Option<String> {
    selector(policy, "/spec/podSelector")
        .selector()
        .map(Selector::to_string)
}

fn applies(pod: &Value, policy: &Value) -> Vec<How> {
    let selector = selector(policy, "/spec/podSelector");
    one(selector.matches(&pod_labels(pod)), || match selector.selector() {
        Some(selector) if !selector.is_empty() => How::of("selector", &[("selector", &selector.to_string())]),
        _ => How::of("all_pods", &[]),
    })
}
