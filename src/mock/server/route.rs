//! What a path and a method ask for: the server's `RequestInfo`.

use http::Method;

use super::query::{Query, decode};

/// A request for a resource.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Target {
    /// API group, empty for the core group.
    pub group: String,
    /// Version in the group.
    pub version: String,
    /// The namespace in the path, if any.
    pub namespace: Option<String>,
    /// The resource's plural name.
    pub plural: String,
    /// The object's name, if the path goes so far.
    pub name: Option<String>,
    /// The subresource, if the path goes so far.
    pub sub: Option<String>,
}

/// Where a path leads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Route {
    /// `/apis/group/version`, or `/api/v1`: the resources of a version.
    Version(String, String),
    /// A resource, an object or a subresource.
    Resource(Target),
    /// Anything else; the path without a slash at its end.
    Other(String),
}

/// Takes `/as/NAME` from the front of a path: the user that it names, and the path behind.
#[must_use]
pub fn named_user(path: &str) -> (Option<&str>, &str) {
    let Some(rest) = path.strip_prefix("/as/") else {
        return (None, path);
    };
    let end = rest.find('/').unwrap_or(rest.len());
    let (name, path) = rest.split_at(end);
    (Some(name), path)
}

/// Reads a path.
#[must_use]
pub fn route(path: &str) -> Route {
    let parts: Vec<String> = path
        .split('/')
        .filter(|part| !part.is_empty())
        .map(|part| decode(part, false))
        .collect();
    let parts: Vec<&str> = parts.iter().map(String::as_str).collect();
    let (group, version, rest) = match parts.as_slice() {
        ["api", version, rest @ ..] => ("", *version, rest),
        ["apis", group, version, rest @ ..] => (*group, *version, rest),
        _ => return Route::Other(format!("/{}", parts.join("/"))),
    };
    if rest.is_empty() {
        return Route::Version(group.to_owned(), version.to_owned());
    }
    let (namespace, rest) = match rest {
        // A namespace's own status and finalize are subresources of it, all else lives inside it.
        ["namespaces", namespace, plural, rest @ ..] if !matches!(*plural, "status" | "finalize") => {
            (Some((*namespace).to_owned()), [&[*plural], rest].concat())
        }
        other => (None, other.to_vec()),
    };
    let part = |at: usize| rest.get(at).map(|part| (*part).to_owned());
    Route::Resource(Target {
        group: group.to_owned(),
        version: version.to_owned(),
        namespace,
        plural: part(0).unwrap_or_default(),
        name: part(1),
        sub: part(2),
    })
}

/// The API verb of a request: what RBAC knows and faults match.
#[must_use]
pub fn verb(method: &Method, named: bool, query: &Query) -> &'static str {
    match (method.as_str(), named) {
        ("GET" | "HEAD", _) if query.flag("watch") => "watch",
        ("GET" | "HEAD", true) => "get",
        ("GET" | "HEAD", false) => "list",
        ("POST", _) => "create",
        ("PUT", _) => "update",
        ("PATCH", _) => "patch",
        ("DELETE", true) => "delete",
        ("DELETE", false) => "deletecollection",
        _ => "",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn target(path: &str) -> Target {
        match route(path) {
            Route::Resource(target) => target,
            other => panic!("{path} leads to {other:?}"),
        }
    }

    #[test]
    fn paths_lead_to_resources() {
        let pod = target("/api/v1/namespaces/a/pods/x/log");
        assert_eq!((pod.namespace.as_deref(), pod.plural.as_str()), (Some("a"), "pods"));
        assert_eq!((pod.name.as_deref(), pod.sub.as_deref()), (Some("x"), Some("log")));
        let namespace = target("/api/v1/namespaces/a/status");
        assert_eq!((namespace.namespace, namespace.plural.as_str()), (None, "namespaces"));
        assert_eq!(
            (namespace.name.as_deref(), namespace.sub.as_deref()),
            (Some("a"), Some("status"))
        );
        let all = target("/apis/apps/v1/deployments");
        assert_eq!(
            (all.group.as_str(), all.plural.as_str(), all.name),
            ("apps", "deployments", None)
        );
        assert_eq!(
            route("/apis/apps/v1/"),
            Route::Version("apps".to_owned(), "v1".to_owned())
        );
        assert_eq!(route("/apis/apps"), Route::Other("/apis/apps".to_owned()));
        assert_eq!(target("/api/v1/namespaces/a").name.as_deref(), Some("a"));
    }
}
