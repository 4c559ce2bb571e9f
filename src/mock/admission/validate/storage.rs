//! Config maps, secrets and storage classes: what may not change any more.

use serde_json::Value;

use super::{list, metadata, rules, text};
use crate::mock::server::FieldError;

/// An immutable config map or secret stays as it is.
#[must_use]
pub fn frozen(old: Option<&Value>, object: &Value) -> Vec<FieldError> {
    let Some(old) = old.filter(|old| old["immutable"] == true) else {
        return Vec::new();
    };
    let why = "field is immutable when `immutable` is set";
    let mut faults = Vec::new();
    if object["immutable"] != true {
        faults.push(FieldError::forbidden("immutable", why));
    }
    for field in ["data", "binaryData"] {
        if old[field] != object[field] {
            faults.push(FieldError::forbidden(field, why));
        }
    }
    faults
}

/// Faults of a storage class, most of which stays.
#[must_use]
pub fn class(old: Option<&Value>, object: &Value) -> Vec<FieldError> {
    let mut faults = Vec::new();
    let provisioner = text(&object["provisioner"]);
    if provisioner.is_empty() {
        faults.push(FieldError::required("provisioner", ""));
    } else {
        let name = provisioner.to_lowercase();
        faults.extend(rules::each("provisioner", &object["provisioner"], metadata::key(&name)));
    }
    let nameless = object["parameters"].as_object().is_some_and(|map| map.contains_key(""));
    if nameless {
        faults.push(FieldError::invalid("parameters", &"".into(), "field can not be empty."));
    }
    faults.extend(rules::one_of(
        &object["reclaimPolicy"],
        "reclaimPolicy",
        &["Delete", "Retain"],
    ));
    let modes = ["Immediate", "WaitForFirstConsumer"];
    faults.extend(rules::one_of(&object["volumeBindingMode"], "volumeBindingMode", &modes));
    for (index, term) in list(&object["allowedTopologies"]).enumerate() {
        faults.extend(topology(
            term,
            &format!("allowedTopologies[{index}].matchLabelExpressions"),
        ));
    }
    if let Some(old) = old {
        for name in ["parameters", "provisioner", "reclaimPolicy", "volumeBindingMode"] {
            faults.extend(rules::immutable(&old[name], &object[name], name));
        }
    }
    faults
}

/// Faults of a place where a class may make volumes. One that says nothing is as good as none, of which there is one already.
fn topology(term: &Value, at: &str) -> Vec<FieldError> {
    let expressions = &term["matchLabelExpressions"];
    let mut faults = Vec::new();
    for (index, expression) in list(expressions).enumerate() {
        let at = format!("{at}[{index}]");
        let values: Vec<&str> = list(&expression["values"]).map(text).collect();
        if values.is_empty() {
            faults.push(FieldError::required(format!("{at}.values"), ""));
        }
        for (place, value) in values.iter().enumerate() {
            if values.iter().take(place).any(|earlier| earlier == value) {
                faults.push(FieldError::duplicate(format!("{at}.values[{place}]"), &(*value).into()));
            }
        }
        let key = &expression["key"];
        faults.extend(rules::each(&format!("{at}.key"), key, metadata::key(text(key))));
    }
    if list(expressions).next().is_none() {
        faults.push(FieldError::duplicate(at, &"".into()));
    }
    faults
}
