//! The Gateway API, where it is served: from gateways to classes and routes, from routes to services, and back.

use serde_json::Value;

use super::kinds::{SECRET, SERVICE};
use super::read::{list, name, namespace, some, text};
use super::{Direction, Find, How, Look, Reference, Relation, Within, relation, scan};
use crate::core::resource::Resource;

const GROUP: &str = "gateway.networking.k8s.io";

/// `gatewayclasses`. Not every cluster serves these kinds, so they are none of [`super::kinds::KINDS`]; discovery knows
/// in which version they are served.
pub static GATEWAY_CLASS: Resource = Resource::known(GROUP, "v1", "GatewayClass", "gatewayclasses", &[], false);
/// `gateways`.
pub static GATEWAY: Resource = Resource::known(GROUP, "v1", "Gateway", "gateways", &[], true);
/// `httproutes`.
pub static HTTP_ROUTE: Resource = Resource::known(GROUP, "v1", "HTTPRoute", "httproutes", &[], true);
/// `grpcroutes`.
pub static GRPC_ROUTE: Resource = Resource::known(GROUP, "v1", "GRPCRoute", "grpcroutes", &[], true);
/// `referencegrants`.
pub static REFERENCE_GRANT: Resource =
    Resource::known(GROUP, "v1beta1", "ReferenceGrant", "referencegrants", &[], true);

const ROUTES: &[&Resource] = &[&HTTP_ROUTE, &GRPC_ROUTE];

/// From classes over gateways and routes to services, and back.
pub static RELATIONS: &[Relation] = &[
    relation(&[&GATEWAY], Direction::Out, "gatewayclass", Find::Names(class)),
    relation(&[&GATEWAY], Direction::Out, "secrets", Find::Names(certificates)),
    everywhere(&[&GATEWAY], Direction::Down, "httproutes", &HTTP_ROUTE, is_parent),
    everywhere(&[&GATEWAY], Direction::Down, "grpcroutes", &GRPC_ROUTE, is_parent),
    everywhere(&[&GATEWAY], Direction::In, "httproutes", &HTTP_ROUTE, is_parent),
    everywhere(&[&GATEWAY], Direction::In, "grpcroutes", &GRPC_ROUTE, is_parent),
    everywhere(&[&GATEWAY_CLASS], Direction::In, "gateways", &GATEWAY, has_class),
    relation(ROUTES, Direction::Out, "gateways", Find::Names(parents)),
    relation(ROUTES, Direction::Down, "services", Find::Names(services)),
    everywhere(&[&SERVICE], Direction::In, "httproutes", &HTTP_ROUTE, leads_to),
    everywhere(&[&SERVICE], Direction::In, "grpcroutes", &GRPC_ROUTE, leads_to),
    everywhere(&[&SECRET], Direction::In, "gateways", &GATEWAY, has_certificate),
    relation(&[&REFERENCE_GRANT], Direction::Out, "granted", Find::Names(granted)),
];

/// Routes and gateways may name what lives in other namespaces.
const fn everywhere(
    from: &'static [&'static Resource],
    direction: Direction,
    title: &'static str,
    of: &'static Resource,
    look: Look,
) -> Relation {
    relation(from, direction, title, scan(of, Within::Everywhere, look))
}

fn class(gateway: &Value) -> Vec<Reference> {
    vec![Reference::to(
        &GATEWAY_CLASS,
        "",
        text(gateway, "/spec/gatewayClassName"),
    )]
}

fn has_class(class: &Value, gateway: &Value) -> Vec<How> {
    let own = text(gateway, "/spec/gatewayClassName") == name(class);
    own.then(How::plain).into_iter().collect()
}

/// Whether a reference is to this kind; what it does not say is as the API defaults it.
fn is_to(reference: &Value, kind: &Resource, default: &Resource) -> bool {
    let group = reference.get("group").and_then(Value::as_str).unwrap_or(&default.group);
    let of = some(text(reference, "/kind")).unwrap_or(&default.kind);
    group == kind.group && of == kind.kind
}

/// Where a reference leads: into the namespace of who refers, where it names none.
fn place<'a>(reference: &'a Value, from: &'a Value) -> (&'a str, &'a str) {
    let own = some(text(reference, "/namespace")).unwrap_or_else(|| namespace(from));
    (own, text(reference, "/name"))
}

fn parents_of(route: &Value) -> impl Iterator<Item = &Value> {
    let all = list(route, "/spec/parentRefs").iter();
    all.filter(|parent| is_to(parent, &GATEWAY, &GATEWAY))
}

fn parents(route: &Value) -> Vec<Reference> {
    let reference = |parent| {
        let (namespace, name) = place(parent, route);
        Reference::to(&GATEWAY, namespace, name)
    };
    parents_of(route).map(reference).collect()
}

fn is_parent(gateway: &Value, route: &Value) -> Vec<How> {
    let own = (namespace(gateway), name(gateway));
    let here = parents_of(route).filter(|parent| place(parent, route) == own);
    let how = |parent: &Value| match text(parent, "/sectionName") {
        "" => How::plain(),
        section => How::of("listener", &[("name", section)]),
    };
    here.map(how).collect()
}

/// The services behind a route, those that requests are mirrored to included, each with what leads there.
fn backends(route: &Value) -> Vec<(&Value, String)> {
    let hosts: Vec<&str> = list(route, "/spec/hostnames")
        .iter()
        .filter_map(Value::as_str)
        .collect();
    let hosts = if hosts.is_empty() {
        "*".to_string()
    } else {
        hosts.join(",")
    };
    let mut out = Vec::new();
    for rule in list(route, "/spec/rules") {
        let path = list(rule, "/matches")
            .first()
            .map_or("", |first| text(first, "/path/value"));
        let mirrored = list(rule, "/filters").iter();
        let mirrored = mirrored.filter_map(|filter| filter.pointer("/requestMirror/backendRef"));
        for backend in list(rule, "/backendRefs").iter().chain(mirrored) {
            if is_to(backend, &SERVICE, &SERVICE) {
                out.push((backend, format!("{hosts}{path}")));
            }
        }
    }
    out
}

fn services(route: &Value) -> Vec<Reference> {
    let reference = |(backend, _): (&Value, String)| {
        let (namespace, name) = place(backend, route);
        Reference::to(&SERVICE, namespace, name)
    };
    backends(route).into_iter().map(reference).collect()
}

fn leads_to(service: &Value, route: &Value) -> Vec<How> {
    let own = (namespace(service), name(service));
    let here = backends(route).into_iter();
    let here = here.filter(|(backend, _)| place(backend, route) == own);
    here.map(|(_, way)| How::of("route", &[("route", &way)])).collect()
}

fn certificates_of(gateway: &Value) -> impl Iterator<Item = &Value> {
    let listeners = list(gateway, "/spec/listeners").iter();
    let named = listeners.flat_map(|listener| list(listener, "/tls/certificateRefs"));
    named.filter(|reference| is_to(reference, &SECRET, &SECRET))
}

fn certificates(gateway: &Value) -> Vec<Reference> {
    let reference = |certificate| {
        let (namespace, name) = place(certificate, gateway);
        Reference::to(&SECRET, namespace, name)
    };
    certificates_of(gateway).map(reference).collect()
}

fn has_certificate(secret: &Value, gateway: &Value) -> Vec<How> {
    let own = (namespace(secret), name(secret));
    let named = certificates_of(gateway).any(|reference| place(reference, gateway) == own);
    named.then(|| How::of("tls", &[])).into_iter().collect()
}

/// What a grant lets others refer to by name: services and secrets of its own namespace.
fn granted(grant: &Value) -> Vec<Reference> {
    let own = namespace(grant);
    let reference = |to: &Value| {
        let known = [&SERVICE, &SECRET].into_iter();
        let kind = known.into_iter().find(|kind| is_to(to, kind, kind))?;
        some(text(to, "/name")).map(|name| Reference::to(kind, own, name))
    };
    list(grant, "/spec/to").iter().filter_map(reference).collect()
}
