//! What a description wants besides the object: lists as pure data, and what became of them.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

/// The tag under which an object's events are found.
pub const EVENTS: &str = "events";
/// The tag of a Node's second list of events: the kubelet writes the Node's name where its uid belongs.
pub const EVENTS_BY_NAME: &str = "events-by-name";

/// A list, or one object by its name, that a description wants.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Need {
    /// Under which the answer is found in [`Related`].
    pub tag: Cow<'static, str>,
    /// The API group; empty for the core group.
    pub group: &'static str,
    /// The API version, such as `v1`.
    pub version: &'static str,
    /// The resource as in the URL, such as `replicasets`.
    pub plural: &'static str,
    /// The namespace; all of them, or a cluster-wide resource, if empty.
    pub namespace: String,
    /// Only the object of this name, to be read with a get: an object that is not there is an empty list.
    pub name: Option<String>,
    /// The label selector as the API writes it; all objects if empty.
    pub labels: String,
    /// The field selector as the API writes it; all objects if empty.
    pub fields: String,
}

impl Need {
    /// The list of `plural` in `namespace`.
    pub fn list(
        tag: impl Into<Cow<'static, str>>,
        (group, version, plural): (&'static str, &'static str, &'static str),
        namespace: &str,
    ) -> Self {
        let namespace = namespace.to_owned();
        Self {
            tag: tag.into(),
            group,
            version,
            plural,
            namespace,
            ..Self::default()
        }
    }

    /// Only the object of this name.
    pub fn named(self, name: &str) -> Self {
        Self {
            name: Some(name.to_owned()),
            ..self
        }
    }

    /// Only what this label selector picks.
    pub fn with_labels(self, labels: impl Into<String>) -> Self {
        Self {
            labels: labels.into(),
            ..self
        }
    }

    /// Only what this field selector picks.
    pub fn with_fields(self, fields: impl Into<String>) -> Self {
        Self {
            fields: fields.into(),
            ..self
        }
    }
}

/// What became of a [`Need`].
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Answer {
    /// It has not arrived yet.
    #[default]
    Loading,
    /// The server refused, with its message.
    Refused(String),
    /// The objects.
    Items(Vec<Value>),
}

impl Answer {
    /// The objects, where they have arrived.
    pub fn items(&self) -> Option<&[Value]> {
        match self {
            Self::Items(items) => Some(items),
            Self::Loading | Self::Refused(_) => None,
        }
    }
}

/// The answers by tag. A tag without an answer reads as [`Answer::Loading`].
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Related {
    answers: BTreeMap<String, Answer>,
    revealed: BTreeSet<String>,
}

impl Related {
    /// Nothing has arrived.
    pub fn new() -> Self {
        Self::default()
    }

    /// Files the answer to the need of this tag, over an earlier one.
    pub fn set(&mut self, tag: &str, answer: Answer) {
        self.answers.insert(tag.to_owned(), answer);
    }

    /// The values of a Secret, by key, that a person asked to see; all others stay hidden.
    pub fn reveal(&mut self, keys: impl IntoIterator<Item = String>) {
        self.revealed.extend(keys);
    }

    /// Whether a person asked to see the value of this key.
    pub fn is_revealed(&self, key: &str) -> bool {
        self.revealed.contains(key)
    }

    /// The answer to the need of this tag.
    pub fn get(&self, tag: &str) -> &Answer {
        self.answers.get(tag).unwrap_or(&Answer::Loading)
    }
}
