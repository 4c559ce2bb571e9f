//! A request's body as an object of the kind that the path names.

use serde_json::Value;

use super::call::Call;
use super::error::ApiError;
use crate::mock::kinds::protobuf;

/// The media types of whole objects.
const ACCEPTED: [&str; 3] = [
    "application/json",
    "application/yaml",
    "application/vnd.kubernetes.protobuf",
];

/// Reads the body as JSON, YAML or protobuf, whatever it holds.
///
/// # Errors
/// 415 for other media types, 400 for a body that does not parse.
pub fn parse(call: &Call) -> Result<Value, ApiError> {
    match call.content_type.as_str() {
        "" | "application/json" => serde_json::from_slice(&call.body).map_err(|error| unrecognized(call, &error)),
        "application/yaml" => {
            let text = String::from_utf8_lossy(&call.body);
            serde_yaml::from_str(&text).map_err(|error| ApiError::bad_request(error.to_string()))
        }
        "application/vnd.kubernetes.protobuf" => protobuf::decode(&call.body).map_err(ApiError::bad_request),
        _ => Err(ApiError::unsupported_media_type(&ACCEPTED)),
    }
}

fn unrecognized(call: &Call, error: &serde_json::Error) -> ApiError {
    let why = if error.is_eof() {
        "unexpected end of JSON input".to_owned()
    } else {
        error.to_string()
    };
    let text = String::from_utf8_lossy(&call.body)
        .chars()
        .take(1024)
        .collect::<String>();
    let text = if text.is_empty() { "<empty>" } else { &text };
    let kind = &call.kind.kind;
    ApiError::bad_request(format!(
        "the object provided is unrecognized (must be of type {kind}): couldn't get version/kind; json parse error: {why} ({text})"
    ))
}

/// Reads the body as an object of the call's kind, in the call's namespace.
///
/// # Errors
/// 400 for another kind or another namespace.
pub fn object(call: &Call) -> Result<Value, ApiError> {
    let mut object = parse(call)?;
    check_kind(call, &object)?;
    let Some(map) = object.as_object_mut() else {
        return Err(ApiError::bad_request("the object provided is not a JSON object"));
    };
    if !map.get("metadata").is_some_and(Value::is_object) {
        map.insert("metadata".to_owned(), Value::Object(serde_json::Map::new()));
    }
    place(call, &mut object)?;
    Ok(object)
}

/// A custom object says of which kind it is: nothing else tells its decoder.
fn untyped(call: &Call, object: &Value) -> Result<(), ApiError> {
    let missing = |name: &str| object[name].as_str().unwrap_or_default().is_empty();
    let Some((_, name)) = [("kind", "Kind"), ("apiVersion", "apiVersion")]
        .into_iter()
        .find(|(name, _)| missing(name))
    else {
        return Ok(());
    };
    let body = String::from_utf8_lossy(&call.body);
    let start: String = body.chars().take(30).collect();
    let more = if start.len() < body.len() { " ..." } else { "" };
    let kind = &call.kind.kind;
    Err(ApiError::bad_request(format!(
        "the object provided is unrecognized (must be of type {kind}): Object '{name}' is missing in '{body}' ({start}{more})"
    )))
}

fn check_kind(call: &Call, object: &Value) -> Result<(), ApiError> {
    let (wanted, version) = (&call.kind.kind, &call.kind.version);
    let kind = object["kind"]
        .as_str()
        .filter(|kind| !kind.is_empty())
        .unwrap_or(wanted);
    let api_version = object["apiVersion"].as_str().unwrap_or_default();
    if call.kind.custom.is_some() {
        untyped(call, object)?;
    }
    if kind == wanted && (api_version.is_empty() || api_version == call.kind.api_version()) {
        return Ok(());
    }
    // The kind of a custom object is looked at with all else that it says.
    if call.kind.custom.is_some() && api_version == call.kind.api_version() {
        return Ok(());
    }
    let meant = if api_version.is_empty() {
        call.kind.api_version()
    } else {
        api_version.to_owned()
    };
    let kinds = call.api.kinds.all();
    let known = kinds
        .iter()
        .any(|known| known.kind == kind && known.api_version() == meant);
    if call.kind.custom.is_none() && !known {
        let given = meant.rsplit('/').next().unwrap_or(version);
        return Err(ApiError::bad_request(format!(
            "{kind} in version {given:?} cannot be handled as a {wanted}: no kind {kind:?} is registered for version \
             {meant:?} in scheme \"pkg/api/legacyscheme/scheme.go:30\""
        )));
    }
    if call.kind.custom.is_some() || kind == wanted {
        let message = format!(
            "the API version in the data ({api_version}) does not match the expected API version ({})",
            call.kind.api_version()
        );
        return Err(ApiError::bad_request(message));
    }
    let given = api_version.rsplit('/').next().unwrap_or(version);
    let group = if call.kind.group.is_empty() {
        "core"
    } else {
        call.kind.group.split('.').next().unwrap_or("core")
    };
    Err(ApiError::bad_request(format!(
        "{kind} in version {given:?} cannot be handled as a {wanted}: converting ({given}.{kind}) to ({group}.{wanted}): unknown conversion"
    )))
}

fn place(call: &Call, object: &mut Value) -> Result<(), ApiError> {
    let given = object["metadata"]["namespace"].as_str().unwrap_or_default();
    if call.kind.namespaced && !given.is_empty() && given != call.namespace() {
        return Err(ApiError::bad_request(
            "the namespace of the provided object does not match the namespace sent on the request",
        ));
    }
    if let Some(metadata) = object["metadata"].as_object_mut() {
        if call.kind.namespaced {
            metadata.insert("namespace".to_owned(), call.namespace().into());
        } else {
            metadata.shift_remove("namespace");
        }
    }
    Ok(())
}
