//! Nodes: `ValidateNode` and `ValidateNodeUpdate` of Kubernetes' `pkg/apis/core/validation/validation.go`.

use serde_json::{Value, json};

use super::{addresses, list, metadata, resource_names, rules, text};
use crate::mock::server::FieldError;

/// Faults of a node. An update tells faults of taints twice, for it checks the node as a new one and as a changed one.
#[must_use]
pub fn check(old: Option<&Value>, object: &Value) -> Vec<FieldError> {
    let mut faults = taints(object);
    faults.extend(amounts(object));
    faults.extend(ranges(object));
    if let Some(old) = old {
        faults.extend(amounts(object));
        faults.extend(fixed(&old["spec"], &object["spec"]));
        faults.extend(taints(object));
    }
    faults
}

/// What a node has, and what of it pods can have.
fn amounts(object: &Value) -> Vec<FieldError> {
    let mut faults = Vec::new();
    for list in ["capacity", "allocatable"] {
        for (name, amount) in object["status"][list].as_object().into_iter().flatten() {
            faults.extend(resource_names::amount(name, amount, &format!("status.{list}.{name}")));
        }
    }
    faults
}

/// Where the addresses of a node's pods come from.
fn ranges(object: &Value) -> Vec<FieldError> {
    let mut faults = Vec::new();
    let ranges = &object["spec"]["podCIDRs"];
    for (index, range) in list(ranges).enumerate() {
        faults.extend(addresses::range(text(range), &format!("spec.podCIDRs[{index}]"), &[]));
    }
    let six = list(ranges).filter(|range| text(range).contains(':')).count();
    let all = list(ranges).count();
    if all > 2 || all == 2 && six != 1 {
        let why = "may specify no more than one CIDR for each IP family";
        faults.push(FieldError::invalid("spec.podCIDRs", ranges, why));
    }
    faults
}

/// What is given to a node once.
fn fixed(old: &Value, new: &Value) -> Vec<FieldError> {
    let mut faults = Vec::new();
    let (before, after): (Vec<&Value>, Vec<&Value>) =
        (list(&old["podCIDRs"]).collect(), list(&new["podCIDRs"]).collect());
    let why = "node updates may not change podCIDR except from \"\" to valid";
    let changed = match before.len() {
        0 => 0,
        all if all != after.len() => 1,
        _ => before.iter().zip(&after).filter(|(old, new)| old != new).count(),
    };
    faults.extend((0..changed).map(|_| FieldError::forbidden("spec.podCIDRs", why)));
    if !text(&old["providerID"]).is_empty() && old["providerID"] != new["providerID"] {
        let why = "node updates may not change providerID except from \"\" to valid";
        faults.push(FieldError::forbidden("spec.providerID", why));
    }
    faults
}

fn taints(object: &Value) -> Vec<FieldError> {
    let effects = ["NoSchedule", "PreferNoSchedule", "NoExecute"];
    let mut faults = Vec::new();
    for (index, taint) in list(&object["spec"]["taints"]).enumerate() {
        let at = format!("metadata.taints[{index}]");
        faults.extend(self::taint(taint, &at));
        let effect = &taint["effect"];
        faults.extend(rules::required_one_of(effect, format!("{at}.effect"), &effects, ""));
    }
    faults.extend(twins(&object["spec"]["taints"]));
    faults
}

fn taint(taint: &Value, at: &str) -> Vec<FieldError> {
    let (key, value) = (text(&taint["key"]), text(&taint["value"]));
    let mut faults = rules::each(&format!("{at}.key"), &key.into(), metadata::key(key));
    faults.extend(rules::each(
        &format!("{at}.value"),
        &value.into(),
        metadata::value(value),
    ));
    faults
}

/// Taints that have the key and the effect of an earlier one.
fn twins(taints: &Value) -> Vec<FieldError> {
    let pair = |taint: &Value| (text(&taint["key"]).to_owned(), text(&taint["effect"]).to_owned());
    let mut seen = std::collections::HashSet::new();
    let mut faults = Vec::new();
    for (index, taint) in list(taints).enumerate() {
        if !seen.insert(pair(taint)) {
            let value = text(&taint["value"]);
            let shown = json!({"Key": taint["key"], "Value": value, "Effect": taint["effect"], "TimeAdded": taint["timeAdded"]});
            let mut fault = FieldError::duplicate(format!("metadata.taints[{index}]"), &shown);
            fault.message += ": taints must be unique by key and effect pair";
            faults.push(fault);
        }
    }
    faults
}

#[cfg(test)]
mod tests {
    use super::super::joined;
    use super::*;

    #[test]
    fn nodes_keep_what_they_were_given() {
        let of = |spec: Value| json!({"spec": spec});
        let told = |old: Option<Value>, new: Value| joined(check(old.as_ref(), &new));
        assert_eq!(
            told(None, of(json!({"podCIDRs": ["x"]}))),
            "spec.podCIDRs[0]: Invalid value: \"x\": must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)"
        );
        assert_eq!(
            told(
                Some(of(json!({"podCIDRs": ["10.1.0.0/24"]}))),
                of(json!({"podCIDRs": ["10.2.0.0/24"]}))
            ),
            "spec.podCIDRs: Forbidden: node updates may not change podCIDR except from \"\" to valid"
        );
        assert_eq!(
            told(Some(of(json!({"providerID": "a"}))), of(json!({"providerID": "b"}))),
            "spec.providerID: Forbidden: node updates may not change providerID except from \"\" to valid"
        );
        assert_eq!(
            told(None, of(json!({"taints": [{"key": "a", "effect": "X"}]}))),
            "metadata.taints[0].effect: Unsupported value: \"X\": supported values: \"NoSchedule\", \"PreferNoSchedule\", \"NoExecute\""
        );
    }
}
