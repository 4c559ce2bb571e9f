//! Patches of the apply kind: server-side apply.

use axum::response::Response;
use serde_json::{Value, json};

use super::call::Call;
use super::create::{create_object, prepare, with_warnings};
use super::error::{ApiError, FieldError};
use super::go::{json as go_json, yaml};
use super::update::{check_name, current, replace};
use super::{body, get};
use crate::mock::admission;
use crate::mock::clock::rfc3339;
use crate::mock::kinds::types::Source;
use crate::mock::kinds::{convert, typed};
use crate::mock::patch::apply::{Conflict, apply_over, message};

/// Applies the body: creates the object, or merges into it what the manager claims.
///
/// # Errors
/// 422 without a manager, 409 for fields of other managers, and whatever admission and validation refuse.
pub fn answer(call: &Call, part: Option<&str>) -> Result<Response, ApiError> {
    let manager = call.query.get("fieldManager");
    if manager.is_empty() {
        let fault = FieldError::required("fieldManager", "is required for apply patch");
        return Err(ApiError::invalid("meta.k8s.io", "PatchOptions", "", &[fault]));
    }
    let (config, told) = read(call)?;
    check_declared(call, &config)?;
    let mut config = convert::stored(&call.kind, config);
    let warnings =
        admission::check_fields(call, &mut config, told, Source::Json).map_err(|why| body::misfit(call, &why))?;
    if !config["metadata"]["name"].is_null() {
        check_name(call, &config)?;
    }
    body::place(call, &mut config)?;
    let now = rfc3339(call.api.clock.now());
    let claim = call.claim(&now, manager);
    let response = match get::find(call) {
        Ok(old) => {
            // What is applied is compared in the form in which it is stored.
            let before = convert::stored(&call.kind, current(call, &old));
            let after = apply_over(claim, &before, &config).map_err(|conflicts| refused(&conflicts))?;
            replace(call, &old, after, part)?
        }
        Err(error) if part.is_some() => return Err(error),
        Err(_) => {
            let mut fresh = apply_over(claim, &json!({}), &config).map_err(|conflicts| refused(&conflicts))?;
            fresh["metadata"]["name"] = call.name.clone().into();
            if call.kind.namespaced {
                fresh["metadata"]["namespace"] = call.namespace().into();
            }
            prepare(&call.api, &call.kind, &mut fresh)?;
            create_object(call, fresh)?
        }
    };
    Ok(with_warnings(response, &warnings))
}

/// The configuration, and what the decoder says of it.
fn read(call: &Call) -> Result<(Value, Vec<String>), ApiError> {
    let bad = |why: &str| ApiError::bad_request(format!("error decoding YAML: {why}"));
    let text = String::from_utf8_lossy(&call.body);
    let read = yaml::read(&text).map_err(|why| bad(&format!("error converting YAML to JSON: {why}")))?;
    let config = match read.value {
        Value::Null => json!({}),
        Value::Object(_) => read.value,
        other => {
            let given = go_json::type_of(&other);
            return Err(bad(&format!(
                "error unmarshaling JSON: while decoding JSON: json: cannot unmarshal {given} into Go value of type map[string]interface {{}}"
            )));
        }
    };
    check_type(call, &config)?;
    check_fields(call, &config)?;
    Ok((config, read.duplicates))
}

fn check_fields(call: &Call, config: &Value) -> Result<(), ApiError> {
    if !config["metadata"].is_object() && !config["metadata"].is_null() {
        return Ok(());
    }
    if let Some(name) = config["metadata"]["name"].as_str().filter(|name| *name != call.name) {
        return Err(ApiError::bad_request(format!(
            "the name of the object ({name}) does not match the name on the URL ({})",
            call.name
        )));
    }
    if config["metadata"]["managedFields"]
        .as_array()
        .is_some_and(|fields| !fields.is_empty())
    {
        return Err(ApiError::bad_request("metadata.managedFields must be nil"));
    }
    Ok(())
}

/// What is applied names only fields of its type, whatever `fieldValidation` says: nobody could own others.
fn check_declared(call: &Call, config: &Value) -> Result<(), ApiError> {
    if let Some(custom) = &call.kind.custom {
        return check_custom(call, &admission::undeclared(custom, config), config);
    }
    let told = typed::faults(&call.kind, config);
    let told = match told.as_slice() {
        [] => return Ok(()),
        [one] => one.clone(),
        many => format!("errors:\n  {}", many.join("\n  ")),
    };
    let text = |name: &str| config["metadata"][name].as_str().unwrap_or_default();
    let (namespace, name) = (text("namespace"), text("name"));
    let (group, version, kind) = (&call.kind.group, &call.kind.version, &call.kind.kind);
    let version = format!("{group}/{version}");
    Err(ApiError::new(
        500,
        "",
        format!("failed to create typed patch object ({namespace}/{name}; {version}, Kind={kind}): {told}"),
    ))
}

/// The same of custom objects, whose types are schemas.
fn check_custom(call: &Call, unknown: &[String], config: &Value) -> Result<(), ApiError> {
    let told: Vec<String> = unknown
        .iter()
        .map(|path| format!(".{path}: field not declared in schema"))
        .collect();
    let told = match told.as_slice() {
        [] => return Ok(()),
        [one] => one.clone(),
        many => format!("errors:\n  {}", many.join("\n  ")),
    };
    let text = |name: &str| config["metadata"][name].as_str().unwrap_or_default();
    let (namespace, name) = (text("namespace"), text("name"));
    let (version, kind) = (call.kind.api_version(), &call.kind.kind);
    Err(ApiError::new(
        500,
        "",
        format!("failed to create typed patch object ({namespace}/{name}; {version}, Kind={kind}): {told}"),
    ))
}

/// What is applied says what it is, unlike what is created.
fn check_type(call: &Call, config: &Value) -> Result<(), ApiError> {
    let text = |name: &str| config[name].as_str().unwrap_or_default();
    let (api_version, kind) = (text("apiVersion"), text("kind"));
    if api_version == call.kind.api_version() && kind == call.kind.kind {
        return Ok(());
    }
    let (group, version) = api_version.split_once('/').unwrap_or(("", api_version));
    Err(ApiError::bad_request(format!(
        "invalid object type: {group}/{version}, Kind={kind}"
    )))
}

fn refused(conflicts: &[Conflict]) -> ApiError {
    let cause = |conflict: &Conflict| {
        let message = format!("conflict with {}", conflict.manager);
        json!({"reason": "FieldManagerConflict", "message": message, "field": conflict.field})
    };
    let mut error = ApiError::new(409, "Conflict", message(conflicts));
    error.details = Some(Box::new(
        json!({"causes": conflicts.iter().map(cause).collect::<Vec<_>>()}),
    ));
    error
}
