//! Everything that a request can reach: storage, kinds, users, time.

use std::convert::Infallible;
use std::hash::{BuildHasher, Hasher, RandomState};
use std::sync::Arc;

use serde_json::{Value, json};

use super::auth::Users;
use crate::mock::clock::{Clock, rfc3339};
use crate::mock::faults::Faults;
use crate::mock::files::Disks;
use crate::mock::ids::Ids;
use crate::mock::kinds::Registry;
use crate::mock::storage::{Object, Store, StoreError};
use crate::mock::written::Written;

/// The mock cluster: what requests and controllers work on. Clones share it.
#[derive(Clone, Debug)]
pub struct Api {
    /// The objects.
    pub store: Store,
    /// The served kinds.
    pub kinds: Registry,
    /// The time.
    pub clock: Clock,
    /// Who may call.
    pub users: Users,
    /// Uids and generated names.
    pub ids: Ids,
    /// What tells this cluster from every other, whatever their seeds.
    pub identity: Arc<str>,
    /// What goes wrong on purpose.
    pub faults: Faults,
    /// What containers and volumes hold.
    pub(in crate::mock) disks: Disks,
    /// Logs that a test writes.
    pub written: Written,
}

impl Api {
    /// A cluster with nothing in it, at the time of `clock`.
    #[must_use]
    pub fn new(clock: Clock, seed: u64) -> Self {
        Self {
            store: Store::default(),
            kinds: Registry::default(),
            clock,
            users: Users::default(),
            ids: Ids::new(seed),
            identity: Ids::new(RandomState::new().build_hasher().finish()).uid().into(),
            faults: Faults::default(),
            disks: Disks::default(),
            written: Written::default(),
        }
    }

    /// Stores an object as it is, past admission: what controllers and demo data write. Missing metadata is filled in.
    ///
    /// # Errors
    /// [`StoreError::Exists`]; an object of an unknown kind is [`StoreError::Missing`].
    pub fn plant(&self, mut object: Value) -> Result<Arc<Object>, StoreError> {
        let text = |name: &str| object[name].as_str().unwrap_or_default();
        let kind = self
            .kinds
            .of_object(text("apiVersion"), text("kind"))
            .ok_or(StoreError::Missing)?;
        let now = rfc3339(self.clock.now());
        if !object["metadata"].is_object() {
            object["metadata"] = json!({});
        }
        let metadata = &mut object["metadata"];
        if metadata["uid"].as_str().is_none_or(str::is_empty) {
            metadata["uid"] = self.ids.uid().into();
        }
        if metadata["creationTimestamp"].is_null() {
            metadata["creationTimestamp"] = now.into();
        }
        if kind.kind == "CustomResourceDefinition" {
            self.kinds.define(&object);
        }
        self.store.create(&kind.table, object)
    }

    /// Changes a stored object in place; nothing is written when `change` leaves it as it was. Returns whether it is there.
    pub fn touch(&self, table: &str, namespace: &str, name: &str, change: impl Fn(&mut Value)) -> bool {
        let always = |object: &mut Value| -> Result<(), Infallible> {
            change(object);
            Ok(())
        };
        self.try_touch(table, namespace, name, always).is_ok_and(|there| there)
    }

    /// The same with a change that may refuse the object as it stands: it is asked again when somebody else wrote in between.
    ///
    /// # Errors
    /// What `change` refuses with; nothing is written then.
    pub fn try_touch<E>(
        &self,
        table: &str,
        namespace: &str,
        name: &str,
        change: impl Fn(&mut Value) -> Result<(), E>,
    ) -> Result<bool, E> {
        loop {
            let Some(object) = self.store.get(table, namespace, name) else {
                return Ok(false);
            };
            let before = object.decode();
            let mut after = before.clone();
            change(&mut after)?;
            if after == before {
                return Ok(true);
            }
            match self.store.update(table, after, object.version) {
                Ok(_) => return Ok(true),
                Err(StoreError::Conflict) => {}
                Err(_) => return Ok(false),
            }
        }
    }
}
