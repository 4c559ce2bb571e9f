//! Answers with objects: whole, as a table, or only their metadata; in JSON or YAML.

use axum::body::Body;
use axum::response::Response;
use bytes::{BufMut, Bytes, BytesMut};
use http::{HeaderValue, StatusCode, header};
use serde_json::{Value, json};

use super::accept::{Accept, Encoding, Shape};
use super::call::Call;
use crate::mock::kinds::{Kind, convert};
use crate::mock::print;
use crate::mock::storage::Object;

/// An answer with JSON.
#[must_use]
pub fn json_response(code: u16, value: &Value) -> Response {
    bytes_response(code, serde_json::to_vec(value).unwrap_or_default().into())
}

fn bytes_response(code: u16, bytes: Bytes) -> Response {
    let mut response = Response::new(Body::from(bytes));
    *response.status_mut() = StatusCode::from_u16(code).unwrap_or(StatusCode::OK);
    response
        .headers_mut()
        .insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    response
}

/// A stored object as JSON, with its kind and version in front.
#[must_use]
pub fn encode(kind: &Kind, object: &Object) -> Bytes {
    if convert::converts(kind) {
        return serde_json::to_vec(&value_of(kind, object)).unwrap_or_default().into();
    }
    let head = json!({"kind": kind.kind, "apiVersion": kind.api_version()}).to_string();
    let mut whole = BytesMut::with_capacity(head.len() + object.body.len());
    whole.put_slice(head.trim_end_matches('}').as_bytes());
    whole.put_u8(b',');
    whole.put_slice(object.body.get(1..).unwrap_or_default());
    whole.freeze()
}

/// A stored object as a value, as the kind serves it.
#[must_use]
pub fn value_of(kind: &Kind, object: &Object) -> Value {
    convert::served(kind, object.typed(&kind.api_version(), &kind.kind))
}

/// An answer with one stored object, in the negotiated form.
#[must_use]
pub fn object_response(call: &Call, code: u16, object: &Object) -> Response {
    if call.accept.shape == Shape::Object && call.accept.encoding == Encoding::Json {
        return bytes_response(code, encode(&call.kind, object));
    }
    value_response(call, code, value_of(&call.kind, object))
}

/// An answer with one object, in the negotiated form.
#[must_use]
pub fn value_response(call: &Call, code: u16, object: Value) -> Response {
    let shaped = shape(call, object, true);
    match call.accept.encoding {
        Encoding::Json => json_response(code, &shaped),
        Encoding::Yaml => {
            let text = serde_yaml::to_string(&shaped).unwrap_or_default();
            let mut response = bytes_response(code, text.into());
            response
                .headers_mut()
                .insert(header::CONTENT_TYPE, HeaderValue::from_static("application/yaml"));
            response
        }
    }
}

/// One object in the negotiated shape; `columns` says whether a table names its columns.
#[must_use]
pub fn shape(call: &Call, object: Value, columns: bool) -> Value {
    match call.accept.shape {
        Shape::Object => object,
        Shape::Metadata => partial(call.accept, &object),
        Shape::Table => {
            let version = object["metadata"]["resourceVersion"].clone();
            let mut table = json!({"kind": "Table", "apiVersion": call.accept.meta_version(), "metadata": {"resourceVersion": version}});
            table["columnDefinitions"] = if columns {
                print::columns(&call.kind)
            } else {
                Value::Null
            };
            table["rows"] = json!([row(call, &object)]);
            table
        }
    }
}

/// A table's row: cells, and the object as `includeObject` asks for it.
#[must_use]
pub fn row(call: &Call, object: &Value) -> Value {
    let mut row = json!({"cells": print::cells(&call.kind, object, call.api.clock.now())});
    let conditions = print::row_conditions(&call.kind, object);
    if !conditions.is_null() {
        row["conditions"] = conditions;
    }
    row["object"] = match call.query.get("includeObject") {
        "None" => Value::Null,
        "Object" => object.clone(),
        _ => partial(call.accept, object),
    };
    row
}

/// The metadata of an object, as `PartialObjectMetadata`.
#[must_use]
pub fn partial(accept: Accept, object: &Value) -> Value {
    json!({"kind": "PartialObjectMetadata", "apiVersion": accept.meta_version(), "metadata": object["metadata"]})
}

/// `Status: Success`, as a deletion or a binding answers.
#[must_use]
pub fn success(code: Option<u16>, details: Option<Value>) -> Value {
    let mut status = json!({"kind": "Status", "apiVersion": "v1", "metadata": {}, "status": "Success"});
    if let Some(details) = details {
        status["details"] = details;
    }
    if let Some(code) = code {
        status["code"] = code.into();
    }
    status
}
