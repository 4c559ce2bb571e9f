//! What to watch: the vocabulary between the core, which asks, and the runtime, which watches.

use std::fmt;
use std::sync::Arc;

use super::extended::Readings;
use super::jump::Scope;
use super::resource::Resource;
use super::view::{Shared, ViewRef};
use crate::model::DecodeError;

/// How objects are read.
#[derive(Clone)]
pub enum Decoder {
    /// As rows of a view: a slim projection.
    Row(ViewRef),
    /// As rows of a view whose rows are parts of objects: several for each object.
    Parts(ViewRef),
    /// As rows of the server's own tables, drawn with the columns that the server names.
    Table,
    /// Whole, as [`super::whole::Whole`]: for describe and YAML.
    Whole,
    /// By a function that keeps a part of each object, and that alone.
    Part(fn(&str) -> Result<Shared, DecodeError>),
}

impl fmt::Debug for Decoder {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Row(view) => write!(out, "Row({})", view.resource().plural),
            Self::Parts(view) => write!(out, "Parts({})", view.resource().plural),
            Self::Table => out.write_str("Table"),
            Self::Whole => out.write_str("Whole"),
            Self::Part(_) => out.write_str("Part"),
        }
    }
}

/// Where the rows come from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Source {
    /// A resource of the cluster.
    Cluster(Resource),
    /// The contexts of the kubeconfig.
    Contexts,
    /// What discovery found: rows that the core itself has.
    Resources,
    /// Several watches that one table is made of.
    Joined,
}

impl Source {
    /// Whether the runtime is asked for the rows.
    pub fn is_watched(&self) -> bool {
        matches!(self, Self::Cluster(_) | Self::Contexts)
    }

    /// Where a view's rows come from. What is served by no API has no version: konn's own rows.
    pub fn of(resource: &Resource) -> Self {
        match (resource.version.as_ref(), resource.plural.as_ref()) {
            ("", "contexts") => Self::Contexts,
            ("", _) => Self::Resources,
            _ => Self::Cluster(resource.clone()),
        }
    }
}

impl Decoder {
    /// How the rows of a view are read.
    pub fn of(view: &ViewRef) -> Self {
        match view {
            ViewRef::Known(_) => Self::Row(view.clone()),
            ViewRef::Found(_) => Self::Table,
        }
    }
}

/// A watch to open.
#[derive(Clone, Debug)]
pub struct WatchSpec {
    /// Where the rows come from.
    pub source: Source,
    /// The namespaces.
    pub scope: Scope,
    /// One object by name.
    pub name: Option<String>,
    /// A label selector.
    pub labels: Option<String>,
    /// A field selector.
    pub fields: Option<String>,
    /// How objects are read.
    pub decoder: Decoder,
    /// What columns read of whole objects besides.
    pub readings: Option<Arc<Readings>>,
}

impl WatchSpec {
    /// Everything of a resource.
    pub fn all(resource: Resource, scope: Scope, decoder: Decoder) -> Self {
        Self {
            source: Source::Cluster(resource),
            scope,
            name: None,
            labels: None,
            fields: None,
            decoder,
            readings: None,
        }
    }

    /// One whole object.
    pub fn object(resource: Resource, namespace: Option<&str>, name: &str) -> Self {
        let scope = namespace.map_or(Scope::All, Scope::one);
        Self {
            name: Some(name.to_string()),
            ..Self::all(resource, scope, Decoder::Whole)
        }
    }
}
