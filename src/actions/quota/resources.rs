//! What quotas count: as `ValidateResourceQuotaResourceName` in Kubernetes' validation.go.

use crate::model::check_label_key;

/// What every API server counts (`standardQuotaResources` in Kubernetes' helpers.go).
pub const STANDARD: &[&str] = &[
    "configmaps",
    "count/configmaps",
    "count/cronjobs.batch",
    "count/deployments.apps",
    "count/jobs.batch",
    "count/secrets",
    "count/services",
    "cpu",
    "ephemeral-storage",
    "limits.cpu",
    "limits.ephemeral-storage",
    "limits.memory",
    "memory",
    "persistentvolumeclaims",
    "pods",
    "replicationcontrollers",
    "requests.cpu",
    "requests.ephemeral-storage",
    "requests.memory",
    "requests.storage",
    "resourcequotas",
    "secrets",
    "services",
    "services.loadbalancers",
    "services.nodeports",
];

/// Whether a quota can have a figure for it. What has a group or class before a slash is anybody's: whether somebody
/// counts it is not known.
pub fn is_counted_by_quotas(name: &str) -> bool {
    let is_huge = |name: &str| name.starts_with("hugepages-") || name.starts_with("requests.hugepages-");
    check_label_key(name).is_ok() && (name.contains('/') || is_huge(name) || STANDARD.contains(&name))
}

/// Whether it is counted in whole objects (`IsIntegerResourceName`).
pub fn is_whole(name: &str) -> bool {
    const WHOLE: &[&str] = &[
        "pods",
        "resourcequotas",
        "services",
        "replicationcontrollers",
        "secrets",
        "configmaps",
        "persistentvolumeclaims",
        "services.nodeports",
        "services.loadbalancers",
    ];
    WHOLE.contains(&name) || name.starts_with("count/")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_counted_can_have_a_figure() {
        for (name, wanted) in [
            ("pods", true),
            ("limits.memory", true),
            ("count/widgets.example.com", true),
            ("gold.storageclass.storage.k8s.io/requests.storage", true),
            ("requests.nvidia.com/gpu", true),
            ("hugepages-2Mi", true),
            ("podz", false),
            ("", false),
            ("a b/c", false),
        ] {
            assert_eq!(is_counted_by_quotas(name), wanted, "{name}");
        }
        assert!(STANDARD.iter().all(|name| is_counted_by_quotas(name)));
    }
}
