//! Names of resources that are counted and limited: `pkg/apis/core/helper/helpers.go` of Kubernetes.

use serde_json::Value;

use super::{metadata, rules};
use crate::mock::admission::quantity::Quantity;
use crate::mock::server::FieldError;

/// Resources that are counted in whole numbers.
const WHOLE: [&str; 9] = [
    "pods",
    "resourcequotas",
    "services",
    "replicationcontrollers",
    "secrets",
    "configmaps",
    "persistentvolumeclaims",
    "services.nodeports",
    "services.loadbalancers",
];
/// Resources that are measured.
const MEASURED: [&str; 10] = [
    "cpu",
    "memory",
    "ephemeral-storage",
    "requests.cpu",
    "requests.memory",
    "requests.storage",
    "requests.ephemeral-storage",
    "limits.cpu",
    "limits.memory",
    "limits.ephemeral-storage",
];

/// Whether a quota can count the resource: `IsStandardQuotaResourceName`.
#[must_use]
pub fn is_quota(name: &str) -> bool {
    WHOLE.contains(&name)
        || MEASURED.contains(&name)
        || name.starts_with("hugepages-")
        || name.starts_with("requests.hugepages-")
}

fn is_native(name: &str) -> bool {
    !name.contains('/') || name.contains("kubernetes.io/")
}

/// Whether a resource is somebody's own: `IsExtendedResourceName`.
#[must_use]
pub fn is_extended(name: &str) -> bool {
    !is_native(name) && !name.starts_with("requests.") && metadata::key(&format!("requests.{name}")).is_empty()
}

/// Whether more of a resource can be promised than there is: `IsOvercommitAllowed`.
#[must_use]
pub fn is_overcommitted(name: &str) -> bool {
    is_native(name) && !name.starts_with("hugepages-")
}

/// Faults of the name of a resource: `validateResourceName`.
#[must_use]
pub fn name(name: &str, field: &str) -> Vec<FieldError> {
    let wrong = metadata::key(name);
    if !wrong.is_empty() {
        return rules::each(field, &name.into(), wrong);
    }
    if name.contains('/') || name == "storage" || is_quota(name) {
        return Vec::new();
    }
    let why = "must be a standard resource type or fully qualified";
    vec![FieldError::invalid(field, &name.into(), why)]
}

/// Faults of the name of a resource that containers use: `validateContainerResourceName`.
#[must_use]
pub fn of_container(given: &str, field: &str) -> Vec<FieldError> {
    let mut faults = name(given, field);
    let known = ["cpu", "memory", "ephemeral-storage"];
    let why = if !given.contains('/') {
        let known = known.contains(&given) || given.starts_with("hugepages-");
        (!known).then_some("must be a standard resource for containers")
    } else {
        let odd = !is_native(given) && !is_extended(given);
        odd.then_some("doesn't follow extended resource name standard")
    };
    faults.extend(why.map(|why| FieldError::invalid(field, &given.into(), why)));
    faults
}

/// Faults of an amount: `ValidateResourceQuantityValue`.
#[must_use]
pub fn amount(name: &str, value: &Value, field: &str) -> Vec<FieldError> {
    let Some(read) = Quantity::from_value(value) else {
        return Vec::new();
    };
    let mut faults = Vec::new();
    if read < Quantity::default() {
        faults.push(FieldError::invalid(field, value, "must be greater than or equal to 0"));
    }
    if (WHOLE.contains(&name) || is_extended(name)) && !read.is_whole() {
        faults.push(FieldError::invalid(field, value, "must be an integer"));
    }
    faults
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn resources_are_known_or_somebodys() {
        let told = |faults: Vec<FieldError>| faults.first().map(|fault| fault.message.clone()).unwrap_or_default();
        for (given, said) in [
            ("cpu", ""),
            ("example.com/gpu", ""),
            ("hugepages-2Mi", ""),
            (
                "foo",
                "Invalid value: \"foo\": must be a standard resource type or fully qualified",
            ),
            (
                "storage",
                "Invalid value: \"storage\": must be a standard resource for containers",
            ),
            (
                "requests.a.b/c",
                "Invalid value: \"requests.a.b/c\": doesn't follow extended resource name standard",
            ),
        ] {
            assert_eq!(told(of_container(given, "f")), said);
        }
        assert_eq!(
            told(amount("pods", &"1500m".into(), "f")),
            "Invalid value: \"1500m\": must be an integer"
        );
        assert_eq!(told(amount("cpu", &"1500m".into(), "f")), "");
        assert_eq!(
            told(amount("cpu", &"-1".into(), "f")),
            "Invalid value: \"-1\": must be greater than or equal to 0"
        );
    }
}
