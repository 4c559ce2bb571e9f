//! What the server serves: versions, groups and resources, plain and aggregated, and its health.

use axum::body::Body;
use axum::response::Response;
use http::{HeaderValue, header};
use serde_json::{Map, Value, json};

use super::answer::json_response;
use super::api::Api;
use super::error::ApiError;
use super::handle::no_such_page;
use super::open_api;
use super::route::Route;
use crate::mock::kinds::{Kind, Sub, join_version};

const AGGREGATED: &str = "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList";

/// Answers a path that is no resource's.
///
/// # Errors
/// 404 for a version that a group does not have; another path that leads nowhere is an answer of its own.
pub fn answer(api: &Api, route: &Route, accept: &str, verbose: bool) -> Result<Response, ApiError> {
    let path = match route {
        Route::Version(group, version) => return resources(api, group, version),
        Route::Other(path) => path.as_str(),
        Route::Resource(_) => return Ok(no_such_page()),
    };
    let aggregated = accept.contains("as=APIGroupDiscoveryList") && accept.contains("v=v2");
    Ok(match path {
        "/version" => json_response(200, &version()),
        "/" => json_response(200, &paths(api)),
        "/readyz" | "/healthz" | "/livez" if verbose => health(path),
        "/readyz" | "/healthz" | "/livez" | "/readyz/ping" | "/healthz/ping" | "/livez/ping" => text("ok"),
        "/api" | "/apis" if aggregated => discovery_list(api, path == "/api"),
        "/api" => json_response(200, &versions()),
        "/apis" => json_response(200, &groups(api)),
        "/openapi/v3" => text_json(&open_api::index(api)),
        "/openapi/v2" => open_api::second(api, accept),
        _ => match (path.strip_prefix("/apis/"), path.strip_prefix("/openapi/v3/")) {
            (Some(group), _) => one_group(api, group),
            (_, Some(version)) => {
                open_api::document(api, version).map_or_else(no_such_page, |document| json_response(200, &document))
            }
            _ => no_such_page(),
        },
    })
}

fn text(text: &'static str) -> Response {
    let mut response = Response::new(Body::from(text));
    response.headers_mut().insert(
        header::CONTENT_TYPE,
        HeaderValue::from_static("text/plain; charset=utf-8"),
    );
    response
}

fn text_json(value: &Value) -> Response {
    let mut response = text("");
    *response.body_mut() = Body::from(value.to_string());
    response
}

fn version() -> Value {
    json!({
        "major": "1", "minor": "36", "emulationMajor": "1", "emulationMinor": "36",
        "minCompatibilityMajor": "1", "minCompatibilityMinor": "35",
        "gitVersion": "v1.36.2", "gitCommit": "$Format:%H$", "gitTreeState": "", "buildDate": "1970-01-01T00:00:00Z",
        "goVersion": "go1.27.3", "compiler": "gc", "platform": "linux/amd64",
    })
}

fn versions() -> Value {
    let address = json!({"clientCIDR": "0.0.0.0/0", "serverAddress": "127.0.0.1:6443"});
    json!({"kind": "APIVersions", "versions": ["v1"], "serverAddressByClientCIDRs": [address]})
}

/// The groups and their versions, each once, in the order of the registry.
fn group_versions(api: &Api) -> Vec<(String, Vec<String>)> {
    let mut groups: Vec<(String, Vec<String>)> = Vec::new();
    for kind in api.kinds.all() {
        match groups.iter_mut().find(|(group, _)| *group == kind.group) {
            None => groups.push((kind.group.clone(), vec![kind.version.clone()])),
            Some((_, versions)) if !versions.contains(&kind.version) => versions.push(kind.version.clone()),
            Some(_) => {}
        }
    }
    groups
}

fn group((name, versions): &(String, Vec<String>)) -> Value {
    let version = |version: &String| json!({"groupVersion": join_version(name, version), "version": version});
    let all: Vec<Value> = versions.iter().map(version).collect();
    json!({"name": name, "versions": all, "preferredVersion": all.first()})
}

fn groups(api: &Api) -> Value {
    let groups: Vec<Value> = group_versions(api)
        .iter()
        .filter(|(name, _)| !name.is_empty())
        .map(group)
        .collect();
    json!({"kind": "APIGroupList", "apiVersion": "v1", "groups": groups})
}

fn one_group(api: &Api, name: &str) -> Response {
    let Some(found) = group_versions(api)
        .into_iter()
        .find(|(known, _)| known == name && !name.is_empty())
    else {
        return no_such_page();
    };
    let mut value = json!({"kind": "APIGroup", "apiVersion": "v1"});
    if let (Some(value), Value::Object(group)) = (value.as_object_mut(), group(&found)) {
        value.extend(group);
    }
    json_response(200, &value)
}

/// What the server says of its health, check by check. This one has those that every server has.
fn health(path: &str) -> Response {
    let mut lines = String::new();
    let checks: &[&str] = match path {
        "/readyz" => &["ping", "log", "etcd", "etcd-readiness", "informer-sync"],
        _ => &["ping", "log", "etcd"],
    };
    let last: &[&str] = if path == "/readyz" { &["shutdown"] } else { &[] };
    for check in checks.iter().chain(&HOOKS).chain(last) {
        lines.push_str(&format!("[+]{check} ok\n"));
    }
    lines.push_str(&format!("{} check passed\n", path.trim_start_matches('/')));
    let mut response = text("");
    *response.body_mut() = Body::from(lines);
    response
}

/// What a server starts besides, in the order in which it tells it.
const HOOKS: [&str; 8] = [
    "poststarthook/start-apiserver-admission-initializer",
    "poststarthook/generic-apiserver-start-informers",
    "poststarthook/priority-and-fairness-config-consumer",
    "poststarthook/priority-and-fairness-filter",
    "poststarthook/start-apiextensions-controllers",
    "poststarthook/crd-informer-synced",
    "poststarthook/rbac/bootstrap-roles",
    "poststarthook/bootstrap-controller",
];

/// The paths that are served, in order.
fn paths(api: &Api) -> Value {
    let mut paths: Vec<String> = [
        "/api",
        "/apis",
        "/apis/",
        "/healthz",
        "/healthz/ping",
        "/livez",
        "/livez/ping",
        "/openapi/v2",
        "/openapi/v3",
        "/openapi/v3/",
        "/readyz",
        "/readyz/ping",
        "/version",
    ]
    .map(str::to_owned)
    .into();
    for (group, versions) in group_versions(api) {
        let root = if group.is_empty() {
            "/api".to_owned()
        } else {
            format!("/apis/{group}")
        };
        paths.extend(versions.iter().map(|version| format!("{root}/{version}")));
        paths.push(root);
    }
    paths.sort();
    paths.dedup();
    json!({"paths": paths})
}

fn resources(api: &Api, group: &str, version: &str) -> Result<Response, ApiError> {
    let kinds = api.kinds.all();
    if kinds.iter().all(|kind| kind.group != group) {
        return Ok(no_such_page());
    }
    let kinds: Vec<_> = kinds
        .iter()
        .filter(|kind| kind.group == group && kind.version == version)
        .collect();
    if kinds.is_empty() {
        return Err(ApiError::no_such_resource());
    }
    let mut list = json!({"kind": "APIResourceList"});
    // The core group's list has carried no apiVersion since the beginning.
    if !group.is_empty() {
        list["apiVersion"] = "v1".into();
    }
    list["groupVersion"] = join_version(group, version).into();
    let below = |kind: &Kind| -> Vec<Value> { kind.subresources.iter().map(|sub| sub_resource(kind, sub)).collect() };
    let listed = kinds
        .iter()
        .flat_map(|kind| [vec![resource(kind)], below(kind)].concat());
    list["resources"] = listed.collect();
    Ok(json_response(200, &list))
}

fn resource(kind: &Kind) -> Value {
    let mut value = json!({
        "name": kind.plural, "singularName": kind.singular, "namespaced": kind.namespaced, "kind": kind.kind,
        "verbs": kind.verbs,
    });
    if !kind.short.is_empty() {
        value["shortNames"] = json!(kind.short);
    }
    if !kind.categories.is_empty() {
        value["categories"] = json!(kind.categories);
    }
    if !kind.storage_hash.is_empty() {
        value["storageVersionHash"] = json!(kind.storage_hash);
    }
    value
}

fn sub_resource(kind: &Kind, sub: &Sub) -> Value {
    let mut value = Map::new();
    value.insert("name".to_owned(), format!("{}/{}", kind.plural, sub.name).into());
    value.insert("singularName".to_owned(), "".into());
    value.insert("namespaced".to_owned(), kind.namespaced.into());
    if !sub.version.is_empty() {
        value.insert("group".to_owned(), sub.group.clone().into());
        value.insert("version".to_owned(), sub.version.clone().into());
    }
    value.insert("kind".to_owned(), sub.kind.clone().into());
    value.insert("verbs".to_owned(), json!(sub.verbs));
    Value::Object(value)
}

fn discovery_list(api: &Api, core: bool) -> Response {
    let kinds = api.kinds.all();
    let item = |(group, versions): &(String, Vec<String>)| {
        let version = |version: &String| {
            let here = kinds
                .iter()
                .filter(|kind| kind.group == *group && kind.version == *version);
            let resources: Vec<Value> = here.map(|kind| aggregated(kind)).collect();
            json!({"version": version, "resources": resources, "freshness": "Current"})
        };
        let metadata = if group.is_empty() {
            json!({})
        } else {
            json!({"name": group})
        };
        json!({"metadata": metadata, "versions": versions.iter().map(version).collect::<Vec<_>>()})
    };
    let groups = group_versions(api);
    let items: Vec<Value> = groups
        .iter()
        .filter(|(group, _)| group.is_empty() == core)
        .map(item)
        .collect();
    let kind = "APIGroupDiscoveryList";
    let list = json!({"kind": kind, "apiVersion": "apidiscovery.k8s.io/v2", "metadata": {}, "items": items});
    let mut response = json_response(200, &list);
    response
        .headers_mut()
        .insert(header::CONTENT_TYPE, HeaderValue::from_static(AGGREGATED));
    response
}

/// A resource in aggregated form. Built-in kinds leave group and version of the answer's kind empty, as a real server does.
fn aggregated(kind: &Kind) -> Value {
    let (group, version) = match kind.custom {
        Some(_) => (kind.group.as_str(), kind.version.as_str()),
        None => ("", ""),
    };
    let scope = if kind.namespaced { "Namespaced" } else { "Cluster" };
    let mut value = json!({
        "resource": kind.plural, "responseKind": {"group": group, "version": version, "kind": kind.kind},
        "scope": scope, "singularResource": kind.singular, "verbs": kind.verbs,
    });
    if !kind.short.is_empty() {
        value["shortNames"] = json!(kind.short);
    }
    if !kind.categories.is_empty() {
        value["categories"] = json!(kind.categories);
    }
    let sub = |sub: &Sub| {
        let (group, version) = if sub.version.is_empty() {
            (group, version)
        } else {
            (sub.group.as_str(), sub.version.as_str())
        };
        let kind = json!({"group": group, "version": version, "kind": sub.kind});
        json!({"subresource": sub.name, "responseKind": kind, "verbs": sub.verbs})
    };
    if !kind.subresources.is_empty() {
        value["subresources"] = kind.subresources.iter().map(sub).collect();
    }
    value
}
