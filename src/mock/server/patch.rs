//! An object changed by a patch of one of four kinds.

use axum::response::Response;
use serde_json::{Value, json};

use super::apply;
use super::call::Call;
use super::error::ApiError;
use super::get;
use super::update::{current, replace};
use crate::mock::admission;
use crate::mock::kinds::convert;
use crate::mock::patch::{merge, strategic};

const JSON: &str = "application/json-patch+json";
const MERGE: &str = "application/merge-patch+json";
const STRATEGIC: &str = "application/strategic-merge-patch+json";
const APPLY: &str = "application/apply-patch+yaml";

/// `patch`, of the object or of one of its parts.
///
/// # Errors
/// 404, 409, 415, 422, and whatever admission and validation refuse.
pub fn patch(call: &Call, part: Option<&str>) -> Result<Response, ApiError> {
    check_type(call)?;
    if call.content_type == APPLY {
        return apply::answer(call, part);
    }
    loop {
        let old = get::find(call)?;
        let before = current(call, &old);
        let mut after = convert::stored(&call.kind, patched(call, &before)?);
        let warnings = admission::check_fields(call, &mut after)?;
        let named = after["metadata"]["resourceVersion"] != before["metadata"]["resourceVersion"];
        match replace(call, &old, after, part) {
            // Somebody wrote in between: try again on what is there now, unless the patch names a version itself.
            Err(error) if error.code == 409 && !named && moved(call, old.version) => {}
            answer => return answer.map(|response| super::create::with_warnings(response, &warnings)),
        }
    }
}

fn moved(call: &Call, version: u64) -> bool {
    get::find(call).is_ok_and(|object| object.version != version)
}

/// The object after the patch.
///
/// # Errors
/// 400 and 422 for a patch that cannot be read or does not apply.
pub fn patched(call: &Call, before: &Value) -> Result<Value, ApiError> {
    match call.content_type.as_str() {
        JSON => json_patched(call, before),
        STRATEGIC => {
            let change = read(call)?;
            strategic::apply(&call.kind.kind, before, &change).map_err(ApiError::bad_request)
        }
        _ => Ok(merge::apply(before, &read(call)?)),
    }
}

fn json_patched(call: &Call, before: &Value) -> Result<Value, ApiError> {
    let read = read(call)?;
    if !read.is_array() {
        let given = if read.is_object() { "object" } else { "value" };
        return Err(ApiError::bad_request(format!(
            "error decoding patch: json: cannot unmarshal {given} into Go value of type []handlers.jsonPatchOp"
        )));
    }
    // An operation that nobody knows is found when it is to be carried out.
    let change: json_patch::Patch = serde_json::from_value(read).map_err(|_| ApiError::unprocessable())?;
    let mut after = before.clone();
    json_patch::patch(&mut after, &change).map_err(|_| ApiError::unprocessable())?;
    Ok(after)
}

fn read(call: &Call) -> Result<Value, ApiError> {
    let invalid = |error: serde_json::Error| {
        let prefix = if call.content_type == STRATEGIC {
            ""
        } else {
            "error decoding patch: "
        };
        if error.is_eof() {
            return ApiError::bad_request(format!("{prefix}unexpected end of JSON input"));
        }
        let text = String::from_utf8_lossy(&call.body);
        ApiError::bad_request(format!("{prefix}{error} ({text})"))
    };
    serde_json::from_slice(&call.body).map_err(invalid)
}

/// The patches that a kind takes. Custom resources have no merge keys, so no strategic merge.
fn check_type(call: &Call) -> Result<(), ApiError> {
    let accepted: &[&str] = if call.kind.custom.is_some() {
        &[JSON, MERGE, APPLY]
    } else {
        &[JSON, MERGE, STRATEGIC, APPLY]
    };
    let given = call.content_type.as_str();
    if accepted.contains(&given) {
        return Ok(());
    }
    if given == STRATEGIC {
        return Err(ApiError::unsupported_media_type(accepted));
    }
    let mut error = ApiError::new(415, "UnsupportedMediaType", "415: Unsupported Media Type");
    error.details = Some(json!({}));
    Err(error)
}
