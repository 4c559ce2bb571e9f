//! An object changed by a patch of one of four kinds.

use axum::response::Response;
use serde_json::{Value, json};

use super::call::Call;
use super::error::ApiError;
use super::go::{json as go_json, print};
use super::update::{check_name, current, replace};
use super::warnings::warned;
use super::{apply, body, media};
use crate::mock::admission;
use crate::mock::kinds::convert;
use crate::mock::kinds::types::Source;
use crate::mock::patch::{merge, strategic, told};

/// `patch`, of the object or of one of its parts.
///
/// # Errors
/// 404, 409, 415, 422, and whatever admission and validation refuse.
pub fn patch(call: &Call, part: Option<&str>) -> Result<Response, ApiError> {
    check_type(call)?;
    if call.applies() {
        return apply::answer(call, part);
    }
    let mut warnings = Vec::new();
    let response = replace(call, part, |old| {
        let mut before = current(call, old);
        admission::order_metadata(&mut before);
        let (after, told) = checked(call, changed(call, &before)?)?;
        warnings = told;
        Ok(after)
    });
    warned(response, &warnings)
}

/// What a patch made of an object.
struct Changed {
    after: Value,
    /// What errors show: the patch itself, or the object after it.
    shown: String,
    /// What the decoder says of the patch.
    told: Vec<String>,
}

/// The object after the patch, if it is still one of its kind; and what there is to be warned of.
fn checked(call: &Call, changed: Changed) -> Result<(Value, Vec<String>), ApiError> {
    let Changed { after, shown, told } = changed;
    let refuse = |why: String| ApiError::bad_patch(&shown, &why);
    if !after.is_object() && call.kind.custom.is_some() {
        let given = go_json::type_of(&after);
        let why = format!("json: cannot unmarshal {given} into Go value of type map[string]interface {{}}");
        return Err(refuse(why));
    }
    let source = if call.content_type == media::STRATEGIC_MERGE_PATCH {
        Source::Unstructured
    } else {
        check_kind(call, &after).map_err(refuse)?;
        Source::Json
    };
    let mut after = convert::stored(&call.kind, after);
    let warnings = admission::check_fields(call, &mut after, told, source).map_err(refuse)?;
    if let Some(map) = after.as_object_mut() {
        map.insert("kind".to_owned(), call.kind.kind.clone().into());
        map.insert("apiVersion".to_owned(), call.kind.api_version().into());
    }
    check_name(call, &after)?;
    body::place(call, &mut after)?;
    Ok((after, warnings))
}

fn check_kind(call: &Call, after: &Value) -> Result<(), String> {
    let text = |name: &str| after[name].as_str().unwrap_or_default();
    let (kind, version) = (text("kind"), text("apiVersion"));
    let own = call.kind.api_version();
    let same = matches!(kind, "") || kind == call.kind.kind;
    if same && (version.is_empty() || version == own) {
        return Ok(());
    }
    let version = if version.is_empty() { &own } else { version };
    let kind = if kind.is_empty() { &call.kind.kind } else { kind };
    Err(body::other_kind(call, kind, version, after))
}

/// The object after the patch, of a kind that `check` knows.
///
/// # Errors
/// 400 and 422 for a patch that cannot be read or does not apply.
pub fn patched_as(
    call: &Call,
    before: &Value,
    check: impl FnOnce(&Value) -> Result<(), String>,
) -> Result<Value, ApiError> {
    check_type(call)?;
    if call.applies() {
        // Nobody applies a part that has no fields of its own.
        return Err(ApiError::unsupported_media_type(&[
            media::JSON_PATCH,
            media::MERGE_PATCH,
        ]));
    }
    let changed = changed(call, before)?;
    match check(&changed.after) {
        Ok(()) => Ok(changed.after),
        Err(why) => Err(ApiError::bad_patch(&changed.shown, &why)),
    }
}

fn changed(call: &Call, before: &Value) -> Result<Changed, ApiError> {
    match call.content_type.as_str() {
        media::JSON_PATCH => json_patched(call, before),
        media::STRATEGIC_MERGE_PATCH => {
            let read = read(call, "")?;
            let told = read.told();
            let change = map_of(read.value, "")?;
            let after = strategic::apply(&call.kind.kind, before, &change).map_err(ApiError::internal)?;
            Ok(Changed {
                after,
                shown: print::plain(&change),
                told,
            })
        }
        _ => {
            let read = read(call, DECODING)?;
            let told = read.told();
            if read.value.is_null() {
                return Err(ApiError::bad_request("Invalid JSON Patch"));
            }
            let change = map_of(read.value, DECODING)?;
            let after = merge::apply(before, &change);
            Ok(Changed {
                shown: told::merged(&after, before, &change).to_string(),
                after,
                told,
            })
        }
    }
}

const DECODING: &str = "error decoding patch: ";

fn json_patched(call: &Call, before: &Value) -> Result<Changed, ApiError> {
    let mut operations = match read(call, DECODING)?.value {
        Value::Array(operations) => operations,
        Value::Null => Vec::new(),
        other => return Err(unfit(&other, "[]handlers.jsonPatchOp")),
    };
    for operation in &mut operations {
        operation_of(operation)?;
    }
    // An operation that nobody knows is found when it is to be carried out.
    let change: json_patch::Patch =
        serde_json::from_value(Value::Array(operations.clone())).map_err(|_| ApiError::unprocessable())?;
    let mut after = before.clone();
    json_patch::patch(&mut after, &change).map_err(|_| ApiError::unprocessable())?;
    let paths = operations.iter().filter_map(|operation| operation["path"].as_str());
    Ok(Changed {
        shown: told::walked(&after, paths).to_string(),
        after,
        told: Vec::new(),
    })
}

/// An operation is an object of texts; a value that is missing is null.
fn operation_of(operation: &mut Value) -> Result<(), ApiError> {
    let Value::Object(fields) = operation else {
        return Err(unfit(operation, "handlers.jsonPatchOp"));
    };
    for name in ["op", "path", "from"] {
        if let Some(odd) = fields.get(name).filter(|value| !value.is_string() && !value.is_null()) {
            let given = go_json::type_of(odd);
            let why = format!("json: cannot unmarshal {given} into Go struct field jsonPatchOp.{name} of type string");
            return Err(ApiError::bad_request(format!("{DECODING}{why}")));
        }
    }
    fields.entry("value").or_insert(Value::Null);
    Ok(())
}

fn unfit(value: &Value, wanted: &str) -> ApiError {
    let given = go_json::type_of(value);
    ApiError::bad_request(format!(
        "{DECODING}json: cannot unmarshal {given} into Go value of type {wanted}"
    ))
}

/// The patch as a map; nothing changes nothing.
fn map_of(change: Value, prefix: &str) -> Result<Value, ApiError> {
    match change {
        Value::Null => Ok(json!({})),
        Value::Object(_) => Ok(change),
        other => {
            let given = go_json::type_of(&other);
            let why = format!("json: cannot unmarshal {given} into Go value of type map[string]interface {{}}");
            Err(ApiError::bad_request(format!("{prefix}{why}")))
        }
    }
}

fn read(call: &Call, prefix: &str) -> Result<go_json::Read, ApiError> {
    go_json::read(&call.body).map_err(|why| ApiError::bad_request(format!("{prefix}{why}")))
}

/// The patches that a kind takes. Custom resources have no merge keys, so no strategic merge.
fn check_type(call: &Call) -> Result<(), ApiError> {
    let accepted = media::patches(call.kind.custom.is_some());
    let given = call.content_type.as_str();
    if accepted.contains(&given) {
        return Ok(());
    }
    if given == media::STRATEGIC_MERGE_PATCH {
        return Err(ApiError::unsupported_media_type(accepted));
    }
    let mut error = ApiError::new(415, "UnsupportedMediaType", "415: Unsupported Media Type");
    error.details = Some(Box::new(json!({})));
    Err(error)
}
