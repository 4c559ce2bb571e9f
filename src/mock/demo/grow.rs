//! The demo's past: applied days ago, lived through by the controllers, and handed over at the present moment.

use std::time::Duration;

use jiff::SignedDuration;
use serde_json::Value;

use super::manifests::{Stage, objects};
use crate::mock::bootstrap::bootstrap;
use crate::mock::clock::Clock;
use crate::mock::controllers::Controllers;
use crate::mock::server::{Api, admit};

/// How long ago each stage was.
const DAYS: i64 = 9;
/// The last stage is lived through in steps of this many seconds.
const STEP: u64 = 6;
/// How many of those steps lead to the present.
const STEPS: u64 = 150;

/// Fills a cluster with the demo and lets it live until now. Returns its controllers, ready to go on.
///
/// `api` must take its time from a standing clock or the machine's own; while the past is made, a clock of its own is used.
#[must_use]
pub fn grow(api: &Api) -> Controllers {
    let present = api.clock.clone();
    let start = present.now() - SignedDuration::from_hours(DAYS * 24);
    let mut past = api.clone();
    past.clock = Clock::standing(start);
    bootstrap(&past);
    let mut controllers = Controllers::new(past.clone());
    apply(&past, Stage::Old);
    live(&past, &mut controllers, 20, 4);
    until(&past, &present, SignedDuration::from_hours(22));
    apply(&past, Stage::Yesterday);
    live(&past, &mut controllers, 20, 4);
    let lately = i64::try_from(STEP * STEPS).unwrap_or(i64::MAX);
    until(&past, &present, SignedDuration::from_secs(lately));
    apply(&past, Stage::Lately);
    live(&past, &mut controllers, STEPS, STEP);
    controllers.set_clock(present);
    controllers
}

fn live(past: &Api, controllers: &mut Controllers, steps: u64, seconds: u64) {
    for _ in 0..steps {
        controllers.tick();
        past.clock.advance(Duration::from_secs(seconds));
    }
}

/// Lets time pass without anybody looking, until so long before the present.
fn until(past: &Api, present: &Clock, before: SignedDuration) {
    let gap = present.now() - before - past.clock.now();
    let seconds = gap.total(jiff::Unit::Second).unwrap_or_default().max(0.0) as u64;
    past.clock.advance(Duration::from_secs(seconds));
}

/// Applies a stage: new objects are created as a client's would be, present ones changed by merge.
fn apply(api: &Api, stage: Stage) {
    for mut object in objects(stage) {
        name_owners(api, &mut object);
        let text = |name: &str| object[name].as_str().unwrap_or_default();
        let Some(kind) = api.kinds.of_object(text("apiVersion"), text("kind")) else {
            continue;
        };
        let name = object["metadata"]["name"].as_str().unwrap_or_default();
        let namespace = object["metadata"]["namespace"].as_str().unwrap_or_default();
        if api.store.get(&kind.table, namespace, name).is_some() {
            api.touch(&kind.table, namespace, name, |present| merge(present, &object));
            continue;
        }
        let status = object["status"].clone();
        if kind.kind == "CustomResourceDefinition" {
            api.kinds.define(&object);
        }
        if admit(api, &kind.table, object.clone()).is_ok() && status.is_object() {
            api.touch(&kind.table, namespace, name, |present| {
                present["status"] = status.clone()
            });
        }
    }
}

/// Manifests name owners that have uids only now: those without a namespace, as nodes.
fn name_owners(api: &Api, object: &mut Value) {
    let references = object.pointer_mut("/metadata/ownerReferences");
    for reference in references.and_then(Value::as_array_mut).into_iter().flatten() {
        let text = |name: &str| reference[name].as_str().unwrap_or_default();
        let kind = api.kinds.of_object(text("apiVersion"), text("kind"));
        let owner = kind.and_then(|kind| api.store.get(&kind.table, "", text("name")));
        if let Some(owner) = owner {
            reference["uid"] = (&*owner.uid).into();
        }
    }
}

fn merge(present: &mut Value, change: &Value) {
    let mut change = change.clone();
    if let Some(map) = change.as_object_mut() {
        map.shift_remove("kind");
        map.shift_remove("apiVersion");
    }
    let generation = present["metadata"]["generation"].as_i64().unwrap_or_default();
    let before = present["spec"].clone();
    if let Ok(merged) = crate::mock::patch::strategic::apply("", present, &change) {
        *present = merged;
    }
    if present["spec"] != before && generation > 0 {
        present["metadata"]["generation"] = (generation + 1).into();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mock::print;

    fn status_of(api: &Api, prefix: &str) -> Vec<String> {
        let kind = api.kinds.of_table("pods").unwrap();
        let pods = api.store.list("pods", None).objects;
        let of = pods.iter().filter(|pod| pod.name().starts_with(prefix));
        of.map(|pod| {
            print::cells(&kind, &pod.decode(), api.clock.now())[2]
                .as_str()
                .unwrap()
                .to_owned()
        })
        .collect()
    }

    #[test]
    fn the_demo_has_what_people_meet() {
        let now = "2026-11-20T12:00:30Z".parse().unwrap();
        let api = Api::new(Clock::standing(now), 1);
        drop(grow(&api));
        for (prefix, wanted) in [
            ("web-", "Running"),
            ("db-", "Running"),
            ("coredns-", "Running"),
            ("etcd-", "Running"),
            ("cart-", "ImagePullBackOff"),
            ("needs-gpu", "Pending"),
            ("archiver", "Pending"),
            ("no-config", "CreateContainerConfigError"),
            ("import-", "Completed"),
            ("send-mail-", "Error"),
        ] {
            let seen = status_of(&api, prefix);
            assert!(seen.iter().any(|status| status == wanted), "{prefix} is {seen:?}");
        }
        let all = |table: &(String, u64)| api.store.list(&table.0, None).objects;
        let objects: Vec<_> = api.store.tables().iter().flat_map(all).collect();
        for owned in objects.iter().filter(|object| !object.owners.is_empty()) {
            let is_there = |owner: &str| objects.iter().any(|object| *object.uid == *owner);
            assert!(owned.owners.iter().all(|owner| is_there(owner)), "{}", owned.key);
        }
        let broken = status_of(&api, "two-webserver");
        assert!(
            ["CrashLoopBackOff", "Error"].contains(&broken[0].as_str()),
            "{broken:?}"
        );
        // The quota lets two of three come.
        assert_eq!(status_of(&api, "fits-").len(), 2);
        assert_eq!(api.store.list("replicasets.apps", Some("shop")).objects.len(), 4);
        let claim = api
            .store
            .get("persistentvolumeclaims", "blog", "archive")
            .unwrap()
            .decode();
        assert_eq!(claim["status"]["phase"], "Pending");
        assert_eq!(api.store.list("nodes", None).objects.len(), 3);
    }
}
