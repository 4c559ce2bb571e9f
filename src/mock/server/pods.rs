//! The subresources that only pods have: binding, eviction, logs.

use axum::body::Body;
use axum::response::Response;
use http::StatusCode;
use serde_json::{Value, json};

use super::answer::{json_response, success};
use super::call::Call;
use super::delete::{Options, remove};
use super::error::ApiError;
use super::{body, get};
use crate::mock::clock::rfc3339;
use crate::mock::kinds::Kind;
use crate::mock::select::LabelSelector;

/// `binding`: puts a pod on a node.
///
/// # Errors
/// 404; 409 for a pod that has a node already.
pub fn bind(call: &Call) -> Result<Response, ApiError> {
    let pod = get::find(call)?.decode();
    if pod["spec"]["nodeName"].as_str().is_some_and(|node| !node.is_empty()) {
        let node = pod["spec"]["nodeName"].as_str().unwrap_or_default();
        let why = format!("pod {} is already assigned to node {node:?}", call.name);
        return Err(ApiError::conflict(&binding(call), &call.name, &why));
    }
    let node = body::parse(call)?["target"]["name"].clone();
    let now = rfc3339(call.api.clock.now());
    call.api.touch(&call.kind.table, call.namespace(), &call.name, |pod| {
        pod["spec"]["nodeName"] = node.clone();
        let scheduled =
            json!({"type": "PodScheduled", "status": "True", "lastProbeTime": null, "lastTransitionTime": now});
        let conditions = pod["status"]["conditions"].as_array().cloned().unwrap_or_default();
        let others = conditions
            .into_iter()
            .filter(|condition| condition["type"] != "PodScheduled");
        pod["status"]["conditions"] = others.chain([scheduled]).collect();
    });
    Ok(json_response(201, &success(Some(201), None)))
}

/// The kind that errors of a binding name.
fn binding(call: &Call) -> Kind {
    Kind {
        plural: "pods/binding".to_owned(),
        ..(*call.kind).clone()
    }
}

/// `eviction`: deletes a pod if its disruption budget lets it.
///
/// # Errors
/// 404; 429 if a budget forbids it.
pub fn evict(call: &Call) -> Result<Response, ApiError> {
    let pod = get::find(call)?;
    let eviction = body::parse(call)?;
    let phase = pod.decode()["status"]["phase"].as_str().unwrap_or_default().to_owned();
    let mut budgets = call
        .api
        .store
        .list("poddisruptionbudgets.policy", call.namespace.as_deref())
        .objects;
    budgets.retain(|budget| LabelSelector::of_object(&budget.decode()["spec"]["selector"]).matches(&pod));
    if matches!(phase.as_str(), "Running") {
        for budget in &budgets {
            check_budget(&budget.decode())?;
        }
    }
    let options = Options::of(&eviction["deleteOptions"]);
    remove(call, &call.name, &options)?;
    if phase == "Running" && !options.is_dry_run() {
        budgets.iter().for_each(|budget| spend(call, budget.name()));
    }
    Ok(json_response(201, &success(Some(201), None)))
}

/// Takes the eviction off what the budget allows, before its controller counts again.
fn spend(call: &Call, budget: &str) {
    call.api
        .touch("poddisruptionbudgets.policy", call.namespace(), budget, |budget| {
            let allowed = budget["status"]["disruptionsAllowed"].as_i64().unwrap_or_default();
            budget["status"]["disruptionsAllowed"] = (allowed - 1).max(0).into();
        });
}

fn check_budget(budget: &Value) -> Result<(), ApiError> {
    let number = |name: &str| budget["status"][name].as_i64().unwrap_or_default();
    if number("disruptionsAllowed") > 0 {
        return Ok(());
    }
    let (name, healthy, desired) = (
        &budget["metadata"]["name"],
        number("currentHealthy"),
        number("desiredHealthy"),
    );
    let name = name.as_str().unwrap_or_default();
    let why = format!("The disruption budget {name} needs {desired} healthy pods and has {healthy} currently");
    let message = "Cannot evict pod as it would violate the pod's disruption budget.";
    let mut error = ApiError::new(429, "TooManyRequests", message);
    error.details = Some(json!({"causes": [{"reason": "DisruptionBudget", "message": why}]}));
    Err(error)
}

/// `log`.
///
/// # Errors
/// 404; 400 for a container that the pod does not have or that must be named.
pub fn log(call: &Call) -> Result<Response, ApiError> {
    let pod = get::find(call)?.decode();
    let container = chosen_container(call, &pod)?;
    if pod["spec"]["nodeName"].as_str().is_none_or(str::is_empty) {
        let mut response = Response::new(Body::empty());
        *response.status_mut() = StatusCode::NO_CONTENT;
        return Ok(response);
    }
    crate::mock::logs::respond(call, &pod, &container)
}

/// The pod that a call names, as it stands now.
///
/// # Errors
/// 404.
pub fn stored_pod(call: &Call) -> Result<Value, ApiError> {
    Ok(get::find(call)?.decode())
}

/// The container that a query names, else the only one.
///
/// # Errors
/// 400 for one that the pod does not have, and without a name if there are several.
pub fn chosen_container(call: &Call, pod: &Value) -> Result<String, ApiError> {
    let names = |list: &str| -> Vec<String> {
        let list = pod["spec"][list].as_array().into_iter().flatten();
        list.filter_map(|container| container["name"].as_str())
            .map(str::to_owned)
            .collect()
    };
    let (main, init, extra) = (
        names("containers"),
        names("initContainers"),
        names("ephemeralContainers"),
    );
    let asked = call.query.get("container");
    let name = &call.name;
    if !asked.is_empty() {
        let known = main
            .iter()
            .chain(&init)
            .chain(&extra)
            .any(|container| container == asked);
        let wrong = || ApiError::bad_request(format!("container {asked} is not valid for pod {name}"));
        return known.then(|| asked.to_owned()).ok_or_else(wrong);
    }
    if let [only] = main.as_slice() {
        return Ok(only.clone());
    }
    let init = if init.is_empty() {
        String::new()
    } else {
        format!(" or one of the init containers: [{}]", init.join(" "))
    };
    let choose = format!("choose one of: [{}]{init}", main.join(" "));
    Err(ApiError::bad_request(format!(
        "a container name must be specified for pod {name}, {choose}"
    )))
}
