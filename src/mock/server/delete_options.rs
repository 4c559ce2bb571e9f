//! How something is deleted: read from the body or the query, and checked.

use serde_json::Value;

use super::call::Call;
use super::error::{ApiError, FieldError};
use super::go::json::type_of;
use super::options as write_options;
use crate::mock::kinds::Kind;

/// How to delete, from the body or the query.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// The grace that was asked for, in seconds.
    pub grace: Option<i64>,
    /// What becomes of what the object owns; empty if nobody says.
    pub propagation: String,
    /// The uid that the object must have; empty for any.
    pub uid: String,
    /// The version that the object must have; empty for any.
    pub version: String,
    /// Whether nothing shall be deleted.
    pub dry_run: bool,
    /// What the client is warned of.
    pub warnings: Vec<String>,
}

impl Options {
    /// Reads them from a `DeleteOptions` object.
    #[must_use]
    pub fn of(value: &Value) -> Self {
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        let orphan = value["orphanDependents"]
            .as_bool()
            .map(|orphan| if orphan { "Orphan" } else { "Background" });
        Self {
            grace: value["gracePeriodSeconds"].as_i64(),
            propagation: orphan.map_or_else(|| text(&value["propagationPolicy"]), str::to_owned),
            uid: text(&value["preconditions"]["uid"]),
            version: text(&value["preconditions"]["resourceVersion"]),
            dry_run: value["dryRun"]
                .as_array()
                .into_iter()
                .flatten()
                .any(|what| what == "All"),
            warnings: Vec::new(),
        }
    }
}

/// The options of a call.
///
/// # Errors
/// 400 and 422 for options that are wrong.
pub fn options(call: &Call) -> Result<Options, ApiError> {
    let mut options = Options::default();
    // With a body the query says nothing.
    if !call.body.is_empty() {
        let value = super::body::options(call)?;
        check_types(&value)?;
        check_body(&value)?;
        return Ok(defaulted(&call.kind, Options::of(&value)));
    }
    write_options::check(call, "delete")?;
    options.grace = call
        .query
        .integer("gracePeriodSeconds")
        .map_err(ApiError::bad_request)?;
    call.query.get("propagationPolicy").clone_into(&mut options.propagation);
    if call.query.all("orphanDependents").next().is_some() {
        let orphan = call.query.flag("orphanDependents");
        options.propagation = if orphan { "Orphan" } else { "Background" }.to_owned();
    }
    options.dry_run = call.dry_run();
    Ok(defaulted(&call.kind, options))
}

/// Jobs that are deleted without a word on their pods leave them behind, and the server says so.
const ORPHANS: &str = "child pods are preserved by default when jobs are deleted; set propagationPolicy=Background to remove them or \
    set propagationPolicy=Orphan to suppress this warning";

fn defaulted(kind: &Kind, mut options: Options) -> Options {
    if kind.table == "jobs.batch" && options.propagation.is_empty() {
        options.propagation = "Orphan".to_owned();
        options.warnings.push(ORPHANS.to_owned());
    }
    options
}

/// The fields of options in a body are of their types.
fn check_types(value: &Value) -> Result<(), ApiError> {
    for (name, kind) in [
        ("gracePeriodSeconds", "int64"),
        ("orphanDependents", "bool"),
        ("propagationPolicy", "v1.DeletionPropagation"),
        ("preconditions", "v1.Preconditions"),
        ("dryRun", "[]string"),
    ] {
        let given = &value[name];
        let fits = match kind {
            "int64" => given.is_i64(),
            "bool" => given.is_boolean(),
            "[]string" => given.is_array(),
            "v1.Preconditions" => given.is_object(),
            _ => given.is_string(),
        };
        if !given.is_null() && !fits {
            let given = type_of(given);
            return Err(ApiError::bad_request(format!(
                "json: cannot unmarshal {given} into Go struct field DeleteOptions.{name} of type {kind}"
            )));
        }
    }
    Ok(())
}

/// Options in a body follow the rules of those in a query.
///
/// # Errors
/// 422 with every option that is wrong.
pub fn check_body(value: &Value) -> Result<(), ApiError> {
    let policy = value["propagationPolicy"].as_str().unwrap_or_default();
    let mut faults: Vec<FieldError> = write_options::propagation(policy).into_iter().collect();
    if value["orphanDependents"].is_boolean() && !policy.is_empty() {
        faults.push(write_options::both(policy));
    }
    let stages = value["dryRun"]
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(Value::as_str);
    faults.extend(write_options::dry_run(&stages.collect::<Vec<_>>()));
    write_options::report("DeleteOptions", &faults)
}
