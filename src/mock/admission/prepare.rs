//! What plugins and registries make of services, volumes, nodes, ingresses and their like before they are checked.

use serde_json::Value;

use super::{Attempt, defaults, limit_ranger, network, nodes, services, storage};
use crate::mock::kinds::{Kind, empties};
use crate::mock::server::ApiError;

/// The kinds whose empty fields are written as Go writes them.
const TABLES: [&str; 17] = [
    "services",
    "endpoints",
    "endpointslices.discovery.k8s.io",
    "ingresses.networking.k8s.io",
    "ingressclasses.networking.k8s.io",
    "networkpolicies.networking.k8s.io",
    "persistentvolumes",
    "persistentvolumeclaims",
    "storageclasses.storage.k8s.io",
    "resourcequotas",
    "limitranges",
    "roles.rbac.authorization.k8s.io",
    "clusterroles.rbac.authorization.k8s.io",
    "rolebindings.rbac.authorization.k8s.io",
    "clusterrolebindings.rbac.authorization.k8s.io",
    "nodes",
    "runtimeclasses.node.k8s.io",
];

/// Takes out what a client wrote without saying anything by it.
pub fn leave_out(kind: &Kind, object: &mut Value) {
    if TABLES.contains(&kind.table.as_str()) {
        empties::leave_out(kind, object);
    }
}

/// Writes what Go writes of every object of the kind.
pub fn write_always(kind: &Kind, object: &mut Value) {
    if TABLES.contains(&kind.table.as_str()) {
        empties::write_always(kind, object);
    }
}

/// Kinds besides those whose parts may not change.
const FROZEN: [&str; 3] = ["jobs.batch", "statefulsets.apps", "deployments.apps"];

/// An object as a server reads it from its store: with the defaults of today, whenever it was written.
#[must_use]
pub fn as_read(kind: &Kind, stored: &Value) -> Value {
    let mut object = stored.clone();
    let table = kind.table.as_str();
    if TABLES.contains(&table) || FROZEN.contains(&table) {
        defaults::apply(kind, &mut object);
    }
    object
}

/// Gives a new object what it has not asked for.
///
/// # Errors
/// What cannot be given.
pub fn create(attempt: &Attempt<'_>, object: &mut Value) -> Result<(), ApiError> {
    match attempt.kind.table.as_str() {
        "services" => services::create(attempt, object)?,
        "ingresses.networking.k8s.io" => network::admit_ingress(attempt, object),
        "persistentvolumes" => storage::admit_volume(attempt, object),
        "persistentvolumeclaims" => storage::admit_claim(attempt, object),
        "nodes" => {
            nodes::admit(object);
            nodes::keep_in_step(&mut object["spec"]);
        }
        _ => {}
    }
    Ok(())
}

/// Gives a changed object what it had and did not name again.
///
/// # Errors
/// What cannot be given.
pub fn update(attempt: &Attempt<'_>, old: &Value, object: &mut Value) -> Result<(), ApiError> {
    match attempt.kind.table.as_str() {
        "services" => services::update(attempt, old, object)?,
        "nodes" => nodes::keep_in_step(&mut object["spec"]),
        _ => {}
    }
    Ok(())
}

/// What plugins ask of a changed object that is fit.
///
/// # Errors
/// 403 for what they do not allow.
pub fn check_update(attempt: &Attempt<'_>, old: &Value, new: &Value) -> Result<(), ApiError> {
    match attempt.kind.table.as_str() {
        "persistentvolumeclaims" => {
            storage::check_growth(attempt, old, new)?;
            limit_ranger::check(attempt, new)
        }
        _ => Ok(()),
    }
}
