//! Rules that objects must keep, one file for each family of kinds; the words are those of Kubernetes' validation packages.

mod access;
pub mod addresses;
mod autoscalers;
mod claims;
mod classes;
pub mod cluster_addresses;
mod config;
mod cron_jobs;
mod definitions;
mod endpoints;
mod env;
mod ephemeral;
mod events;
mod go_diff;
mod ingresses;
mod job_policies;
mod jobs;
mod leases;
mod limit_ranges;
pub mod metadata;
mod metrics;
mod mounts;
mod network_policies;
mod nodes;
mod open_api_schemas;
mod persistent_volumes;
mod placement;
mod pod_fields;
mod pods;
mod policy;
mod probes;
mod quotas;
mod references;
mod repeats;
mod resize;
mod resource_names;
mod resources;
mod rules;
mod schemas;
mod security;
mod service_update;
mod services;
mod storage;
mod strategies;
mod templates;
mod volumes;
mod workloads;

use serde_json::Value;

use super::Attempt;
use crate::mock::kinds::Kind;
use crate::mock::server::{ApiError, FieldError};
use crate::mock::values::{list, text};

/// Checks a new object.
///
/// # Errors
/// 422 with every fault.
pub fn create(attempt: &Attempt<'_>, object: &Value) -> Result<(), ApiError> {
    let mut faults = metadata::create(attempt.kind, object);
    faults.extend(content(attempt, None, object));
    if attempt.kind.table == "ingresses.networking.k8s.io" {
        faults.extend(ingresses::created(object));
    }
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

/// Faults of the metadata of an object, whatever its kind.
pub fn described(kind: &Kind, old: Option<&Value>, object: &Value) -> Vec<FieldError> {
    match old {
        None => metadata::create(kind, object),
        Some(_) => metadata::update(kind, object),
    }
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
        "deployments.apps"
        | "replicasets.apps"
        | "daemonsets.apps"
        | "statefulsets.apps"
        | "replicationcontrollers" => workloads::check(attempt.kind, old, object),
        "jobs.batch" => jobs::check(old, object),
        "cronjobs.batch" => cron_jobs::check(old, object),
        "horizontalpodautoscalers.autoscaling" => autoscalers::check(old, object),
        "customresourcedefinitions.apiextensions.k8s.io" => definitions::check(old, object),
        "leases.coordination.k8s.io" => leases::check(object),
        "services" => services::check(old, object),
        "endpoints" => endpoints::check(old, object),
        "endpointslices.discovery.k8s.io" => endpoints::slice(old, object),
        "ingresses.networking.k8s.io" => ingresses::check(object),
        "ingressclasses.networking.k8s.io" => classes::ingress(old, object),
        "networkpolicies.networking.k8s.io" => network_policies::check(old, object),
        "runtimeclasses.node.k8s.io" => classes::runtime(old, object),
        "roles.rbac.authorization.k8s.io" | "clusterroles.rbac.authorization.k8s.io" => {
            access::role(attempt.kind, object)
        }
        "rolebindings.rbac.authorization.k8s.io" | "clusterrolebindings.rbac.authorization.k8s.io" => {
            access::binding(attempt.kind, old, object)
        }
        "storageclasses.storage.k8s.io" => storage::class(old, object),
        "priorityclasses.scheduling.k8s.io" => policy::priority_class(old, object),
        "poddisruptionbudgets.policy" => policy::budget(object),
        "nodes" => nodes::check(old, object),
        "limitranges" => limit_ranges::check(object),
        "resourcequotas" => quotas::check(old, object),
        "configmaps" => [storage::frozen(old, object), config::map(object)].concat(),
        "secrets" => [storage::frozen(old, object), config::secret(old, object)].concat(),
        "namespaces" => config::namespace(object),
        "events" => events::check(attempt.kind, old, object),
        "persistentvolumes" => persistent_volumes::check(old, object),
        "persistentvolumeclaims" => claims::check(old, object),
        _ => Vec::new(),
    }
}

/// Faults as clients read them, each as one sentence.
#[cfg(test)]
pub fn told(faults: impl IntoIterator<Item = FieldError>) -> Vec<String> {
    faults.into_iter().map(|fault| fault.to_string()).collect()
}

/// Faults as clients read them, all in one line.
#[cfg(test)]
fn joined(faults: impl IntoIterator<Item = FieldError>) -> String {
    told(faults).join("; ")
}
