//! The addresses of a service and their families: `ValidateServiceClusterIPsRelatedFields` of Kubernetes'
//! `pkg/apis/core/validation/validation.go`.

use std::collections::HashSet;

use serde_json::Value;

use super::{addresses, list, rules, text};
use crate::mock::admission::services::is_headless;
use crate::mock::server::FieldError;

const ADDRESSES: &str = "spec.clusterIPs";

/// Faults of a service's addresses and families, before or after they were given.
#[must_use]
pub fn faults(spec: &Value, old: Option<&Value>) -> Vec<FieldError> {
    if spec["type"] == "ExternalName" {
        return Vec::new();
    }
    let mut faults = first(spec);
    faults.extend(families(spec));
    let policies = ["PreferDualStack", "RequireDualStack", "SingleStack"];
    faults.extend(rules::one_of(&spec["ipFamilyPolicy"], "spec.ipFamilyPolicy", &policies));
    let given: Vec<&Value> = list(&spec["clusterIPs"]).collect();
    let wrong = each(spec, old, &given);
    let ends = !wrong.is_empty();
    faults.extend(wrong);
    if given.len() > 2 {
        faults.push(FieldError::invalid(
            ADDRESSES,
            &spec["clusterIPs"],
            "may only hold up to 2 values",
        ));
    }
    if ends {
        return faults;
    }
    let six = |value: &Value| text(value).contains(':');
    if given.len() > 1 && (given.iter().all(|value| six(value)) || !given.iter().any(|value| six(value))) {
        let why = "may specify no more than one IP for each IP family";
        faults.push(FieldError::invalid(ADDRESSES, &spec["clusterIPs"], why));
    }
    if !is_headless(spec) {
        for (index, (address, family)) in given.iter().zip(list(&spec["ipFamilies"])).enumerate() {
            let wanted = text(family);
            if matches!((wanted, six(address)), ("IPv4", true) | ("IPv6", false)) {
                let why = format!("expected an {wanted} value as indicated by `ipFamilies[{index}]`");
                faults.push(FieldError::invalid(format!("{ADDRESSES}[{index}]"), address, why));
            }
        }
    }
    faults
}

/// The first of the addresses is the address.
fn first(spec: &Value) -> Vec<FieldError> {
    let one = text(&spec["clusterIP"]);
    let why = match (one, list(&spec["clusterIPs"]).next().map(text)) {
        ("", None) => return Vec::new(),
        ("", Some(_)) => "must be empty when `clusterIP` is not specified",
        (_, None) => return vec![FieldError::required(ADDRESSES, "")],
        (one, Some(first)) if one == first => return Vec::new(),
        _ => "first value must match `clusterIP`",
    };
    vec![FieldError::invalid(ADDRESSES, &spec["clusterIPs"], why)]
}

fn families(spec: &Value) -> Vec<FieldError> {
    let mut faults = Vec::new();
    let mut seen = HashSet::new();
    for (index, family) in list(&spec["ipFamilies"]).enumerate() {
        let field = format!("spec.ipFamilies[{index}]");
        faults.extend(rules::one_of(family, field.clone(), &["IPv4", "IPv6"]));
        if !seen.insert(text(family)) {
            faults.push(FieldError::duplicate(field, family));
        }
    }
    faults
}

/// Each address on its own.
fn each(spec: &Value, old: Option<&Value>, given: &[&Value]) -> Vec<FieldError> {
    let before: Vec<&str> = old
        .into_iter()
        .flat_map(|old| list(&old["clusterIPs"]))
        .map(text)
        .collect();
    let mut faults = Vec::new();
    for (index, address) in given.iter().enumerate() {
        if index == 0 && text(address) == "None" {
            if given.len() > 1 {
                let why = "'None' must be the first and only value";
                faults.push(FieldError::invalid(ADDRESSES, &spec["clusterIPs"], why));
            }
            continue;
        }
        faults.extend(addresses::address(address, &format!("{ADDRESSES}[{index}]"), &before));
    }
    faults
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::joined;
    use super::*;

    #[test]
    fn addresses_and_families_go_together() {
        let told = |spec: Value| joined(faults(&spec, None));
        for (spec, said) in [
            (
                json!({"clusterIP": "10.96.1.1", "clusterIPs": ["10.96.1.1"], "ipFamilies": ["IPv4"]}),
                "",
            ),
            (
                json!({"clusterIP": "x", "clusterIPs": ["x"]}),
                "spec.clusterIPs[0]: Invalid value: \"x\": must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)",
            ),
            (
                json!({"clusterIP": "10.96.1.1", "clusterIPs": ["10.96.1.1"], "ipFamilies": ["IPv6"]}),
                "spec.clusterIPs[0]: Invalid value: \"10.96.1.1\": expected an IPv6 value as indicated by `ipFamilies[0]`",
            ),
            (
                json!({"ipFamilyPolicy": "Foo"}),
                "spec.ipFamilyPolicy: Unsupported value: \"Foo\": supported values: \"PreferDualStack\", \"RequireDualStack\", \"SingleStack\"",
            ),
            (
                json!({"clusterIPs": ["10.96.1.1"]}),
                "spec.clusterIPs: Invalid value: [\"10.96.1.1\"]: must be empty when `clusterIP` is not specified",
            ),
        ] {
            assert_eq!(told(spec), said);
        }
    }
}
