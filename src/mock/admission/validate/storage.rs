//! Config maps, secrets, claims and storage classes: what may not change any more.

use serde_json::{Value, json};

use super::{list, metadata, rules, text};
use crate::mock::admission::quantity::Quantity;
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
    if let Some(old) = old {
        for name in ["parameters", "provisioner", "reclaimPolicy", "volumeBindingMode"] {
            if old[name] != object[name] {
                faults.push(FieldError::invalid(name, &object[name], "field is immutable"));
            }
        }
        return faults;
    }
    let provisioner = text(&object["provisioner"]);
    if provisioner.is_empty() {
        faults.push(FieldError::required("provisioner", ""));
    } else {
        let name = provisioner.to_lowercase();
        faults.extend(rules::each("provisioner", &object["provisioner"], metadata::key(&name)));
    }
    faults.extend(rules::one_of(
        &object["reclaimPolicy"],
        "reclaimPolicy",
        &["Delete", "Retain"],
    ));
    let modes = ["Immediate", "WaitForFirstConsumer"];
    faults.extend(rules::one_of(&object["volumeBindingMode"], "volumeBindingMode", &modes));
    faults
}

/// Faults of a claim.
#[must_use]
pub fn claim(old: Option<&Value>, object: &Value) -> Vec<FieldError> {
    let spec = &object["spec"];
    let mut faults = Vec::new();
    if list(&spec["accessModes"]).next().is_none() {
        faults.push(FieldError::required(
            "spec.accessModes",
            "at least 1 access mode is required",
        ));
    }
    let modes = ["ReadOnlyMany", "ReadWriteMany", "ReadWriteOnce", "ReadWriteOncePod"];
    for mode in list(&spec["accessModes"]).filter(|mode| !modes.contains(&text(mode))) {
        faults.push(FieldError::unsupported("spec.accessModes", mode, &modes));
    }
    let size = &spec["resources"]["requests"]["storage"];
    if size.is_null() {
        faults.push(FieldError::required("spec.resources[storage]", ""));
    }
    if let Some(old) = old {
        faults.extend(changed(old, object));
    }
    faults
}

/// A claim's spec is fixed, but for the size of a bound one, which may grow, and its volume, which the binder sets.
fn changed(old: &Value, new: &Value) -> Option<FieldError> {
    let fixed = |claim: &Value| {
        let mut spec = claim["spec"].clone();
        spec["volumeName"] = json!("");
        spec["volumeAttributesClassName"] = json!("");
        spec["resources"]["requests"]["storage"] = json!("");
        spec
    };
    let size =
        |claim: &Value| Quantity::read(text(&claim["spec"]["resources"]["requests"]["storage"])).unwrap_or_default();
    let bound = old["status"]["phase"] == "Bound";
    let resized = size(old) != size(new);
    if fixed(old) != fixed(new) || resized && !bound {
        let why =
            "spec is immutable after creation except resources.requests and volumeAttributesClassName for bound claims";
        return Some(FieldError::forbidden("spec", why));
    }
    let less = "field can not be less than status.capacity";
    (size(new) < size(old)).then(|| FieldError::forbidden("spec.resources.requests.storage", less))
}
