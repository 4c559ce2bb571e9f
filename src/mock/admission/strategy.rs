//! What a write may set: `PrepareForCreate` and `PrepareForUpdate` of Kubernetes' registries.

use serde_json::{Value, json};

use super::{Attempt, jobs};
use crate::mock::kinds::Kind;
use crate::mock::server::ApiError;
use crate::mock::values::list;

/// The built-in kinds that count the generations of their spec.
const COUNTED: [&str; 22] = [
    "Pod",
    "Deployment",
    "StatefulSet",
    "DaemonSet",
    "ReplicaSet",
    "ReplicationController",
    "Job",
    "CronJob",
    "PodDisruptionBudget",
    "Ingress",
    "IngressClass",
    "NetworkPolicy",
    "CustomResourceDefinition",
    "FlowSchema",
    "PriorityLevelConfiguration",
    "EndpointSlice",
    "APIService",
    "ValidatingAdmissionPolicy",
    "ValidatingAdmissionPolicyBinding",
    "MutatingWebhookConfiguration",
    "ValidatingWebhookConfiguration",
    "ResourceSlice",
];

fn counts(kind: &Kind) -> bool {
    kind.custom.is_some() || COUNTED.contains(&kind.kind.as_str())
}

fn has_status(kind: &Kind) -> bool {
    kind.sub("status").is_some()
}

/// A new object starts at generation 1 and without a status of its own.
pub fn before_create(kind: &Kind, object: &mut Value) {
    if counts(kind) {
        object["metadata"]["generation"] = 1.into();
    }
    if let Some(map) = object
        .as_object_mut()
        .filter(|_| has_status(kind) && kind.kind != "Node")
    {
        map.shift_remove("status");
        if kind.custom.is_none() && kind.kind != "Event" {
            map.insert("status".to_owned(), json!({}));
        }
    }
    match kind.table.as_str() {
        "priorityclasses.scheduling.k8s.io" => object["metadata"]["generation"] = 1.into(),
        "jobs.batch" => jobs::generate_selector(object),
        "statefulsets.apps" | "leases.coordination.k8s.io" => drop_gated(object),
        "daemonsets.apps" => count_template(object, 0),
        "customresourcedefinitions.apiextensions.k8s.io" => object["status"] = pending(object),
        _ => {}
    }
    if kind.kind == "Namespace" {
        let mut finalizers = object["spec"]["finalizers"].as_array().cloned().unwrap_or_default();
        if !finalizers.iter().any(|known| known == "kubernetes") {
            finalizers.push("kubernetes".into());
        }
        object["spec"]["finalizers"] = finalizers.into();
    }
}

/// The name of the version that a definition stores.
fn stored_version(definition: &Value) -> Option<&Value> {
    let stored = list(&definition["spec"]["versions"]).find(|version| version["storage"] == true);
    stored.map(|version| &version["name"])
}

/// The status of a definition that nobody has looked at: the version that it stores.
fn pending(definition: &Value) -> Value {
    let stored = stored_version(definition).map_or(Value::Null, |name| json!([name]));
    json!({"conditions": null, "acceptedNames": {"plural": "", "kind": ""}, "storedVersions": stored})
}

/// The fields of a stateful set or a lease that are behind a gate which is closed.
fn drop_gated(object: &mut Value) {
    for (parent, name) in [
        ("/spec/updateStrategy/rollingUpdate", "maxUnavailable"),
        ("/spec", "strategy"),
        ("/spec", "preferredHolder"),
    ] {
        if let Some(map) = object.pointer_mut(parent).and_then(Value::as_object_mut) {
            map.shift_remove(name);
        }
    }
}

/// A daemon set's template has a generation of its own, told by an annotation.
const TEMPLATE_GENERATION: &str = "deprecated.daemonset.template.generation";

fn template_generation(object: &Value) -> i64 {
    let told = object["metadata"]["annotations"][TEMPLATE_GENERATION].as_str();
    told.and_then(|told| told.parse().ok()).unwrap_or_default()
}

/// Writes the generation of a template that had one before.
fn count_template(object: &mut Value, before: i64) {
    let generation = before.max(template_generation(object)).max(1);
    let annotations = &mut object["metadata"]["annotations"];
    if annotations.is_object() || annotations.is_null() {
        annotations[TEMPLATE_GENERATION] = generation.to_string().into();
    }
}

/// Objects come only into namespaces that are there and stay: the NamespaceLifecycle plugin.
///
/// # Errors
/// 404 for a missing namespace, 403 for one that is being deleted.
pub fn check_namespace(attempt: &Attempt<'_>, object: &Value) -> Result<(), ApiError> {
    if !attempt.kind.namespaced {
        return Ok(());
    }
    let text = |name: &str| object["metadata"][name].as_str().unwrap_or_default();
    let (namespace, name) = (text("namespace"), text("name"));
    let kinds = &attempt.api.kinds;
    let Some(found) = attempt.api.store.get("namespaces", "", namespace) else {
        let kind = kinds
            .find("", "v1", "namespaces")
            .ok_or_else(ApiError::no_such_resource)?;
        return Err(ApiError::not_found(&kind, namespace));
    };
    if found.decode()["metadata"]["deletionTimestamp"].is_null() {
        return Ok(());
    }
    let why = format!("unable to create new content in namespace {namespace} because it is being terminated");
    let mut error = ApiError::forbidden(&attempt.kind.group, &attempt.kind.plural, name, &why);
    let message = format!("namespace {namespace} is being terminated");
    let cause = json!([{"reason": "NamespaceTerminating", "message": message, "field": "metadata.namespace"}]);
    if let Some(details) = &mut error.details {
        details["causes"] = cause;
    }
    Err(error)
}

/// Metadata that an update cannot change.
const FIXED: [&str; 7] = [
    "name",
    "namespace",
    "uid",
    "creationTimestamp",
    "deletionTimestamp",
    "deletionGracePeriodSeconds",
    "generation",
];

/// Puts back what the write must not change, and counts a new generation if the spec did.
pub fn before_update(kind: &Kind, old: &Value, new: &mut Value, part: Option<&str>) {
    for name in FIXED.into_iter().chain(["resourceVersion"]) {
        new["metadata"][name] = old["metadata"][name].clone();
    }
    match part {
        Some("status") if kind.custom.is_some() => {
            let owned = new["metadata"]["managedFields"].take();
            keep_all_but(old, new, &["status"]);
            new["metadata"]["managedFields"] = owned;
        }
        Some("status") | Some("approval") => {
            keep_all_but(old, new, &["metadata", "status"]);
            if kind.table == "deployments.apps" {
                // As `deploymentStatusStrategy`.
                copy(&old["metadata"], &mut new["metadata"], "labels");
            }
        }
        Some("ephemeralcontainers") => {
            let added = new["spec"]["ephemeralContainers"].take();
            keep_all_but(old, new, &[]);
            new["spec"]["ephemeralContainers"] = added;
        }
        Some("resize") => {
            let containers = new["spec"]["containers"].take();
            keep_all_but(old, new, &[]);
            if names(&containers) != names(&old["spec"]["containers"]) {
                // Validation tells it.
                new["spec"]["containers"] = containers;
                return;
            }
            // Only what they ask for, of those that are there.
            let kept = new["spec"]["containers"].as_array_mut().into_iter().flatten();
            for (index, container) in kept.enumerate() {
                for name in ["resources", "resizePolicy"] {
                    if !containers[index][name].is_null() {
                        container[name] = containers[index][name].clone();
                    }
                }
            }
        }
        Some("finalize") => {
            let finalizers = new["spec"]["finalizers"].take();
            keep_all_but(old, new, &[]);
            new["spec"]["finalizers"] = finalizers;
        }
        _ if kind.kind == "Namespace" => {
            // Both change only below their own paths.
            copy(old, new, "status");
            copy(old, new, "spec");
        }
        _ if has_status(kind) => copy(old, new, "status"),
        _ => {}
    }
    match kind.table.as_str() {
        "statefulsets.apps" | "leases.coordination.k8s.io" => drop_gated(new),
        "customresourcedefinitions.apiextensions.k8s.io" if part.is_none() => note_stored(new),
        _ => {}
    }
}

/// A version that a definition stores from now on is one that it has stored.
fn note_stored(definition: &mut Value) {
    let stored = stored_version(definition).cloned();
    let known = definition
        .pointer_mut("/status/storedVersions")
        .and_then(Value::as_array_mut);
    if let (Some(stored), Some(known)) = (stored, known)
        && !known.contains(&stored)
    {
        known.push(stored);
    }
}

fn names(containers: &Value) -> Vec<&Value> {
    list(containers).map(|container| &container["name"]).collect()
}

/// Counts a new generation if what it counts has changed.
pub fn count_generation(kind: &Kind, old: &Value, new: &mut Value, part: Option<&str>) {
    if kind.table == "daemonsets.apps" && part != Some("status") {
        let changed = old["spec"]["template"] != new["spec"]["template"];
        let generation = template_generation(old) + i64::from(changed);
        if let Some(annotations) = new["metadata"]["annotations"].as_object_mut() {
            annotations.shift_remove(TEMPLATE_GENERATION);
        }
        count_template(new, generation);
    }
    let alive = old["metadata"]["deletionTimestamp"].is_null();
    if counts(kind) && part != Some("status") && alive && differs(kind, old, new) {
        let generation = old["metadata"]["generation"].as_i64().unwrap_or_default();
        new["metadata"]["generation"] = (generation + 1).into();
    }
}

/// Whether what the generation counts differs: the spec; for custom resources, and slices of endpoints, which have no spec, all
/// but metadata and status.
fn differs(kind: &Kind, old: &Value, new: &Value) -> bool {
    if kind.custom.is_none() && kind.kind != "EndpointSlice" {
        return old["spec"] != new["spec"];
    }
    let rest = |object: &Value| {
        let fields = object.as_object().into_iter().flatten();
        fields
            .filter(|(name, _)| !matches!(name.as_str(), "metadata" | "status"))
            .map(|(n, v)| (n.clone(), v.clone()))
            .collect::<Value>()
    };
    let labelled = kind.kind == "EndpointSlice" && old["metadata"]["labels"] != new["metadata"]["labels"];
    labelled || rest(old) != rest(new)
}

fn copy(from: &Value, to: &mut Value, name: &str) {
    match (from.get(name), to.as_object_mut()) {
        (Some(value), _) => to[name] = value.clone(),
        (None, Some(map)) => {
            map.shift_remove(name);
        }
        (None, None) => {}
    }
}

fn keep_all_but(old: &Value, new: &mut Value, free: &[&str]) {
    let mut kept = old.clone();
    for name in free {
        copy(new, &mut kept, name);
    }
    *new = kept;
}
