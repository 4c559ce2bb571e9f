//! What every cluster has from its first second: namespaces, the API's own service, roles.

use serde_json::{Value, json};

use super::server::Api;

const NAMESPACES: [&str; 4] = ["default", "kube-node-lease", "kube-public", "kube-system"];
const WRITE: [&str; 5] = ["create", "delete", "deletecollection", "patch", "update"];
const READ: [&str; 3] = ["get", "list", "watch"];

/// Plants the objects of a new cluster.
pub fn bootstrap(api: &Api) {
    let objects = NAMESPACES
        .iter()
        .map(|name| namespace(name))
        .chain(NAMESPACES.iter().map(|name| account(name)));
    for object in objects.chain([service()]).chain(roles()).chain(bindings()) {
        // What a caller planted before stays.
        let _ = api.plant(object);
    }
}

/// A namespace as the server stores it.
#[must_use]
pub fn namespace(name: &str) -> Value {
    json!({"kind": "Namespace", "apiVersion": "v1",
        "metadata": {"name": name, "labels": {"kubernetes.io/metadata.name": name}},
        "spec": {"finalizers": ["kubernetes"]}, "status": {"phase": "Active"}})
}

/// A namespace's default service account.
#[must_use]
pub fn account(namespace: &str) -> Value {
    json!({"kind": "ServiceAccount", "apiVersion": "v1", "metadata": {"name": "default", "namespace": namespace}})
}

fn service() -> Value {
    json!({"kind": "Service", "apiVersion": "v1",
        "metadata": {"name": "kubernetes", "namespace": "default", "labels": {"component": "apiserver", "provider": "kubernetes"}},
        "spec": {"ports": [{"name": "https", "protocol": "TCP", "port": 443, "targetPort": 8443}],
            "clusterIP": "10.96.0.1", "clusterIPs": ["10.96.0.1"], "type": "ClusterIP", "sessionAffinity": "None",
            "ipFamilies": ["IPv4"], "ipFamilyPolicy": "SingleStack", "internalTrafficPolicy": "Cluster"},
        "status": {"loadBalancer": {}}})
}

fn role(name: &str, rules: &Value) -> Value {
    json!({"kind": "ClusterRole", "apiVersion": "rbac.authorization.k8s.io/v1",
        "metadata": {"name": name, "labels": {"kubernetes.io/bootstrapping": "rbac-defaults"},
            "annotations": {"rbac.authorization.kubernetes.io/autoupdate": "true"}},
        "rules": rules})
}

/// What `view` may read: everything in a namespace but secrets and roles.
fn readable() -> Value {
    let rule = |group: &str, resources: &[&str]| json!({"apiGroups": [group], "resources": resources, "verbs": READ});
    json!([
        rule(
            "",
            &[
                "configmaps",
                "endpoints",
                "events",
                "limitranges",
                "namespaces",
                "namespaces/status",
                "persistentvolumeclaims",
                "persistentvolumeclaims/status",
                "pods",
                "pods/log",
                "pods/status",
                "replicationcontrollers",
                "replicationcontrollers/scale",
                "resourcequotas",
                "resourcequotas/status",
                "serviceaccounts",
                "services",
                "services/status"
            ]
        ),
        rule("apps", &["*"]),
        rule("batch", &["*"]),
        rule("autoscaling", &["*"]),
        rule("policy", &["*"]),
        rule(
            "networking.k8s.io",
            &["ingresses", "ingresses/status", "networkpolicies"]
        ),
        rule("discovery.k8s.io", &["endpointslices"]),
        rule("events.k8s.io", &["events"]),
    ])
}

/// What `edit` may do besides.
fn writable() -> Value {
    let rule = |group: &str, resources: &[&str], verbs: &[&str]| json!({"apiGroups": [group], "resources": resources, "verbs": verbs});
    let own = [
        "configmaps",
        "events",
        "persistentvolumeclaims",
        "pods",
        "replicationcontrollers",
        "replicationcontrollers/scale",
        "secrets",
        "serviceaccounts",
        "services",
    ];
    let mut rules = vec![
        rule("", &own, &WRITE),
        rule("", &["secrets"], &READ),
        rule(
            "",
            &[
                "pods/attach",
                "pods/exec",
                "pods/portforward",
                "pods/proxy",
                "services/proxy",
            ],
            &["create", "get"],
        ),
        rule("", &["pods/eviction"], &["create"]),
    ];
    for group in ["apps", "batch", "autoscaling", "policy", "networking.k8s.io"] {
        rules.push(rule(group, &["*"], &WRITE));
    }
    rules.extend(readable().as_array().cloned().unwrap_or_default());
    Value::Array(rules)
}

fn roles() -> Vec<Value> {
    let all =
        json!([{"apiGroups": ["*"], "resources": ["*"], "verbs": ["*"]}, {"nonResourceURLs": ["*"], "verbs": ["*"]}]);
    let mut admin = writable().as_array().cloned().unwrap_or_default();
    admin.push(
        json!({"apiGroups": ["rbac.authorization.k8s.io"], "resources": ["rolebindings", "roles"], "verbs": ["*"]}),
    );
    let discovery = json!([{"nonResourceURLs": ["/api", "/api/*", "/apis", "/apis/*", "/healthz", "/livez", "/openapi",
        "/openapi/*", "/readyz", "/version", "/version/"], "verbs": ["get"]}]);
    vec![
        role("cluster-admin", &all),
        role("admin", &Value::Array(admin)),
        role("edit", &writable()),
        role("view", &readable()),
        role("system:discovery", &discovery),
    ]
}

fn bindings() -> Vec<Value> {
    let binding = |name: &str, role: &str, group: &str| {
        json!({"kind": "ClusterRoleBinding", "apiVersion": "rbac.authorization.k8s.io/v1",
            "metadata": {"name": name, "labels": {"kubernetes.io/bootstrapping": "rbac-defaults"}},
            "subjects": [{"kind": "Group", "apiGroup": "rbac.authorization.k8s.io", "name": group}],
            "roleRef": {"apiGroup": "rbac.authorization.k8s.io", "kind": "ClusterRole", "name": role}})
    };
    vec![
        binding("cluster-admin", "cluster-admin", "system:masters"),
        binding("system:discovery", "system:discovery", "system:authenticated"),
    ]
}
