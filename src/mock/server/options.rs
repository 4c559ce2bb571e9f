//! The options of a write: what the server refuses before it looks at any object.

use super::call::Call;
use super::error::{ApiError, FieldError};
use super::go::print::is_print;
use super::query::Query;
use serde_json::Value;

/// The name that the options of a verb bear in errors; none for verbs that have none of these.
fn name(verb: &str) -> Option<&'static str> {
    match verb {
        "create" => Some("CreateOptions"),
        "update" => Some("UpdateOptions"),
        "patch" => Some("PatchOptions"),
        "delete" | "deletecollection" => Some("DeleteOptions"),
        _ => None,
    }
}

/// Checks the options in the query of a write, as `ValidateCreateOptions` and its like.
///
/// # Errors
/// 422 with every option that is wrong.
pub fn check(call: &Call, verb: &str) -> Result<(), ApiError> {
    let Some(name) = name(verb) else { return Ok(()) };
    let deletes = name == "DeleteOptions";
    let mut faults = faults(&call.query, deletes);
    if verb == "patch" && !call.applies() && call.query.all("force").next().is_some() {
        faults.insert(
            0,
            FieldError::forbidden("force", "may not be specified for non-apply patch"),
        );
    }
    report(name, &faults)
}

/// The answer to options with faults.
///
/// # Errors
/// 422 if there are any.
pub fn report(name: &str, faults: &[FieldError]) -> Result<(), ApiError> {
    if faults.is_empty() {
        return Ok(());
    }
    Err(ApiError::invalid("meta.k8s.io", name, "", faults))
}

fn faults(query: &Query, deletes: bool) -> Vec<FieldError> {
    let mut faults = Vec::new();
    if deletes {
        let policy = query.get("propagationPolicy");
        faults.extend(propagation(policy));
        if query.all("orphanDependents").next().is_some() && !policy.is_empty() {
            faults.push(both(policy));
        }
    } else {
        let manager = query.get("fieldManager");
        if manager.len() > 128 {
            faults.push(FieldError::too_long("fieldManager", 128));
        }
        faults.extend(odd_letter(manager));
    }
    let given: Vec<&str> = query.all("dryRun").collect();
    faults.extend(dry_run(&given));
    let validation = query.get("fieldValidation");
    if !deletes && !matches!(validation, "" | "Ignore" | "Strict" | "Warn") {
        let known = ["", "Ignore", "Strict", "Warn"];
        faults.push(FieldError::unsupported("fieldValidation", &validation.into(), &known));
    }
    faults
}

/// Two ways to say what becomes of dependents.
#[must_use]
pub fn both(policy: &str) -> FieldError {
    let why = "orphanDependents and deletionPropagation cannot be both set";
    FieldError::invalid("propagationPolicy", &policy.into(), why)
}

/// A field manager consists of letters that can be printed.
fn odd_letter(manager: &str) -> Option<FieldError> {
    let (at, letter) = manager.char_indices().find(|(_, letter)| !is_print(*letter))?;
    let why = format!("invalid character U+{:04X} (at position {at})", u32::from(letter));
    Some(FieldError::invalid("fieldManager", &manager.into(), why))
}

/// What is wrong with a list of stages of a dry run.
pub fn dry_run(given: &[&str]) -> Option<FieldError> {
    let odd = given.iter().any(|stage| *stage != "All");
    odd.then(|| FieldError::unsupported("dryRun", &given.iter().copied().collect::<Value>(), &["All"]))
}

/// What is wrong with how dependents shall be treated.
pub fn propagation(policy: &str) -> Option<FieldError> {
    let known = ["Foreground", "Background", "Orphan", "nil"];
    let odd = !matches!(policy, "" | "Foreground" | "Background" | "Orphan");
    odd.then(|| FieldError::unsupported("propagationPolicy", &policy.into(), &known))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unknown_options_are_refused() {
        for (query, deletes, said) in [
            ("dryRun=All&fieldValidation=Strict&fieldManager=m", false, None),
            (
                "dryRun=Foo",
                false,
                Some("Unsupported value: [\"Foo\"]: supported values: \"All\""),
            ),
            (
                "dryRun=",
                true,
                Some("Unsupported value: [\"\"]: supported values: \"All\""),
            ),
            (
                "fieldValidation=strict",
                false,
                Some("Unsupported value: \"strict\": supported values: \"\", \"Ignore\", \"Strict\", \"Warn\""),
            ),
            (
                "propagationPolicy=Foo",
                true,
                Some(
                    "Unsupported value: \"Foo\": supported values: \"Foreground\", \"Background\", \"Orphan\", \"nil\"",
                ),
            ),
        ] {
            let faults = faults(&Query::parse(query), deletes);
            assert_eq!(faults.first().map(|fault| fault.message.as_str()), said, "{query}");
        }
        let long = format!("fieldManager={}", "x".repeat(129));
        assert_eq!(
            faults(&Query::parse(&long), false)[0].message,
            "Too long: may not be more than 128 bytes"
        );
    }
}
