//! One object of a manifest: what is there now, what would come of it.

use serde_json::Value;

use super::documents::{Bad, Found, Place};
use crate::core::catalog::Catalog;
use crate::core::change::{Cascade, Change, Edit};
use crate::core::manifest::Act;
use crate::core::request::Request;
use crate::core::resource::Resource;
use crate::core::text::Line;
use crate::core::trouble::Trouble;

/// What the server says would come of it.
pub type Trial = Result<Vec<Line>, Box<Trouble>>;

/// What is there now.
#[derive(Clone, Debug)]
pub enum Live {
    /// It was not asked for yet.
    Unasked,
    /// Nothing of this name.
    Missing,
    /// This.
    There(Box<Value>),
    /// It could not be read.
    Failed(Box<Trouble>),
}

/// An object that the server has a place for.
pub struct Object {
    /// Its resource.
    pub resource: Resource,
    /// Its namespace, where it lives in one.
    pub namespace: Option<String>,
    /// Its name.
    pub name: String,
    /// The object as it is written.
    pub wanted: Value,
    /// What is there now.
    pub live: Live,
    /// What would come of it.
    pub trial: Option<Trial>,
}

/// A document that is no object of the cluster.
pub struct Broken {
    /// Where it stands.
    pub place: Place,
    /// What is wrong with it.
    pub bad: Bad,
}

impl Object {
    /// Finds out what a document is. `namespace` is for objects that name none. Fails where the server knows no such
    /// kind.
    pub fn of((place, found): Found, catalog: &Catalog, namespace: &str) -> Result<Self, Broken> {
        let wanted = match found {
            Ok(wanted) => wanted,
            Err(bad) => return Err(Broken { place, bad }),
        };
        let text = |pointer: &str| wanted.pointer(pointer).and_then(Value::as_str).unwrap_or_default();
        let (version, kind) = (text("/apiVersion"), text("/kind"));
        let Some(resource) = catalog.resource(version, kind).cloned() else {
            let bad = Bad {
                id: "unknown",
                why: format!("{kind} ({version})"),
            };
            return Err(Broken { place, bad });
        };
        let own = Some(text("/metadata/namespace")).filter(|own| !own.is_empty());
        Ok(Self {
            namespace: resource.namespaced.then(|| own.unwrap_or(namespace).to_string()),
            name: text("/metadata/name").to_string(),
            resource,
            wanted,
            live: Live::Unasked,
            trial: None,
        })
    }

    /// `deployment/web`.
    pub fn full_name(&self) -> String {
        format!("{}/{}", self.resource.singular(), self.name)
    }

    /// Whether it says itself that it lives in another namespace.
    pub fn names_another(&self, namespace: &str) -> bool {
        let own = self.wanted.pointer("/metadata/namespace").and_then(Value::as_str);
        self.resource.namespaced && own.is_some_and(|own| !own.is_empty() && own != namespace)
    }

    /// Reads what is there.
    pub fn get(&self) -> Request {
        Request::Get {
            resource: self.resource.clone(),
            namespace: self.namespace.clone(),
            name: self.name.clone(),
        }
    }

    /// What is sent for it; nothing where there is nothing to do.
    pub fn change(&self, act: Act, force: bool, command: &str) -> Option<Change> {
        let edit = match (act, &self.live) {
            (Act::Delete, Live::There(live)) => Edit::Delete {
                cascade: Cascade::Background,
                grace: None,
                uid: live
                    .pointer("/metadata/uid")
                    .and_then(Value::as_str)
                    .map(str::to_string),
            },
            (Act::Delete, _) => return None,
            _ => Edit::Apply {
                object: self.in_namespace(),
                force,
            },
        };
        let namespace = self.namespace.as_deref();
        Some(Change::of(&self.resource, namespace, &self.name, edit, command))
    }

    fn in_namespace(&self) -> Value {
        let mut object = self.wanted.clone();
        if let (Some(namespace), Some(meta)) = (
            &self.namespace,
            object.get_mut("metadata").and_then(Value::as_object_mut),
        ) {
            meta.insert("namespace".to_string(), namespace.as_str().into());
        }
        object
    }

    /// Whether the server says that nothing would change.
    pub fn is_same(&self) -> bool {
        matches!((&self.live, &self.trial), (Live::There(_), Some(Ok(diff))) if diff.is_empty())
    }
}
