//! A new object.

use std::sync::Arc;

use axum::response::Response;
use serde_json::{Value, json};

use super::answer::{json_response, object_response, value_response};
use super::api::Api;
use super::call::Call;
use super::error::ApiError;
use super::warnings::{warned, with_warnings};
use super::{body, definitions, escalation, reviews};
use crate::mock::admission;
use crate::mock::clock::rfc3339;
use crate::mock::kinds::{Kind, convert};
use crate::mock::patch::apply::{Claim, note_create};
use crate::mock::storage::{Object, StoreError};

/// `create`.
///
/// # Errors
/// Whatever reading, admission, validation or storage refuse.
pub fn create(call: &Call) -> Result<Response, ApiError> {
    if reviews::is_review(&call.kind) {
        return Ok(json_response(201, &reviews::review(call, body::parse(call)?)?));
    }
    if call.kind.namespaced && call.namespace.is_none() {
        return Err(ApiError::method_not_allowed());
    }
    let read = body::stored(call)?;
    warned(create_object(call, read.object), &read.told)
}

/// Admits and stores a new object that was read already.
///
/// # Errors
/// Whatever admission, validation or storage refuse.
pub fn create_object(call: &Call, mut object: Value) -> Result<Response, ApiError> {
    let version = object["metadata"]["resourceVersion"]
        .as_str()
        .unwrap_or_default()
        .to_owned();
    let typed = json!({"kind": call.kind.kind, "apiVersion": call.kind.api_version()});
    object = merged(typed, object);
    prepare(&call.api, &call.kind, &mut object)?;
    let attempt = admission::Attempt {
        api: &call.api,
        kind: &call.kind,
        dry_run: call.dry_run(),
    };
    let given = object.clone();
    escalation::check(call, None, &object)?;
    admission::create(&attempt, &mut object)?;
    let warnings = admission::warnings(&call.kind, None, &object);
    if !call.applies() {
        note_create(
            call.claim(&rfc3339(call.api.clock.now()), &call.manager()),
            &given,
            &mut object,
        );
        admission::order_metadata(&mut object);
    }
    if call.dry_run() {
        if version.parse::<u64>().is_ok_and(|version| version > 0) {
            object["metadata"]["resourceVersion"] = version.into();
            admission::order_metadata(&mut object);
        }
        let name = object["metadata"]["name"].as_str().unwrap_or_default();
        if call.api.store.get(&call.kind.table, call.namespace(), name).is_some() {
            return Err(ApiError::already_exists(&call.kind, name).warned(&warnings));
        }
        let response = value_response(call, 201, convert::served(&call.kind, object));
        return Ok(with_warnings(response, &warnings));
    }
    // The storage takes no version of a client for what is new; what is no number it does not see.
    if version.parse::<u64>().is_ok_and(|version| version > 0) {
        return Err(ApiError::internal(
            "resourceVersion should not be set on objects to be created",
        ));
    }
    let name = object["metadata"]["name"].as_str().unwrap_or_default().to_owned();
    let custom = (call.kind.kind == "CustomResourceDefinition").then(|| object.clone());
    let stored = call
        .api
        .store
        .create(&call.kind.table, object)
        .map_err(|error| match error {
            StoreError::Exists => ApiError::already_exists(&call.kind, &name).warned(&warnings),
            _ => ApiError::new(500, "InternalError", error.to_string()),
        })?;
    if let Some(definition) = custom {
        call.api.kinds.define(&definition);
        definitions::establish(&call.api, &name);
    }
    Ok(with_warnings(object_response(call, 201, &stored), &warnings))
}

/// What stands in front of an object, and the object.
fn merged(mut front: Value, object: Value) -> Value {
    if let (Some(front), Value::Object(object)) = (front.as_object_mut(), object) {
        for (name, value) in object {
            front.entry(name).or_insert(value);
        }
    }
    front
}

/// Creates an object as a controller does: with all that admission says, and its errors.
///
/// # Errors
/// Whatever admission, validation or storage refuse.
pub fn admit(api: &Api, table: &str, object: Value) -> Result<Arc<Object>, ApiError> {
    admit_by(api, "", table, object)
}

/// The same by a manager, whose are the fields that it sets.
///
/// # Errors
/// As [`admit`].
pub fn admit_by(api: &Api, manager: &str, table: &str, mut object: Value) -> Result<Arc<Object>, ApiError> {
    let kind = api.kinds.of_table(table).ok_or_else(ApiError::no_such_resource)?;
    let given = (!manager.is_empty()).then(|| object.clone());
    prepare(api, &kind, &mut object)?;
    admission::create(
        &admission::Attempt {
            api,
            kind: &kind,
            dry_run: false,
        },
        &mut object,
    )?;
    if let Some(given) = given {
        let now = rfc3339(api.clock.now());
        note_create(Claim::of(&kind, manager, &now), &given, &mut object);
        admission::order_metadata(&mut object);
    }
    let name = object["metadata"]["name"].as_str().unwrap_or_default().to_owned();
    api.store
        .create(&kind.table, object)
        .map_err(|_| ApiError::already_exists(&kind, &name))
}

/// Names a new object and gives it what only the server gives: `rest.BeforeCreate`.
///
/// # Errors
/// 422 without a name.
pub fn prepare(api: &Api, kind: &Kind, object: &mut Value) -> Result<(), ApiError> {
    admission::fill_system_metadata(api, object);
    let metadata = &mut object["metadata"];
    let named = metadata["name"].as_str().is_some_and(|name| !name.is_empty());
    let base = metadata["generateName"].as_str().unwrap_or_default().to_owned();
    if !named && base.is_empty() && kind.table == "limitranges" {
        // As `PrepareForCreate` of `pkg/registry/core/limitrange`.
        metadata["name"] = api.ids.uid().into();
    }
    // Of built-in kinds the missing name is told with all else that is wrong.
    if !named && base.is_empty() && kind.custom.is_some() {
        let fault = super::error::FieldError::required("metadata.name", "name or generateName is required");
        return Err(ApiError::invalid(&kind.group, &kind.kind, "", &[fault]));
    }
    if !named && !base.is_empty() {
        // Room for the five letters: names end at 63.
        let base: String = base.chars().take(58).collect();
        metadata["name"] = format!("{base}{}", api.ids.suffix(5)).into();
    }
    admission::order_metadata(object);
    Ok(())
}
