//! What admission gives a new pod: account, token, tolerations, quality of service.

use serde_json::{Value, json};

use super::Attempt;
use super::defaults::{drop_all_nulls, put};
use super::limits::refused;
use super::quantity::Quantity;
use crate::mock::server::ApiError;

const TOKEN_PATH: &str = "/var/run/secrets/kubernetes.io/serviceaccount";

/// The plugins ServiceAccount and DefaultTolerationSeconds, and the strategy's own part.
///
/// # Errors
/// 403 for an account that is not there. The one that every namespace gets comes a moment after the namespace, and the
/// plugin waits for it: it may be missing.
pub fn admit(attempt: &Attempt<'_>, pod: &mut Value) -> Result<(), ApiError> {
    let spec = &mut pod["spec"];
    let old_name = spec["serviceAccount"].as_str().filter(|name| !name.is_empty());
    let old_name = old_name.unwrap_or("default").to_owned();
    put(spec, "serviceAccountName", old_name.into());
    spec["serviceAccount"] = spec["serviceAccountName"].clone();
    check_account(attempt, pod)?;
    let spec = &pod["spec"];
    if spec["automountServiceAccountToken"] != false
        && pod["metadata"]["annotations"]["kubernetes.io/config.mirror"].is_null()
    {
        mount_token(attempt, pod);
    }
    let spec = &mut pod["spec"];
    drop_all_nulls(spec);
    tolerate(spec);
    put(spec, "enableServiceLinks", true.into());
    let class = quality(spec);
    pod["status"] = json!({"phase": "Pending", "qosClass": class});
    // A gate keeps the scheduler away, and the status says so from the start.
    if pod["spec"]["schedulingGates"]
        .as_array()
        .is_some_and(|gates| !gates.is_empty())
    {
        pod["status"]["conditions"] = json!([{"type": "PodScheduled", "status": "False", "reason": "SchedulingGated",
            "message": "Scheduling is blocked due to non-empty scheduling gates", "lastProbeTime": null, "lastTransitionTime": null}]);
    }
    drop_all_nulls(pod);
    Ok(())
}

fn check_account(attempt: &Attempt<'_>, pod: &Value) -> Result<(), ApiError> {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let mirror = !pod["metadata"]["annotations"]["kubernetes.io/config.mirror"].is_null();
    let (name, namespace) = (
        text(&pod["spec"]["serviceAccountName"]),
        text(&pod["metadata"]["namespace"]),
    );
    let there = || attempt.api.store.get("serviceaccounts", &namespace, &name).is_some();
    if mirror || name == "default" || there() {
        return Ok(());
    }
    let why = format!("error looking up service account {namespace}/{name}: serviceaccount {name:?} not found");
    Err(refused(attempt, pod, &why))
}

/// The plugin RuntimeClass: a class that a pod names is there.
///
/// # Errors
/// 403 for one that is not.
pub fn runtime_class(attempt: &Attempt<'_>, pod: &Value) -> Result<(), ApiError> {
    let Some(name) = pod["spec"]["runtimeClassName"].as_str() else {
        return Ok(());
    };
    if name.is_empty() {
        return Err(ApiError::internal("resource name may not be empty"));
    }
    if attempt.api.store.get("runtimeclasses.node.k8s.io", "", name).is_some() {
        return Ok(());
    }
    let why = format!("pod rejected: RuntimeClass {name:?} not found");
    Err(refused(attempt, pod, &why))
}

fn mount_token(attempt: &Attempt<'_>, pod: &mut Value) {
    let mounted = |container: &Value| {
        container["volumeMounts"]
            .as_array()
            .into_iter()
            .flatten()
            .any(|mount| mount["mountPath"] == TOKEN_PATH)
    };
    let name = format!("kube-api-access-{}", attempt.api.ids.suffix(5));
    let mut used = false;
    for list in ["initContainers", "containers"] {
        for container in pod["spec"][list]
            .as_array_mut()
            .into_iter()
            .flatten()
            .filter(|container| !mounted(container))
        {
            let mut mounts = container["volumeMounts"].as_array().cloned().unwrap_or_default();
            mounts.push(json!({"name": name, "readOnly": true, "mountPath": TOKEN_PATH}));
            container["volumeMounts"] = mounts.into();
            used = true;
        }
    }
    if used {
        let mut volumes = pod["spec"]["volumes"].as_array().cloned().unwrap_or_default();
        volumes.push(token_volume(&name));
        pod["spec"]["volumes"] = volumes.into();
    }
}

fn token_volume(name: &str) -> Value {
    let certificate = json!({"name": "kube-root-ca.crt", "items": [{"key": "ca.crt", "path": "ca.crt"}]});
    let namespace = json!({"path": "namespace", "fieldRef": {"apiVersion": "v1", "fieldPath": "metadata.namespace"}});
    json!({"name": name, "projected": {"sources": [
        {"serviceAccountToken": {"expirationSeconds": 3607, "path": "token"}},
        {"configMap": certificate},
        {"downwardAPI": {"items": [namespace]}},
    ], "defaultMode": 420}})
}

/// A pod bears a lost node for five minutes, unless it says otherwise.
pub fn tolerate(spec: &mut Value) {
    let mut tolerations = spec["tolerations"].as_array().cloned().unwrap_or_default();
    for key in ["node.kubernetes.io/not-ready", "node.kubernetes.io/unreachable"] {
        let borne = |toleration: &Value| {
            let any = toleration["key"].as_str().is_none_or(str::is_empty) && toleration["operator"] == "Exists";
            let effect = toleration["effect"]
                .as_str()
                .is_none_or(|effect| effect.is_empty() || effect == "NoExecute");
            (any || toleration["key"] == key) && effect
        };
        if !tolerations.iter().any(borne) {
            tolerations
                .push(json!({"key": key, "operator": "Exists", "effect": "NoExecute", "tolerationSeconds": 300}));
        }
    }
    spec["tolerations"] = tolerations.into();
}

/// Guaranteed, Burstable or BestEffort, as `ComputePodQOS`: by what the pod says as a whole, or else by its containers.
pub fn quality(spec: &Value) -> &'static str {
    let containers = || {
        ["initContainers", "containers"]
            .into_iter()
            .flat_map(|list| spec[list].as_array())
    };
    let told: Vec<&Value> = if spec["resources"].is_object() {
        vec![&spec["resources"]]
    } else {
        containers()
            .flatten()
            .map(|container| &container["resources"])
            .collect()
    };
    let amount = |resources: &Value, list: &str, name: &str| {
        Quantity::from_value(&resources[list][name]).filter(|amount| *amount > Quantity::default())
    };
    let sum = |list: &str, name: &str| {
        let amounts = told.iter().filter_map(|resources| amount(resources, list, name));
        amounts.reduce(Quantity::plus)
    };
    let is_limited = |resources: &&Value| NAMES.iter().all(|name| amount(resources, "limits", name).is_some());
    if NAMES
        .iter()
        .all(|name| sum("requests", name).is_none() && sum("limits", name).is_none())
    {
        "BestEffort"
    } else if told.iter().all(is_limited) && NAMES.iter().all(|name| sum("requests", name) == sum("limits", name)) {
        "Guaranteed"
    } else {
        "Burstable"
    }
}

/// The resources by which pods are told apart.
const NAMES: [&str; 2] = ["cpu", "memory"];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_quality_of_service_is_that_of_the_whole_pod_or_of_all_containers() {
        let of = |list: &[Value]| {
            let containers: Vec<Value> = list.iter().map(|resources| json!({"resources": resources})).collect();
            json!({"containers": containers})
        };
        let both = json!({"cpu": "1", "memory": "1Gi"});
        let full = json!({"requests": {"cpu": "1000m", "memory": "1024Mi"}, "limits": both});
        let whole = |own: Value| json!({"containers": [{"resources": full}], "resources": own});
        for (spec, class) in [
            (of(&[json!({})]), "BestEffort"),
            (
                of(&[json!({"requests": {"cpu": "0", "ephemeral-storage": "1Gi"}})]),
                "BestEffort",
            ),
            (of(&[full.clone(), full.clone()]), "Guaranteed"),
            (of(&[full.clone(), json!({})]), "Burstable"),
            (of(&[json!({"limits": both})]), "Burstable"),
            (of(&[json!({"requests": {"cpu": "1"}})]), "Burstable"),
            (whole(json!({})), "BestEffort"),
            (whole(json!({"requests": {"cpu": "1"}})), "Burstable"),
            (whole(full.clone()), "Guaranteed"),
        ] {
            assert_eq!(quality(&spec), class, "{spec}");
        }
    }
}
