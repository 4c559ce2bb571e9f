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
    let known = user.groups.iter().any(|group| group == "system:authenticated");
    let open = if attempt.path.is_empty() {
        known && attempt.verb == "create" && REVIEWS.contains(&attempt.resource.as_str())
    } else {
        path_is_open(user, &attempt.path)
    };
    open || rules(api, user, &attempt.namespace)
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

/// Whether a rule allows an attempt: `RuleAllows`.
#[must_use]
pub fn covers(rule: &Value, attempt: &Attempt) -> bool {
    let list = |name: &str| rule[name].as_array().into_iter().flatten().filter_map(Value::as_str);
    let any = |name: &str, wanted: &str| list(name).any(|value| value == "*" || value == wanted);
    if !any("verbs", &attempt.verb) {
        return false;
    }
    if !attempt.path.is_empty() {
        let below = |owned: &str| {
            owned
                .strip_suffix('*')
                .is_some_and(|stem| attempt.path.starts_with(stem.trim_end_matches('*')))
        };
        return list("nonResourceURLs").any(|owned| owned == attempt.path || below(owned));
    }
    let below = attempt.resource.split_once('/').map(|(_, sub)| format!("*/{sub}"));
    let resource = any("resources", &attempt.resource)
        || below.is_some_and(|below| list("resources").any(|resource| resource == below));
    let mut names = list("resourceNames").peekable();
    let named = names.peek().is_none() || names.any(|name| name == attempt.name);
    any("apiGroups", &attempt.group) && resource && named
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn stars_and_parts_cover() {
        let gets = |resource: &str, path: &str| Attempt {
            verb: "get".to_owned(),
            group: if path.is_empty() {
                "apps".to_owned()
            } else {
                String::new()
            },
            resource: resource.to_owned(),
            path: path.to_owned(),
            ..Attempt::default()
        };
        let rule = |resource: &str, name: &str| {
            let names: Vec<&str> = if name.is_empty() { Vec::new() } else { vec![name] };
            json!({"apiGroups": ["*"], "resources": [resource], "verbs": ["get"], "resourceNames": names})
        };
        assert!(covers(&rule("*", ""), &gets("deployments/scale", "")));
        assert!(covers(&rule("*/scale", ""), &gets("deployments/scale", "")));
        assert!(!covers(&rule("deployments", ""), &gets("deployments/scale", "")));
        assert!(!covers(&rule("deployments", "a"), &gets("deployments", "")));
        let named = Attempt {
            name: "a".to_owned(),
            ..gets("deployments", "")
        };
        assert!(covers(&rule("deployments", "a"), &named));
        let paths = json!({"nonResourceURLs": ["/apis/*"], "verbs": ["*"]});
        assert!(covers(&paths, &gets("", "/apis/x")));
        assert!(!covers(&paths, &gets("", "/metrics")));
        assert!(!covers(&rule("*", ""), &gets("", "/metrics")));
    }
}
