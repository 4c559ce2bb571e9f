//! The LimitRanger and ResourceQuota plugins: a namespace's limits applied to what comes into it.

use std::collections::BTreeMap;

use serde_json::Value;

use super::quantity::Quantity;
use super::usage::{of_claim, of_pod, of_service, silent};
use super::{Attempt, scopes};
use crate::mock::server::ApiError;

/// Gives a pod's containers the namespace's defaults, and notes which.
pub fn default_limits(attempt: &Attempt<'_>, pod: &mut Value) {
    let namespace = pod["metadata"]["namespace"].as_str().unwrap_or_default().to_owned();
    let mut notes: Vec<String> = Vec::new();
    for range in attempt.api.store.list("limitranges", Some(&namespace)).objects {
        let range = range.decode();
        for limit in range["spec"]["limits"]
            .as_array()
            .into_iter()
            .flatten()
            .filter(|limit| limit["type"] == "Container")
        {
            for (list, word) in [("containers", "container"), ("initContainers", "init container")] {
                for container in pod["spec"][list].as_array_mut().into_iter().flatten() {
                    fill(
                        container,
                        "requests",
                        &limit["defaultRequest"],
                        "request",
                        word,
                        &mut notes,
                    );
                    fill(container, "limits", &limit["default"], "limit", word, &mut notes);
                }
            }
        }
    }
    if !notes.is_empty() {
        let note = format!("LimitRanger plugin set: {}", notes.join("; "));
        pod["metadata"]["annotations"]["kubernetes.io/limit-ranger"] = note.into();
    }
}

fn fill(container: &mut Value, list: &str, defaults: &Value, word: &str, kind: &str, notes: &mut Vec<String>) {
    let mut set = Vec::new();
    for (resource, value) in defaults.as_object().into_iter().flatten() {
        if container["resources"][list][resource].is_null() {
            container["resources"][list][resource] = value.clone();
            set.push(resource.clone());
        }
    }
    if !set.is_empty() {
        set.sort();
        notes.push(format!(
            "{} {word} for {kind} {}",
            set.join(", "),
            container["name"].as_str().unwrap_or_default()
        ));
    }
}

/// 403 for an object of the attempt's kind.
pub fn refused(attempt: &Attempt<'_>, object: &Value, why: &str) -> ApiError {
    let name = object["metadata"]["name"].as_str().unwrap_or_default();
    ApiError::forbidden(&attempt.kind.group, &attempt.kind.plural, name, why)
}

/// Charges a changed object for what it uses more than before: services, claims, and pods that are resized, as the
/// evaluators of `pkg/quota/v1/evaluator/core` handle updates.
///
/// # Errors
/// 403 for what is beyond a quota.
pub fn charge_change(attempt: &Attempt<'_>, old: &Value, new: &Value, part: Option<&str>) -> Result<(), ApiError> {
    match (attempt.kind.table.as_str(), part) {
        ("services" | "persistentvolumeclaims", None) | ("pods", Some("resize")) => charge(attempt, Some(old), new),
        _ => Ok(()),
    }
}

/// What an object of a table uses of a resource that quotas count; none if it is counted elsewhere.
fn used_by(table: &str, object: &Value, resource: &str) -> Option<Quantity> {
    if resource.strip_prefix("count/") == Some(table) {
        return Some(Quantity::whole(1));
    }
    match table {
        "pods" => of_pod(object, resource),
        "persistentvolumeclaims" => of_claim(object, resource),
        "services" if resource.starts_with("services.") => of_service(object, resource),
        table => (resource == table).then(|| Quantity::whole(1)),
    }
}

/// Amounts by the names that quotas have for resources.
type Usage = BTreeMap<String, Quantity>;

/// Charges what a new object uses, or a changed one uses more than before, to the namespace's quotas.
///
/// # Errors
/// 403 for what a quota must know and is not told, and for what is beyond it.
pub fn charge(attempt: &Attempt<'_>, old: Option<&Value>, object: &Value) -> Result<(), ApiError> {
    let namespace = object["metadata"]["namespace"].as_str().unwrap_or_default();
    let table = attempt.kind.table.as_str();
    let amount = |resource: &str| {
        let now = used_by(table, object, resource)?;
        let before = old.and_then(|old| used_by(table, old, resource)).unwrap_or_default();
        // What is given back the quota's controller counts.
        Some(now.minus(before)).filter(|more| old.is_none() || *more > Quantity::default())
    };
    let mut charges: Vec<(String, Usage)> = Vec::new();
    // All agree before the first one is charged.
    for quota in attempt.api.store.list("resourcequotas", Some(namespace)).objects {
        let quota_value = quota.decode();
        let hard = &quota_value["status"]["hard"];
        if !scopes::counts(&quota_value["spec"], &attempt.kind.table, object) {
            continue;
        }
        if table == "pods" {
            must_specify(attempt, object, hard, quota.name())?;
        }
        let resources = hard.as_object().into_iter().flat_map(serde_json::Map::keys);
        let added = resources.filter_map(|resource| Some((resource.clone(), amount(resource)?)));
        let added: Usage = added.collect();
        exceeded(attempt, object, &quota_value, &added)?;
        if !added.is_empty() {
            charges.push((quota.name().to_owned(), added));
        }
    }
    if attempt.dry_run {
        return Ok(());
    }
    charges
        .iter()
        .try_for_each(|(quota, added)| spend(attempt, object, quota, added))
}

/// Writes into a quota what is used more; somebody else may have used it up in between.
fn spend(attempt: &Attempt<'_>, object: &Value, quota: &str, added: &Usage) -> Result<(), ApiError> {
    let namespace = object["metadata"]["namespace"].as_str().unwrap_or_default();
    attempt.api.try_touch("resourcequotas", namespace, quota, |quota| {
        exceeded(attempt, object, quota, added)?;
        for (resource, amount) in added {
            let used = &mut quota["status"]["used"][resource];
            let old = used.as_str().and_then(Quantity::read).unwrap_or_default();
            *used = old.plus(*amount).to_string().into();
        }
        Ok(())
    })?;
    Ok(())
}

fn must_specify(attempt: &Attempt<'_>, pod: &Value, hard: &Value, quota: &str) -> Result<(), ApiError> {
    let mut resources: Vec<&String> = hard
        .as_object()
        .into_iter()
        .flatten()
        .map(|(resource, _)| resource)
        .collect();
    resources.sort();
    let told = resources.into_iter().filter_map(|resource| {
        let silent = silent(pod, resource);
        (!silent.is_empty()).then(|| format!("{resource} for: {}", silent.join(",")))
    });
    let told: Vec<String> = told.collect();
    if told.is_empty() {
        return Ok(());
    }
    Err(refused(
        attempt,
        pod,
        &format!("failed quota: {quota}: must specify {}", told.join("; ")),
    ))
}

fn exceeded(attempt: &Attempt<'_>, object: &Value, quota: &Value, added: &Usage) -> Result<(), ApiError> {
    let read = |list: &str, resource: &str| {
        quota["status"][list][resource]
            .as_str()
            .and_then(Quantity::read)
            .unwrap_or_default()
    };
    let beyond: Vec<&String> = added
        .iter()
        .filter(|(resource, amount)| {
            **amount > Quantity::default() && read("used", resource).plus(**amount) > read("hard", resource)
        })
        .map(|(resource, _)| resource)
        .collect();
    if beyond.is_empty() {
        return Ok(());
    }
    let texts = |value: &dyn Fn(&str) -> String| {
        beyond
            .iter()
            .map(|resource| format!("{resource}={}", value(resource)))
            .collect::<Vec<_>>()
            .join(",")
    };
    let requested = texts(&|resource| {
        added
            .iter()
            .find(|(known, _)| known.as_str() == resource)
            .map_or(String::new(), |(_, q)| q.to_string())
    });
    let used = texts(&|resource| read("used", resource).to_string());
    let limited = texts(&|resource| read("hard", resource).to_string());
    let name = quota["metadata"]["name"].as_str().unwrap_or_default();
    let why = format!("exceeded quota: {name}, requested: {requested}, used: {used}, limited: {limited}");
    Err(refused(attempt, object, &why))
}

/// `default`, `defaultRequest` and their bounds of a LimitRange, filled in as the API's defaults do.
pub fn default_range(range: &mut Value) {
    for limit in range["spec"]["limits"]
        .as_array_mut()
        .into_iter()
        .flatten()
        .filter(|limit| limit["type"] == "Container")
    {
        for (list, fallback) in [
            ("default", "max"),
            ("defaultRequest", "default"),
            ("defaultRequest", "min"),
        ] {
            for (resource, value) in limit[fallback].as_object().cloned().into_iter().flatten() {
                if limit[list][&resource].is_null() {
                    limit[list][&resource] = value;
                }
            }
        }
        for list in ["max", "min", "default", "defaultRequest", "maxLimitRequestRatio"] {
            if limit[list].is_null()
                && let Some(map) = limit.as_object_mut()
            {
                map.shift_remove(list);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::mock::clock::Clock;
    use crate::mock::server::Api;

    /// What a change of an object of a table is answered, with what the quota says is used then.
    fn changed(table: &str, part: Option<&str>, old: &Value, new: &Value, used: &Value) -> (String, Value) {
        let api = Api::new(Clock::real(), 1);
        let hard = json!({"services.nodeports": "1", "services.loadbalancers": "1", "requests.storage": "5Gi",
            "fast.storageclass.storage.k8s.io/requests.storage": "3Gi", "requests.cpu": "1", "limits.memory": "1Gi", "pods": "2"});
        let metadata = json!({"name": "q", "namespace": "d"});
        let quota = json!({"apiVersion": "v1", "kind": "ResourceQuota", "metadata": metadata, "spec": {"hard": hard},
            "status": {"hard": hard, "used": used}});
        api.plant(quota).unwrap();
        let kind = api.kinds.of_table(table).unwrap();
        let attempt = Attempt {
            api: &api,
            kind: &kind,
            dry_run: false,
        };
        let object = |spec: &Value| json!({"metadata": {"name": "a", "namespace": "d"}, "spec": spec});
        let outcome = charge_change(&attempt, &object(old), &object(new), part);
        let quota = api.store.get("resourcequotas", "d", "q").unwrap().decode();
        let message = outcome.err().map(|error| error.message).unwrap_or_default();
        (message, quota["status"]["used"].clone())
    }

    #[test]
    fn services_are_charged_when_they_change() {
        let plain = json!({"type": "ClusterIP", "ports": [{"port": 80}, {"port": 81}]});
        let cases = [
            (
                json!({"type": "NodePort", "ports": [{"port": 80}, {"port": 81}]}),
                json!({}),
                "services \"a\" is forbidden: exceeded quota: q, requested: services.nodeports=2, used: services.nodeports=0, limited: services.nodeports=1",
                json!({}),
            ),
            (
                json!({"type": "NodePort", "ports": [{"port": 80}]}),
                json!({"services.nodeports": "0"}),
                "",
                json!({"services.nodeports": "1"}),
            ),
            (
                json!({"type": "LoadBalancer", "ports": [{"port": 80}], "allocateLoadBalancerNodePorts": false}),
                json!({"services.loadbalancers": "1"}),
                "services \"a\" is forbidden: exceeded quota: q, requested: services.loadbalancers=1, used: services.loadbalancers=1, limited: services.loadbalancers=1",
                json!({"services.loadbalancers": "1"}),
            ),
            (
                json!({"type": "ClusterIP"}),
                json!({"services.nodeports": "1"}),
                "",
                json!({"services.nodeports": "1"}),
            ),
        ];
        for (new, used, message, after) in cases {
            assert_eq!(
                changed("services", None, &plain, &new, &used),
                (message.to_owned(), after)
            );
        }
    }

    #[test]
    fn claims_that_grow_and_pods_that_are_resized_are_charged() {
        let claim = |size: &str| json!({"storageClassName": "fast", "resources": {"requests": {"storage": size}}});
        let used = json!({"requests.storage": "2Gi", "fast.storageclass.storage.k8s.io/requests.storage": "2Gi"});
        let (message, _) = changed("persistentvolumeclaims", None, &claim("2Gi"), &claim("4Gi"), &used);
        assert_eq!(
            message,
            "persistentvolumeclaims \"a\" is forbidden: exceeded quota: q, requested: fast.storageclass.storage.k8s.io/requests.storage=2Gi, \
            used: fast.storageclass.storage.k8s.io/requests.storage=2Gi, limited: fast.storageclass.storage.k8s.io/requests.storage=3Gi"
        );
        let pod = |list: &str, name: &str, amount: &str| {
            let resources = json!({"requests": {"cpu": "700m"}, "limits": {"memory": "500Mi"}});
            let mut pod = json!({"containers": [{"name": "c", "resources": resources}]});
            pod["containers"][0]["resources"][list][name] = amount.into();
            pod
        };
        let old = pod("requests", "cpu", "700m");
        let used = json!({"requests.cpu": "700m", "limits.memory": "500Mi"});
        let resized = |new: &Value| changed("pods", Some("resize"), &old, new, &used).0;
        assert_eq!(
            resized(&pod("requests", "cpu", "1500m")),
            "pods \"a\" is forbidden: exceeded quota: q, requested: requests.cpu=800m, used: requests.cpu=700m, limited: requests.cpu=1"
        );
        assert_eq!(
            resized(&pod("limits", "memory", "2Gi")),
            "pods \"a\" is forbidden: exceeded quota: q, requested: limits.memory=1548Mi, used: limits.memory=500Mi, limited: limits.memory=1Gi"
        );
        assert_eq!(resized(&pod("requests", "cpu", "800m")), "");
    }
}
