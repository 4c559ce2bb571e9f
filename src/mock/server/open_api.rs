//! OpenAPI v3: the index, and for each group and version the operations and types that kubectl asks about.

use axum::body::Body;
use axum::response::Response;
use http::{HeaderValue, header};
use serde_json::{Map, Value, json};

use super::api::Api;
use crate::mock::kinds::{Kind, schemas as kind_schemas};

fn path_of(kind: &Kind) -> String {
    if kind.group.is_empty() {
        format!("api/{}", kind.version)
    } else {
        format!("apis/{}/{}", kind.group, kind.version)
    }
}

/// `/openapi/v2`: a document that names nothing. kubectl looks here for kinds that the third version does not know, and
/// goes on to say that there is no such kind.
#[must_use]
pub fn second() -> Response {
    // A protobuf message whose first field, `swagger`, says "2.0".
    let mut response = Response::new(Body::from(&b"\x0a\x032.0"[..]));
    let kind = HeaderValue::from_static("application/com.github.proto-openapi.spec.v2.v1.0+protobuf");
    response.headers_mut().insert(header::CONTENT_TYPE, kind);
    response
}

/// `/openapi/v3`: one path for each group and version.
#[must_use]
pub fn index(api: &Api) -> Value {
    let mut paths = Map::new();
    for kind in api.kinds.all() {
        let path = path_of(&kind);
        let address = format!("/openapi/v3/{path}?hash={}", kind.storage_hash);
        paths.insert(path, json!({"serverRelativeURL": address}));
    }
    json!({"paths": paths})
}

/// `/openapi/v3/...`: what one group and version offers; none for one that is not served.
#[must_use]
pub fn document(api: &Api, path: &str) -> Option<Value> {
    let kinds: Vec<_> = api
        .kinds
        .all()
        .into_iter()
        .filter(|kind| path_of(kind) == path)
        .collect();
    if kinds.is_empty() {
        return None;
    }
    let (mut paths, mut schemas) = (Map::new(), Map::new());
    for kind in &kinds {
        let inside = if kind.namespaced { "namespaces/{namespace}/" } else { "" };
        let address = format!("/{path}/{inside}{}/{{name}}", kind.plural);
        paths.insert(address, json!({"patch": patch(kind)}));
        match &kind.custom {
            Some(custom) => drop(schemas.insert(kind.kind.clone(), custom.schema.clone())),
            None => kind_schemas(kind, &mut schemas),
        }
        if let Some(schema) = schemas.get_mut(&kind.kind) {
            schema["x-kubernetes-group-version-kind"] = json!([named(kind)]);
        }
    }
    let info = json!({"title": "Kubernetes", "version": "v1.36.2"});
    Some(json!({"openapi": "3.0.0", "info": info, "paths": paths, "components": {"schemas": schemas}}))
}

fn named(kind: &Kind) -> Value {
    json!({"group": kind.group, "version": kind.version, "kind": kind.kind})
}

/// The operation by which kubectl learns that the server itself checks fields.
fn patch(kind: &Kind) -> Value {
    let parameter =
        |name: &str| json!({"name": name, "in": "query", "schema": {"type": "string", "uniqueItems": true}});
    let parameters: Vec<Value> = ["dryRun", "fieldManager", "fieldValidation", "force"]
        .into_iter()
        .map(parameter)
        .collect();
    json!({"parameters": parameters, "responses": {"200": {"description": "OK"}}, "x-kubernetes-action": "patch",
        "x-kubernetes-group-version-kind": named(kind)})
}
