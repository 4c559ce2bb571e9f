//! What to ask the server for, as pure data.

use crate::core::jump::Scope;
use crate::core::resource::Resource;
use crate::core::watch::{Decoder, WatchSpec};

/// A list of whole objects, or one of them by its name.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Query {
    /// The resource.
    pub resource: Resource,
    /// The namespace; all of them, or none for what lives in none, where it is not given.
    pub namespace: Option<String>,
    /// Only the object of this name.
    pub name: Option<String>,
    /// A label selector.
    pub labels: Option<String>,
    /// A field selector.
    pub fields: Option<String>,
}

impl Query {
    /// All objects of a resource.
    pub fn all(resource: Resource, namespace: Option<&str>) -> Self {
        Self {
            namespace: namespace.filter(|_| resource.namespaced).map(str::to_string),
            resource,
            name: None,
            labels: None,
            fields: None,
        }
    }

    /// One object.
    pub fn one(resource: Resource, namespace: Option<&str>, name: &str) -> Self {
        Self {
            name: Some(name.to_string()),
            ..Self::all(resource, namespace)
        }
    }

    /// The watch that brings it.
    pub fn spec(&self) -> WatchSpec {
        let scope = self.namespace.as_ref().map_or(Scope::All, Scope::one);
        WatchSpec {
            name: self.name.clone(),
            labels: self.labels.clone(),
            fields: self.fields.clone(),
            ..WatchSpec::all(self.resource.clone(), scope, Decoder::Whole)
        }
    }
}
