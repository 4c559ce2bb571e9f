//! The garbage collector: what is owned goes with its owner, or is let go.

use std::collections::HashSet;
use std::sync::Arc;

use serde_json::Value;

use super::context::{Context, dying, uid};

/// The tables whose objects own others.
const OWNERS: [&str; 9] = [
    "deployments.apps",
    "replicasets.apps",
    "statefulsets.apps",
    "daemonsets.apps",
    "jobs.batch",
    "cronjobs.batch",
    "services",
    "nodes",
    "pods",
];
/// The tables whose objects are owned.
const OWNED: [&str; 7] = [
    "replicasets.apps",
    "pods",
    "jobs.batch",
    "controllerrevisions.apps",
    "endpointslices.discovery.k8s.io",
    "leases.coordination.k8s.io",
    "configmaps",
];

/// Whether the collector looks after what objects of a table own.
#[must_use]
pub fn collects(table: &str) -> bool {
    OWNERS.contains(&table)
}

/// One look.
pub fn tick(context: &mut Context) {
    let api = context.api.clone();
    let now = context.now().as_second();
    let mut recorder = std::mem::take(&mut context.recorder);
    recorder.expire(&api, now, || context.list("events"));
    context.recorder = recorder;
    let tables: Vec<&str> = OWNERS.into_iter().chain(OWNED).collect();
    if !context.news("garbage", &tables) {
        return;
    }
    // An object can be left behind only when another has gone, or waits to go.
    let count: usize = tables.iter().map(|table| api.store.count(table)).sum();
    let waits = OWNERS
        .iter()
        .any(|table| context.list(table).iter().any(|owner| held(owner)));
    if !waits && context.collected == count {
        return;
    }
    context.collected = count;
    let mut alive = HashSet::new();
    for table in OWNERS {
        alive.extend(context.list(table).iter().map(|object| uid(object).to_owned()));
    }
    for table in OWNERS {
        for owner in context.list(table).iter().filter(|owner| dying(owner)) {
            finalize(context, table, owner);
        }
    }
    for table in OWNED {
        for object in context.list(table).iter().filter(|object| orphaned(object, &alive)) {
            if !dying(object) {
                context.delete(table, object);
            }
        }
    }
    context.forget(&alive);
}

/// Whether an owner waits until its dependents are gone or set free.
fn held(owner: &Value) -> bool {
    dying(owner)
        && owner["metadata"]["finalizers"]
            .as_array()
            .is_some_and(|list| !list.is_empty())
}

/// Whether every owner that the collector knows of is gone.
fn orphaned(object: &Value, alive: &HashSet<String>) -> bool {
    let owners = object["metadata"]["ownerReferences"].as_array().into_iter().flatten();
    let known = [
        "Deployment",
        "ReplicaSet",
        "StatefulSet",
        "DaemonSet",
        "Job",
        "CronJob",
        "Service",
        "Pod",
    ];
    let mut owners = owners
        .filter(|owner| known.iter().any(|kind| owner["kind"] == *kind))
        .peekable();
    owners.peek().is_some() && owners.all(|owner| !alive.contains(owner["uid"].as_str().unwrap_or_default()))
}

/// Lets go of an owner that waits for its dependents: with them gone, or set free.
fn finalize(context: &mut Context, table: &str, owner: &Arc<Value>) {
    let finalizers = owner["metadata"]["finalizers"].as_array().cloned().unwrap_or_default();
    let has = |name: &str| finalizers.iter().any(|known| known == name);
    if has("orphan") {
        for owned in OWNED {
            for object in context.dependents(owned, owner) {
                context.touch(owned, &object, |object| release(object, uid(owner)));
            }
        }
        context.drop_finalizer(table, owner, "orphan");
    } else if has("foregroundDeletion") {
        let mut left = 0;
        for owned in OWNED {
            for object in context.dependents(owned, owner) {
                left += 1;
                if !dying(&object) {
                    context.delete(owned, &object);
                }
            }
        }
        if left == 0 {
            context.drop_finalizer(table, owner, "foregroundDeletion");
        }
    }
}

fn release(object: &mut Value, owner: &str) {
    if let Some(references) = object["metadata"]["ownerReferences"].as_array_mut() {
        references.retain(|reference| reference["uid"] != owner);
    }
}
