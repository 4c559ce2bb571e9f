//! The kinds that relations lead between, and what to ask for where an object names a kind only.

use crate::core::resource::Resource;

macro_rules! kinds {
    ($($name:ident: $group:literal, $version:literal, $kind:literal, $plural:literal, $namespaced:literal;)*) => {
        $(
            #[doc = concat!("`", $plural, "`.")]
            pub static $name: Resource = Resource::known($group, $version, $kind, $plural, &[], $namespaced);
        )*
        /// All of them.
        pub static KINDS: &[&Resource] = &[$(&$name),*];
    };
}

kinds! {
    POD: "", "v1", "Pod", "pods", true;
    SERVICE: "", "v1", "Service", "services", true;
    CONFIG_MAP: "", "v1", "ConfigMap", "configmaps", true;
    SECRET: "", "v1", "Secret", "secrets", true;
    SERVICE_ACCOUNT: "", "v1", "ServiceAccount", "serviceaccounts", true;
    CLAIM: "", "v1", "PersistentVolumeClaim", "persistentvolumeclaims", true;
    VOLUME: "", "v1", "PersistentVolume", "persistentvolumes", false;
    NODE: "", "v1", "Node", "nodes", false;
    NAMESPACE: "", "v1", "Namespace", "namespaces", false;
    EVENT: "", "v1", "Event", "events", true;
    RESOURCE_QUOTA: "", "v1", "ResourceQuota", "resourcequotas", true;
    LIMIT_RANGE: "", "v1", "LimitRange", "limitranges", true;
    REPLICATION_CONTROLLER: "", "v1", "ReplicationController", "replicationcontrollers", true;
    DEPLOYMENT: "apps", "v1", "Deployment", "deployments", true;
    REPLICA_SET: "apps", "v1", "ReplicaSet", "replicasets", true;
    STATEFUL_SET: "apps", "v1", "StatefulSet", "statefulsets", true;
    DAEMON_SET: "apps", "v1", "DaemonSet", "daemonsets", true;
    CONTROLLER_REVISION: "apps", "v1", "ControllerRevision", "controllerrevisions", true;
    JOB: "batch", "v1", "Job", "jobs", true;
    CRON_JOB: "batch", "v1", "CronJob", "cronjobs", true;
    AUTOSCALER: "autoscaling", "v2", "HorizontalPodAutoscaler", "horizontalpodautoscalers", true;
    DISRUPTION_BUDGET: "policy", "v1", "PodDisruptionBudget", "poddisruptionbudgets", true;
    ENDPOINT_SLICE: "discovery.k8s.io", "v1", "EndpointSlice", "endpointslices", true;
    INGRESS: "networking.k8s.io", "v1", "Ingress", "ingresses", true;
    INGRESS_CLASS: "networking.k8s.io", "v1", "IngressClass", "ingressclasses", false;
    NETWORK_POLICY: "networking.k8s.io", "v1", "NetworkPolicy", "networkpolicies", true;
    STORAGE_CLASS: "storage.k8s.io", "v1", "StorageClass", "storageclasses", false;
    CSI_DRIVER: "storage.k8s.io", "v1", "CSIDriver", "csidrivers", false;
    PRIORITY_CLASS: "scheduling.k8s.io", "v1", "PriorityClass", "priorityclasses", false;
    RUNTIME_CLASS: "node.k8s.io", "v1", "RuntimeClass", "runtimeclasses", false;
    LEASE: "coordination.k8s.io", "v1", "Lease", "leases", true;
    ROLE: "rbac.authorization.k8s.io", "v1", "Role", "roles", true;
    CLUSTER_ROLE: "rbac.authorization.k8s.io", "v1", "ClusterRole", "clusterroles", false;
    ROLE_BINDING: "rbac.authorization.k8s.io", "v1", "RoleBinding", "rolebindings", true;
    CLUSTER_ROLE_BINDING: "rbac.authorization.k8s.io", "v1", "ClusterRoleBinding", "clusterrolebindings", false;
    DEFINITION: "apiextensions.k8s.io", "v1", "CustomResourceDefinition", "customresourcedefinitions", false;
}

/// The kind of this group and name, if relations know it.
pub fn known(group: &str, kind: &str) -> Option<&'static Resource> {
    KINDS
        .iter()
        .find(|known| known.group == group && known.kind == kind)
        .copied()
}

/// The resource of an object that is named by `apiVersion` and `kind`, as references have them. The plural of a kind
/// that is not known is guessed as `UnsafeGuessKindToResource` of Kubernetes' apimachinery guesses it; whether it lives
/// in namespaces is taken from the object that names it.
pub fn named(api_version: &str, kind: &str, namespaced: bool) -> Resource {
    let (group, version) = api_version.split_once('/').unwrap_or(("", api_version));
    if let Some(known) = known(group, kind) {
        return known.clone();
    }
    Resource {
        group: group.to_string().into(),
        version: version.to_string().into(),
        kind: kind.to_string().into(),
        plural: plural(&kind.to_lowercase()).into(),
        short: (&[]).into(),
        singular: "".into(),
        verbs: (&[]).into(),
        categories: (&[]).into(),
        scalable: false,
        namespaced,
    }
}

fn plural(singular: &str) -> String {
    if let Some(stem) = singular.strip_suffix('y') {
        format!("{stem}ies")
    } else if singular.ends_with('s') {
        format!("{singular}es")
    } else {
        format!("{singular}s")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_known_is_guessed_as_kubernetes_guesses() {
        for (api_version, kind, path) in [
            ("v1", "Pod", "/api/v1/namespaces/shop/pods"),
            ("v1", "Node", "/api/v1/nodes"),
            ("apps/v1", "ReplicaSet", "/apis/apps/v1/namespaces/shop/replicasets"),
            (
                "networking.k8s.io/v1beta1",
                "Ingress",
                "/apis/networking.k8s.io/v1/namespaces/shop/ingresses",
            ),
            (
                "example.com/v1alpha1",
                "Backup",
                "/apis/example.com/v1alpha1/namespaces/shop/backups",
            ),
            (
                "example.com/v1",
                "Policy",
                "/apis/example.com/v1/namespaces/shop/policies",
            ),
            ("example.com/v1", "Bus", "/apis/example.com/v1/namespaces/shop/buses"),
        ] {
            assert_eq!(named(api_version, kind, true).path(Some("shop"), None), path);
        }
    }
}
