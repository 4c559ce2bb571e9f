//! Rules that objects must keep, one file for each family of kinds; the words are those of Kubernetes' validation packages.

mod access;
mod batch;
mod config;
mod env;
mod ephemeral;
mod events;
mod ingresses;
pub mod metadata;
mod mounts;
mod network;
mod placement;
mod pod_fields;
mod pods;
mod policy;
mod probes;
mod references;
mod resize;
mod resources;
mod rules;
mod security;
mod storage;
mod strategies;
mod volumes;
mod workloads;

use serde_json::Value;

use super::Attempt;
use crate::mock::server::{ApiError, FieldError};

/// Checks a new object.
///
/// # Errors
/// 422 with every fault.
pub fn create(attempt: &Attempt<'_>, object: &Value) -> Result<(), ApiError> {
    let mut faults = metadata::create(attempt.kind, object);
    faults.extend(content(attempt, None, object));
    report(attempt, object, &faults)
}

/// Checks a changed object.
///
/// # Errors
/// 422 with every fault.
pub fn update(attempt: &Attempt<'_>, old: &Value, new: &Value) -> Result<(), ApiError> {
    let mut faults = metadata::update(attempt.kind, new);
    faults.extend(content(attempt, Some(old), new));
    report(attempt, new, &faults)
}

/// Checks the ephemeral containers that a change adds to a pod.
///
/// # Errors
/// 422 with every fault.
pub fn ephemeral(attempt: &Attempt<'_>, old: &Value, new: &Value) -> Result<(), ApiError> {
    report(attempt, new, &ephemeral::update(old, new))
}

/// Checks what a pod's containers shall ask for from now on.
///
/// # Errors
/// 422 with every fault.
pub fn resize(attempt: &Attempt<'_>, old: &Value, new: &Value) -> Result<(), ApiError> {
    report(attempt, new, &resize::check(old, new))
}

fn report(attempt: &Attempt<'_>, object: &Value, faults: &[FieldError]) -> Result<(), ApiError> {
    if faults.is_empty() {
        return Ok(());
    }
    let name = object["metadata"]["name"].as_str().unwrap_or_default();
    Err(ApiError::invalid(
        attempt.kind.error_group(),
        &attempt.kind.kind,
        name,
        faults,
    ))
}

fn content(attempt: &Attempt<'_>, old: Option<&Value>, object: &Value) -> Vec<FieldError> {
    match attempt.kind.table.as_str() {
        "pods" => match old {
            None => pods::create(&object["spec"]),
            Some(old) => pods::update(old, object),
        },
        "deployments.apps" | "replicasets.apps" | "daemonsets.apps" | "statefulsets.apps" => {
            workloads::check(attempt.kind, old, object)
        }
        "jobs.batch" | "cronjobs.batch" | "horizontalpodautoscalers.autoscaling" => batch::check(attempt.kind, object),
        "services" => network::service(attempt, old, object),
        "ingresses.networking.k8s.io" => ingresses::check(object),
        "roles.rbac.authorization.k8s.io" | "clusterroles.rbac.authorization.k8s.io" => {
            access::role(attempt.kind, object)
        }
        "rolebindings.rbac.authorization.k8s.io" | "clusterrolebindings.rbac.authorization.k8s.io" => {
            access::binding(attempt.kind, old, object)
        }
        "storageclasses.storage.k8s.io" => storage::class(old, object),
        "priorityclasses.scheduling.k8s.io" => policy::priority_class(old, object),
        "poddisruptionbudgets.policy" => policy::budget(object),
        "nodes" => policy::node(old.is_some(), object),
        "limitranges" => policy::limit_range(object),
        "configmaps" => [storage::frozen(old, object), config::map(object)].concat(),
        "secrets" => [storage::frozen(old, object), config::secret(old, object)].concat(),
        "namespaces" => config::namespace(object),
        "events" => events::check(attempt.kind, old, object),
        "persistentvolumeclaims" => storage::claim(old, object),
        _ => Vec::new(),
    }
}

/// The elements of a list.
fn list(value: &Value) -> impl Iterator<Item = &Value> {
    value.as_array().into_iter().flatten()
}

/// A text, empty where there is none.
fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}
