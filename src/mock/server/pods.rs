//! The subresources that only pods have: binding, eviction, logs.

use axum::body::Body;
use axum::response::Response;
use http::StatusCode;
use serde_json::{Value, json};

use super::answer::{json_response, success};
use super::call::Call;
use super::delete::remove;
use super::delete_options::{Options, check_body};
use super::error::{ApiError, FieldError, aggregate};
use super::{body, get};
use crate::mock::clock::rfc3339;
use crate::mock::kinds::Kind;
use crate::mock::kinds::scalars::bad_moment;
use crate::mock::select::LabelSelector;

/// `binding`: puts a pod on a node.
///
/// # Errors
/// 404; 409 for a pod that has a node already.
pub fn bind(call: &Call) -> Result<Response, ApiError> {
    let binding = body::parse_as(call, "Binding")?;
    check_binding(call, &binding)?;
    let pod = get::find(call)?.decode();
    if pod["spec"]["nodeName"].as_str().is_some_and(|node| !node.is_empty()) {
        let node = pod["spec"]["nodeName"].as_str().unwrap_or_default();
        let why = format!("pod {} is already assigned to node {node:?}", call.name);
        return Err(ApiError::conflict(&binding_kind(call), &call.name, &why));
    }
    if call.dry_run() {
        return Ok(json_response(201, &success(Some(201), None)));
    }
    let node = binding["target"]["name"].clone();
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

/// The rules of `ValidatePodBinding`, whose errors are none of the server's own.
fn check_binding(call: &Call, binding: &Value) -> Result<(), ApiError> {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    if text(&binding["metadata"]["name"]) != call.name {
        return Err(ApiError::bad_request(
            "name in URL does not match name in Binding object",
        ));
    }
    let (kind, name) = (text(&binding["target"]["kind"]), text(&binding["target"]["name"]));
    let mut faults = Vec::new();
    if !matches!(kind.as_str(), "" | "Node") {
        faults.push(FieldError::unsupported(
            "target.kind",
            &kind.into(),
            &["Node", "<empty>"],
        ));
    }
    if name.is_empty() {
        faults.push(FieldError::required("target.name", ""));
    }
    if faults.is_empty() {
        return Ok(());
    }
    Err(ApiError::internal(aggregate(&faults)))
}

/// The kind that errors of a binding name.
fn binding_kind(call: &Call) -> Kind {
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
    let eviction = body::parse_as(call, "Eviction")?;
    if eviction["metadata"]["name"].as_str().unwrap_or_default() != call.name {
        return Err(ApiError::bad_request(
            "name in URL does not match name in Eviction object",
        ));
    }
    check_body(&eviction["deleteOptions"])?;
    let pod = get::find(call)?;
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
    let mut asked = eviction["deleteOptions"].clone();
    if call.dry_run() {
        asked["dryRun"] = json!(["All"]);
    }
    let options = Options::of(&asked);
    remove(call, &call.name, &options)?;
    if phase == "Running" && !options.dry_run {
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
    error.details = Some(Box::new(
        json!({"causes": [{"reason": "DisruptionBudget", "message": why}]}),
    ));
    Err(error)
}

/// `log`.
///
/// # Errors
/// 404; 400 for a container that the pod does not have or that must be named.
pub fn log(call: &Call) -> Result<Response, ApiError> {
    check_log(call)?;
    let pod = get::find(call)?.decode();
    let container = chosen_container(call, &pod)?;
    if pod["spec"]["nodeName"].as_str().is_none_or(str::is_empty) {
        let mut response = Response::new(Body::empty());
        *response.status_mut() = StatusCode::NO_CONTENT;
        return Ok(response);
    }
    crate::mock::logs::respond(call, &pod, &container)
}

/// The options of a log, as `ValidatePodLogOptions`.
fn check_log(call: &Call) -> Result<(), ApiError> {
    let number = |name: &str| call.query.integer(name).map_err(ApiError::bad_request);
    let (tail, bytes, seconds) = (number("tailLines")?, number("limitBytes")?, number("sinceSeconds")?);
    let since = call.query.get("sinceTime");
    if !since.is_empty() && since.parse::<jiff::Timestamp>().is_err() {
        return Err(ApiError::bad_request(bad_moment(since, "2006-01-02T15:04:05Z07:00")));
    }
    let mut faults = Vec::new();
    if let Some(tail) = tail.filter(|tail| *tail < 0) {
        let why = "must be greater than or equal to 0";
        faults.push(FieldError::invalid("tailLines", &tail.into(), why));
    }
    let positive = |name: &str, value: Option<i64>| {
        let low = value.filter(|value| *value < 1);
        low.map(|value| FieldError::invalid(name, &value.into(), "must be greater than 0"))
    };
    faults.extend(positive("limitBytes", bytes));
    if seconds.is_some() && !since.is_empty() {
        let why = "at most one of `sinceTime` or `sinceSeconds` may be specified";
        faults.push(FieldError::forbidden("[]", why));
    } else {
        faults.extend(positive("sinceSeconds", seconds));
    }
    if !matches!(call.query.get("stream"), "" | "All") {
        faults.push(FieldError::forbidden("stream", "may not be specified"));
    }
    if faults.is_empty() {
        return Ok(());
    }
    Err(ApiError::invalid("", "PodLogOptions", &call.name, &faults))
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
