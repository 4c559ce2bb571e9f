//! How often a server tells the same fault: a change's metadata is looked at by the storage, by the kind's rules for changes, and
//! by those for new objects, and nobody counts.

use crate::mock::kinds::Kind;

/// How often faults of labels, annotations and owners are told of a changed object, and how often those of finalizers.
#[must_use]
pub fn of(kind: &Kind) -> (usize, usize) {
    match kind.table.as_str() {
        "persistentvolumes" => (4, 3),
        "limitranges" | "endpointslices.discovery.k8s.io" => (3, 2),
        "poddisruptionbudgets.policy" => (2, 1),
        "services" | "resourcequotas" | "networkpolicies.networking.k8s.io" => (3, 1),
        "jobs.batch" | "cronjobs.batch" | "horizontalpodautoscalers.autoscaling" | "replicationcontrollers" => (3, 1),
        "priorityclasses.scheduling.k8s.io" | "leases.coordination.k8s.io" => (3, 1),
        "customresourcedefinitions.apiextensions.k8s.io" => (3, 1),
        table if table.ends_with(".apps") || kind.custom.is_some() => (3, 1),
        _ => (4, 2),
    }
}
