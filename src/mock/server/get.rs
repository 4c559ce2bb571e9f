//! One object.

use std::sync::Arc;

use axum::response::Response;

use super::answer::object_response;
use super::call::Call;
use super::error::ApiError;
use crate::mock::storage::Object;

/// `get`.
///
/// # Errors
/// 404.
pub fn get(call: &Call) -> Result<Response, ApiError> {
    Ok(object_response(call, 200, &*find(call)?))
}

/// The object that a call names.
///
/// # Errors
/// 404.
pub fn find(call: &Call) -> Result<Arc<Object>, ApiError> {
    let found = call.api.store.get(&call.kind.table, call.namespace(), &call.name);
    found.ok_or_else(|| ApiError::not_found(&call.kind, &call.name))
}
