//! How strategic merge patch merges each list: the `patchStrategy` and `patchMergeKey` tags of Kubernetes' API types.

/// How a list is merged.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Merge {
    /// Elements with the same key are merged, others added.
    ByKey(&'static str),
    /// A list of plain values is united.
    Union,
    /// The whole list is replaced.
    Replace,
}

/// How the list named `field` merges inside `parent`, the name of the field that holds it, in an object of `kind`.
#[must_use]
pub fn merge_of(kind: &str, parent: &str, field: &str) -> Merge {
    match (kind, parent, field) {
        (_, "metadata", "finalizers") => Merge::Union,
        (_, "metadata", "ownerReferences") => Merge::ByKey("uid"),
        (
            _,
            _,
            "containers" | "initContainers" | "ephemeralContainers" | "env" | "imagePullSecrets" | "schedulingGates",
        ) => Merge::ByKey("name"),
        // A pod's volumes merge by name; what a projected volume draws from is replaced.
        (_, "spec", "volumes") => Merge::ByKey("name"),
        (_, _, "volumeMounts") => Merge::ByKey("mountPath"),
        (_, _, "volumeDevices") => Merge::ByKey("devicePath"),
        (_, _, "hostAliases") => Merge::ByKey("ip"),
        (_, _, "topologySpreadConstraints") => Merge::ByKey("topologyKey"),
        (_, _, "resourceClaims") => Merge::ByKey("name"),
        ("Service", "spec", "ports") => Merge::ByKey("port"),
        ("Endpoints" | "EndpointSlice" | "NetworkPolicy" | "Ingress", _, "ports") => Merge::Replace,
        (_, _, "ports") => Merge::ByKey("containerPort"),
        ("ServiceAccount", "", "secrets") => Merge::ByKey("name"),
        ("Node", "spec", "podCIDRs") => Merge::Union,
        ("Node", "status", "addresses") => Merge::ByKey("type"),
        ("Pod", "status", "podIPs" | "hostIPs") => Merge::ByKey("ip"),
        ("HorizontalPodAutoscaler", "status", "conditions") | (_, "status", "conditions") => Merge::ByKey("type"),
        _ => Merge::Replace,
    }
}
