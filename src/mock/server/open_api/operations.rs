//! What can be done with a kind, and what it is called: the rules of `registerResourceHandlers` in the API server's
//! `installer.go`, and of `GetOperationIDAndTags`.

use std::sync::Arc;

use serde_json::{Map, Value, json};

use crate::mock::kinds::{Kind, Sub, name_of, package};
use crate::mock::server::delete::returns_object;

/// Where types of the API's own machinery are.
pub const META: &str = "io.k8s.apimachinery.pkg.apis.meta.v1";

/// One operation.
#[derive(Clone, Debug)]
pub struct Operation {
    /// The path, with names in braces.
    pub path: String,
    /// HTTP's method in small letters.
    pub method: &'static str,
    /// `x-kubernetes-action`.
    pub action: &'static str,
    /// `operationId`.
    pub id: String,
    /// What it does.
    pub about: String,
    /// The group, version and kind that it speaks.
    pub kind: Value,
    /// The whole name of the type of its body; empty if it takes none.
    pub takes: String,
    /// The whole name of the type of its answer; empty for plain text.
    pub gives: String,
    /// The codes of its good answers.
    pub codes: &'static [u16],
    /// What its query may say.
    pub query: &'static [&'static str],
}

/// What lists and watches may be asked.
const LIST: [&str; 10] = [
    "allowWatchBookmarks",
    "continue",
    "fieldSelector",
    "labelSelector",
    "limit",
    "resourceVersion",
    "resourceVersionMatch",
    "sendInitialEvents",
    "timeoutSeconds",
    "watch",
];
const WRITE: [&str; 3] = ["dryRun", "fieldManager", "fieldValidation"];
const PATCH: [&str; 4] = ["dryRun", "fieldManager", "fieldValidation", "force"];
const DELETE: [&str; 5] = [
    "dryRun",
    "gracePeriodSeconds",
    "ignoreStoreReadErrorWithClusterBreakingPotential",
    "orphanDependents",
    "propagationPolicy",
];

/// The group as names of operations have it: `Core`, `RbacAuthorization`.
pub fn title(kind: &Kind) -> String {
    let group = if kind.group.is_empty() { "core" } else { &kind.group };
    let words = group.strip_suffix(".k8s.io").unwrap_or(group).split('.');
    words.map(capital).collect()
}

/// The tag of a group's version: `core_v1`, `rbacAuthorization_v1`.
pub fn tag(kind: &Kind) -> String {
    let title = title(kind);
    let mut letters = title.chars();
    let first = letters.next().map(|letter| letter.to_ascii_lowercase());
    format!(
        "{}{}_{}",
        first.into_iter().collect::<String>(),
        letters.as_str(),
        kind.version
    )
}

fn capital(word: &str) -> String {
    let mut letters = word.chars();
    let first = letters.next().map(|letter| letter.to_ascii_uppercase());
    first.into_iter().chain(letters).collect()
}

/// `{group, version, kind}`.
pub fn spoken(group: &str, version: &str, kind: &str) -> Value {
    json!({"group": group, "version": version, "kind": kind})
}

/// A kind on the way to its operations.
struct Naming<'a> {
    kind: &'a Kind,
    /// `CoreV1`, and `Namespaced`.
    group: String,
    place: &'static str,
    base: String,
    own: String,
}

/// Every operation on a kind.
pub fn operations(kind: &Kind) -> Vec<Operation> {
    let root = if kind.group.is_empty() {
        "api".to_owned()
    } else {
        format!("apis/{}", kind.group)
    };
    let inside = if kind.namespaced { "namespaces/{namespace}/" } else { "" };
    let naming = Naming {
        kind,
        group: format!("{}{}", title(kind), capital(&kind.version)),
        place: if kind.namespaced { "Namespaced" } else { "" },
        base: format!("/{root}/{}/{inside}{}", kind.version, kind.plural),
        own: name_of(kind),
    };
    let mut all = collection(&naming);
    all.extend(one(&naming));
    if kind.namespaced && kind.allows("list") {
        let path = format!("/{root}/{}/{}", kind.version, kind.plural);
        let id = format!("list{}{}ForAllNamespaces", naming.group, kind.kind);
        all.push(Operation {
            path,
            id,
            ..naming.list()
        });
    }
    all.extend(watches(&naming, &root));
    all.extend(kind.subresources.iter().flat_map(|sub| of_sub(&naming, sub)));
    all
}

impl Naming<'_> {
    fn operation(&self, method: &'static str, action: &'static str, verb: &str, about: String) -> Operation {
        let kind = self.kind;
        Operation {
            path: self.base.clone(),
            method,
            action,
            id: format!("{verb}{}{}{}", self.group, self.place, kind.kind),
            about,
            kind: spoken(&kind.group, &kind.version, &kind.kind),
            takes: String::new(),
            gives: self.own.clone(),
            codes: &[200],
            query: &[],
        }
    }

    fn list(&self) -> Operation {
        let watched = if self.kind.custom.is_none() && self.kind.allows("watch") {
            "list or watch"
        } else {
            "list"
        };
        Operation {
            gives: format!("{}List", self.own),
            query: &LIST,
            ..self.operation(
                "get",
                "list",
                "list",
                format!("{watched} objects of kind {}", self.kind.kind),
            )
        }
    }
}

/// What is served at each path: every operation as `written` tells it, and each name in the path's braces as `named` does.
pub fn paths(
    kinds: &[Arc<Kind>],
    written: impl Fn(&Operation, &Kind) -> Value,
    named: impl Fn(&str) -> Value,
) -> Map<String, Value> {
    let mut paths: Map<String, Value> = Map::new();
    for kind in kinds {
        for operation in operations(kind) {
            let path = &operation.path;
            let names = ["name", "namespace"]
                .into_iter()
                .filter(|name| path.contains(&format!("{{{name}}}")));
            let at = paths.entry(path.clone()).or_insert_with(|| json!({}));
            at[operation.method] = written(&operation, kind);
            at["parameters"] = names.map(&named).collect();
        }
    }
    paths
}

/// What is done without a name.
fn collection(naming: &Naming<'_>) -> Vec<Operation> {
    let kind = naming.kind;
    let mut all = Vec::new();
    if kind.allows("list") {
        all.push(naming.list());
    }
    if kind.allows("create") {
        all.push(Operation {
            takes: naming.own.clone(),
            codes: &[200, 201, 202],
            query: &WRITE,
            ..naming.operation("post", "post", "create", format!("create {}", a(&kind.kind)))
        });
    }
    if kind.allows("deletecollection") {
        let mut delete = naming.operation(
            "delete",
            "deletecollection",
            "",
            format!("delete collection of {}", kind.kind),
        );
        delete.id = format!("delete{}Collection{}{}", naming.group, naming.place, kind.kind);
        delete.takes = format!("{META}.DeleteOptions");
        delete.gives = format!("{META}.Status");
        delete.query = &LIST;
        all.push(delete);
    }
    all
}

/// Watches with paths of their own, which built-in kinds still have.
fn watches(naming: &Naming<'_>, root: &str) -> Vec<Operation> {
    let kind = naming.kind;
    if kind.custom.is_some() || !kind.allows("watch") {
        return Vec::new();
    }
    let about = format!(
        "watch individual changes to a list of {}. deprecated: use the 'watch' parameter with a list operation instead.",
        kind.kind
    );
    let one = format!(
        "watch changes to an object of kind {}. deprecated: use the 'watch' parameter with a list operation instead, filtered to \
        a single item with the 'fieldSelector' parameter.",
        kind.kind
    );
    let start = format!("/{root}/{}", kind.version);
    let base = naming.base.replacen(&start, &format!("{start}/watch"), 1);
    let watch = |path: String, action: &'static str, id: String, about: &str| Operation {
        path,
        id,
        gives: format!("{META}.WatchEvent"),
        query: &LIST,
        ..naming.operation("get", action, "", about.to_owned())
    };
    let name = format!("{}{}{}", naming.group, naming.place, kind.kind);
    let mut all = vec![
        watch(base.clone(), "watchlist", format!("watch{name}List"), &about),
        watch(format!("{base}/{{name}}"), "watch", format!("watch{name}"), &one),
    ];
    if kind.namespaced {
        let path = format!("{start}/watch/{}", kind.plural);
        let id = format!("watch{}{}ListForAllNamespaces", naming.group, kind.kind);
        all.push(watch(path, "watchlist", id, &about));
    }
    all
}

/// A kind with its article, as `GetArticleForNoun`: one that is plural has none.
fn a(kind: &str) -> String {
    if kind.ends_with('s') && !kind.ends_with("ss") && !kind.ends_with("us") {
        return kind.to_owned();
    }
    format!("{} {kind}", article(kind))
}

fn article(kind: &str) -> &'static str {
    if kind.starts_with(['A', 'E', 'I', 'O', 'U']) {
        "an"
    } else {
        "a"
    }
}

/// What is done with one object.
fn one(naming: &Naming<'_>) -> Vec<Operation> {
    let kind = naming.kind;
    let path = format!("{}/{{name}}", naming.base);
    let mut all = edits(naming, "", &naming.own, |verb| kind.allows(verb));
    if kind.allows("delete") {
        let gives = if returns_object(kind) {
            naming.own.clone()
        } else {
            format!("{META}.Status")
        };
        all.push(Operation {
            takes: format!("{META}.DeleteOptions"),
            gives,
            codes: &[200, 202],
            query: &DELETE,
            ..naming.operation("delete", "delete", "delete", format!("delete {}", a(&kind.kind)))
        });
    }
    all.iter_mut().for_each(|operation| operation.path.clone_from(&path));
    all
}

/// Reading, replacing and patching, of an object or of what hangs below it.
fn edits(naming: &Naming<'_>, sub: &str, own: &str, allows: impl Fn(&str) -> bool) -> Vec<Operation> {
    let kind = &naming.kind.kind;
    let what = if sub.is_empty() {
        format!("the specified {kind}")
    } else {
        format!("{sub} of the specified {kind}")
    };
    let mut all = Vec::new();
    if allows("get") {
        all.push(naming.operation("get", "get", "read", format!("read {what}")));
    }
    if allows("update") {
        all.push(Operation {
            takes: own.to_owned(),
            codes: &[200, 201],
            query: &WRITE,
            ..naming.operation("put", "put", "replace", format!("replace {what}"))
        });
    }
    if allows("patch") {
        all.push(Operation {
            takes: format!("{META}.Patch"),
            codes: if naming.kind.custom.is_some() {
                &[200]
            } else {
                &[200, 201]
            },
            query: &PATCH,
            ..naming.operation("patch", "patch", "patch", format!("partially update {what}"))
        });
    }
    all
}

/// What is done with what hangs below an object.
fn of_sub(naming: &Naming<'_>, sub: &Sub) -> Vec<Operation> {
    let kind = naming.kind;
    let allows = |verb: &str| sub.verbs.iter().any(|known| known == verb);
    let version = if sub.version.is_empty() {
        &kind.version
    } else {
        &sub.version
    };
    let group = if sub.version.is_empty() {
        &kind.group
    } else {
        &sub.group
    };
    let package = package(group);
    let text = sub.name == "log" || sub.kind.ends_with("Options");
    let gives = match sub.kind == kind.kind {
        _ if text => String::new(),
        true => naming.own.clone(),
        false => format!("io.k8s.api.{package}.{version}.{}", sub.kind),
    };
    let mut all = if sub.kind.ends_with("Options") {
        connections(naming, sub)
    } else {
        edits(naming, &sub.name, &gives, allows)
    };
    if allows("create") && !sub.kind.ends_with("Options") {
        all.push(Operation {
            takes: gives.clone(),
            codes: &[200, 201, 202],
            query: &WRITE,
            ..naming.operation(
                "post",
                "post",
                "create",
                format!("create {} of {}", sub.name, a(&kind.kind)),
            )
        });
    }
    for operation in &mut all {
        operation.path = format!("{}/{{name}}/{}", naming.base, sub.name);
        operation.id.push_str(&capital(&sub.name));
        operation.kind = spoken(group, version, &sub.kind);
        operation.gives.clone_from(&gives);
    }
    all
}

/// The methods by which one connects to a container or through a proxy.
fn connections(naming: &Naming<'_>, sub: &Sub) -> Vec<Operation> {
    let methods: &[&str] = if sub.name == "proxy" {
        &["get", "put", "post", "delete", "options", "head", "patch"]
    } else {
        &["get", "post"]
    };
    let connect = |method: &&'static str| {
        let upper = method.to_uppercase();
        let about = format!("connect {upper} requests to {} of {}", sub.name, naming.kind.kind);
        let mut operation = naming.operation(method, "connect", "", about);
        operation.id = format!(
            "connect{}{}{}{}",
            naming.group,
            capital(method),
            naming.place,
            naming.kind.kind
        );
        operation
    };
    methods.iter().map(connect).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mock::kinds::Registry;

    #[test]
    fn operations_are_called_as_the_server_calls_them() {
        let cases = [
            (
                "",
                "v1",
                "pods",
                "/api/v1/namespaces/{namespace}/pods get listCoreV1NamespacedPod list",
            ),
            (
                "",
                "v1",
                "pods",
                "/api/v1/namespaces/{namespace}/pods delete deleteCoreV1CollectionNamespacedPod deletecollection",
            ),
            ("", "v1", "pods", "/api/v1/pods get listCoreV1PodForAllNamespaces list"),
            (
                "",
                "v1",
                "pods",
                "/api/v1/namespaces/{namespace}/pods/{name} put replaceCoreV1NamespacedPod put",
            ),
            (
                "",
                "v1",
                "pods",
                "/api/v1/namespaces/{namespace}/pods/{name}/exec post connectCoreV1PostNamespacedPodExec connect",
            ),
            (
                "",
                "v1",
                "pods",
                "/api/v1/namespaces/{namespace}/pods/{name}/eviction post createCoreV1NamespacedPodEviction post",
            ),
            (
                "apps",
                "v1",
                "deployments",
                "/apis/apps/v1/namespaces/{namespace}/deployments/{name}/scale patch patchAppsV1NamespacedDeploymentScale patch",
            ),
            (
                "storage.k8s.io",
                "v1",
                "storageclasses",
                "/apis/storage.k8s.io/v1/storageclasses/{name} get readStorageV1StorageClass get",
            ),
            (
                "rbac.authorization.k8s.io",
                "v1",
                "roles",
                "/apis/rbac.authorization.k8s.io/v1/namespaces/{namespace}/roles post createRbacAuthorizationV1NamespacedRole post",
            ),
        ];
        for (group, version, plural, expected) in cases {
            let kind = Registry::default().find(group, version, plural).unwrap();
            let told = |it: &Operation| format!("{} {} {} {}", it.path, it.method, it.id, it.action);
            let all: Vec<String> = operations(&kind).iter().map(told).collect();
            assert!(all.iter().any(|one| one == expected), "{expected}: {all:#?}");
        }
    }

    #[test]
    fn answers_and_kinds_are_those_of_what_hangs_below() {
        let kind = Registry::default().find("apps", "v1", "deployments").unwrap();
        let all = operations(&kind);
        let scale = all
            .iter()
            .find(|it| it.id == "readAppsV1NamespacedDeploymentScale")
            .unwrap();
        assert_eq!(scale.gives, "io.k8s.api.autoscaling.v1.Scale");
        assert_eq!(scale.kind, spoken("autoscaling", "v1", "Scale"));
        assert_eq!(scale.about, "read scale of the specified Deployment");
        assert_eq!(tag(&kind), "apps_v1");
        let delete = all.iter().find(|it| it.action == "delete").unwrap();
        assert_eq!(
            (delete.gives.as_str(), delete.codes),
            ("io.k8s.apimachinery.pkg.apis.meta.v1.Status", &[200, 202][..])
        );
    }
}
