//! The options of lists and watches: what the server refuses before it looks at any object.

use super::call::Call;
use super::error::{ApiError, FieldError};
use super::query::Query;

/// Checks the options in a query, as `ValidateListOptions`.
///
/// # Errors
/// 400 for a number that is none, 422 for options that do not go together.
pub fn check(call: &Call, watch: bool) -> Result<(), ApiError> {
    for name in ["limit", "timeoutSeconds"] {
        call.query.integer(name).map_err(ApiError::bad_request)?;
    }
    let faults = if watch {
        watch_faults(&call.query)
    } else {
        list_faults(&call.query)
    };
    super::options::report("ListOptions", &faults)
}

const MATCH: &str = "resourceVersionMatch";
const WITH_CONTINUE: &str = "resourceVersionMatch is forbidden when continue is provided";

fn list_faults(query: &Query) -> Vec<FieldError> {
    let mut faults = Vec::new();
    let (matching, version) = (query.get(MATCH), query.get("resourceVersion"));
    if !matching.is_empty() {
        if version.is_empty() {
            let why = "resourceVersionMatch is forbidden unless resourceVersion is provided";
            faults.push(FieldError::forbidden(MATCH, why));
        }
        if !query.get("continue").is_empty() {
            faults.push(FieldError::forbidden(MATCH, WITH_CONTINUE));
        }
        if !matches!(matching, "Exact" | "NotOlderThan") {
            let known = ["Exact", "NotOlderThan", ""];
            faults.push(FieldError::unsupported(MATCH, &matching.into(), &known));
        }
        if matching == "Exact" && version == "0" {
            let why = "resourceVersionMatch \"exact\" is forbidden for resourceVersion \"0\"";
            faults.push(FieldError::forbidden(MATCH, why));
        }
    }
    if query.all("sendInitialEvents").next().is_some() {
        let why = "sendInitialEvents is forbidden for list";
        faults.push(FieldError::forbidden("sendInitialEvents", why));
    }
    faults
}

fn watch_faults(query: &Query) -> Vec<FieldError> {
    let mut faults = Vec::new();
    let matching = query.get(MATCH);
    let initial = query.all("sendInitialEvents").next().is_some();
    if initial && matching != "NotOlderThan" {
        let why = "sendInitialEvents requires setting resourceVersionMatch to NotOlderThan";
        faults.push(FieldError::forbidden(MATCH, why));
    }
    if !matching.is_empty() {
        if !initial {
            let why = "resourceVersionMatch is forbidden for watch unless sendInitialEvents is provided";
            faults.push(FieldError::forbidden(MATCH, why));
        }
        if matching != "NotOlderThan" {
            faults.push(FieldError::unsupported(MATCH, &matching.into(), &["NotOlderThan"]));
        }
    }
    if !query.get("continue").is_empty() {
        faults.push(FieldError::forbidden(MATCH, WITH_CONTINUE));
    }
    faults
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn options_that_do_not_go_together_are_refused() {
        let unless = "Forbidden: resourceVersionMatch is forbidden unless resourceVersion is provided";
        let initial = "Forbidden: sendInitialEvents requires setting resourceVersionMatch to NotOlderThan";
        for (query, watch, said) in [
            ("resourceVersion=5&resourceVersionMatch=Exact", false, vec![]),
            ("resourceVersionMatch=Exact", false, vec![unless]),
            (
                "resourceVersion=0&resourceVersionMatch=Exact",
                false,
                vec!["Forbidden: resourceVersionMatch \"exact\" is forbidden for resourceVersion \"0\""],
            ),
            (
                "resourceVersion=0&resourceVersionMatch=Foo",
                false,
                vec!["Unsupported value: \"Foo\": supported values: \"Exact\", \"NotOlderThan\", \"\""],
            ),
            ("sendInitialEvents=true&resourceVersionMatch=NotOlderThan", true, vec![]),
            ("sendInitialEvents=true", true, vec![initial]),
            (
                "sendInitialEvents=true&resourceVersionMatch=Exact",
                true,
                vec![
                    initial,
                    "Unsupported value: \"Exact\": supported values: \"NotOlderThan\"",
                ],
            ),
        ] {
            let query_ = Query::parse(query);
            let faults = if watch {
                watch_faults(&query_)
            } else {
                list_faults(&query_)
            };
            let told: Vec<&str> = faults.iter().map(|fault| fault.message.as_str()).collect();
            assert_eq!(told, said, "{query}");
        }
    }
}
