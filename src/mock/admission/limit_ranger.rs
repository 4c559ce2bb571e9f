//! The LimitRanger plugin: objects beyond the limits of their namespace, as `plugin/pkg/admission/limitranger` of Kubernetes.

use serde_json::Value;

use super::Attempt;
use super::limits::refused;
use super::quantity::Quantity;
use super::usage::pod_total;
use crate::mock::server::{ApiError, aggregate};

/// What an object asks for of one resource, and what it may use at most.
#[derive(Clone, Copy, Debug, Default)]
struct Asked {
    request: Option<Quantity>,
    limit: Option<Quantity>,
}

/// Refuses a pod or a claim beyond the limits of its namespace.
///
/// # Errors
/// 403 that names every limit that is broken.
pub fn check(attempt: &Attempt<'_>, object: &Value) -> Result<(), ApiError> {
    let table = attempt.kind.table.as_str();
    if !matches!(table, "pods" | "persistentvolumeclaims") {
        return Ok(());
    }
    let namespace = object["metadata"]["namespace"].as_str().unwrap_or_default();
    let mut faults = Vec::new();
    for range in attempt.api.store.list("limitranges", Some(namespace)).objects {
        let range = range.decode();
        for limit in range["spec"]["limits"].as_array().into_iter().flatten() {
            faults.extend(broken(limit, table, object));
        }
    }
    if faults.is_empty() {
        return Ok(());
    }
    Err(refused(attempt, object, &aggregate(&faults)))
}

fn broken(limit: &Value, table: &str, object: &Value) -> Vec<String> {
    let kind = limit["type"].as_str().unwrap_or_default();
    match (table, kind) {
        ("pods", "Container") => {
            let lists = ["containers", "initContainers"];
            let containers = lists
                .iter()
                .flat_map(|list| object["spec"][*list].as_array().into_iter().flatten());
            containers
                .flat_map(|container| {
                    let read = |list: &str, name: &str| Quantity::from_value(&container["resources"][list][name]);
                    constraints(limit, kind, &|name| Asked {
                        request: read("requests", name),
                        limit: read("limits", name),
                    })
                })
                .collect()
        }
        ("pods", "Pod") => constraints(limit, kind, &|name| Asked {
            request: pod_total(object, "requests", name),
            limit: pod_total(object, "limits", name),
        }),
        ("persistentvolumeclaims", "PersistentVolumeClaim") => claim(limit, kind, object),
        _ => Vec::new(),
    }
}

/// The bounds in a list of a limit, by resource.
fn bounds<'a>(limit: &'a Value, list: &str) -> impl Iterator<Item = (&'a String, Quantity)> {
    let map = limit[list].as_object().into_iter().flatten();
    map.filter_map(|(name, bound)| Some((name, Quantity::from_value(bound)?)))
}

fn constraints(limit: &Value, kind: &str, asked: &dyn Fn(&str) -> Asked) -> Vec<String> {
    let mut faults = Vec::new();
    faults.extend(bounds(limit, "min").filter_map(|(name, bound)| least(kind, name, bound, asked(name))));
    faults.extend(bounds(limit, "max").filter_map(|(name, bound)| most(kind, name, bound, asked(name))));
    let ratios = bounds(limit, "maxLimitRequestRatio");
    faults.extend(ratios.filter_map(|(name, bound)| ratio(kind, name, bound, asked(name))));
    faults
}

fn least(kind: &str, name: &str, bound: Quantity, asked: Asked) -> Option<String> {
    let told = format!("minimum {name} usage per {kind} is {bound}");
    match (asked.request, asked.limit) {
        (None, _) => Some(format!("{told}.  No request is specified")),
        (Some(request), _) if request < bound => Some(format!("{told}, but request is {request}")),
        (_, Some(limit)) if limit < bound => Some(format!("{told}, but limit is {limit}")),
        _ => None,
    }
}

fn most(kind: &str, name: &str, bound: Quantity, asked: Asked) -> Option<String> {
    let told = format!("maximum {name} usage per {kind} is {bound}");
    match (asked.limit, asked.request) {
        (None, _) => Some(format!("{told}.  No limit is specified")),
        (Some(limit), _) if limit > bound => Some(format!("{told}, but limit is {limit}")),
        (_, Some(request)) if request > bound => Some(format!("{told}, but request is {request}")),
        _ => None,
    }
}

fn ratio(kind: &str, name: &str, bound: Quantity, asked: Asked) -> Option<String> {
    let told = format!("{name} max limit to request ratio per {kind} is {bound}");
    let some = |quantity: Option<Quantity>| quantity.filter(|quantity| *quantity != Quantity::default());
    let Some(request) = some(asked.request) else {
        return Some(format!("{told}, but no request is specified or request is 0"));
    };
    let Some(limit) = some(asked.limit) else {
        return Some(format!("{told}, but no limit is specified or limit is 0"));
    };
    let ratio = limit.value() / request.value();
    (ratio > bound.value()).then(|| format!("{told}, but provided ratio is {ratio:.6}"))
}

/// A claim has requests only.
fn claim(limit: &Value, kind: &str, object: &Value) -> Vec<String> {
    let asked = |name: &str| Quantity::from_value(&object["spec"]["resources"]["requests"][name]);
    let mut faults = Vec::new();
    for (name, bound) in bounds(limit, "min") {
        let asked = Asked {
            request: asked(name),
            limit: None,
        };
        faults.extend(least(kind, name, bound, asked));
    }
    for (name, bound) in bounds(limit, "max") {
        let told = format!("maximum {name} usage per {kind} is {bound}");
        match asked(name) {
            None => faults.push(format!("{told}.  No request is specified")),
            Some(request) if request > bound => faults.push(format!("{told}, but request is {request}")),
            Some(_) => {}
        }
    }
    faults
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn limits_are_told_as_the_plugin_does() {
        let pod = |resources: Value| json!({"spec": {"containers": [{"name": "c", "resources": resources}]}});
        let claim = |size: &str| json!({"spec": {"resources": {"requests": {"storage": size}}}});
        let bounded = json!({"type": "PersistentVolumeClaim", "min": {"storage": "1Gi"}, "max": {"storage": "5Gi"}});
        for (limit, table, object, said) in [
            (
                json!({"type": "Container", "min": {"cpu": "100m"}}),
                "pods",
                pod(json!({"requests": {"cpu": "50m"}, "limits": {"cpu": "50m"}})),
                "minimum cpu usage per Container is 100m, but request is 50m",
            ),
            (
                json!({"type": "Pod", "max": {"memory": "1Gi"}}),
                "pods",
                pod(json!({})),
                "maximum memory usage per Pod is 1Gi.  No limit is specified",
            ),
            (
                json!({"type": "Container", "maxLimitRequestRatio": {"cpu": "2"}}),
                "pods",
                pod(json!({"requests": {"cpu": "1"}, "limits": {"cpu": "4"}})),
                "cpu max limit to request ratio per Container is 2, but provided ratio is 4.000000",
            ),
            (
                bounded.clone(),
                "persistentvolumeclaims",
                claim("500Mi"),
                "minimum storage usage per PersistentVolumeClaim is 1Gi, but request is 500Mi",
            ),
            (
                bounded.clone(),
                "persistentvolumeclaims",
                claim("10Gi"),
                "maximum storage usage per PersistentVolumeClaim is 5Gi, but request is 10Gi",
            ),
            (bounded, "persistentvolumeclaims", claim("2Gi"), ""),
        ] {
            assert_eq!(broken(&limit, table, &object).join("; "), said);
        }
    }
}
