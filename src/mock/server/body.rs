//! A request's body as an object of the kind that the path names.

use std::fmt::Write as _;

use serde_json::{Map, Value};

use super::call::Call;
use super::error::ApiError;
use super::go::{json, yaml};
use super::media;
use crate::mock::admission;
use crate::mock::kinds::types::{self, Source};
use crate::mock::kinds::{convert, package, protobuf};

/// Into what Go reads kind and version before it knows what else it reads.
const TYPE_META: &str =
    r#"struct { APIVersion string "json:\"apiVersion,omitempty\""; Kind string "json:\"kind,omitempty\"" }"#;

/// A body that was read.
#[derive(Debug, Default)]
pub struct Body {
    /// What it holds.
    pub object: Value,
    /// What the strict decoder says of it, but for fields that nobody knows.
    pub told: Vec<String>,
}

/// Reads the body as JSON, YAML or protobuf: an object, or nothing at all.
///
/// # Errors
/// 415 for other media types, 400 for a body that does not parse.
pub fn parse(call: &Call) -> Result<Value, ApiError> {
    parse_as(call, &call.kind.kind)
}

/// Reads the body as an object of the kind that a subresource speaks.
///
/// # Errors
/// 415 for other media types, 400 for a body that does not parse.
pub fn parse_as(call: &Call, kind: &str) -> Result<Value, ApiError> {
    let refuse = |fault: Fault| fault.error(call, kind);
    let object = read(call).map_err(refuse)?.object;
    type_of(&object).map_err(|why| refuse(Fault::Text(why)))?;
    Ok(object)
}

/// Reads the body as the options of a deletion, which errors name by no kind.
///
/// # Errors
/// 415 for other media types, 400 for a body that does not parse or is something else.
pub fn options(call: &Call) -> Result<Value, ApiError> {
    let plain = |fault: Fault| match fault {
        Fault::Media => ApiError::unsupported_media_type(&media::OBJECTS),
        Fault::Text(why) => ApiError::bad_request(why),
    };
    let options = read(call).map_err(plain)?.object;
    type_of(&options).map_err(ApiError::bad_request)?;
    let text = |name: &str| options[name].as_str().unwrap_or_default();
    if !matches!(text("kind"), "" | "DeleteOptions") {
        let version = match text("apiVersion") {
            "" => "meta.k8s.io/v1",
            given => given,
        };
        let kind = text("kind");
        return Err(ApiError::bad_request(format!(
            "no kind {kind:?} is registered for version {version:?} in scheme \
            \"pkg/apis/meta/internalversion/scheme/register.go:27\""
        )));
    }
    Ok(options)
}

/// Why a body cannot be read.
enum Fault {
    /// Nobody knows its media type.
    Media,
    /// What the decoder says.
    Text(String),
}

impl Fault {
    /// The answer, to who wanted an object of a kind: `transformDecodeError`.
    fn error(self, call: &Call, kind: &str) -> ApiError {
        match self {
            Self::Media => ApiError::unsupported_media_type(&media::OBJECTS),
            Self::Text(why) => ApiError::bad_request(format!(
                "the object provided is unrecognized (must be of type {kind}): {why} ({})",
                summary(&call.body)
            )),
        }
    }
}

/// The beginning of a body: objects as they are, all else in hexadecimal digits. As `summarizeData`.
fn summary(body: &[u8]) -> String {
    let start = body.get(..30).unwrap_or(body);
    let mut told = match body.first() {
        None => return "<empty>".to_owned(),
        Some(b'{') => String::from_utf8_lossy(start).into_owned(),
        Some(_) => start.iter().fold(String::new(), |mut hex, byte| {
            let _ = write!(hex, "{byte:02x}");
            hex
        }),
    };
    if body.len() > 30 {
        told.push_str(" ...");
    }
    told
}

fn read(call: &Call) -> Result<Body, Fault> {
    let unknown = |why: &str| Fault::Text(format!("couldn't get version/kind; json parse error: {why}"));
    let mut body = match call.content_type.as_str() {
        "" | media::JSON => {
            let read = json::read(&call.body).map_err(|why| unknown(&why))?;
            Body {
                told: read.told(),
                object: read.value,
            }
        }
        media::YAML => {
            let text = String::from_utf8_lossy(&call.body);
            let read = yaml::read(&text).map_err(Fault::Text)?;
            Body {
                object: read.value,
                told: read.duplicates,
            }
        }
        media::PROTOBUF => Body {
            object: protobuf::decode(&call.body).map_err(|why| Fault::Text(why.to_string()))?,
            told: Vec::new(),
        },
        _ => return Err(Fault::Media),
    };
    if body.object.is_null() {
        body.object = Value::Object(Map::new());
    }
    if !body.object.is_object() {
        let given = json::type_of(&body.object);
        return Err(unknown(&format!(
            "json: cannot unmarshal {given} into Go value of type {TYPE_META}"
        )));
    }
    Ok(body)
}

/// Kind and version are texts, and the version has one slash at most.
fn type_of(object: &Value) -> Result<(), String> {
    for name in ["apiVersion", "kind"] {
        if !object[name].is_null() && !object[name].is_string() {
            let given = json::type_of(&object[name]);
            return Err(format!(
                "couldn't get version/kind; json parse error: json: cannot unmarshal {given} into Go struct field .{name} of type string"
            ));
        }
    }
    let version = object["apiVersion"].as_str().unwrap_or_default();
    if version.matches('/').count() > 1 {
        return Err(format!("unexpected GroupVersion string: {version}"));
    }
    Ok(())
}

/// Reads the body as an object of the call's kind.
///
/// # Errors
/// 400 for another kind.
pub fn object(call: &Call) -> Result<Body, ApiError> {
    let refuse = |fault: Fault| fault.error(call, &call.kind.kind);
    let mut body = read(call).map_err(refuse)?;
    type_of(&body.object).map_err(|why| refuse(Fault::Text(why)))?;
    check_kind(call, &body.object)?;
    let custom = call.kind.custom.is_some();
    if let Some(map) = body.object.as_object_mut() {
        // What is written in an empty text's place is what the path says.
        for (name, said) in [
            ("kind", call.kind.kind.clone()),
            ("apiVersion", call.kind.api_version()),
        ] {
            if map.get(name).is_some_and(|given| given == "") {
                map.insert(name.to_owned(), said.into());
            }
        }
        let missing = map
            .get("metadata")
            .is_none_or(|given| given.is_null() || custom && !given.is_object());
        if missing {
            map.insert("metadata".to_owned(), Value::Object(Map::new()));
        }
    }
    Ok(body)
}

/// Reads the body as an object of the call's kind and namespace, in the form in which it is stored; `told` holds all that
/// the decoder says of it then.
///
/// # Errors
/// 400 and 415 for a body that cannot be read, is something else, or has fields that do not fit.
pub fn stored(call: &Call) -> Result<Body, ApiError> {
    let read = object(call)?;
    let mut object = convert::stored(&call.kind, read.object);
    let told = fitted(call, &mut object, read.told)?;
    place(call, &mut object)?;
    Ok(Body { object, told })
}

/// Makes the fields of an object fit its type; returns what the client is warned of.
///
/// # Errors
/// 400 for fields that do not fit, and under strict validation for all that there is to be warned of.
pub fn fitted(call: &Call, object: &mut Value, told: Vec<String>) -> Result<Vec<String>, ApiError> {
    let (kind, version) = (&call.kind.kind, &call.kind.version);
    admission::check_fields(call, object, told, Source::Json).map_err(|why| unhandled(kind, version, kind, &why))
}

fn unhandled(kind: &str, version: &str, wanted: &str, why: &str) -> ApiError {
    ApiError::bad_request(format!(
        "{kind} in version {version:?} cannot be handled as a {wanted}: {why}"
    ))
}

/// Why an object is not of the call's kind: no such kind, or another one.
#[must_use]
pub fn other_kind(call: &Call, kind: &str, api_version: &str, object: &Value) -> String {
    let kinds = call.api.kinds.all();
    let known = kinds
        .iter()
        .find(|known| known.kind == kind && known.api_version() == api_version);
    // What it is not, it is read as first.
    if let Some(known) = known.filter(|known| known.custom.is_none())
        && let Err(why) = types::decode(known, &mut object.clone(), Source::Json)
    {
        return why;
    }
    if known.is_none() {
        return format!(
            "no kind {kind:?} is registered for version {api_version:?} in scheme \"pkg/api/legacyscheme/scheme.go:30\""
        );
    }
    let given = api_version.rsplit('/').next().unwrap_or_default();
    let (group, wanted) = (&call.kind.group, &call.kind.kind);
    let group = package(group);
    format!("converting ({given}.{kind}) to ({group}.{wanted}): unknown conversion")
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
    if call.kind.custom.is_some() || known && kind == wanted {
        let message = format!(
            "the API version in the data ({api_version}) does not match the expected API version ({})",
            call.kind.api_version()
        );
        return Err(ApiError::bad_request(message));
    }
    let given = if known {
        api_version.rsplit('/').next().unwrap_or(version)
    } else {
        meant.rsplit('/').next().unwrap_or(version)
    };
    let why = other_kind(call, kind, &meant, object);
    Err(unhandled(kind, given, wanted, &why))
}

/// Puts an object into the call's namespace.
///
/// # Errors
/// 400 for an object of another namespace.
pub fn place(call: &Call, object: &mut Value) -> Result<(), ApiError> {
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bodies_are_told_by_their_beginning() {
        for (body, told) in [
            ("", "<empty>"),
            ("[]", "5b5d"),
            ("{\"a\":}", "{\"a\":}"),
            (
                "{\"apiVersion\":\"v1\",\"kind\":\"Pod\"}{}",
                "{\"apiVersion\":\"v1\",\"kind\":\"Pod ...",
            ),
        ] {
            assert_eq!(summary(body.as_bytes()), told);
        }
    }
}
