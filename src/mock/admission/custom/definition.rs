//! New custom objects against the definition of their kind: what is on its way out takes none any more.

use serde_json::Value;

use crate::mock::admission::Attempt;
use crate::mock::kinds::CustomKind;
use crate::mock::server::{ApiError, definitions};

/// Refuses a new object of a kind whose definition is being deleted, as `crdHandler` of the apiextensions server.
///
/// # Errors
/// 403.
pub fn check(attempt: &Attempt<'_>, custom: &CustomKind, object: &Value) -> Result<(), ApiError> {
    if !definitions::is_dying(attempt.api, &custom.definition) {
        return Ok(());
    }
    let name = object["metadata"]["name"].as_str().unwrap_or_default();
    let why = "create not allowed while custom resource definition is terminating";
    Err(ApiError::forbidden(
        &attempt.kind.group,
        &attempt.kind.plural,
        name,
        why,
    ))
}
