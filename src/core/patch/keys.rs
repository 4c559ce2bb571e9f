//! How a strategic merge patch merges each list: `patchStrategy` and `patchMergeKey` of Kubernetes' API types.

/// How a list is merged.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum List {
    /// Elements with the same key are merged, others added.
    ByKey(&'static str),
    /// A list of plain values is united.
    Union,
    /// The whole list is replaced.
    Whole,
}

/// The kinds with a pod's spec somewhere in them.
const WITH_PODS: &[&str] = &[
    "Pod",
    "Deployment",
    "ReplicaSet",
    "StatefulSet",
    "DaemonSet",
    "Job",
    "CronJob",
    "ReplicationController",
];

/// How the list `field` merges inside `parent`, the name of the field that holds it, in an object of `kind`.
pub fn list(kind: &str, parent: &str, field: &str) -> List {
    match (kind, parent, field) {
        (_, "metadata", "finalizers") => List::Union,
        (_, "metadata", "ownerReferences") => List::ByKey("uid"),
        (_, "status", "conditions") => List::ByKey("type"),
        ("Service", "spec", "ports") => List::ByKey("port"),
        ("ServiceAccount", "", "secrets" | "imagePullSecrets") => List::ByKey("name"),
        ("Node", "status", "addresses") => List::ByKey("type"),
        (kind, _, field) if WITH_PODS.contains(&kind) => of_pods(parent, field),
        _ => List::Whole,
    }
}

fn of_pods(parent: &str, field: &str) -> List {
    match (parent, field) {
        (
            "spec",
            "containers"
            | "initContainers"
            | "ephemeralContainers"
            | "volumes"
            | "imagePullSecrets"
            | "schedulingGates"
            | "resourceClaims",
        ) => List::ByKey("name"),
        ("containers" | "initContainers" | "ephemeralContainers", "env") => List::ByKey("name"),
        ("containers" | "initContainers" | "ephemeralContainers", "ports") => List::ByKey("containerPort"),
        ("containers" | "initContainers" | "ephemeralContainers", "volumeMounts") => List::ByKey("mountPath"),
        ("containers" | "initContainers" | "ephemeralContainers", "volumeDevices") => List::ByKey("devicePath"),
        ("spec", "hostAliases") => List::ByKey("ip"),
        ("spec", "topologySpreadConstraints") => List::ByKey("topologyKey"),
        _ => List::Whole,
    }
}
