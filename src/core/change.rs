//! A change of one object of the cluster: what is sent, and the kubectl command that does the same.

use serde_json::{Value, json};

use super::access::Need;
use super::resource::{Resource, segment};

/// What happens to what an object owns when it is deleted (`propagationPolicy` of `DeleteOptions`).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Cascade {
    /// The object goes at once, what it owns afterwards.
    #[default]
    Background,
    /// What it owns goes first.
    Foreground,
    /// What it owns stays.
    Orphan,
}

impl Cascade {
    /// As the API spells it.
    pub fn policy(self) -> &'static str {
        match self {
            Self::Background => "Background",
            Self::Foreground => "Foreground",
            Self::Orphan => "Orphan",
        }
    }

    /// As kubectl spells it.
    pub fn flag(self) -> &'static str {
        match self {
            Self::Background => "background",
            Self::Foreground => "foreground",
            Self::Orphan => "orphan",
        }
    }
}

/// How an object is changed.
#[derive(Clone, Debug, PartialEq)]
pub enum Edit {
    /// Make it: the object.
    Create(Value),
    /// Put another in its place: the whole object, with the `resourceVersion` that it was read with.
    Replace(Value),
    /// A list of operations (RFC 6902).
    Json(Value),
    /// An object laid over it (RFC 7386).
    Merge(Value),
    /// An object laid over it, lists merged by their keys. Only for kinds that the API server is built with.
    Strategic(Value),
    /// Server-side apply: the fields that are wanted.
    Apply {
        /// The fields.
        object: Value,
        /// Whether fields of other managers are taken over.
        force: bool,
    },
    /// Delete it.
    Delete {
        /// What happens to what it owns.
        cascade: Cascade,
        /// The seconds that it is given to end; its own where nothing is said.
        grace: Option<u32>,
        /// Only the object of this uid, not another of its name.
        uid: Option<String>,
    },
}

/// The content type of server-side apply.
const APPLY: &str = "application/apply-patch+yaml";

/// What tells the server to store nothing.
const DRY_RUN: &str = "dryRun=All";

/// The field manager that changes of konn are recorded under.
pub const MANAGER: &str = "konn";

/// A change of one object.
#[derive(Clone, Debug, PartialEq)]
pub struct Change {
    /// Its resource.
    pub resource: Resource,
    /// Its namespace.
    pub namespace: Option<String>,
    /// Its name; for an object that is made, the name that it gets.
    pub name: String,
    /// Which part of it, such as `scale` or `eviction`; empty for the object itself.
    pub subresource: &'static str,
    /// How it is changed.
    pub edit: Edit,
    /// Whether the server only tells what would come of it.
    pub dry_run: bool,
    /// The kubectl command that does the same.
    pub kubectl: String,
    /// The command as it may be kept, where the other holds secrets.
    pub kept: Option<String>,
}

/// What goes over the wire.
#[derive(Clone, Debug, PartialEq)]
pub struct Wire {
    /// The HTTP method.
    pub method: &'static str,
    /// Path and query.
    pub path: String,
    /// The body's content type.
    pub content: &'static str,
    /// The body.
    pub body: Value,
}

impl Change {
    /// A change of an object.
    pub fn of(
        resource: &Resource,
        namespace: Option<&str>,
        name: &str,
        edit: Edit,
        kubectl: impl Into<String>,
    ) -> Self {
        Self {
            resource: resource.clone(),
            namespace: namespace.map(str::to_string).filter(|_| resource.namespaced),
            name: name.to_string(),
            subresource: "",
            edit,
            dry_run: false,
            kubectl: kubectl.into(),
            kept: None,
        }
    }

    /// The same of a part of the object.
    pub fn on(mut self, subresource: &'static str) -> Self {
        self.subresource = subresource;
        self
    }

    /// The same, with nothing stored.
    pub fn dry(mut self) -> Self {
        self.dry_run = true;
        self
    }

    /// `deployment/web`, as kubectl names objects.
    pub fn object(&self) -> String {
        format!("{}/{}", self.resource.singular(), self.name)
    }

    /// The command as it may be kept in a history.
    pub fn recorded(&self) -> &str {
        self.kept.as_deref().unwrap_or(&self.kubectl)
    }

    /// Whether it leaves everything as it is, beyond doubt: a dry run by server-side apply. The server is told in the
    /// request itself, and a server that knows server-side apply knows dry runs too (both are in every API server since
    /// Kubernetes 1.18), whereas one that does not knows no such content type. Webhooks with side effects are refused by
    /// the server itself.
    pub fn is_only_told(&self) -> bool {
        let wire = self.wire();
        let query = wire.path.split_once('?').map_or("", |(_, query)| query);
        let is_apply = wire.method == "PATCH" && wire.content == APPLY;
        is_apply && self.subresource.is_empty() && query.split('&').any(|word| word == DRY_RUN)
    }

    /// Whether it may begin a rollout that `kubectl rollout undo` takes back: a change of the template of pods. What is
    /// replaced or applied whole may have another template.
    pub fn rolls_out(&self) -> bool {
        let rolls = matches!(&*self.resource.kind, "Deployment" | "DaemonSet" | "StatefulSet");
        let touches = match &self.edit {
            Edit::Replace(_) | Edit::Apply { .. } => true,
            Edit::Merge(patch) | Edit::Strategic(patch) => patch.pointer("/spec/template").is_some(),
            Edit::Json(patch) => patch.as_array().into_iter().flatten().any(|step| {
                let path = step.get("path").and_then(Value::as_str).unwrap_or_default();
                path == "/spec" || path.starts_with("/spec/template")
            }),
            Edit::Create(_) | Edit::Delete { .. } => false,
        };
        rolls && self.resource.group == "apps" && self.subresource.is_empty() && touches
    }

    /// The right that it needs.
    pub fn need(&self) -> Need {
        let verb = match self.edit {
            Edit::Create(_) => "create",
            Edit::Replace(_) => "update",
            Edit::Json(_) | Edit::Merge(_) | Edit::Strategic(_) | Edit::Apply { .. } => "patch",
            Edit::Delete { .. } => "delete",
        };
        Need::on(verb, &self.resource, self.subresource)
    }

    /// What goes over the wire.
    pub fn wire(&self) -> Wire {
        let name = match &self.edit {
            Edit::Create(_) if self.subresource.is_empty() => None,
            _ => Some(self.name.as_str()),
        };
        let mut path = self.resource.path(self.namespace.as_deref(), name);
        if !self.subresource.is_empty() {
            path.push('/');
            path.push_str(&segment(self.subresource));
        }
        let (method, content, body) = match &self.edit {
            Edit::Create(object) => ("POST", "application/json", object.clone()),
            Edit::Replace(object) => ("PUT", "application/json", object.clone()),
            Edit::Json(patch) => ("PATCH", "application/json-patch+json", patch.clone()),
            Edit::Merge(patch) => ("PATCH", "application/merge-patch+json", patch.clone()),
            Edit::Strategic(patch) => ("PATCH", "application/strategic-merge-patch+json", patch.clone()),
            Edit::Apply { object, .. } => ("PATCH", APPLY, object.clone()),
            Edit::Delete { cascade, grace, uid } => (
                "DELETE",
                "application/json",
                options(*cascade, *grace, uid.as_deref(), self.dry_run),
            ),
        };
        path.push_str(&self.query());
        Wire {
            method,
            path,
            content,
            body,
        }
    }

    fn query(&self) -> String {
        let mut query = Vec::new();
        if !matches!(self.edit, Edit::Delete { .. }) {
            query.push(format!("fieldManager={MANAGER}"));
        }
        // A field that the server does not know is a mistake that a person wants to hear of.
        if matches!(self.edit, Edit::Create(_) | Edit::Replace(_) | Edit::Apply { .. }) {
            query.push("fieldValidation=Strict".to_string());
        }
        if matches!(self.edit, Edit::Apply { force: true, .. }) {
            query.push("force=true".to_string());
        }
        if self.dry_run {
            query.push(DRY_RUN.to_string());
        }
        if query.is_empty() {
            String::new()
        } else {
            format!("?{}", query.join("&"))
        }
    }
}

fn options(cascade: Cascade, grace: Option<u32>, uid: Option<&str>, dry_run: bool) -> Value {
    let mut options = json!({"kind": "DeleteOptions", "apiVersion": "v1", "propagationPolicy": cascade.policy()});
    if let Some(seconds) = grace {
        options["gracePeriodSeconds"] = seconds.into();
    }
    if let Some(uid) = uid {
        options["preconditions"] = json!({"uid": uid});
    }
    if dry_run {
        options["dryRun"] = json!(["All"]);
    }
    options
}

#[cfg(test)]
mod tests {
    use super::*;

    const PODS: Resource = Resource::known("", "v1", "Pod", "pods", &[], true);
    const NODES: Resource = Resource::known("", "v1", "Node", "nodes", &[], false);

    #[test]
    fn a_change_goes_where_the_api_wants_it() {
        let web = |edit| Change::of(&PODS, Some("shop"), "web/0", edit, "");
        let eviction = web(Edit::Create(json!({}))).on("eviction");
        let label = Change::of(&NODES, Some("left out"), "n1", Edit::Merge(json!({})), "").dry();
        let apply = web(Edit::Apply {
            object: json!({}),
            force: true,
        });
        for (change, method, path) in [
            (
                web(Edit::Create(json!({}))),
                "POST",
                "/api/v1/namespaces/shop/pods?fieldManager=konn&fieldValidation=Strict",
            ),
            (
                eviction,
                "POST",
                "/api/v1/namespaces/shop/pods/web%2F0/eviction?fieldManager=konn&fieldValidation=Strict",
            ),
            (label, "PATCH", "/api/v1/nodes/n1?fieldManager=konn&dryRun=All"),
            (
                apply,
                "PATCH",
                "/api/v1/namespaces/shop/pods/web%2F0?fieldManager=konn&fieldValidation=Strict&force=true",
            ),
        ] {
            let wire = change.wire();
            assert_eq!((wire.method, wire.path.as_str()), (method, path));
        }
    }

    #[test]
    fn only_a_dry_run_by_server_side_apply_leaves_everything_as_it_is_beyond_doubt() {
        let apply = || Edit::Apply {
            object: json!({}),
            force: true,
        };
        let delete = Edit::Delete {
            cascade: Cascade::Background,
            grace: None,
            uid: None,
        };
        // A name cannot pretend to be a query.
        for name in ["web", "web?dryRun=All", "web&dryRun=All"] {
            let of = |edit| Change::of(&PODS, Some("shop"), name, edit, "");
            assert!(of(apply()).dry().is_only_told());
            for change in [
                of(apply()),
                of(apply()).on("status").dry(),
                of(apply()).on("eviction"),
                of(delete.clone()),
                of(delete.clone()).dry(),
                of(Edit::Create(json!({}))).dry(),
                of(Edit::Create(json!({}))).on("eviction").dry(),
                of(Edit::Replace(json!({}))).dry(),
                of(Edit::Json(json!([]))).dry(),
                of(Edit::Merge(json!({}))).dry(),
                of(Edit::Strategic(json!({}))).dry(),
            ] {
                assert!(!change.is_only_told(), "{change:?}");
            }
        }
    }

    #[test]
    fn what_changes_a_template_rolls_out() {
        const WEB: Resource = Resource::known("apps", "v1", "Deployment", "deployments", &[], true);
        let template = || json!({"spec": {"template": {"metadata": {}}}});
        for (resource, edit, wanted) in [
            (&WEB, Edit::Strategic(template()), true),
            (&WEB, Edit::Merge(json!({"spec": {"replicas": 3}})), false),
            (
                &WEB,
                Edit::Json(json!([{"op": "replace", "path": "/spec/template"}])),
                true,
            ),
            (
                &WEB,
                Edit::Json(json!([{"op": "replace", "path": "/spec/replicas"}, null])),
                false,
            ),
            (&WEB, Edit::Replace(json!({})), true),
            (&WEB, Edit::Create(template()), false),
            (&PODS, Edit::Strategic(template()), false),
        ] {
            let change = Change::of(resource, Some("shop"), "web", edit, "");
            assert_eq!(change.rolls_out(), wanted, "{change:?}");
        }
    }

    #[test]
    fn a_deletion_says_what_becomes_of_the_rest() {
        let edit = Edit::Delete {
            cascade: Cascade::Orphan,
            grace: Some(0),
            uid: Some("u".into()),
        };
        let wire = Change::of(&PODS, Some("shop"), "web", edit, "").dry().wire();
        assert_eq!(wire.path, "/api/v1/namespaces/shop/pods/web?dryRun=All");
        assert_eq!(
            wire.body,
            json!({"kind": "DeleteOptions", "apiVersion": "v1", "propagationPolicy": "Orphan", "gracePeriodSeconds": 0,
                "preconditions": {"uid": "u"}, "dryRun": ["All"]})
        );
    }
}
