//! Limits of a namespace: `ValidateLimitRange` of Kubernetes' `pkg/apis/core/validation/validation.go`.

use std::collections::BTreeSet;

use serde_json::Value;

use super::{list, metadata, resource_names, rules, text};
use crate::mock::admission::quantity::Quantity;
use crate::mock::server::FieldError;

/// Faults of a namespace's limits.
#[must_use]
pub fn check(object: &Value) -> Vec<FieldError> {
    let mut faults = Vec::new();
    let mut seen = BTreeSet::new();
    for (index, limit) in list(&object["spec"]["limits"]).enumerate() {
        let at = format!("spec.limits[{index}]");
        let kind = Value::from(text(&limit["type"]));
        faults.extend(type_name(&kind, &format!("{at}.type")));
        if !seen.insert(text(&limit["type"])) {
            faults.push(FieldError::duplicate(format!("{at}.type"), &kind));
        }
        faults.extend(self::limit(limit, text(&kind), &at));
    }
    faults
}

fn type_name(kind: &Value, field: &str) -> Vec<FieldError> {
    let wrong = metadata::key(text(kind));
    if !wrong.is_empty() {
        return rules::each(field, kind, wrong);
    }
    if text(kind).contains('/') || matches!(text(kind), "Pod" | "Container" | "PersistentVolumeClaim") {
        return Vec::new();
    }
    let why = "must be a standard limit type or fully qualified";
    vec![FieldError::invalid(field, kind, why)]
}

fn limit(limit: &Value, kind: &str, at: &str) -> Vec<FieldError> {
    let mut faults = Vec::new();
    let mut resources: BTreeSet<&str> = BTreeSet::new();
    let pod = kind == "Pod";
    for list in ["max", "min", "default", "defaultRequest"] {
        let Some(map) = limit[list].as_object().filter(|map| !map.is_empty()) else {
            continue;
        };
        if pod && list.starts_with("default") {
            let why = "may not be specified when `type` is 'Pod'";
            faults.push(FieldError::forbidden(format!("{at}.{list}"), why));
            continue;
        }
        for name in map.keys() {
            faults.extend(resource(kind, name, &format!("{at}.{list}[{name}]")));
            resources.insert(name);
        }
    }
    let bounded = ["min", "max"].iter().any(|list| limit[*list]["storage"].is_string());
    if kind == "PersistentVolumeClaim" && !bounded {
        let why = "either minimum or maximum storage value is required, but neither was provided";
        faults.push(FieldError::required(format!("{at}.limits"), why));
    }
    for name in limit["maxLimitRequestRatio"]
        .as_object()
        .into_iter()
        .flat_map(serde_json::Map::keys)
    {
        faults.extend(resource(kind, name, &format!("{at}.maxLimitRequestRatio[{name}]")));
        resources.insert(name);
    }
    for name in resources {
        faults.extend(bounds(limit, pod, name, at));
    }
    faults
}

fn resource(kind: &str, name: &str, field: &str) -> Vec<FieldError> {
    match kind {
        "Pod" | "Container" => resource_names::of_container(name, field),
        _ => resource_names::name(name, field),
    }
}

/// What does not go together in the limits of one resource.
fn bounds(limit: &Value, pod: bool, name: &str, at: &str) -> Vec<FieldError> {
    let read = |list: &str| Quantity::from_value(&limit[list][name]);
    let (min, max, ratio) = (read("min"), read("max"), read("maxLimitRequestRatio"));
    let (default, request) = if pod {
        (None, None)
    } else {
        (read("default"), read("defaultRequest"))
    };
    let mut faults = Vec::new();
    // The greater one, what it is, the lesser one, what that is, where the fault is, and what is shown there.
    for (more, of, less, than, list, shown) in [
        (min, "min", max, "max", "min", min),
        (min, "min", request, "default request", "defaultRequest", request),
        (request, "default request", max, "max", "defaultRequest", request),
        (
            request,
            "default request",
            default,
            "default limit",
            "defaultRequest",
            request,
        ),
        (min, "min", default, "default", "default", min),
        (default, "default", max, "max", "default", max),
    ] {
        if let (Some(more), Some(less), Some(shown)) = (more, less, shown)
            && more > less
        {
            let why = format!("{of} value {more} is greater than {than} value {less}");
            let field = format!("{at}.{list}[{name}]");
            faults.push(FieldError::invalid(field, &shown.to_string().into(), why));
        }
    }
    faults.extend(
        ratio
            .map(|ratio| ratio_faults(ratio, min.zip(max), &format!("{at}.maxLimitRequestRatio[{name}]")))
            .unwrap_or_default(),
    );
    if let (Some(default), Some(request), false) = (default, request, resource_names::is_overcommitted(name))
        && default != request
    {
        let why = format!("default value {default} must equal to defaultRequest value {request} in {name}");
        let field = format!("{at}.defaultRequest[{name}]");
        faults.push(FieldError::invalid(field, &request.to_string().into(), why));
    }
    faults
}

fn ratio_faults(ratio: Quantity, bounds: Option<(Quantity, Quantity)>, field: &str) -> Vec<FieldError> {
    let shown = Value::from(ratio.to_string());
    let mut faults = Vec::new();
    if ratio < Quantity::whole(1) {
        faults.push(FieldError::invalid(
            field,
            &shown,
            format!("ratio {ratio} is less than 1"),
        ));
    }
    if let Some((min, max)) = bounds {
        let most = max.value() / min.value();
        if ratio.value() > most {
            let why = format!("ratio {ratio} is greater than max/min = {most:.6}");
            faults.push(FieldError::invalid(field, &shown, why));
        }
    }
    faults
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::joined;
    use super::*;

    #[test]
    fn limits_go_together() {
        let told = |limits: Value| joined(check(&json!({"spec": {"limits": limits}})));
        for (limits, said) in [
            (
                json!([{"type": "Container", "max": {"cpu": "1"}, "min": {"cpu": "100m"}}]),
                "",
            ),
            (
                json!([{"type": "Foo"}]),
                "spec.limits[0].type: Invalid value: \"Foo\": must be a standard limit type or fully qualified",
            ),
            (
                json!([{"type": "Pod", "default": {"cpu": "1"}}]),
                "spec.limits[0].default: Forbidden: may not be specified when `type` is 'Pod'",
            ),
            (
                json!([{"type": "Container", "max": {"cpu": "500m"}, "default": {"cpu": "1"}}]),
                "spec.limits[0].default[cpu]: Invalid value: \"500m\": default value 1 is greater than max value 500m",
            ),
            (
                json!([{"type": "Container", "min": {"memory": "300Mi"}, "max": {"memory": "200Mi"}}]),
                "spec.limits[0].min[memory]: Invalid value: \"300Mi\": min value 300Mi is greater than max value 200Mi",
            ),
            (
                json!([{"type": "Container", "maxLimitRequestRatio": {"cpu": "500m"}}]),
                "spec.limits[0].maxLimitRequestRatio[cpu]: Invalid value: \"500m\": ratio 500m is less than 1",
            ),
            (
                json!([{"type": "PersistentVolumeClaim"}]),
                "spec.limits[0].limits: Required value: either minimum or maximum storage value is required, but neither was provided",
            ),
            (
                json!([{"type": "Pod"}, {"type": "Pod"}]),
                "spec.limits[1].type: Duplicate value: \"Pod\"",
            ),
        ] {
            assert_eq!(told(limits), said);
        }
    }
}
