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
            Edit::Apply { object, .. } => ("PATCH", "application/apply-patch+yaml", object.clone()),
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
            query.push("dryRun=All".to_string());
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
