//! One stored object: its encoding and what selectors and owners ask for without decoding it.

use bytes::Bytes;
use serde_json::{Map, Value};

use crate::mock::kinds::Field;

/// An object as it stood at one resourceVersion.
#[derive(Debug)]
pub struct Object {
    /// Its key in the table: `namespace/name`, or `name` in the cluster's scope.
    pub key: Box<str>,
    /// Its resourceVersion.
    pub version: u64,
    /// `metadata.uid`.
    pub uid: Box<str>,
    /// `metadata.labels`.
    pub labels: Box<[(Box<str>, Box<str>)]>,
    /// The kind's selectable fields, in the order of the table's list of fields.
    pub fields: Box<[Box<str>]>,
    /// The uids of `metadata.ownerReferences`.
    pub owners: Box<[Box<str>]>,
    /// The JSON without `kind` and `apiVersion`: those belong to the version in which it is served.
    pub body: Bytes,
}

impl Object {
    /// Encodes `value` under `version`, which is written into its metadata.
    pub fn encode(mut value: Value, version: u64, fields: &[Field]) -> Self {
        strip_type(&mut value);
        if let Some(metadata) = value.get_mut("metadata").and_then(Value::as_object_mut) {
            metadata.insert("resourceVersion".to_owned(), Value::String(version.to_string()));
        }
        let metadata = &value["metadata"];
        let text = |name: &str| metadata[name].as_str().unwrap_or_default();
        Self {
            key: object_key(text("namespace"), text("name")).into(),
            version,
            uid: text("uid").into(),
            labels: pairs(&metadata["labels"]),
            fields: fields.iter().map(|field| field.of(&value).into()).collect(),
            owners: owners(&metadata["ownerReferences"]),
            body: Bytes::from(serde_json::to_vec(&value).unwrap_or_default()),
        }
    }

    /// The decoded object, without `kind` and `apiVersion`.
    #[must_use]
    pub fn decode(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|_| Value::Object(Map::new()))
    }

    /// The decoded object as it is served in a version.
    #[must_use]
    pub fn typed(&self, api_version: &str, kind: &str) -> Value {
        let mut typed = Map::new();
        typed.insert("kind".to_owned(), kind.into());
        typed.insert("apiVersion".to_owned(), api_version.into());
        if let Value::Object(body) = self.decode() {
            typed.extend(body);
        }
        Value::Object(typed)
    }

    /// `metadata.namespace`, empty in the cluster's scope.
    #[must_use]
    pub fn namespace(&self) -> &str {
        key_parts(&self.key).0
    }

    /// `metadata.name`.
    #[must_use]
    pub fn name(&self) -> &str {
        key_parts(&self.key).1
    }

    /// The value of a label.
    #[must_use]
    pub fn label(&self, key: &str) -> Option<&str> {
        self.labels
            .iter()
            .find(|(known, _)| &**known == key)
            .map(|(_, value)| &**value)
    }
}

/// The key of an object in its table. Tables are ordered by it, as etcd orders its keys.
#[must_use]
pub fn object_key(namespace: &str, name: &str) -> String {
    if namespace.is_empty() {
        name.to_owned()
    } else {
        format!("{namespace}/{name}")
    }
}

/// The namespace and the name that a key is made of.
#[must_use]
pub fn key_parts(key: &str) -> (&str, &str) {
    key.split_once('/').unwrap_or(("", key))
}

fn strip_type(value: &mut Value) {
    if let Some(map) = value.as_object_mut() {
        map.shift_remove("kind");
        map.shift_remove("apiVersion");
    }
}

fn pairs(labels: &Value) -> Box<[(Box<str>, Box<str>)]> {
    let pair = |(key, value): (&String, &Value)| (key.as_str().into(), value.as_str().unwrap_or_default().into());
    labels.as_object().into_iter().flatten().map(pair).collect()
}

fn owners(references: &Value) -> Box<[Box<str>]> {
    references
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(|owner| owner["uid"].as_str())
        .map(Into::into)
        .collect()
}
