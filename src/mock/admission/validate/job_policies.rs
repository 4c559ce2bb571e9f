//! What a job makes of failures and successes of its pods, as `pkg/apis/batch/validation/validation.go`.

use std::collections::HashSet;

use serde_json::Value;

use super::{list, metadata, rules, text};
use crate::mock::kinds::go_types;
use crate::mock::server::FieldError;

const ACTIONS: [&str; 4] = ["Count", "FailIndex", "FailJob", "Ignore"];
const OPERATORS: [&str; 2] = ["In", "NotIn"];
const STATUSES: [&str; 3] = ["False", "True", "Unknown"];

/// Faults of the policies of a job's spec.
#[must_use]
pub fn check(spec: &Value, at: &str) -> Vec<FieldError> {
    let mut faults = failure(spec, &format!("{at}.podFailurePolicy.rules"));
    faults.extend(success(spec, &format!("{at}.successPolicy")));
    faults.extend(replacement(spec, format!("{at}.podReplacementPolicy")));
    faults
}

fn failure(spec: &Value, at: &str) -> Vec<FieldError> {
    let rules = &spec["podFailurePolicy"]["rules"];
    let mut faults: Vec<FieldError> = rules::too_many(rules, at, 20).into_iter().collect();
    let pod = &spec["template"]["spec"];
    let names: HashSet<&str> = list(&pod["containers"])
        .chain(list(&pod["initContainers"]))
        .map(|container| text(&container["name"]))
        .collect();
    for (index, rule) in list(rules).enumerate() {
        let at = format!("{at}[{index}]");
        faults.extend(action(
            &rule["action"],
            &spec["backoffLimitPerIndex"],
            format!("{at}.action"),
        ));
        let (codes, conditions) = (&rule["onExitCodes"], &rule["onPodConditions"]);
        if codes.is_object() {
            faults.extend(exit_codes(codes, &format!("{at}.onExitCodes"), &names));
        }
        faults.extend(pod_conditions(conditions, &format!("{at}.onPodConditions")));
        let both = (codes.is_object(), list(conditions).next().is_some());
        let why = match both {
            (true, true) => "specifying both OnExitCodes and OnPodConditions is not supported",
            (false, false) => "specifying one of OnExitCodes and OnPodConditions is required",
            _ => continue,
        };
        faults.push(FieldError::valueless(at, why));
    }
    faults
}

fn action(action: &Value, per_index: &Value, at: String) -> Option<FieldError> {
    let shown = Value::from(text(action));
    match text(action) {
        "" => {
            let why = "valid values: [\"Count\" \"FailIndex\" \"FailJob\" \"Ignore\"]";
            Some(FieldError::required(at, why))
        }
        "FailIndex" if per_index.is_null() => {
            let why = "requires the backoffLimitPerIndex to be set";
            Some(FieldError::invalid(at, &shown, why))
        }
        _ => rules::one_of(&shown, at, &ACTIONS),
    }
}

fn pod_conditions(conditions: &Value, at: &str) -> Vec<FieldError> {
    let mut faults: Vec<FieldError> = rules::too_many(conditions, at, 20).into_iter().collect();
    for (index, pattern) in list(conditions).enumerate() {
        let kind = text(&pattern["type"]);
        faults.extend(rules::each(
            &format!("{at}[{index}].type"),
            &kind.into(),
            metadata::key(kind),
        ));
        let field = format!("{at}[{index}].status");
        let why = "valid values: [\"False\" \"True\" \"Unknown\"]";
        faults.extend(rules::required_one_of(&pattern["status"], field, &STATUSES, why));
    }
    faults
}

fn exit_codes(codes: &Value, at: &str, names: &HashSet<&str>) -> Vec<FieldError> {
    let (operator, field) = (text(&codes["operator"]), format!("{at}.operator"));
    let mut faults = Vec::new();
    let why = "valid values: [\"In\" \"NotIn\"]";
    faults.extend(rules::required_one_of(&codes["operator"], field, &OPERATORS, why));
    if codes["containerName"]
        .as_str()
        .is_some_and(|name| !names.contains(name))
    {
        let why = "must be one of the container or initContainer names in the pod template";
        faults.push(FieldError::invalid(
            format!("{at}.containerName"),
            &codes["containerName"],
            why,
        ));
    }
    let (values, at) = (&codes["values"], format!("{at}.values"));
    let given: Vec<i64> = list(values).filter_map(Value::as_i64).collect();
    if given.is_empty() {
        faults.push(FieldError::invalid(
            at.clone(),
            values,
            "at least one value is required",
        ));
    }
    faults.extend(rules::too_many(values, &at, 255));
    let mut seen = HashSet::new();
    for (index, code) in given.iter().enumerate() {
        let field = format!("{at}[{index}]");
        if operator == "In" && *code == 0 {
            let why = "must not be 0 for the In operator";
            faults.push(FieldError::invalid(field.clone(), &0.into(), why));
        }
        if !seen.insert(*code) {
            faults.push(FieldError::duplicate(field, &(*code).into()));
        }
    }
    if !given.is_sorted() {
        faults.push(FieldError::invalid(at, values, "must be ordered"));
    }
    faults
}

fn success(spec: &Value, at: &str) -> Vec<FieldError> {
    let policy = &spec["successPolicy"];
    if !policy.is_object() {
        return Vec::new();
    }
    if text(&spec["completionMode"]) != "Indexed" {
        let shown = go_types::shown("SuccessPolicy", policy);
        return vec![FieldError::invalid(at, &shown, "requires indexed completion mode")];
    }
    let field = format!("{at}.rules");
    let mut faults = Vec::new();
    if list(&policy["rules"]).next().is_none() {
        let why = "at least one rules must be specified when the successPolicy is specified";
        faults.push(FieldError::required(field.clone(), why));
    }
    faults.extend(rules::too_many(&policy["rules"], &field, 20));
    let completions = spec["completions"].as_i64().unwrap_or_default();
    for (index, rule) in list(&policy["rules"]).enumerate() {
        faults.extend(success_rule(rule, completions, &format!("{field}[{index}]")));
    }
    faults
}

fn success_rule(rule: &Value, completions: i64, at: &str) -> Vec<FieldError> {
    let (count, indexes) = (&rule["succeededCount"], &rule["succeededIndexes"]);
    let mut faults = Vec::new();
    if count.is_null() && indexes.is_null() {
        let why = "at least one of succeededCount or succeededIndexes must be specified";
        faults.push(FieldError::required(at, why));
    }
    let total = indexes.as_str().map(|given| indexes_of(given, completions));
    if let Some(Err(why)) = &total {
        let why = format!("error parsing succeededIndexes: {why}");
        faults.push(FieldError::invalid(format!("{at}.succeededIndexes"), indexes, why));
    }
    let field = format!("{at}.succeededCount");
    faults.extend(rules::at_least(count, field.clone(), 0));
    let wanted = count.as_i64().unwrap_or_default();
    if wanted > completions {
        let why = format!("must be less than or equal to {completions} (the number of specified completions)");
        faults.push(FieldError::invalid(field.clone(), count, why));
    }
    if let Some(total) = total.map(Result::unwrap_or_default).filter(|total| wanted > *total) {
        let why = format!(
            "must be less than or equal to {total} (the number of indexes in the specified succeededIndexes field)"
        );
        faults.push(FieldError::invalid(field, count, why));
    }
    faults
}

/// How many indexes a list such as `1,3-5` has, as `validateIndexesFormat`.
fn indexes_of(text: &str, completions: i64) -> Result<i64, String> {
    let mut last: Option<i64> = None;
    let mut total = 0;
    for part in text.split(',').filter(|_| !text.is_empty()) {
        let index = |end: &str| {
            let number: i64 = end
                .parse()
                .map_err(|_| format!("cannot convert string to integer for index: {end:?}"))?;
            if number >= completions {
                return Err(format!("too large index: {end:?}"));
            }
            Ok(number)
        };
        let ends: Vec<&str> = part.split('-').collect();
        let (from, to) = match ends.as_slice() {
            [from] => (index(from)?, index(from)?),
            [from, to] => (index(from)?, index(to)?),
            _ => {
                return Err(format!(
                    "the fragment {part:?} violates the requirement that an index interval can have at most two parts separated by '-'"
                ));
            }
        };
        if ends.len() > 1 && from >= to {
            return Err(format!("non-increasing order, previous: {from}, current: {to}"));
        }
        if let Some(last) = last.filter(|last| *last >= from) {
            return Err(format!("non-increasing order, previous: {last}, current: {from}"));
        }
        total += to - from + 1;
        last = Some(to);
    }
    Ok(total)
}

fn replacement(spec: &Value, at: String) -> Option<FieldError> {
    let allowed: &[&str] = if spec["podFailurePolicy"].is_object() {
        &["Failed"]
    } else {
        &["Failed", "TerminatingOrFailed"]
    };
    rules::one_of(&spec["podReplacementPolicy"], at, allowed)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn told(spec: &Value) -> Vec<String> {
        super::super::told(check(spec, "spec"))
    }

    #[test]
    fn failures_are_sorted_by_sound_rules() {
        assert_eq!(
            told(&json!({"podFailurePolicy": {"rules": [{"action": "Foo"}]}})),
            [
                "spec.podFailurePolicy.rules[0].action: Unsupported value: \"Foo\": supported values: \"Count\", \"FailIndex\", \
                    \"FailJob\", \"Ignore\"",
                "spec.podFailurePolicy.rules[0]: Invalid value: specifying one of OnExitCodes and OnPodConditions is required"
            ]
        );
        let codes = json!({"operator": "In", "values": [0, 2, 1, 2]});
        assert_eq!(
            told(&json!({"podFailurePolicy": {"rules": [{"action": "Ignore", "onExitCodes": codes}]}})),
            [
                "spec.podFailurePolicy.rules[0].onExitCodes.values[0]: Invalid value: 0: must not be 0 for the In operator",
                "spec.podFailurePolicy.rules[0].onExitCodes.values[3]: Duplicate value: 2",
                "spec.podFailurePolicy.rules[0].onExitCodes.values: Invalid value: [0,2,1,2]: must be ordered"
            ]
        );
    }

    #[test]
    fn successes_are_counted_by_index() {
        assert_eq!(
            told(&json!({"successPolicy": {"rules": []}})),
            ["spec.successPolicy: Invalid value: {\"Rules\":[]}: requires indexed completion mode"]
        );
        let rules = json!([{}, {"succeededIndexes": "0-9", "succeededCount": 3}]);
        assert_eq!(
            told(&json!({"completionMode": "Indexed", "completions": 5, "successPolicy": {"rules": rules}})),
            [
                "spec.successPolicy.rules[0]: Required value: at least one of succeededCount or succeededIndexes must be specified",
                "spec.successPolicy.rules[1].succeededIndexes: Invalid value: \"0-9\": error parsing succeededIndexes: too large \
                    index: \"9\"",
                "spec.successPolicy.rules[1].succeededCount: Invalid value: 3: must be less than or equal to 0 (the number of \
                    indexes in the specified succeededIndexes field)"
            ]
        );
        assert_eq!(indexes_of("1,3-5,7", 10), Ok(5));
        assert_eq!(
            indexes_of("5,3", 10),
            Err("non-increasing order, previous: 5, current: 3".to_owned())
        );
    }
}
