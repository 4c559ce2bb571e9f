//! Tables: each kind's columns and cells, as the API server prints them.

mod batch;
mod cluster;
mod column;
mod config;
mod custom;
mod events;
mod network;
mod nodes;
mod pods;
mod storage;
mod text;
mod workloads;

use jiff::Timestamp;
use serde_json::{Value, json};

use super::kinds::Kind;

pub use column::Column;

/// How a kind prints: its columns, and the cells of one object.
#[derive(Clone, Copy, Debug)]
pub struct Printer {
    /// The columns.
    pub columns: &'static [Column],
    /// The cells, one for each column.
    pub cells: fn(&Value, Timestamp) -> Vec<Value>,
}

/// Kinds without a printer of their own show name and creation.
const PLAIN: Printer = Printer {
    columns: column::CREATED_AT,
    cells: plain,
};

fn plain(object: &Value, _: Timestamp) -> Vec<Value> {
    let metadata = &object["metadata"];
    vec![metadata["name"].clone(), metadata["creationTimestamp"].clone()]
}

fn printer(table: &str) -> Printer {
    match table {
        "pods" => pods::PODS,
        "nodes" => nodes::NODES,
        "namespaces" => nodes::NAMESPACES,
        "events" => events::EVENTS,
        "services" => network::SERVICES,
        "endpoints" => network::ENDPOINTS,
        "endpointslices.discovery.k8s.io" => network::ENDPOINT_SLICES,
        "ingresses.networking.k8s.io" => network::INGRESSES,
        "ingressclasses.networking.k8s.io" => network::INGRESS_CLASSES,
        "networkpolicies.networking.k8s.io" => network::NETWORK_POLICIES,
        "deployments.apps" => workloads::DEPLOYMENTS,
        "replicasets.apps" => workloads::REPLICA_SETS,
        "replicationcontrollers" => workloads::REPLICATION_CONTROLLERS,
        "statefulsets.apps" => workloads::STATEFUL_SETS,
        "daemonsets.apps" => workloads::DAEMON_SETS,
        "controllerrevisions.apps" => workloads::REVISIONS,
        "podtemplates" => workloads::POD_TEMPLATES,
        "jobs.batch" => batch::JOBS,
        "cronjobs.batch" => batch::CRON_JOBS,
        "horizontalpodautoscalers.autoscaling" => batch::AUTOSCALERS,
        _ => small_printer(table),
    }
}

fn small_printer(table: &str) -> Printer {
    match table {
        "persistentvolumes" => storage::VOLUMES,
        "persistentvolumeclaims" => storage::CLAIMS,
        "storageclasses.storage.k8s.io" => storage::CLASSES,
        "csidrivers.storage.k8s.io" => storage::DRIVERS,
        "csinodes.storage.k8s.io" => storage::CSI_NODES,
        "volumeattachments.storage.k8s.io" => storage::ATTACHMENTS,
        "priorityclasses.scheduling.k8s.io" => storage::PRIORITIES,
        "configmaps" => config::CONFIG_MAPS,
        "secrets" => config::SECRETS,
        "serviceaccounts" => config::AGED,
        "resourcequotas" => config::QUOTAS,
        "poddisruptionbudgets.policy" => config::BUDGETS,
        "rolebindings.rbac.authorization.k8s.io" | "clusterrolebindings.rbac.authorization.k8s.io" => config::BINDINGS,
        "leases.coordination.k8s.io" => config::LEASES,
        "runtimeclasses.node.k8s.io" => config::RUNTIMES,
        "deviceclasses.resource.k8s.io" | "resourceclaimtemplates.resource.k8s.io" => config::AGED,
        "mutatingwebhookconfigurations.admissionregistration.k8s.io"
        | "validatingwebhookconfigurations.admissionregistration.k8s.io" => config::WEBHOOKS,
        _ => cluster::printer(table).unwrap_or(PLAIN),
    }
}

/// A table's `columnDefinitions`.
#[must_use]
pub fn columns(kind: &Kind) -> Value {
    match &kind.custom {
        Some(custom) => custom::columns(custom),
        None => printer(&kind.table).columns.iter().map(Column::definition).collect(),
    }
}

/// The cells of one object.
#[must_use]
pub fn cells(kind: &Kind, object: &Value, now: Timestamp) -> Value {
    match &kind.custom {
        Some(custom) => custom::cells(custom, object, now),
        None => Value::Array((printer(&kind.table).cells)(object, now)),
    }
}

/// A row's `conditions`: finished pods are marked, so that clients can dim them.
#[must_use]
pub fn row_conditions(kind: &Kind, object: &Value) -> Value {
    let phase = object["status"]["phase"].as_str().unwrap_or_default();
    if kind.table != "pods" || !matches!(phase, "Succeeded" | "Failed") {
        return Value::Null;
    }
    let message = match phase {
        "Succeeded" => "The pod has completed successfully.",
        _ => "The pod failed.",
    };
    json!([{"type": "Completed", "status": "True", "reason": phase, "message": message}])
}

#[cfg(test)]
mod tests;
