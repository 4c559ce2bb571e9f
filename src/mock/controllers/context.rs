//! What every controller works with: the cluster, decoded objects, events.

use std::collections::HashMap;
use std::sync::Arc;

use jiff::Timestamp;
use serde_json::{Value, json};

use super::recorder::Recorder;
use crate::mock::clock::rfc3339;
use crate::mock::server::Api;

/// A table's objects by key, each with the version that was decoded.
type Decoded = HashMap<Box<str>, (u64, Arc<Value>)>;

/// The desk at which controllers work.
#[derive(Debug)]
pub struct Context {
    /// The cluster.
    pub api: Api,
    /// Who writes events.
    pub recorder: Recorder,
    /// Decoded objects by table and key, with the version that was decoded.
    decoded: HashMap<String, Decoded>,
    /// The version up to which each table was decoded, with its objects in order.
    lists: HashMap<String, (u64, Vec<Arc<Value>>)>,
    /// What containers wrote about themselves and do not show in their status, by pod uid.
    pub pods: HashMap<String, super::kubelet::Memory>,
    /// The versions of pods, claims and quotas at which quotas were last summed up.
    pub counted: [u64; 3],
    /// The turn at which nodes last reported.
    pub beaten: i64,
    /// Since when a pod sees a taint that it bears for a while, in seconds of the clock.
    pub tainted: HashMap<String, i64>,
    /// The turn at which use was last measured.
    pub scraped: i64,
}

impl Context {
    /// A desk for a cluster.
    #[must_use]
    pub fn new(api: Api) -> Self {
        let (decoded, lists, pods) = (HashMap::new(), HashMap::new(), HashMap::new());
        Self {
            api,
            recorder: Recorder::default(),
            decoded,
            lists,
            pods,
            counted: [0; 3],
            beaten: 0,
            tainted: HashMap::new(),
            scraped: 0,
        }
    }

    /// The present moment.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        self.api.clock.now()
    }

    /// The present moment as objects write it.
    #[must_use]
    pub fn stamp(&self) -> String {
        rfc3339(self.now())
    }

    /// The objects of a table; only what changed since the last look is decoded again.
    pub fn list(&mut self, table: &str) -> Vec<Arc<Value>> {
        let newest = self.api.store.version_of(table);
        if let Some((version, objects)) = self.lists.get(table).filter(|(version, _)| *version == newest) {
            let _ = version;
            return objects.clone();
        }
        let listing = self.api.store.list(table, None);
        let old = self.decoded.remove(table).unwrap_or_default();
        let mut fresh = HashMap::with_capacity(listing.objects.len());
        let mut objects = Vec::with_capacity(listing.objects.len());
        for object in listing.objects {
            let known = old.get(&object.key).filter(|(version, _)| *version == object.version);
            let value = known.map_or_else(|| Arc::new(object.decode()), |(_, value)| Arc::clone(value));
            fresh.insert(object.key.clone(), (object.version, Arc::clone(&value)));
            objects.push(value);
        }
        self.decoded.insert(table.to_owned(), fresh);
        self.lists.insert(table.to_owned(), (newest, objects.clone()));
        objects
    }

    /// The objects of a table that an object controls.
    pub fn controlled(&mut self, table: &str, owner: &Value) -> Vec<Arc<Value>> {
        let uid = &owner["metadata"]["uid"];
        let mut objects = self.list(table);
        objects.retain(|object| controller(object).is_some_and(|reference| reference["uid"] == *uid));
        objects
    }

    /// Changes an object; nothing happens if it is gone.
    pub fn touch(&self, table: &str, object: &Value, change: impl Fn(&mut Value)) {
        self.api.touch(table, namespace(object), name(object), change);
    }

    /// Merges a status into an object's.
    pub fn set_status(&self, table: &str, object: &Value, status: &Value) {
        let fields = || status.as_object().into_iter().flatten();
        // Most looks find nothing new: that must cost nothing.
        if fields().all(|(name, value)| object["status"][name.as_str()] == *value) {
            return;
        }
        self.touch(table, object, |object| {
            if !object["status"].is_object() {
                object["status"] = json!({});
            }
            for (name, value) in fields() {
                match object["status"].as_object_mut() {
                    Some(map) if value.is_null() => {
                        map.shift_remove(name);
                    }
                    _ => object["status"][name] = value.clone(),
                }
            }
        });
    }

    /// Takes one finalizer off a dying object, which goes with its last.
    pub fn drop_finalizer(&self, table: &str, object: &Value, finalizer: &str) {
        self.touch(table, object, |object| {
            if let Some(finalizers) = object["metadata"]["finalizers"].as_array_mut() {
                finalizers.retain(|known| known != finalizer);
            }
        });
        let now = self
            .api
            .store
            .get(table, namespace(object), name(object))
            .map(|object| object.decode());
        let held = now.is_some_and(|now| {
            now["metadata"]["finalizers"]
                .as_array()
                .is_some_and(|list| !list.is_empty())
        });
        if !held {
            crate::mock::server::remove_at_once(&self.api, table, namespace(object), name(object));
        }
    }

    /// Deletes an object as a controller does: with its grace, if it is a pod.
    pub fn delete(&self, table: &str, object: &Value) {
        crate::mock::server::delete_as_controller(&self.api, table, namespace(object), name(object));
    }
}

/// `metadata.name`.
#[must_use]
pub fn name(object: &Value) -> &str {
    object["metadata"]["name"].as_str().unwrap_or_default()
}

/// `metadata.namespace`, empty in the cluster's scope.
#[must_use]
pub fn namespace(object: &Value) -> &str {
    object["metadata"]["namespace"].as_str().unwrap_or_default()
}

/// `metadata.uid`.
#[must_use]
pub fn uid(object: &Value) -> &str {
    object["metadata"]["uid"].as_str().unwrap_or_default()
}

/// Whether an object is on its way out.
#[must_use]
pub fn dying(object: &Value) -> bool {
    object["metadata"]["deletionTimestamp"].is_string()
}

/// The owner that controls an object.
#[must_use]
pub fn controller(object: &Value) -> Option<&Value> {
    object["metadata"]["ownerReferences"]
        .as_array()?
        .iter()
        .find(|owner| owner["controller"] == true)
}

/// The reference by which an object is controlled.
#[must_use]
pub fn owner_reference(api_version: &str, kind: &str, owner: &Value) -> Value {
    json!({"apiVersion": api_version, "kind": kind, "name": name(owner), "uid": uid(owner), "controller": true,
        "blockOwnerDeletion": true})
}

/// A condition of an object, by its type.
#[must_use]
pub fn condition<'a>(object: &'a Value, kind: &str) -> Option<&'a Value> {
    object["status"]["conditions"]
        .as_array()?
        .iter()
        .find(|condition| condition["type"] == kind)
}
