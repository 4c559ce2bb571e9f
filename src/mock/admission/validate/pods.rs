//! Pods and pod templates.

use std::collections::HashSet;

use serde_json::{Value, json};

use super::metadata::label;
use super::{list, text};
use crate::mock::admission::quantity::Quantity;
use crate::mock::server::FieldError;

/// Faults of a pod's spec at a path; `restarts` are the restart policies that the owner allows, if not all.
#[must_use]
pub fn spec(spec: &Value, path: &str, restarts: Option<&[&str]>) -> Vec<FieldError> {
    with_claims(spec, &Value::Null, path, restarts)
}

/// As [`spec`], for a template that gets volumes from claim templates besides its own.
#[must_use]
pub fn with_claims(spec: &Value, templates: &Value, path: &str, restarts: Option<&[&str]>) -> Vec<FieldError> {
    let mut faults = Vec::new();
    let claims = list(templates).map(|template| text(&template["metadata"]["name"]));
    let volumes: HashSet<&str> = list(&spec["volumes"])
        .map(|volume| text(&volume["name"]))
        .chain(claims)
        .collect();
    if list(&spec["containers"]).next().is_none() {
        faults.push(FieldError::required(format!("{path}.containers"), ""));
    }
    let mut names = HashSet::new();
    for kind in ["containers", "initContainers"] {
        for (index, container) in list(&spec[kind]).enumerate() {
            let at = format!("{path}.{kind}[{index}]");
            faults.extend(named(container, &at, &mut names));
            faults.extend(self::container(container, &at, &volumes));
        }
    }
    for (index, toleration) in list(&spec["tolerations"]).enumerate() {
        faults.extend(self::toleration(toleration, &format!("{path}.tolerations[{index}]")));
    }
    let policy = &spec["restartPolicy"];
    if restarts.is_none() && !policy.is_null() && !["Always", "OnFailure", "Never"].contains(&text(policy)) {
        faults.push(FieldError::unsupported(
            format!("{path}.restartPolicy"),
            policy,
            &["Always", "OnFailure", "Never"],
        ));
    }
    if let Some(restarts) = restarts.filter(|restarts| !restarts.contains(&text(policy))) {
        faults.push(FieldError::unsupported(
            format!("{path}.restartPolicy"),
            policy,
            restarts,
        ));
    }
    faults
}

fn named<'a>(container: &'a Value, at: &str, names: &mut HashSet<&'a str>) -> Vec<FieldError> {
    let name = text(&container["name"]);
    let at = format!("{at}.name");
    if name.is_empty() {
        return vec![FieldError::required(at, "")];
    }
    let mut faults: Vec<FieldError> = label(name)
        .into_iter()
        .map(|why| FieldError::invalid(at.clone(), &container["name"], why))
        .collect();
    if !names.insert(name) {
        faults.push(FieldError::duplicate(at, &container["name"]));
    }
    faults
}

fn container(container: &Value, at: &str, volumes: &HashSet<&str>) -> Vec<FieldError> {
    let mut faults = Vec::new();
    if text(&container["image"]).trim().is_empty() {
        faults.push(FieldError::required(format!("{at}.image"), ""));
    }
    for (index, port) in list(&container["ports"]).enumerate() {
        let number = port["containerPort"].as_i64().unwrap_or_default();
        if number == 0 {
            faults.push(FieldError::required(format!("{at}.ports[{index}].containerPort"), ""));
        } else if !(1..=65_535).contains(&number) {
            let field = format!("{at}.ports[{index}].containerPort");
            faults.push(FieldError::invalid(
                field,
                &number.into(),
                "must be between 1 and 65535, inclusive",
            ));
        }
    }
    for (index, env) in list(&container["env"]).enumerate() {
        if text(&env["name"]).is_empty() {
            faults.push(FieldError::required(format!("{at}.env[{index}].name"), ""));
        }
    }
    for (index, mount) in list(&container["volumeMounts"]).enumerate() {
        let at = format!("{at}.volumeMounts[{index}]");
        if text(&mount["name"]).is_empty() {
            faults.push(FieldError::required(format!("{at}.name"), ""));
        } else if !volumes.contains(text(&mount["name"])) {
            faults.push(FieldError::not_found(format!("{at}.name"), &mount["name"]));
        }
        if text(&mount["mountPath"]).is_empty() {
            faults.push(FieldError::required(format!("{at}.mountPath"), ""));
        }
    }
    faults.extend(resources(&container["resources"], &format!("{at}.resources")));
    faults
}

/// A request must not be above its limit.
fn resources(resources: &Value, at: &str) -> Vec<FieldError> {
    let mut faults = Vec::new();
    for (name, request) in resources["requests"].as_object().into_iter().flatten() {
        let limit = &resources["limits"][name];
        let (asked, most) = (Quantity::read(text(request)), Quantity::read(text(limit)));
        if asked.is_some_and(|asked| asked < Quantity::default()) {
            faults.push(FieldError::invalid(
                format!("{at}.requests[{name}]"),
                request,
                "must be greater than or equal to 0",
            ));
        }
        if asked.zip(most).is_some_and(|(asked, most)| asked > most) {
            let why = format!("must be less than or equal to {name} limit of {}", text(limit));
            faults.push(FieldError::invalid(format!("{at}.requests"), request, why));
        }
    }
    faults
}

fn toleration(toleration: &Value, at: &str) -> Vec<FieldError> {
    let mut faults = Vec::new();
    let effects = ["NoSchedule", "PreferNoSchedule", "NoExecute"];
    let effect = &toleration["effect"];
    if !effect.is_null() && !text(effect).is_empty() && !effects.contains(&text(effect)) {
        faults.push(FieldError::unsupported(format!("{at}.effect"), effect, &effects));
    }
    let operator = text(&toleration["operator"]);
    if !matches!(operator, "" | "Equal" | "Exists" | "Lt" | "Gt") {
        faults.push(FieldError::unsupported(
            format!("{at}.operator"),
            &toleration["operator"],
            &["Equal", "Exists"],
        ));
    }
    if text(&toleration["key"]).is_empty() && operator != "Exists" {
        let why = "operator must be Exists when `key` is empty, which means \"match all values and all keys\"";
        faults.push(FieldError::invalid(
            format!("{at}.operator"),
            &toleration["operator"],
            why,
        ));
    }
    faults
}

/// What an update of a pod may not do: change more than images, deadlines, grace and added tolerations.
#[must_use]
pub fn update(old: &Value, new: &Value) -> Vec<FieldError> {
    let mut faults = spec(&new["spec"], "spec", None);
    if frozen(&old["spec"]) != frozen(&new["spec"]) {
        let why = "pod updates may not change fields other than `spec.containers[*].image`,`spec.initContainers[*].image`,\
            `spec.activeDeadlineSeconds`,`spec.tolerations` (only additions to existing tolerations),\
            `spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)";
        faults.push(FieldError::forbidden("spec", why));
    }
    faults
}

/// The spec without what an update may change.
fn frozen(spec: &Value) -> Value {
    let mut spec = spec.clone();
    for kind in ["containers", "initContainers"] {
        for container in spec[kind].as_array_mut().into_iter().flatten() {
            container["image"] = json!("");
        }
    }
    if let Some(map) = spec.as_object_mut() {
        for name in [
            "activeDeadlineSeconds",
            "tolerations",
            "terminationGracePeriodSeconds",
            "ephemeralContainers",
            "nodeName",
            "schedulingGates",
        ] {
            map.shift_remove(name);
        }
        map.retain(|_, value| !value.is_null());
    }
    spec
}
