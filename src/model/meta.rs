//! What every object carries.

use std::sync::{Arc, LazyLock, Mutex};

use jiff::Timestamp;
use serde::de::IgnoredAny;

use super::decode::{List, nullable, wire};
use super::intern::{Table, shared};
use super::{Istr, Labels, Uid, age};

/// An object's `metadata`, without managedFields and annotations: a kind that needs an annotation reads it itself.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Deserialize)]
#[serde(from = "MetaWire<IgnoredAny>")]
pub struct Meta {
    /// `metadata.name`.
    pub name: Box<str>,
    /// `metadata.namespace`; `None` for what lives in no namespace.
    pub namespace: Option<Istr>,
    /// `metadata.uid`.
    pub uid: Uid,
    /// `metadata.resourceVersion`.
    pub resource_version: Box<str>,
    /// `metadata.creationTimestamp`.
    pub created: Option<Timestamp>,
    /// `metadata.deletionTimestamp`: set once the object is being deleted.
    pub deleting: Option<Timestamp>,
    /// `metadata.labels`.
    pub labels: Labels,
    /// `metadata.ownerReferences`. Siblings share one copy.
    pub owners: Arc<[Owner]>,
}

/// One of the objects that an object belongs to.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Owner {
    /// Its API version, such as `apps/v1`.
    pub api_version: Istr,
    /// Its kind, such as `ReplicaSet`.
    pub kind: Istr,
    /// Its name.
    pub name: Istr,
    /// Its uid.
    pub uid: Istr,
    /// Whether it is the one owner that manages the object.
    pub controller: bool,
}

impl Meta {
    /// The owner that manages the object, if any.
    pub fn controller(&self) -> Option<&Owner> {
        self.owners.iter().find(|owner| owner.controller)
    }

    /// The AGE cell: how long ago the object was created.
    pub fn age_text(&self, now: Timestamp) -> String {
        age::since(self.created, now)
    }

    /// The CREATED AT cell of kinds without a printer of their own: RFC 3339 in UTC, whole seconds; Go's zero time if unknown.
    pub fn created_at_text(&self) -> String {
        match self.created {
            Some(time) => time.strftime("%Y-%m-%dT%H:%M:%SZ").to_string(),
            None => "0001-01-01T00:00:00Z".to_owned(),
        }
    }
}

/// `metadata` with the annotations that a kind asks for.
#[derive(Debug, Default, serde::Deserialize)]
#[serde(from = "MetaWire<A>", bound = "A: Default + serde::Deserialize<'de>")]
pub(super) struct Annotated<A> {
    pub(super) meta: Meta,
    pub(super) annotations: A,
}

#[derive(Default, serde::Deserialize)]
#[serde(default, rename_all = "camelCase", bound = "A: Default + serde::Deserialize<'de>")]
struct MetaWire<A> {
    #[serde(deserialize_with = "nullable")]
    name: Box<str>,
    #[serde(deserialize_with = "nullable")]
    namespace: Option<Istr>,
    #[serde(deserialize_with = "nullable")]
    uid: Uid,
    #[serde(deserialize_with = "nullable")]
    resource_version: Box<str>,
    #[serde(deserialize_with = "nullable")]
    creation_timestamp: Option<Timestamp>,
    #[serde(deserialize_with = "nullable")]
    deletion_timestamp: Option<Timestamp>,
    #[serde(deserialize_with = "nullable")]
    labels: Labels,
    #[serde(deserialize_with = "nullable")]
    annotations: A,
    #[serde(deserialize_with = "nullable")]
    owner_references: List<OwnerWire>,
}

wire! {
    struct OwnerWire {
        api_version: Istr,
        kind: Istr,
        name: Istr,
        uid: Istr,
        controller: bool,
    }
}

impl<A> From<MetaWire<A>> for Annotated<A> {
    fn from(wire: MetaWire<A>) -> Self {
        let meta = Meta {
            name: wire.name,
            namespace: wire.namespace.filter(|namespace| !namespace.is_empty()),
            uid: wire.uid,
            resource_version: wire.resource_version,
            created: wire.creation_timestamp,
            deleting: wire.deletion_timestamp,
            labels: wire.labels,
            owners: owners(wire.owner_references),
        };
        let annotations = wire.annotations;
        Self { meta, annotations }
    }
}

impl From<MetaWire<IgnoredAny>> for Meta {
    fn from(wire: MetaWire<IgnoredAny>) -> Self {
        Annotated::from(wire).meta
    }
}

static OWNERS: LazyLock<Mutex<Table<[Owner]>>> = LazyLock::new(Mutex::default);

fn owners(wire: List<OwnerWire>) -> Arc<[Owner]> {
    let owners: Vec<Owner> = wire.into_iter().map(Owner::from).collect();
    if owners.is_empty() {
        Arc::default()
    } else {
        shared(&OWNERS, &owners)
    }
}

impl From<OwnerWire> for Owner {
    fn from(wire: OwnerWire) -> Self {
        Self {
            api_version: wire.api_version,
            kind: wire.kind,
            name: wire.name,
            uid: wire.uid,
            controller: wire.controller,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn metadata_is_read_without_what_rows_do_not_need() {
        let meta: Meta = serde_json::from_str(
            r#"{"name":"web-0","namespace":"shop","uid":"u","resourceVersion":"7","creationTimestamp":"2026-11-20T22:46:23Z",
                "annotations":{"a":"b"},"managedFields":[{"manager":"kubectl"}],"labels":{"app":"web"},
                "ownerReferences":[{"apiVersion":"v1","kind":"Node","name":"n","uid":"x"},
                                   {"apiVersion":"apps/v1","kind":"StatefulSet","name":"web","uid":"s","controller":true}]}"#,
        )
        .unwrap();
        assert_eq!(meta.namespace.as_deref(), Some("shop"));
        assert_eq!(meta.controller().map(|owner| owner.name.as_str()), Some("web"));
        assert_eq!(meta.age_text("2026-11-20T22:48:30Z".parse().unwrap()), "2m7s");
        assert_eq!(meta.created_at_text(), "2026-11-20T22:46:23Z");
        assert_eq!(Meta::default().age_text(Timestamp::UNIX_EPOCH), "<unknown>");
        assert_eq!(Meta::default().created_at_text(), "0001-01-01T00:00:00Z");
    }
}
