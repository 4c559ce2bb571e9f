//! What containers ask for: requests against limits.

use serde_json::Value;

use super::resource_names::is_overcommitted;
use super::{resource_names, text};
use crate::mock::admission::quantity::Quantity;
use crate::mock::server::FieldError;

/// Faults of a container's resources, as `ValidateContainerResourceRequirements`.
#[must_use]
pub fn check(resources: &Value, at: &str) -> Vec<FieldError> {
    let mut faults = Vec::new();
    for (name, amount) in entries(&resources["limits"]) {
        faults.extend(one(name, amount, &format!("{at}.limits[{name}]")));
    }
    let mut huge = entries(&resources["limits"]).any(|(name, _)| name.starts_with("hugepages-"));
    for (name, amount) in entries(&resources["requests"]) {
        let limit = &resources["limits"][name];
        if limit.is_null() && !is_overcommitted(name) {
            let why = "Limit must be set for non overcommitable resources";
            faults.push(FieldError::required(format!("{at}.limits"), why));
        }
        faults.extend(one(name, amount, &format!("{at}.requests[{name}]")));
        faults.extend(against(name, amount, limit, at));
        huge |= name.starts_with("hugepages-");
    }
    let has = |name: &str| !resources["limits"][name].is_null() || !resources["requests"][name].is_null();
    if huge && !has("cpu") && !has("memory") {
        faults.push(FieldError::forbidden(at, "HugePages require cpu or memory"));
    }
    faults
}

fn entries(list: &Value) -> impl Iterator<Item = (&str, &Value)> {
    let entries = list.as_object().into_iter().flatten();
    entries.map(|(name, value)| (name.as_str(), value))
}

fn one(name: &str, amount: &Value, field: &str) -> Vec<FieldError> {
    let mut faults = resource_names::of_container(name, field);
    faults.extend(resource_names::amount(name, amount, field));
    let page = name.strip_prefix("hugepages-").and_then(Quantity::read);
    let odd = |page| Quantity::from_value(amount).is_some_and(|quantity| !quantity.is_multiple_of(page));
    if page.is_some_and(odd) {
        let why = format!("{} is not positive integer multiple of {name}", text(amount));
        faults.push(FieldError::invalid(field, amount, why));
    }
    faults
}

/// A request must not be above its limit, and of what cannot be overcommitted it is the limit.
fn against(name: &str, request: &Value, limit: &Value, at: &str) -> Option<FieldError> {
    let (asked, most) = (Quantity::from_value(request)?, Quantity::from_value(limit)?);
    let why = if is_overcommitted(name) && asked > most {
        format!("must be less than or equal to {name} limit of {}", text(limit))
    } else if !is_overcommitted(name) && asked != most {
        format!("must be equal to {name} limit of {}", text(limit))
    } else {
        return None;
    };
    Some(FieldError::invalid(format!("{at}.requests"), request, why))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::told;
    use super::*;

    #[test]
    fn requests_fit_their_limits() {
        for (resources, said) in [
            (json!({"requests": {"cpu": "1"}, "limits": {"cpu": "2"}}), None),
            (
                json!({"requests": {"memory": "2Gi"}, "limits": {"memory": "1Gi"}}),
                Some("r.requests: Invalid value: \"2Gi\": must be less than or equal to memory limit of 1Gi"),
            ),
            (
                json!({"requests": {"example.com/gpu": "1"}}),
                Some("r.limits: Required value: Limit must be set for non overcommitable resources"),
            ),
            (
                json!({"requests": {"example.com/gpu": "1"}, "limits": {"example.com/gpu": "2"}}),
                Some("r.requests: Invalid value: \"1\": must be equal to example.com/gpu limit of 2"),
            ),
            (
                json!({"limits": {"storage": "1Gi"}}),
                Some("r.limits[storage]: Invalid value: \"storage\": must be a standard resource for containers"),
            ),
            (
                json!({"limits": {"hugepages-2Mi": "3Mi", "cpu": "1"}}),
                Some(
                    "r.limits[hugepages-2Mi]: Invalid value: \"3Mi\": 3Mi is not positive integer multiple of hugepages-2Mi",
                ),
            ),
        ] {
            let faults = check(&resources, "r");
            assert_eq!(told(faults).first().map(String::as_str), said, "{resources}");
        }
    }
}
