//! Custom resources against the schema of their definition: what it does not know is dropped, what it forbids refused.

mod check;
mod defaults;
mod definition;
mod embedded;
mod formats;
mod lists;
mod numbers;
mod prune;
mod scale;

use serde_json::Value;

use super::validate;
use crate::mock::kinds::{CustomKind, Kind};
use crate::mock::server::{ApiError, FieldError};

pub use check::check_value;
pub use defaults::defaults;
pub use definition::check as check_definition;
pub use prune::{prune, prune_value};

/// Refuses what the schema forbids, as `customResourceStrategy`; `part` is `status` if only that is written.
///
/// # Errors
/// 422 with every fault.
pub fn validate(
    kind: &Kind,
    custom: &CustomKind,
    old: Option<&Value>,
    object: &Value,
    part: Option<&str>,
) -> Result<(), ApiError> {
    let mut faults = typed(kind, object);
    if faults.is_empty() {
        faults.extend(validate::described(kind, old, object));
        if part == Some("status") {
            let (schema, status) = (&custom.schema["properties"]["status"], &object["status"]);
            if schema.is_object() && !status.is_null() {
                faults.extend(check::changed_value(
                    schema,
                    old.map(|old| &old["status"]),
                    status,
                    "status",
                ));
            }
        } else {
            faults.extend(check::changed_value(&custom.schema, old, object, ""));
        }
        faults.extend(scale::check(custom, object, part));
        faults.extend(embedded::check(&custom.schema, object, ""));
        if old.is_none_or(|old| lists::check(&custom.schema, old, "").is_empty()) {
            faults.extend(lists::check(&custom.schema, object, ""));
        }
        faults.extend(unchecked(&custom.schema, &faults));
    }
    if faults.is_empty() {
        return Ok(());
    }
    let name = object["metadata"]["name"].as_str().unwrap_or_default();
    let told = object["kind"].as_str().unwrap_or(&kind.kind);
    Err(ApiError::invalid(&kind.group, told, name, &faults))
}

/// An object is of the kind that the path names.
fn typed(kind: &Kind, object: &Value) -> Vec<FieldError> {
    let mut faults = Vec::new();
    for (field, wanted) in [("kind", kind.kind.clone()), ("apiVersion", kind.api_version())] {
        let given = &object[field];
        if !given.is_null() && *given != wanted {
            faults.push(FieldError::invalid(field, given, format!("must be {wanted}")));
        }
    }
    faults
}

/// Rules that are not looked at while an object is wrong otherwise.
fn unchecked(schema: &Value, faults: &[FieldError]) -> Option<FieldError> {
    let blocks = |fault: &FieldError| {
        matches!(
            fault.reason,
            "FieldValueNotSupported"
                | "FieldValueRequired"
                | "FieldValueTooLong"
                | "FieldValueTooMany"
                | "FieldValueTypeInvalid"
        )
    };
    let why = "some validation rules were not checked because the object was invalid; correct the existing errors to complete \
        validation";
    let told = faults.iter().any(blocks) && has_rules(schema);
    told.then(|| FieldError::invalid("<nil>", &Value::Null, why))
}

fn has_rules(schema: &Value) -> bool {
    let inner = schema["properties"]
        .as_object()
        .into_iter()
        .flatten()
        .map(|(_, inner)| inner);
    let own = schema["x-kubernetes-validations"]
        .as_array()
        .is_some_and(|rules| !rules.is_empty());
    own || inner
        .chain([&schema["items"], &schema["additionalProperties"]])
        .filter(|inner| inner.is_object())
        .any(has_rules)
}
