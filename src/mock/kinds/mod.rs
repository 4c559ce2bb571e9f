//! What kinds the server serves: the built-in ones as data, and custom ones as their definitions come and go.

mod autoscaler_metrics;
mod autoscaler_v1;
pub mod convert;
mod custom;
pub mod empties;
mod fields;
pub mod go_types;
mod hash;
pub mod open_api;
pub mod protobuf;
mod registry;
pub mod scalars;
mod schemas;
mod table;
pub mod typed;
pub mod types;

use std::sync::Arc;

pub use custom::{CustomKind, PrinterColumn, ScalePaths};
pub use fields::{Field, selectable};
pub use registry::Registry;
pub use schemas::{name_of, references, schemas, type_fields};

/// One built-in kind as the table of kinds writes it down.
#[derive(Clone, Copy, Debug)]
pub struct Row {
    group: &'static str,
    version: &'static str,
    kind: &'static str,
    plural: &'static str,
    singular: &'static str,
    namespaced: bool,
    verbs: &'static [&'static str],
    short: &'static [&'static str],
    categories: &'static [&'static str],
    subresources: &'static [SubRow],
}

/// One subresource of a built-in kind. An empty group and version mean those of the kind itself.
#[derive(Clone, Copy, Debug)]
pub struct SubRow {
    name: &'static str,
    group: &'static str,
    version: &'static str,
    kind: &'static str,
    verbs: &'static [&'static str],
}

/// One resource that the server serves: a kind in one version.
#[derive(Clone, Debug)]
pub struct Kind {
    /// API group; empty for the core group.
    pub group: String,
    /// Version inside the group.
    pub version: String,
    /// The kind, as in an object's `kind`.
    pub kind: String,
    /// The resource's plural name, as in paths.
    pub plural: String,
    /// The resource's singular name.
    pub singular: String,
    /// Whether its objects live in namespaces.
    pub namespaced: bool,
    /// What can be done with it, in the server's order.
    pub verbs: Vec<String>,
    /// Short names, `po` for pods.
    pub short: Vec<String>,
    /// Categories, `all` for pods.
    pub categories: Vec<String>,
    /// What hangs below an object's path.
    pub subresources: Vec<Sub>,
    /// The name of the table its objects are kept in; kinds served in two versions or groups share one.
    pub table: String,
    /// Discovery's hash of the group, version and kind in which objects are stored; empty if nothing is stored.
    pub storage_hash: String,
    /// Present for kinds that a CustomResourceDefinition brought.
    pub custom: Option<Arc<CustomKind>>,
}

/// One subresource.
#[derive(Clone, Debug)]
pub struct Sub {
    /// Its name, the last part of the path.
    pub name: String,
    /// Group of the kind it speaks, empty when the parent's.
    pub group: String,
    /// Version of the kind it speaks, empty when the parent's.
    pub version: String,
    /// The kind it speaks.
    pub kind: String,
    /// What can be done with it.
    pub verbs: Vec<String>,
}

/// The package that has a group's types: the first word of the group, `core` for the group without a name.
#[must_use]
pub fn package(group: &str) -> &str {
    match group.split('.').next() {
        None | Some("") => "core",
        Some(first) => first,
    }
}

impl Kind {
    /// `v1` or `apps/v1`.
    #[must_use]
    pub fn api_version(&self) -> String {
        join_version(&self.group, &self.version)
    }

    /// The kind of a list of its objects: `PodList`.
    #[must_use]
    pub fn list_kind(&self) -> String {
        self.custom
            .as_ref()
            .map_or_else(|| format!("{}List", self.kind), |custom| custom.list_kind.clone())
    }

    /// The resource as errors name it: `pods` or `deployments.apps`.
    #[must_use]
    pub fn qualified(&self) -> String {
        if self.group.is_empty() {
            self.plural.clone()
        } else {
            format!("{}.{}", self.plural, self.group)
        }
    }

    /// The kind as validation errors name it: `Pod` or `Deployment.apps`.
    #[must_use]
    pub fn qualified_kind(&self) -> String {
        match self.error_group() {
            "" => self.kind.clone(),
            group => format!("{}.{group}", self.kind),
        }
    }

    /// The group that validation errors name: the one of the stored kind.
    #[must_use]
    pub fn error_group(&self) -> &str {
        if self.table == "events" { "" } else { &self.group }
    }

    /// How Go names the types of an object and of a list of them.
    #[must_use]
    pub fn go_type(&self) -> (String, String) {
        if self.custom.is_some() {
            let name = "*unstructured.Unstructured";
            return (name.to_owned(), format!("{name}List"));
        }
        let package = package(self.error_group());
        (
            format!("*{package}.{}", self.kind),
            format!("*{package}.{}List", self.kind),
        )
    }

    /// The subresource of that name.
    #[must_use]
    pub fn sub(&self, name: &str) -> Option<&Sub> {
        self.subresources.iter().find(|sub| sub.name == name)
    }

    /// Whether the server offers the verb on the resource itself.
    #[must_use]
    pub fn allows(&self, verb: &str) -> bool {
        self.verbs.iter().any(|known| known == verb)
    }
}

/// `version` of the core group, else `group/version`.
#[must_use]
pub fn join_version(group: &str, version: &str) -> String {
    if group.is_empty() {
        version.to_owned()
    } else {
        format!("{group}/{version}")
    }
}
