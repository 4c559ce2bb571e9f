//! An object replaced, or one part of it.

use std::sync::Arc;

use axum::response::Response;
use serde_json::Value;

use super::answer::{object_response, value_of, value_response};
use super::call::Call;
use super::create::with_warnings;
use super::error::{ApiError, FieldError};
use super::{body, create, definitions, escalation, get};
use crate::mock::admission;
use crate::mock::clock::rfc3339;
use crate::mock::kinds::convert;
use crate::mock::kinds::types::Source;
use crate::mock::patch::apply::{handed_on, note_update};
use crate::mock::storage::{Object, StoreError};

/// The kinds that an update of what is not there creates: `AllowCreateOnUpdate`.
const CREATED: [&str; 10] = [
    "Lease",
    "Event",
    "Service",
    "Endpoints",
    "LimitRange",
    "PodTemplate",
    "Role",
    "ClusterRole",
    "RoleBinding",
    "ClusterRoleBinding",
];

/// `update`, of the object or of one of its parts (`status`).
///
/// # Errors
/// 404, 409 for an old version, and whatever admission and validation refuse.
pub fn update(call: &Call, part: Option<&str>) -> Result<Response, ApiError> {
    let read = body::object(call)?;
    let mut new = convert::stored(&call.kind, read.object);
    let warnings =
        admission::check_fields(call, &mut new, read.told, Source::Json).map_err(|why| body::misfit(call, &why))?;
    body::place(call, &mut new)?;
    check_name(call, &new)?;
    let response = match get::find(call) {
        Ok(old) => versioned(call, &new).and_then(|()| replace(call, &old, new, part)),
        Err(_) if part.is_none() && CREATED.contains(&call.kind.kind.as_str()) => create::create_object(call, new),
        Err(error) => Err(error),
    };
    response
        .map(|response| with_warnings(response, &warnings))
        .map_err(|error| error.warned(&warnings))
}

/// Definitions and custom objects are replaced only by who says which version he saw: `AllowUnconditionalUpdate`.
fn versioned(call: &Call, new: &Value) -> Result<(), ApiError> {
    let kind = &call.kind;
    let strict = kind.custom.is_some() || kind.kind == "CustomResourceDefinition";
    if !strict
        || !new["metadata"]["resourceVersion"]
            .as_str()
            .unwrap_or_default()
            .is_empty()
    {
        return Ok(());
    }
    let fault = FieldError::invalid("metadata.resourceVersion", &0.into(), "must be specified for an update");
    Err(ApiError::invalid(&kind.group, &kind.plural, &call.name, &[fault]))
}

/// The object bears the name that the path says.
///
/// # Errors
/// 400 for another name, and for none.
pub fn check_name(call: &Call, new: &Value) -> Result<(), ApiError> {
    let name = new["metadata"]["name"].as_str().unwrap_or_default();
    if name == call.name {
        return Ok(());
    }
    let message = if name.is_empty() {
        format!(
            "the name of the object ({} based on URL) was undeterminable: name must be provided",
            call.name
        )
    } else {
        format!(
            "the name of the object ({name}) does not match the name on the URL ({})",
            call.name
        )
    };
    Err(ApiError::bad_request(message))
}

/// Puts `new` in place of `old` as far as `part` reaches, and answers with what is stored then.
///
/// # Errors
/// 409 for an old version, and whatever admission and validation refuse.
pub fn replace(call: &Call, old: &Arc<Object>, new: Value, part: Option<&str>) -> Result<Response, ApiError> {
    let before = old.decode();
    let warned = |after: &Value| match part {
        None => admission::warnings(&call.kind, Some(&before), after),
        Some(_) => Vec::new(),
    };
    Ok(match replaced(call, old, new, part)? {
        Replaced::Stored(object) => {
            let warnings = warned(&object.decode());
            with_warnings(object_response(call, 200, &object), &warnings)
        }
        Replaced::Told(value) => {
            let warnings = warned(&value);
            let response = value_response(call, 200, convert::served(&call.kind, value));
            with_warnings(response, &warnings)
        }
    })
}

/// What became of a replacement.
#[derive(Debug)]
pub enum Replaced {
    /// It stands in the store, or stood there already.
    Stored(Arc<Object>),
    /// It is only told: a dry run, or an object that went with its last finalizer.
    Told(Value),
}

/// Puts `new` in place of `old` as far as `part` reaches.
///
/// # Errors
/// 409 for an old version, and whatever admission and validation refuse.
pub fn replaced(call: &Call, old: &Arc<Object>, mut new: Value, part: Option<&str>) -> Result<Replaced, ApiError> {
    let kind = &call.kind;
    if !new["metadata"].is_object() {
        // A patch may have put anything in its place.
        return Err(ApiError::unprocessable());
    }
    check_dying(call, old, &new)?;
    check_version(call, old, &new)?;
    let before = old.typed(&kind.api_version(), &kind.kind);
    let attempt = admission::Attempt {
        api: &call.api,
        kind,
        dry_run: call.dry_run(),
    };
    let applied = call.content_type == "application/apply-patch+yaml";
    if !applied {
        new["metadata"]["managedFields"] = handed_on(&before, &new);
    }
    escalation::check(call, Some(&before), &new)?;
    admission::update(&attempt, &before, &mut new, part)?;
    if !applied {
        let now = rfc3339(call.api.clock.now());
        let below = Some(call.sub.as_str()).filter(|sub| *sub == "scale");
        note_update(call.claim(&now, &call.manager()), &before, &mut new, part.or(below));
        admission::order_metadata(&mut new);
    }
    if new == before {
        return Ok(Replaced::Stored(Arc::clone(old)));
    }
    if call.dry_run() {
        return Ok(Replaced::Told(new));
    }
    let conflict = |error: StoreError| match error {
        StoreError::Missing => ApiError::not_found(kind, &call.name),
        _ => ApiError::modified(kind, &call.name),
    };
    if released(&new) {
        call.api
            .store
            .delete(&kind.table, &old.key, old.version)
            .map_err(conflict)?;
        definitions::after_removal(&call.api, kind, &call.name);
        return Ok(Replaced::Told(new));
    }
    let definition = (kind.kind == "CustomResourceDefinition").then(|| new.clone());
    let stored = call.api.store.update(&kind.table, new, old.version).map_err(conflict)?;
    if let Some(definition) = definition {
        call.api.kinds.define(&definition);
    }
    Ok(Replaced::Stored(stored))
}

/// Whether nothing holds a dying object any more: no finalizers, and no grace left.
fn released(object: &Value) -> bool {
    let metadata = &object["metadata"];
    let held = metadata["finalizers"]
        .as_array()
        .is_some_and(|finalizers| !finalizers.is_empty());
    let namespace = object["spec"]["finalizers"]
        .as_array()
        .is_some_and(|finalizers| !finalizers.is_empty());
    let grace = metadata["deletionGracePeriodSeconds"].as_i64().unwrap_or_default();
    metadata["deletionTimestamp"].is_string() && !held && !(namespace && object["kind"] == "Namespace") && grace == 0
}

fn check_version(call: &Call, old: &Object, new: &Value) -> Result<(), ApiError> {
    let seen = new["metadata"]["resourceVersion"].as_str().unwrap_or_default();
    if seen.is_empty() || seen == old.version.to_string() {
        return check_uid(call, old, new);
    }
    if seen.parse::<u64>().is_err() {
        return Err(ApiError::internal(format!(
            "strconv.ParseUint: parsing {seen:?}: invalid syntax"
        )));
    }
    Err(ApiError::modified(&call.kind, &call.name))
}

/// When an object goes is the server's to say.
fn check_dying(call: &Call, old: &Object, new: &Value) -> Result<(), ApiError> {
    let given = &new["metadata"]["deletionTimestamp"];
    if given.is_null() || old.decode()["metadata"]["deletionTimestamp"] == *given {
        return Ok(());
    }
    let fault = FieldError::invalid("metadata.deletionTimestamp", given, "field is immutable");
    let faults = [fault.clone(), fault];
    Err(ApiError::invalid(
        call.kind.error_group(),
        &call.kind.kind,
        &call.name,
        &faults,
    ))
}

fn check_uid(call: &Call, old: &Object, new: &Value) -> Result<(), ApiError> {
    let uid = new["metadata"]["uid"].as_str().unwrap_or_default();
    if uid.is_empty() || uid == &*old.uid {
        return Ok(());
    }
    if !call.content_type.is_empty() && call.content_type.contains("patch") {
        // The uid in a body is a precondition, the one after a patch a change.
        let fault = FieldError::invalid("metadata.uid", &uid.into(), "field is immutable");
        let faults = [fault.clone(), fault];
        return Err(ApiError::invalid(
            call.kind.error_group(),
            &call.kind.kind,
            &call.name,
            &faults,
        ));
    }
    let why = format!(
        "Precondition failed: UID in precondition: {uid}, UID in object meta: {}",
        old.uid
    );
    Err(ApiError::conflict(&call.kind, &call.name, &why))
}

/// The stored object as the caller sees it.
#[must_use]
pub fn current(call: &Call, object: &Object) -> Value {
    value_of(&call.kind, object)
}
