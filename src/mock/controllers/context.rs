//! What every controller works with: the cluster, decoded objects, events.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use jiff::Timestamp;
use serde_json::{Value, json};

use super::garbage_graph::Graph;
use super::recorder::Recorder;
use super::shelf::Shelf;
use crate::mock::admission::order_metadata;
use crate::mock::clock::rfc3339;
use crate::mock::patch::apply::{Claim, note_create, note_update};
use crate::mock::server::{Api, let_go};
use crate::mock::storage::object_key;

/// The manager under whose name the controllers write.
pub const MANAGER: &str = "kube-controller-manager";
/// The tables of which it is noted what the controllers write. Of pods and nodes it is not: there are too many of them.
const NOTED: [&str; 10] = [
    "deployments.apps",
    "replicasets.apps",
    "statefulsets.apps",
    "daemonsets.apps",
    "replicationcontrollers",
    "jobs.batch",
    "cronjobs.batch",
    "horizontalpodautoscalers.autoscaling",
    "poddisruptionbudgets.policy",
    "resourcequotas",
];

/// The subresource through which a controller writes a change. Replicas of anything but replica sets are an autoscaler's.
fn written(table: &str, before: &Value, after: &Value) -> Option<&'static str> {
    if before["spec"] != after["spec"] {
        return (table != "replicasets.apps" && before["spec"]["replicas"] != after["spec"]["replicas"])
            .then_some("scale");
    }
    // A deployment's revision is written with its status.
    (before["status"] != after["status"] || table == "deployments.apps").then_some("status")
}

/// The desk at which controllers work.
#[derive(Debug)]
pub struct Context {
    /// The cluster.
    pub api: Api,
    /// Who writes events.
    pub recorder: Recorder,
    shelves: HashMap<String, Shelf>,
    /// The state at which a controller found nothing left to do for an object, by controller and uid.
    rested: HashMap<(&'static str, String), Rest>,
    /// For how many objects controllers rested when those that are gone were forgotten last.
    resting: usize,
    /// What containers do that their status does not show, by pod uid.
    pub pods: HashMap<String, super::runtime::Memory>,
    /// The version of the store at which quotas were last summed up.
    pub counted: u64,
    /// The turn at which nodes last reported.
    pub beaten: i64,
    /// Since when a pod sees a taint that it bears for a while, in seconds of the clock.
    pub tainted: HashMap<String, i64>,
    /// Since when a node's kubelet has said nothing, in milliseconds of the clock, by the node's name.
    pub silent: HashMap<String, i64>,
    /// The turn at which use was last measured.
    pub scraped: i64,
    /// When creating pods failed: how often in a row, and when it is tried again; by the workload's uid.
    pub refused: HashMap<String, (u32, i64)>,
    /// What autoscalers recommended lately, by uid.
    pub autoscalers: HashMap<String, super::autoscalers::Memory>,
    /// Which pods were where when the scheduler looked last, and the versions of what else matters to it.
    pub placed: u64,
    /// The state of nodes and placed pods at which the scheduler looked last.
    pub scheduled_at: u64,
    /// Who owns whom.
    pub owners: Graph,
    /// Whether services of type LoadBalancer get addresses.
    pub balances: bool,
    /// The versions of which the last look of the scheduler and others knew, by name of the looker.
    versions: HashMap<&'static str, Vec<u64>>,
}

/// The state of an object and what belongs to it at which a controller rested.
#[derive(Clone, Copy, Debug)]
struct Rest {
    mark: u64,
    /// When to look again even if nothing changes, in milliseconds of the clock.
    until: i64,
}

impl Context {
    /// A desk for a cluster.
    #[must_use]
    pub fn new(api: Api) -> Self {
        Self {
            api,
            recorder: Recorder::default(),
            shelves: HashMap::new(),
            rested: HashMap::new(),
            resting: 0,
            pods: HashMap::new(),
            counted: 0,
            beaten: 0,
            tainted: HashMap::new(),
            silent: HashMap::new(),
            scraped: 0,
            refused: HashMap::new(),
            autoscalers: HashMap::new(),
            balances: true,
            scheduled_at: 0,
            owners: Graph::default(),
            placed: 0,
            versions: HashMap::new(),
        }
    }

    /// The present moment.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        self.api.clock.now()
    }

    /// The present moment in milliseconds.
    #[must_use]
    pub fn millis(&self) -> i64 {
        self.now().as_millisecond()
    }

    /// The present moment as objects write it.
    #[must_use]
    pub fn stamp(&self) -> String {
        rfc3339(self.now())
    }

    /// A table's shelf, brought up to date.
    fn shelf(&mut self, table: &str) -> &mut Shelf {
        if !self.shelves.contains_key(table) {
            self.shelves.insert(table.to_owned(), Shelf::default());
        }
        let shelf = self.shelves.entry(table.to_owned()).or_default();
        shelf.refresh(&self.api.store, table);
        shelf
    }

    /// The objects of a table; only what changed since the last look is decoded again.
    pub fn list(&mut self, table: &str) -> Arc<[Arc<Value>]> {
        self.shelf(table).all()
    }

    /// The objects of a table in a namespace.
    pub fn list_in(&mut self, table: &str, namespace: &str) -> Vec<Arc<Value>> {
        self.shelf(table).within(namespace)
    }

    /// One object, as it is now.
    pub fn find(&mut self, table: &str, namespace: &str, name: &str) -> Option<Arc<Value>> {
        self.shelf(table).get(&object_key(namespace, name))
    }

    /// The objects of a table that an object controls.
    pub fn controlled(&mut self, table: &str, owner: &Value) -> Vec<Arc<Value>> {
        let mut objects = self.shelf(table).owned(uid(owner));
        objects.retain(|object| controller(object).is_some_and(|reference| reference["uid"] == uid(owner)));
        objects
    }

    /// Whether any of these tables has changed since the same looker asked last.
    pub fn news(&mut self, looker: &'static str, tables: &[&str]) -> bool {
        let newest: Vec<u64> = tables.iter().map(|table| self.api.store.version_of(table)).collect();
        let known = self.versions.get(looker);
        let news = known != Some(&newest);
        if news {
            self.versions.insert(looker, newest);
        }
        news
    }

    /// Whether a controller has nothing to do for an object: all is as it was when it rested, and its time is not over.
    #[must_use]
    pub fn rests(&self, who: &'static str, object: &Value, mark: u64) -> bool {
        let known = self.rested.get(&(who, uid(object).to_owned()));
        known.is_some_and(|rest| rest.mark == mark && self.millis() < rest.until)
    }

    /// Notes that a controller has nothing to do for an object until something changes, or until a moment.
    pub fn rest(&mut self, who: &'static str, object: &Value, mark: u64, until: Option<i64>) {
        let until = until.unwrap_or(i64::MAX);
        self.rested.insert((who, uid(object).to_owned()), Rest { mark, until });
    }

    /// Forgets where controllers rested for objects that are gone, whenever there may be many of them.
    pub fn forget(&mut self) {
        if self.rested.len() <= 2 * self.resting + 256 {
            return;
        }
        let mut alive = HashSet::new();
        for shelf in self.shelves.values_mut() {
            alive.extend(shelf.all().iter().map(|object| uid(object).to_owned()));
        }
        self.rested.retain(|(_, uid), _| alive.contains(uid));
        self.resting = self.rested.len();
    }

    /// Changes an object; nothing happens if it is gone. Of workloads and what governs them it is noted who changed what.
    pub fn touch(&self, table: &str, object: &Value, change: impl Fn(&mut Value)) {
        let kind = self.api.kinds.of_table(table).filter(|_| NOTED.contains(&table));
        let Some(kind) = kind else {
            self.api.touch(table, namespace(object), name(object), change);
            return;
        };
        let now = self.stamp();
        self.api.touch(table, namespace(object), name(object), |object| {
            let before = object.clone();
            change(object);
            if *object != before {
                let part = written(table, &before, object);
                object["apiVersion"] = kind.api_version().into();
                note_update(Claim::of(&kind, MANAGER, &now), &before, object, part);
                order_metadata(object);
            }
        });
    }

    /// Stores an object that a controller makes; what it sets is the controllers'. Returns whether it is stored.
    pub fn make(&self, table: &str, mut object: Value) -> bool {
        if let Some(kind) = self.api.kinds.of_table(table) {
            let (given, now) = (object.clone(), self.stamp());
            note_create(Claim::of(&kind, MANAGER, &now), &given, &mut object);
        }
        self.api.plant(object).is_ok()
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

    /// Takes one finalizer off a dying object, which goes with its last. Another of its name is left alone.
    pub fn drop_finalizer(&self, table: &str, object: &Value, finalizer: &str) {
        let Some(kind) = self.api.kinds.of_table(table) else {
            return;
        };
        self.touch(table, object, |now| {
            if uid(now) == uid(object) {
                keep(now, "finalizers", |known| known != finalizer);
            }
        });
        let_go(&self.api, &kind, namespace(object), name(object), uid(object));
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

/// Keeps some of a list in an object's metadata; a list of which nothing is left is not written.
pub fn keep(object: &mut Value, list: &str, wanted: impl Fn(&Value) -> bool) {
    let Some(metadata) = object["metadata"].as_object_mut() else {
        return;
    };
    if let Some(all) = metadata.get_mut(list).and_then(Value::as_array_mut) {
        all.retain(wanted);
        if all.is_empty() {
            metadata.shift_remove(list);
        }
    }
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

/// A number that differs when an object or one of those that belong to it differs.
#[must_use]
pub fn mark(object: &Value, others: &[Arc<Value>]) -> u64 {
    let version = |object: &Value| {
        let text = object["metadata"]["resourceVersion"].as_str();
        text.and_then(|text| text.parse::<u64>().ok()).unwrap_or_default()
    };
    let fold = |mark: u64, object: &Arc<Value>| mark.wrapping_mul(0x0100_0000_01b3) ^ version(object);
    others.iter().fold(version(object) ^ others.len() as u64, fold)
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mock::clock::Clock;

    #[test]
    fn what_controllers_change_is_theirs() {
        let context = Context::new(Api::new(Clock::real(), 1));
        let deployment = json!({"kind": "Deployment", "apiVersion": "apps/v1", "metadata": {"name": "x", "namespace": "d"}, "spec": {"replicas": 1}});
        assert!(context.make("deployments.apps", deployment.clone()));
        let managers = || {
            let stored = context.api.store.get("deployments.apps", "d", "x").unwrap().decode();
            let entries = stored["metadata"]["managedFields"].as_array().cloned().unwrap();
            let told = |entry: &Value| format!("{}/{} {}", entry["manager"], entry["subresource"], entry["fieldsV1"]);
            entries.iter().map(told).collect::<Vec<_>>()
        };
        let made = "\"kube-controller-manager\"/null {\"f:spec\":{\"f:replicas\":{}}}";
        assert_eq!(managers(), [made]);
        context.set_status("deployments.apps", &deployment, &json!({"replicas": 1}));
        let status = "\"kube-controller-manager\"/\"status\" {\"f:status\":{\"f:replicas\":{}}}";
        assert_eq!(managers(), [made, status]);
        context.touch("deployments.apps", &deployment, |it| it["spec"]["replicas"] = 2.into());
        let scaled = "\"kube-controller-manager\"/\"scale\" {\"f:spec\":{\"f:replicas\":{}}}";
        assert!(managers().contains(&scaled.to_owned()), "{:?}", managers());
    }
}
