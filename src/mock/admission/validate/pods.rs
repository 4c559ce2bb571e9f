//! Pods and pod templates.

use std::collections::HashSet;

use serde_json::{Value, json};

use super::metadata::{self, label};
use super::{env, ephemeral, go_diff, list, mounts, pod_fields, probes, resources, rules, security, text, volumes};
use crate::mock::admission::defaults::drop_all_nulls;
use crate::mock::kinds::go_types;
use crate::mock::server::FieldError;

/// Faults of a pod's spec at a path; `restarts` are the restart policies that the owner allows, if not all.
#[must_use]
pub fn spec(spec: &Value, path: &str, restarts: Option<&[&str]>) -> Vec<FieldError> {
    with_claims(spec, &Value::Null, path, restarts)
}

/// Faults of a new pod's spec.
#[must_use]
pub fn create(given: &Value) -> Vec<FieldError> {
    let mut faults = spec(given, "spec", None);
    faults.extend(images(given));
    if list(&given["ephemeralContainers"]).next().is_some() {
        faults.extend(ephemeral::check(given));
        faults.push(FieldError::forbidden(
            "spec.ephemeralContainers",
            "cannot be set on create",
        ));
    }
    faults
}

/// Images with blanks around them, which templates may have.
fn images(spec: &Value) -> Vec<FieldError> {
    let mut faults = Vec::new();
    for kind in ["containers", "initContainers"] {
        for (index, container) in list(&spec[kind]).enumerate() {
            let image = text(&container["image"]);
            if image.trim() != image {
                let why = "must not have leading or trailing whitespace";
                let field = format!("spec.{kind}[{index}].image");
                faults.push(FieldError::invalid(field, &container["image"], why));
            }
        }
    }
    faults
}

/// As [`spec`], for a template that gets volumes from claim templates besides its own.
#[must_use]
pub fn with_claims(spec: &Value, templates: &Value, path: &str, restarts: Option<&[&str]>) -> Vec<FieldError> {
    let mut faults = volumes::check(spec, path);
    let grace = spec["terminationGracePeriodSeconds"].as_i64().unwrap_or(30);
    let claims = list(templates).map(|template| text(&template["metadata"]["name"]));
    let known: HashSet<&str> = list(&spec["volumes"])
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
            faults.extend(self::container(container, &at, &known));
            faults.extend(hooks(container, &at, kind, grace));
        }
    }
    let policy = &spec["restartPolicy"];
    let field = format!("{path}.restartPolicy");
    match restarts {
        None => faults.extend(rules::one_of(policy, field, &["Always", "OnFailure", "Never"])),
        Some(restarts) if !restarts.contains(&text(policy)) => {
            faults.push(FieldError::unsupported(field, policy, restarts));
        }
        Some(_) => {}
    }
    faults.extend(pod_fields::check(spec, path));
    for (index, toleration) in list(&spec["tolerations"]).enumerate() {
        faults.extend(self::toleration(toleration, &format!("{path}.tolerations[{index}]")));
    }
    faults.extend(pod_fields::aliases(spec, path));
    faults.extend(pod_fields::classes(spec, path));
    faults.extend(pod_fields::system(spec, path));
    faults
}

/// Probes and hooks, which only containers that stay may have.
fn hooks(container: &Value, at: &str, kind: &str, grace: i64) -> Vec<FieldError> {
    if kind == "containers" || text(&container["restartPolicy"]) == "Always" {
        return probes::check(container, at, grace);
    }
    let names = ["lifecycle", "livenessProbe", "readinessProbe", "startupProbe"];
    let given = names.into_iter().filter(|name| container[*name].is_object());
    let why = "may not be set for init containers without restartPolicy=Always";
    given
        .map(|name| FieldError::forbidden(format!("{at}.{name}"), why))
        .collect()
}

/// Faults of a container's name, which is its own among those that were seen.
pub fn named<'a>(container: &'a Value, at: &str, names: &mut HashSet<&'a str>) -> Vec<FieldError> {
    let name = text(&container["name"]);
    let at = format!("{at}.name");
    if name.is_empty() {
        return vec![FieldError::required(at, "")];
    }
    let mut faults = rules::each(&at, &container["name"], label(name));
    if !names.insert(name) {
        faults.push(FieldError::duplicate(at, &container["name"]));
    }
    faults
}

/// Faults of a container of any kind; `volumes` are those that the pod has.
pub fn container(container: &Value, at: &str, volumes: &HashSet<&str>) -> Vec<FieldError> {
    let mut faults = Vec::new();
    let image = text(&container["image"]);
    if image.is_empty() {
        faults.push(FieldError::required(format!("{at}.image"), ""));
    }
    let policies = ["File", "FallbackToLogsOnError"];
    faults.extend(rules::one_of(
        &container["terminationMessagePolicy"],
        format!("{at}.terminationMessagePolicy"),
        &policies,
    ));
    faults.extend(ports(container, at));
    faults.extend(env::check(container, at));
    faults.extend(mounts::check(container, at, volumes));
    let pulls = ["Always", "IfNotPresent", "Never"];
    faults.extend(rules::one_of(
        &container["imagePullPolicy"],
        format!("{at}.imagePullPolicy"),
        &pulls,
    ));
    faults.extend(resources::check(&container["resources"], &format!("{at}.resources")));
    faults.extend(security::container(
        &container["securityContext"],
        &format!("{at}.securityContext"),
    ));
    faults
}

fn ports(container: &Value, at: &str) -> Vec<FieldError> {
    let mut faults = Vec::new();
    let mut names = HashSet::new();
    let mut hosts = HashSet::new();
    for (index, port) in list(&container["ports"]).enumerate() {
        let at = format!("{at}.ports[{index}]");
        let name = text(&port["name"]);
        if !name.is_empty() {
            let wrong = rules::port_name(name);
            let field = format!("{at}.name");
            if wrong.is_empty() && !names.insert(name) {
                faults.push(FieldError::duplicate(field.clone(), &port["name"]));
            }
            faults.extend(rules::each(&field, &port["name"], wrong));
        }
        let field = format!("{at}.containerPort");
        match port["containerPort"].as_i64().unwrap_or_default() {
            0 => faults.push(FieldError::required(field, "")),
            number => faults.extend(rules::within(&number.into(), field, 1, 65_535)),
        }
        let host = port["hostPort"].as_i64().filter(|number| *number != 0);
        faults.extend(host.and_then(|number| rules::within(&number.into(), format!("{at}.hostPort"), 1, 65_535)));
        let taken = (text(&port["protocol"]), text(&port["hostIP"]), host);
        if let (protocol, address, Some(number)) = taken
            && !hosts.insert(taken)
        {
            let shown = format!("{protocol}/{address}/{number}");
            faults.push(FieldError::duplicate(format!("{at}.hostPort"), &shown.into()));
        }
        faults.extend(rules::protocol(port, &at));
    }
    faults
}

fn toleration(toleration: &Value, at: &str) -> Vec<FieldError> {
    let mut faults = Vec::new();
    let effects = ["NoSchedule", "PreferNoSchedule", "NoExecute"];
    let effect = &toleration["effect"];
    if !text(effect).is_empty() {
        faults.extend(rules::one_of(effect, format!("{at}.effect"), &effects));
    }
    let (operator, key) = (text(&toleration["operator"]), text(&toleration["key"]));
    if !key.is_empty() {
        faults.extend(rules::each(
            &format!("{at}.key"),
            &toleration["key"],
            metadata::key(key),
        ));
    }
    if operator == "Exists" && !text(&toleration["value"]).is_empty() {
        let why = "value must be empty when `operator` is 'Exists'";
        faults.push(FieldError::invalid(format!("{at}.operator"), &toleration["value"], why));
    }
    if toleration["tolerationSeconds"].is_i64() && text(effect) != "NoExecute" {
        let why = "effect must be 'NoExecute' when `tolerationSeconds` is set";
        faults.push(FieldError::invalid(format!("{at}.effect"), &text(effect).into(), why));
    }
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
    faults.extend(images(&new["spec"]));
    for (kind, word) in [("containers", "containers"), ("initContainers", "init containers")] {
        if list(&old["spec"][kind]).count() != list(&new["spec"][kind]).count() {
            let why = format!("pod updates may not add or remove {word}");
            faults.push(FieldError::forbidden(format!("spec.{kind}"), &why));
            return faults;
        }
    }
    if let Some(fault) = deadline(&old["spec"], &new["spec"]) {
        faults.push(fault);
        return faults;
    }
    let kept = |toleration: &&Value| list(&new["spec"]["tolerations"]).any(|new| lasting(new) == lasting(toleration));
    if !list(&old["spec"]["tolerations"]).all(|toleration| kept(&toleration)) {
        let why = "existing toleration can not be modified except its tolerationSeconds";
        faults.push(FieldError::forbidden("spec.tolerations", why));
    }
    if frozen(&old["spec"]) != frozen(&new["spec"]) {
        let why = "pod updates may not change fields other than `spec.containers[*].image`,`spec.initContainers[*].image`,\
            `spec.activeDeadlineSeconds`,`spec.tolerations` (only additions to existing tolerations),\
            `spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)";
        let shown = |spec: &Value| go_types::shown("PodSpec", spec);
        let (before, after) = (shown(&old["spec"]), shown(&with_old(&old["spec"], &new["spec"])));
        let changed = go_diff::unified(&before, &after);
        faults.push(FieldError::forbidden("spec", &format!("{why}\n{changed}")));
    }
    faults
}

/// The new spec with what an update may change as it was before.
fn with_old(old: &Value, new: &Value) -> Value {
    let mut spec = new.clone();
    for kind in ["containers", "initContainers"] {
        for (container, before) in spec[kind].as_array_mut().into_iter().flatten().zip(list(&old[kind])) {
            container["image"] = before["image"].clone();
        }
    }
    for name in FREE {
        spec[name] = old[name].clone();
    }
    spec
}

/// What an update may change besides images.
const FREE: [&str; 4] = [
    "activeDeadlineSeconds",
    "tolerations",
    "ephemeralContainers",
    "schedulingGates",
];

/// A toleration without what an update may change.
fn lasting(toleration: &Value) -> [&str; 4] {
    ["key", "operator", "value", "effect"].map(|name| text(&toleration[name]))
}

/// A deadline may come nearer, and does not go away.
fn deadline(old: &Value, new: &Value) -> Option<FieldError> {
    let (field, name) = ("spec.activeDeadlineSeconds", "activeDeadlineSeconds");
    let old = old[name].as_i64()?;
    match new[name].as_i64() {
        None => {
            let why = "must not update from a positive integer to nil value";
            Some(FieldError::invalid(field, &Value::Null, why))
        }
        Some(new) if new > old => {
            let why = "must be less than or equal to previous value";
            Some(FieldError::invalid(field, &new.into(), why))
        }
        Some(_) => None,
    }
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
        for name in FREE {
            map.shift_remove(name);
        }
    }
    drop_all_nulls(&mut spec);
    spec
}
