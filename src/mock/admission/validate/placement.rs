//! Where a pod may run: selectors of nodes, affinity, spreading.

use serde_json::Value;

use super::{list, metadata, rules, text};
use crate::mock::server::FieldError;

const NODE_OPERATORS: [&str; 6] = ["In", "NotIn", "Exists", "DoesNotExist", "Gt", "Lt"];
const REQUIRED: &str = "requiredDuringSchedulingIgnoredDuringExecution";
const PREFERRED: &str = "preferredDuringSchedulingIgnoredDuringExecution";

/// Faults of what a pod says of its place.
pub fn check(spec: &Value, path: &str) -> Vec<FieldError> {
    let affinity = &spec["affinity"];
    let at = format!("{path}.affinity");
    let mut faults = node_affinity(&affinity["nodeAffinity"], &format!("{at}.nodeAffinity"));
    for name in ["podAffinity", "podAntiAffinity"] {
        faults.extend(pod_affinity(&affinity[name], &format!("{at}.{name}")));
    }
    for (index, spread) in list(&spec["topologySpreadConstraints"]).enumerate() {
        faults.extend(self::spread(
            spread,
            &format!("{path}.topologySpreadConstraints[{index}]"),
        ));
    }
    faults
}

fn weight(term: &Value, at: &str) -> Option<FieldError> {
    let weight = term["weight"].as_i64().unwrap_or_default();
    let odd = !(1..=100).contains(&weight);
    odd.then(|| FieldError::invalid(format!("{at}.weight"), &weight.into(), "must be in the range 1-100"))
}

fn node_affinity(affinity: &Value, at: &str) -> Vec<FieldError> {
    let mut faults = Vec::new();
    let required = &affinity[REQUIRED];
    if required.is_object() {
        let at = format!("{at}.{REQUIRED}.nodeSelectorTerms");
        if list(&required["nodeSelectorTerms"]).next().is_none() {
            faults.push(FieldError::required(
                at.clone(),
                "must have at least one node selector term",
            ));
        }
        for (index, term) in list(&required["nodeSelectorTerms"]).enumerate() {
            faults.extend(node_term(term, &format!("{at}[{index}]")));
        }
    }
    for (index, term) in list(&affinity[PREFERRED]).enumerate() {
        let at = format!("{at}.{PREFERRED}[{index}]");
        faults.extend(weight(term, &at));
        faults.extend(node_term(&term["preference"], &format!("{at}.preference")));
    }
    faults
}

/// Faults of a term of a selector of nodes.
pub fn node_term(term: &Value, at: &str) -> Vec<FieldError> {
    let mut faults = Vec::new();
    for (index, expression) in list(&term["matchExpressions"]).enumerate() {
        let at = format!("{at}.matchExpressions[{index}]");
        let values = list(&expression["values"]).count();
        let field = format!("{at}.values");
        match text(&expression["operator"]) {
            "In" | "NotIn" if values == 0 => faults.push(FieldError::required(
                field,
                "must be specified when `operator` is 'In' or 'NotIn'",
            )),
            "Exists" | "DoesNotExist" if values > 0 => faults.push(FieldError::forbidden(
                field,
                "may not be specified when `operator` is 'Exists' or 'DoesNotExist'",
            )),
            "Gt" | "Lt" if values != 1 => faults.push(FieldError::required(
                field,
                "must be specified single value when `operator` is 'Lt' or 'Gt'",
            )),
            known if NODE_OPERATORS.contains(&known) => {}
            _ => faults.push(FieldError::invalid(
                format!("{at}.operator"),
                &expression["operator"],
                "not a valid selector operator",
            )),
        }
        faults.extend(rules::each(
            &format!("{at}.key"),
            &expression["key"],
            metadata::key(text(&expression["key"])),
        ));
    }
    faults
}

fn pod_affinity(affinity: &Value, at: &str) -> Vec<FieldError> {
    let mut faults = Vec::new();
    for (index, term) in list(&affinity[REQUIRED]).enumerate() {
        faults.extend(pod_term(term, &format!("{at}.{REQUIRED}[{index}]")));
    }
    for (index, term) in list(&affinity[PREFERRED]).enumerate() {
        let at = format!("{at}.{PREFERRED}[{index}]");
        faults.extend(weight(term, &at));
        faults.extend(pod_term(&term["podAffinityTerm"], &format!("{at}.podAffinityTerm")));
    }
    faults
}

fn pod_term(term: &Value, at: &str) -> Vec<FieldError> {
    let mut faults = rules::selector(&term["labelSelector"], &format!("{at}.labelSelector"));
    let (field, key) = (format!("{at}.topologyKey"), text(&term["topologyKey"]));
    if key.is_empty() {
        faults.push(FieldError::required(field.clone(), "can not be empty"));
    }
    faults.extend(rules::each(&field, &key.into(), metadata::key(key)));
    faults
}

fn spread(spread: &Value, at: &str) -> Vec<FieldError> {
    let mut faults = Vec::new();
    let skew = spread["maxSkew"].as_i64().unwrap_or_default();
    if skew <= 0 {
        faults.push(FieldError::invalid(
            format!("{at}.maxSkew"),
            &skew.into(),
            "must be greater than zero",
        ));
    }
    let key = text(&spread["topologyKey"]);
    if key.is_empty() {
        faults.push(FieldError::required(format!("{at}.topologyKey"), "can not be empty"));
    } else {
        faults.extend(rules::each(
            &format!("{at}.topologyKey"),
            &key.into(),
            metadata::key(key),
        ));
    }
    let action = Value::from(text(&spread["whenUnsatisfiable"]));
    let actions = ["DoNotSchedule", "ScheduleAnyway"];
    faults.extend(rules::one_of(&action, format!("{at}.whenUnsatisfiable"), &actions));
    faults.extend(rules::selector(
        &spread["labelSelector"],
        &format!("{at}.labelSelector"),
    ));
    faults
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::told;
    use super::*;

    #[test]
    fn terms_are_checked_where_they_stand() {
        let told = |spec: Value| -> Vec<String> { told(check(&spec, "s")) };
        assert_eq!(
            told(json!({"affinity": {"nodeAffinity": {REQUIRED: {"nodeSelectorTerms": []}}}})),
            [format!(
                "s.affinity.nodeAffinity.{REQUIRED}.nodeSelectorTerms: Required value: must have at least one node selector term"
            )]
        );
        assert_eq!(
            told(
                json!({"affinity": {"podAffinity": {PREFERRED: [{"weight": 101, "podAffinityTerm": {"topologyKey": "a"}}]}}})
            ),
            [format!(
                "s.affinity.podAffinity.{PREFERRED}[0].weight: Invalid value: 101: must be in the range 1-100"
            )]
        );
        assert_eq!(
            told(json!({"topologySpreadConstraints": [{}]})),
            [
                "s.topologySpreadConstraints[0].maxSkew: Invalid value: 0: must be greater than zero",
                "s.topologySpreadConstraints[0].topologyKey: Required value: can not be empty",
                "s.topologySpreadConstraints[0].whenUnsatisfiable: Unsupported value: \"\": supported values: \
                    \"DoNotSchedule\", \"ScheduleAnyway\"",
            ]
        );
        assert!(told(json!({})).is_empty());
    }
}
