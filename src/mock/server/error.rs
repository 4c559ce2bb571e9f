//! Failures as the API server words them: a `Status` object with code, reason, message and details.

use std::fmt;

use axum::body::Body;
use axum::response::Response;
use http::{HeaderValue, StatusCode, header};
use serde_json::{Map, Value, json};

use super::go::print::{html_safe, quote};
use crate::mock::kinds::Kind;
use crate::mock::kinds::go_types::go_float;
use crate::mock::storage::Expired;

/// A failed request.
#[derive(Clone, Debug, PartialEq)]
pub struct ApiError {
    /// The HTTP status.
    pub code: u16,
    /// The machine-readable reason; empty leaves it out.
    pub reason: &'static str,
    /// The sentence.
    pub message: String,
    /// `details`, if the server gives any.
    pub details: Option<Box<Value>>,
    /// What the client is warned of besides.
    pub warnings: Vec<String>,
}

/// One fault of an invalid object.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldError {
    /// The cause's reason, `FieldValueInvalid` and the like.
    pub reason: &'static str,
    /// The path of the field.
    pub field: String,
    /// What is wrong, with the value.
    pub message: String,
}

impl FieldError {
    /// A value that is not valid; `shown` is the value as JSON.
    #[must_use]
    pub fn invalid(field: impl Into<String>, shown: &Value, why: impl fmt::Display) -> Self {
        let message = with_why(&format!("Invalid value: {}", printed(shown)), &why.to_string());
        Self {
            reason: "FieldValueInvalid",
            field: field.into(),
            message,
        }
    }

    /// A field that must be there.
    #[must_use]
    pub fn required(field: impl Into<String>, why: &str) -> Self {
        Self {
            reason: "FieldValueRequired",
            field: field.into(),
            message: with_why("Required value", why),
        }
    }

    /// Something that must not be done.
    #[must_use]
    pub fn forbidden(field: impl Into<String>, why: &str) -> Self {
        Self {
            reason: "FieldValueForbidden",
            field: field.into(),
            message: with_why("Forbidden", why),
        }
    }

    /// More bytes than there may be.
    #[must_use]
    pub fn too_long(field: impl Into<String>, most: usize) -> Self {
        Self {
            reason: "FieldValueTooLong",
            field: field.into(),
            message: format!("Too long: may not be more than {most} bytes"),
        }
    }

    /// Something invalid whose value is not told.
    #[must_use]
    pub fn valueless(field: impl Into<String>, why: &str) -> Self {
        Self {
            reason: "FieldValueInvalid",
            field: field.into(),
            message: with_why("Invalid value", why),
        }
    }

    /// More elements than there may be.
    #[must_use]
    pub fn too_many(field: impl Into<String>, count: usize, most: usize) -> Self {
        let items = if most == 1 { "item" } else { "items" };
        Self {
            reason: "FieldValueTooMany",
            field: field.into(),
            message: format!("Too many: {count}: must have at most {most} {items}"),
        }
    }

    /// A value outside a closed set.
    #[must_use]
    pub fn unsupported(field: impl Into<String>, shown: &Value, supported: &[&str]) -> Self {
        let supported: Vec<String> = supported.iter().map(|value| format!("{value:?}")).collect();
        let (shown, supported) = (printed(shown), supported.join(", "));
        let message = format!("Unsupported value: {shown}: supported values: {supported}");
        Self {
            reason: "FieldValueNotSupported",
            field: field.into(),
            message,
        }
    }

    /// A reference to something that is not there.
    #[must_use]
    pub fn not_found(field: impl Into<String>, shown: &Value) -> Self {
        Self {
            reason: "FieldValueNotFound",
            field: field.into(),
            message: format!("Not found: {}", printed(shown)),
        }
    }

    /// A value that is there twice.
    #[must_use]
    pub fn duplicate(field: impl Into<String>, shown: &Value) -> Self {
        Self {
            reason: "FieldValueDuplicate",
            field: field.into(),
            message: format!("Duplicate value: {}", printed(shown)),
        }
    }
}

impl fmt::Display for FieldError {
    /// The sentence of one fault, as `field.Error` of apimachinery tells it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.field, self.message)
    }
}

/// Several errors as one sentence, as `Aggregate` of apimachinery's `util/errors` tells them: one alone as it is, more of them in
/// brackets, equal ones once.
#[must_use]
pub fn aggregate(errors: &[impl fmt::Display]) -> String {
    let mut told: Vec<String> = Vec::new();
    for error in errors {
        let text = error.to_string();
        if !told.contains(&text) {
            told.push(text);
        }
    }
    if told.len() == 1 {
        told.concat()
    } else {
        format!("[{}]", told.join(", "))
    }
}

/// A value as Go writes it into a message: texts quoted as Go quotes them, all else as JSON whose letters are safe in HTML.
fn printed(value: &Value) -> String {
    if let Some(text) = value.as_str() {
        return quote(text);
    }
    if let Some(number) = value.as_f64().filter(|_| value.is_f64()) {
        return go_float(number);
    }
    html_safe(value)
}

fn with_why(what: &str, why: &str) -> String {
    if why.is_empty() {
        what.to_owned()
    } else {
        format!("{what}: {why}")
    }
}

/// `details` that name a resource, empty names left out, as Go's `omitempty` does.
#[must_use]
pub fn details(name: &str, group: &str, kind: &str) -> Map<String, Value> {
    let parts = [("name", name), ("group", group), ("kind", kind)];
    parts
        .into_iter()
        .filter(|(_, text)| !text.is_empty())
        .map(|(key, text)| (key.to_owned(), text.into()))
        .collect()
}

impl ApiError {
    /// A failure without details.
    #[must_use]
    pub fn new(code: u16, reason: &'static str, message: impl Into<String>) -> Self {
        Self {
            code,
            reason,
            message: message.into(),
            details: None,
            warnings: Vec::new(),
        }
    }

    /// The same failure, with warnings in front of those that it has.
    #[must_use]
    pub fn warned(mut self, warnings: &[String]) -> Self {
        self.warnings = [warnings, &self.warnings].concat();
        self
    }

    fn about(mut self, details: Map<String, Value>) -> Self {
        self.details = Some(Box::new(Value::Object(details)));
        self
    }

    /// 400.
    #[must_use]
    pub fn bad_request(message: impl Into<String>) -> Self {
        Self::new(400, "BadRequest", message)
    }

    /// 404 for an object.
    #[must_use]
    pub fn not_found(kind: &Kind, name: &str) -> Self {
        let message = format!("{} {name:?} not found", kind.qualified());
        Self::new(404, "NotFound", message).about(details(name, &kind.group, &kind.plural))
    }

    /// 404 for a resource that the server does not serve.
    #[must_use]
    pub fn no_such_resource() -> Self {
        Self::new(404, "NotFound", "the server could not find the requested resource").about(Map::new())
    }

    /// 405.
    #[must_use]
    pub fn method_not_allowed() -> Self {
        let message = "the server does not allow this method on the requested resource";
        Self::new(405, "MethodNotAllowed", message).about(Map::new())
    }

    /// 409 for a name that is taken.
    #[must_use]
    pub fn already_exists(kind: &Kind, name: &str) -> Self {
        let message = format!("{} {name:?} already exists", kind.qualified());
        Self::new(409, "AlreadyExists", message).about(details(name, &kind.group, &kind.plural))
    }

    /// 409 for a write on an old version.
    #[must_use]
    pub fn modified(kind: &Kind, name: &str) -> Self {
        let why = "the object has been modified; please apply your changes to the latest version and try again";
        Self::conflict(kind, name, why)
    }

    /// 409 with a reason of its own.
    #[must_use]
    pub fn conflict(kind: &Kind, name: &str, why: &str) -> Self {
        let message = format!("Operation cannot be fulfilled on {} {name:?}: {why}", kind.qualified());
        Self::new(409, "Conflict", message).about(details(name, &kind.group, &kind.plural))
    }

    /// 403 from admission or authorization.
    #[must_use]
    pub fn forbidden(group: &str, plural: &str, name: &str, why: &str) -> Self {
        let resource = if group.is_empty() {
            plural.to_owned()
        } else {
            format!("{plural}.{group}")
        };
        let object = if name.is_empty() {
            resource
        } else {
            format!("{resource} {name:?}")
        };
        Self::new(403, "Forbidden", format!("{object} is forbidden: {why}")).about(details(name, group, plural))
    }

    /// 422 for an object with faults; the group and kind are those that errors name.
    #[must_use]
    pub fn invalid(group: &str, kind: &str, name: &str, faults: &[FieldError]) -> Self {
        let qualified = if group.is_empty() {
            kind.to_owned()
        } else {
            format!("{kind}.{group}")
        };
        // The message names equal faults once, the causes name each.
        let told = aggregate(faults);
        let cause =
            |fault: &FieldError| json!({"reason": fault.reason, "message": fault.message, "field": fault.field});
        let mut about = details(name, group, kind);
        about.insert("causes".to_owned(), faults.iter().map(cause).collect());
        Self::new(422, "Invalid", format!("{qualified} {name:?} is invalid: {told}")).about(about)
    }

    /// 422 for a patch after which the object is none of its kind any more; `shown` is the patch or what it made.
    #[must_use]
    pub fn bad_patch(shown: &str, why: &str) -> Self {
        Self::invalid("", "", "", &[FieldError::invalid("patch", &shown.into(), why)])
    }

    /// 500 without a reason, as the server answers when an error is not one of its own.
    #[must_use]
    pub fn internal(message: impl Into<String>) -> Self {
        Self::new(500, "", message)
    }

    /// 422 for a request that cannot be processed, as after a JSON patch that does not apply.
    #[must_use]
    pub fn unprocessable() -> Self {
        let message = "the server rejected our request due to an error in our request";
        Self::new(422, "Invalid", message).about(Map::new())
    }

    /// 415 with the media types that are accepted.
    #[must_use]
    pub fn unsupported_media_type(accepted: &[&str]) -> Self {
        let message = format!(
            "the body of the request was in an unknown format - accepted media types include: {}",
            accepted.join(", ")
        );
        Self::new(415, "UnsupportedMediaType", message)
    }

    /// 401.
    #[must_use]
    pub fn unauthorized() -> Self {
        Self::new(401, "Unauthorized", "Unauthorized")
    }

    /// 410 for a version that was compacted.
    #[must_use]
    pub fn expired(expired: Expired) -> Self {
        Self::new(410, "Expired", expired.to_string())
    }

    /// The `Status` object.
    #[must_use]
    pub fn status(&self) -> Value {
        let mut status = json!({"kind": "Status", "apiVersion": "v1", "metadata": {}, "status": "Failure"});
        status["message"] = self.message.clone().into();
        if !self.reason.is_empty() {
            status["reason"] = self.reason.into();
        }
        if let Some(details) = &self.details {
            status["details"] = (**details).clone();
        }
        status["code"] = self.code.into();
        status
    }

    /// The answer on the wire.
    #[must_use]
    pub fn response(&self) -> Response {
        let mut response = Response::new(Body::from(self.status().to_string() + "\n"));
        *response.status_mut() = StatusCode::from_u16(self.code).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
        let retry = self
            .details
            .as_ref()
            .and_then(|details| details["retryAfterSeconds"].as_u64());
        if let Some(seconds) = retry {
            headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        super::warnings::with_warnings(response, &self.warnings)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn several_errors_are_one_sentence() {
        assert_eq!(aggregate(&["a"]), "a");
        assert_eq!(aggregate(&["a", "a"]), "a");
        assert_eq!(aggregate(&["a", "b", "a"]), "[a, b]");
    }
}
