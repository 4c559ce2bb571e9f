//! Patches of the apply kind: server-side apply.

use axum::response::Response;
use serde_json::{Value, json};

use super::call::Call;
use super::create::{create_object, prepare, with_warnings};
use super::error::{ApiError, FieldError};
use super::get;
use super::update::{current, replace};
use crate::mock::admission;
use crate::mock::clock::rfc3339;
use crate::mock::kinds::convert;
use crate::mock::patch::apply::{Conflict, apply, message};

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
    let mut config = convert::stored(&call.kind, read(call)?);
    let warnings = admission::check_fields(call, &mut config)?;
    let now = rfc3339(call.api.clock.now());
    let claim = call.claim(&now, manager);
    let response = match get::find(call) {
        Ok(old) => {
            let before = current(call, &old);
            let after = apply(claim, &before, &config).map_err(|conflicts| refused(&conflicts))?;
            replace(call, &old, after, part)?
        }
        Err(error) if part.is_some() => return Err(error),
        Err(_) => {
            let mut fresh = apply(claim, &json!({}), &config).map_err(|conflicts| refused(&conflicts))?;
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

fn read(call: &Call) -> Result<Value, ApiError> {
    let text = String::from_utf8_lossy(&call.body);
    let config: Value =
        serde_yaml::from_str(&text).map_err(|error| ApiError::bad_request(format!("error decoding YAML: {error}")))?;
    if !config.is_object() || !(config["metadata"].is_object() || config["metadata"].is_null()) {
        return Err(ApiError::bad_request("the applied configuration is not an object"));
    }
    let name = config["metadata"]["name"].as_str().unwrap_or(&call.name);
    if name != call.name {
        return Err(ApiError::bad_request(format!(
            "name in URL does not match name in provided object: {name} and {}",
            call.name
        )));
    }
    if config["metadata"]["managedFields"]
        .as_array()
        .is_some_and(|fields| !fields.is_empty())
    {
        return Err(ApiError::bad_request("metadata.managedFields must be nil"));
    }
    Ok(config)
}

fn refused(conflicts: &[Conflict]) -> ApiError {
    let cause = |conflict: &Conflict| {
        let message = format!("conflict with {}", conflict.manager);
        json!({"reason": "FieldManagerConflict", "message": message, "field": conflict.field})
    };
    let mut error = ApiError::new(409, "Conflict", message(conflicts));
    error.details = Some(json!({"causes": conflicts.iter().map(cause).collect::<Vec<_>>()}));
    error
}
