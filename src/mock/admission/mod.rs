//! What stands between a request and the store: what only the server sets, defaults, rules.

mod access;
mod autoscalers;
mod classes;
mod custom;
pub mod defaults;
mod jobs;
mod limit_ranger;
mod limits;
mod metadata;
mod network;
mod nodes;
mod pods;
mod prepare;
mod priority;
pub mod quantity;
mod scopes;
mod services;
mod storage;
mod strategy;
pub mod usage;
pub mod validate;
mod warnings;
mod zeroes;

use serde_json::Value;

use super::kinds::types::Source;
use super::kinds::{CustomKind, Kind, types};
use super::server::{Api, ApiError, Call};

pub use metadata::{fill_system_metadata, order_metadata};
pub use usage::usage;
pub use warnings::of as warnings;

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
/// `told` is what the decoder said of the body already.
///
/// # Errors
/// The decoder's words for a value of a wrong type, and for an unknown field under `Strict`.
pub fn check_fields(call: &Call, object: &mut Value, told: Vec<String>, source: Source) -> Result<Vec<String>, String> {
    let unknown = match &call.kind.custom {
        Some(custom) => {
            let mut unknown = types::decode_part("ObjectMeta", &mut object["metadata"], "metadata", source)?;
            unknown.extend(custom::prune(custom, object));
            unknown
        }
        None => types::decode(&call.kind, object, source)?,
    };
    let mut told = told;
    told.extend(unknown.iter().map(|path| format!("unknown field {path:?}")));
    match call.query.get("fieldValidation") {
        "Ignore" => Ok(Vec::new()),
        "Strict" if !told.is_empty() => Err(format!("strict decoding error: {}", told.join(", "))),
        _ => Ok(told),
    }
}

/// Makes a new object what the server would store.
///
/// # Errors
/// What admission and validation refuse.
pub fn create(attempt: &Attempt<'_>, object: &mut Value) -> Result<(), ApiError> {
    strategy::before_create(attempt.kind, object);
    strategy::check_namespace(attempt, object)?;
    match &attempt.kind.custom {
        Some(custom) => {
            custom::check_definition(attempt, custom, object)?;
            custom::defaults(&custom.schema, object);
            custom::validate(attempt.kind, custom, None, object, None)?;
        }
        None => {
            prepare::leave_out(attempt.kind, object);
            defaults::apply(attempt.kind, object);
            zeroes::apply(attempt.kind, object);
            prepare::create(attempt, object)?;
            prepare::write_always(attempt.kind, object);
        }
    }
    if attempt.kind.table == "pods" {
        limits::default_limits(attempt, object);
        pods::admit(attempt, object)?;
        priority::admit(attempt, object)?;
        pods::runtime_class(attempt, object)?;
    }
    order_metadata(object);
    if attempt.kind.custom.is_none() {
        validate::create(attempt, object)?;
        limit_ranger::check(attempt, object)?;
    }
    if attempt.kind.table == "jobs.batch" {
        jobs::label(object);
    }
    if attempt.kind.namespaced {
        limits::charge(attempt, None, object)?;
    }
    Ok(())
}

/// Makes a changed object what the server would store; `part` limits what may change.
///
/// # Errors
/// What admission and validation refuse.
pub fn update(attempt: &Attempt<'_>, old: &Value, new: &mut Value, part: Option<&str>) -> Result<(), ApiError> {
    let old = &prepare::as_read(attempt.kind, old);
    strategy::before_update(attempt.kind, old, new, part);
    match &attempt.kind.custom {
        Some(custom) => {
            custom::defaults(&custom.schema, new);
            custom::validate(attempt.kind, custom, Some(old), new, part)?;
        }
        None => {
            prepare::leave_out(attempt.kind, new);
            if matches!(part, None | Some("ephemeralcontainers" | "resize")) {
                defaults::apply(attempt.kind, new);
            }
            if attempt.kind.table == "pods" && part.is_none() {
                pods::tolerate(&mut new["spec"]);
            }
            zeroes::apply(attempt.kind, new);
            if part.is_none() {
                prepare::update(attempt, old, new)?;
            }
            prepare::write_always(attempt.kind, new);
        }
    }
    strategy::count_generation(attempt.kind, old, new, part);
    order_metadata(new);
    match part {
        None if attempt.kind.custom.is_none() => {
            validate::update(attempt, old, new)?;
            prepare::check_update(attempt, old, new)?;
        }
        Some("ephemeralcontainers") => validate::ephemeral(attempt, old, new)?,
        Some("resize") => validate::resize(attempt, old, new)?,
        _ => {}
    }
    if attempt.kind.table == "jobs.batch" {
        jobs::label(new);
    }
    limits::charge_change(attempt, old, new, part)
}

/// The paths of what a custom object's schema does not know.
#[must_use]
pub fn undeclared(custom: &CustomKind, object: &Value) -> Vec<String> {
    custom::prune(custom, &mut object.clone())
}
