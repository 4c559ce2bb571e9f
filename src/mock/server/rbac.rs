//! Who may do what: roles and bindings, as the RBAC authorizer reads them.

use serde_json::Value;

use super::api::Api;
use super::auth::User;

/// What somebody wants to do.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Attempt {
    /// The API verb.
    pub verb: String,
    /// API group.
    pub group: String,
    /// The resource, with its subresource after a slash.
    pub resource: String,
    /// Empty for all namespaces and for the cluster's scope.
    pub namespace: String,
    /// Empty for collections.
    pub name: String,
    /// A path that is no resource's; empty for resources.
    pub path: String,
}

/// What everybody who is authenticated may do: the roles system:basic-user, system:discovery and
/// system:public-info-viewer.
const REVIEWS: [&str; 3] = [
    "selfsubjectaccessreviews",
    "selfsubjectrulesreviews",
    "selfsubjectreviews",
];
const OPEN_PATHS: [&str; 4] = ["/healthz", "/livez", "/readyz", "/version"];
const DISCOVERY_PATHS: [&str; 4] = ["/api", "/apis", "/openapi", "/.well-known"];

/// Whether the user may.
#[must_use]
pub fn allowed(api: &Api, user: &User, attempt: &Attempt) -> bool {
    if user.groups.iter().any(|group| group == "system:masters") {
        return true;
    }
    if !attempt.path.is_empty() {
        return path_is_open(user, &attempt.path);
    }
    let known = user.groups.iter().any(|group| group == "system:authenticated");
    if known && attempt.verb == "create" && REVIEWS.contains(&attempt.resource.as_str()) {
        return true;
    }
    rules(api, user, &attempt.namespace)
        .iter()
        .any(|rule| covers(rule, attempt))
}

fn path_is_open(user: &User, path: &str) -> bool {
    let below = |open: &&str| {
        path.strip_prefix(*open)
            .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    };
    let known = user.groups.iter().any(|group| group == "system:authenticated");
    OPEN_PATHS.iter().any(below) || known && DISCOVERY_PATHS.iter().any(below)
}

/// The rules that bindings give a user in a namespace; those of cluster role bindings hold everywhere.
#[must_use]
pub fn rules(api: &Api, user: &User, namespace: &str) -> Vec<Value> {
    let mut bindings = api
        .store
        .list("clusterrolebindings.rbac.authorization.k8s.io", None)
        .objects;
    if !namespace.is_empty() {
        bindings.extend(
            api.store
                .list("rolebindings.rbac.authorization.k8s.io", Some(namespace))
                .objects,
        );
    }
    let decoded = bindings.iter().map(|binding| binding.decode());
    decoded
        .filter(|binding| binds(binding, user))
        .flat_map(|binding| role_rules(api, &binding["roleRef"], namespace))
        .collect()
}

fn binds(binding: &Value, user: &User) -> bool {
    binding["subjects"].as_array().into_iter().flatten().any(|subject| {
        let name = subject["name"].as_str().unwrap_or_default();
        match subject["kind"].as_str() {
            Some("User") => name == user.name,
            Some("Group") => user.groups.iter().any(|group| group == name),
            Some("ServiceAccount") => {
                let namespace = subject["namespace"].as_str().unwrap_or_default();
                user.name == format!("system:serviceaccount:{namespace}:{name}")
            }
            _ => false,
        }
    })
}

fn role_rules(api: &Api, reference: &Value, namespace: &str) -> Vec<Value> {
    let name = reference["name"].as_str().unwrap_or_default();
    let role = match reference["kind"].as_str() {
        Some("Role") => api.store.get("roles.rbac.authorization.k8s.io", namespace, name),
        _ => api.store.get("clusterroles.rbac.authorization.k8s.io", "", name),
    };
    role.map(|role| role.decode()["rules"].as_array().cloned().unwrap_or_default())
        .unwrap_or_default()
}

fn covers(rule: &Value, attempt: &Attempt) -> bool {
    let list = |name: &str| rule[name].as_array().into_iter().flatten().filter_map(Value::as_str);
    let any = |name: &str, wanted: &str| list(name).any(|value| value == "*" || value == wanted);
    let names = list("resourceNames").count();
    let below = attempt
        .resource
        .split_once('/')
        .map(|(_, sub)| format!("*/{sub}"))
        .unwrap_or_default();
    let resource = any("resources", &attempt.resource) || !below.is_empty() && any("resources", &below);
    let named = names == 0 || list("resourceNames").any(|name| name == attempt.name);
    any("verbs", &attempt.verb) && any("apiGroups", &attempt.group) && resource && named
}
