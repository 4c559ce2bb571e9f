use super::*;
use crate::core::view::AnyView;
use crate::views::workloads::{FEEDS, VIEW};
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// The joiner with a table of what it said.
#[derive(Default)]
struct Joined {
    joiner: Workloads,
    objects: BTreeMap<(usize, String), Shared>,
    rows: BTreeMap<String, (String, u64)>,
    told: usize,
}

fn meta(kind: &str, name: &str, owner: Option<(&str, &str, &str)>) -> Value {
    let owners = owner.map(|(api, kind, name)| {
        json!([{"apiVersion": api, "kind": kind, "name": name, "uid": format!("{kind}/{name}"), "controller": true}])
    });
    json!({"name": name, "namespace": "shop", "uid": format!("{kind}/{name}"), "labels": {"app": name},
        "ownerReferences": owners})
}

fn pod(name: &str, owner: Option<(&str, &str, &str)>, reason: &str, restarts: u32) -> Value {
    let waiting = json!({"waiting": {"reason": reason}});
    let running = json!({"running": {}});
    let ready = reason.is_empty();
    json!({"metadata": meta("Pod", name, owner), "spec": {"containers": [{"name": "c", "image": "nginx"}]},
        "status": {"phase": "Running", "containerStatuses": [{"name": "c", "ready": ready, "restartCount": restarts,
            "state": if ready { running } else { waiting }}]}})
}

impl Joined {
    fn feed(plural: &str) -> usize {
        let of = |feed: &crate::core::join::Feed| feed.view.resource().plural == plural;
        FEEDS.iter().position(of).unwrap()
    }

    fn set(&mut self, plural: &str, object: Value) {
        let feed = Self::feed(plural);
        let new = FEEDS[feed].view.decode(&object.to_string()).unwrap();
        let name = new.meta().name.to_string();
        let old = self.objects.insert((feed, name), new.clone());
        self.joiner.take(feed, vec![Change::Set { old, new }]);
        self.tell();
    }

    fn gone(&mut self, plural: &str, name: &str) {
        let feed = Self::feed(plural);
        let object = self.objects.remove(&(feed, name.to_string())).unwrap();
        self.joiner.take(feed, vec![Change::Gone(object)]);
        self.tell();
    }

    fn tell(&mut self) {
        for delta in self.joiner.rows() {
            self.told += 1;
            match delta {
                Delta::Apply(row) => {
                    let row = (&*row as &dyn Any).downcast_ref::<Workload>().unwrap();
                    let key = format!("{}/{}", row.kind(), row.meta().name);
                    self.rows.insert(key, (row.status().to_string(), row.restarts()));
                }
                Delta::Delete(row) => {
                    self.rows
                        .remove(&format!("{}/{}", row.kind(), row.meta().name))
                        .unwrap();
                }
                other => panic!("{other:?}"),
            }
        }
    }

    fn seen(&self) -> Vec<String> {
        let text = |(key, (status, restarts)): (&String, &(String, u64))| format!("{key} {status} {restarts}");
        self.rows.iter().map(text).collect()
    }
}

const SET: Option<(&str, &str, &str)> = Some(("apps/v1", "ReplicaSet", "web-1"));

fn deployment(status: Value) -> Value {
    json!({"metadata": meta("Deployment", "web", None), "spec": {"replicas": 2}, "status": status})
}

fn replica_set() -> Value {
    json!({"metadata": meta("ReplicaSet", "web-1", Some(("apps/v1", "Deployment", "web")))})
}

#[test]
fn pods_count_for_what_owns_their_owner_in_whatever_order_they_come() {
    let objects: [(&str, Value); 4] = [
        ("pods", pod("web-1-a", SET, "CrashLoopBackOff", 3)),
        ("pods", pod("web-1-b", SET, "CrashLoopBackOff", 4)),
        ("replicasets", replica_set()),
        ("deployments", deployment(json!({"replicas": 2}))),
    ];
    for order in [[0, 1, 2, 3], [3, 2, 1, 0], [2, 0, 3, 1], [0, 3, 1, 2]] {
        let mut joined = Joined::default();
        for at in order {
            let (plural, object) = &objects[at];
            joined.set(plural, object.clone());
        }
        assert_eq!(joined.seen(), ["Deployment/web CrashLoopBackOff ×2 7"], "{order:?}");
    }
}

#[test]
fn a_change_touches_its_own_row_and_only_where_something_reads_differently() {
    let mut joined = Joined::default();
    joined.set(
        "deployments",
        deployment(json!({"replicas": 2, "updatedReplicas": 2, "availableReplicas": 2})),
    );
    joined.set("replicasets", replica_set());
    for name in ["a", "b"] {
        joined.set("pods", pod(name, None, "", 0));
        joined.set("pods", pod(&format!("web-1-{name}"), SET, "", 1));
    }
    assert_eq!(
        joined.seen(),
        ["Deployment/web Running 2", "Pod/a Running 0", "Pod/b Running 0"]
    );
    let told = joined.told;
    joined.set("pods", pod("web-1-a", SET, "", 1));
    assert_eq!(joined.told, told, "nothing reads differently");
    joined.set("pods", pod("web-1-a", SET, "ImagePullBackOff", 2));
    assert_eq!(joined.told, told + 1, "one row");
    assert_eq!(joined.seen()[0], "Deployment/web ImagePullBackOff 3");
    joined.gone("pods", "web-1-a");
    assert_eq!(joined.seen()[0], "Deployment/web Running 1");
    joined.gone("pods", "a");
    joined.gone("deployments", "web");
    assert_eq!(joined.seen(), ["Pod/b Running 0"]);
    joined.gone("replicasets", "web-1");
    joined.gone("pods", "web-1-b");
    joined.gone("pods", "b");
    assert!(joined.seen().is_empty() && joined.joiner.tallies.is_empty() && joined.joiner.children.is_empty());
}

#[test]
fn what_is_adopted_loses_its_row_and_what_is_orphaned_gets_one() {
    let mut joined = Joined::default();
    joined.set("deployments", deployment(json!({})));
    let mut alone = replica_set();
    alone["metadata"]["ownerReferences"] = json!(null);
    joined.set("replicasets", alone.clone());
    assert_eq!(joined.rows.len(), 2);
    joined.set("replicasets", replica_set());
    assert_eq!(joined.seen(), ["Deployment/web Progressing 0"]);
    joined.set("replicasets", alone);
    assert_eq!(joined.rows.len(), 2);
    // What is owned by a kind that nobody watches stands for itself; so does a pod of a node.
    joined.set("pods", pod("etcd", Some(("v1", "Node", "n1")), "", 0));
    joined.set("pods", pod("etcd", SET, "", 5));
    assert_eq!(joined.rows.len(), 2, "{:?}", joined.seen());
    joined.set("pods", pod("etcd", Some(("v1", "Node", "n1")), "", 0));
    assert!(
        joined.seen().contains(&"Pod/etcd Running 0".to_string()),
        "{:?}",
        joined.seen()
    );
}

#[test]
fn the_worst_problem_is_told_in_words() {
    let failure = json!([{"type": "ReplicaFailure", "status": "True", "reason": "FailedCreate",
        "message": "pods \"web-1-x\" is forbidden: exceeded quota: compute"}]);
    let late = json!([{"type": "Progressing", "status": "False", "reason": "ProgressDeadlineExceeded"}]);
    let good = json!({"replicas": 2, "updatedReplicas": 2, "availableReplicas": 2});
    let mut evicted = pod("e", SET, "", 0);
    evicted["status"] = json!({"phase": "Failed", "reason": "Evicted"});
    let mut unready = pod("u", SET, "", 0);
    unready["status"]["containerStatuses"][0]["ready"] = json!(false);
    let mut pending = pod("p", SET, "", 0);
    pending["status"] = json!({"phase": "Pending", "conditions": [{"type": "PodScheduled", "status": "False", "reason": "Unschedulable"}]});
    let crashing = pod("c", SET, "CrashLoopBackOff", 1);
    for (status, pods, wanted) in [
        (
            json!({"conditions": failure}),
            vec![&crashing],
            "FailedCreate: exceeded quota: compute",
        ),
        (json!({"conditions": late}), vec![&crashing], "CrashLoopBackOff"),
        (json!({"conditions": late}), vec![&unready], "ProgressDeadlineExceeded"),
        (json!({"replicas": 2}), vec![&unready, &crashing], "CrashLoopBackOff"),
        (json!({"replicas": 2}), vec![&unready], "NotReady"),
        (json!({"replicas": 2}), vec![&pending], "Unschedulable"),
        (json!({"replicas": 2}), vec![&evicted], "Evicted"),
        (good.clone(), vec![&evicted], "Running"),
        (good, vec![], "Running"),
    ] {
        let mut joined = Joined::default();
        joined.set("deployments", deployment(status.clone()));
        joined.set("replicasets", replica_set());
        pods.into_iter().for_each(|pod| joined.set("pods", pod.clone()));
        assert_eq!(joined.rows["Deployment/web"].0, wanted, "{status}");
    }
}

/// An event on what could not be made, seen last at this minute.
fn refused(name: &str, about: &str, minute: u32) -> Value {
    json!({"metadata": meta("Event", name, None), "reason": "FailedCreate", "type": "Warning",
        "message": "Error creating: pods \"x\" is forbidden: exceeded quota: q",
        "involvedObject": {"uid": about}, "lastTimestamp": format!("2026-11-20T22:{minute:02}:00Z")})
}

const REFUSED: &str = "FailedCreate: exceeded quota: q";

#[test]
fn what_cannot_be_made_is_a_problem_of_whatever_lacks_it() {
    let spec = json!({"replicas": 2, "completions": 2, "parallelism": 2});
    let daemons = json!({"desiredNumberScheduled": 2, "currentNumberScheduled": 1});
    for (plural, kind, lacking, complete) in [
        (
            "statefulsets",
            "StatefulSet",
            json!({"replicas": 1}),
            json!({"replicas": 2}),
        ),
        (
            "replicasets",
            "ReplicaSet",
            json!({"replicas": 1}),
            json!({"replicas": 2}),
        ),
        (
            "replicationcontrollers",
            "ReplicationController",
            json!({}),
            json!({"replicas": 2}),
        ),
        (
            "daemonsets",
            "DaemonSet",
            daemons,
            json!({"desiredNumberScheduled": 2, "currentNumberScheduled": 2}),
        ),
        (
            "jobs",
            "Job",
            json!({"active": 1}),
            json!({"active": 1, "succeeded": 1}),
        ),
    ] {
        let object = |status: &Value| json!({"metadata": meta(kind, "web", None), "spec": spec, "status": status});
        let key = format!("{kind}/web");
        let mut joined = Joined::default();
        joined.set("events", refused("e", &key, 5));
        joined.set(plural, object(&lacking));
        assert_eq!(joined.rows[&key].0, REFUSED, "{kind}");
        joined.set(plural, object(&complete));
        assert_ne!(joined.rows[&key].0, REFUSED, "{kind} has all that it wants");
        joined.set(plural, object(&lacking));
        assert_eq!(joined.rows[&key].0, REFUSED, "{kind}");
        joined.gone("events", "e");
        assert_ne!(joined.rows[&key].0, REFUSED, "{kind}: the event is gone");
        assert!(joined.joiner.failures.is_empty());
    }
}

#[test]
fn a_refusal_is_over_once_something_was_made_after_it() {
    let mut joined = Joined::default();
    joined.set("deployments", deployment(json!({"replicas": 1})));
    joined.set("events", refused("e", "ReplicaSet/web-1", 5));
    let mut set = replica_set();
    set["spec"] = json!({"replicas": 2});
    joined.set("replicasets", set);
    assert_eq!(joined.rows["Deployment/web"].0, REFUSED);
    let made = |name: &str, minute: u32| {
        let mut pod = pod(name, SET, "", 0);
        pod["metadata"]["creationTimestamp"] = json!(format!("2026-11-20T22:{minute:02}:00Z"));
        pod
    };
    joined.set("pods", made("web-1-a", 4));
    assert_eq!(joined.rows["Deployment/web"].0, REFUSED, "the pod was there before");
    joined.set("pods", made("web-1-b", 6));
    assert_eq!(joined.rows["Deployment/web"].0, "Progressing");
    joined.set("events", refused("later", "ReplicaSet/web-1", 7));
    assert_eq!(joined.rows["Deployment/web"].0, REFUSED);
    // The same event, seen again; and one about nothing.
    joined.set("events", refused("later", "ReplicaSet/web-1", 8));
    joined.set("events", json!({"metadata": meta("Event", "odd", None)}));
    joined.gone("events", "later");
    assert_eq!(joined.rows["Deployment/web"].0, "Progressing");
}

#[test]
fn a_cron_job_that_cannot_make_jobs_says_so_until_it_makes_one() {
    let cron = json!({"metadata": meta("CronJob", "backup", None), "spec": {"schedule": "* * * * *"}});
    let mut joined = Joined::default();
    joined.set("cronjobs", cron);
    joined.set("events", refused("e", "CronJob/backup", 5));
    assert_eq!(joined.seen(), [format!("CronJob/backup {REFUSED} 0")]);
    let mut job = json!({"metadata": meta("Job", "backup-1", Some(("batch/v1", "CronJob", "backup")))});
    job["metadata"]["creationTimestamp"] = json!("2026-11-20T22:06:00Z");
    joined.set("jobs", job);
    assert_eq!(joined.seen(), ["CronJob/backup Scheduled 0"]);
}

#[test]
fn a_cron_job_is_judged_by_its_last_job() {
    let cron = json!({"metadata": meta("CronJob", "backup", None), "spec": {"schedule": "* * * * *"}});
    let job = |name: &str, created: &str, failed: bool| {
        let mut job = json!({"metadata": meta("Job", name, Some(("batch/v1", "CronJob", "backup"))),
            "status": {"conditions": [{"type": "Failed", "status": if failed { "True" } else { "False" }, "reason": "BackoffLimitExceeded"}]}});
        job["metadata"]["creationTimestamp"] = json!(created);
        job
    };
    let mut joined = Joined::default();
    joined.set("cronjobs", cron);
    assert_eq!(joined.seen(), ["CronJob/backup Scheduled 0"]);
    joined.set("jobs", job("backup-1", "2026-11-20T22:00:00Z", true));
    assert_eq!(joined.seen(), ["CronJob/backup BackoffLimitExceeded 0"]);
    joined.set("jobs", job("backup-2", "2026-11-20T23:00:00Z", false));
    assert_eq!(joined.seen(), ["CronJob/backup Scheduled 0"]);
}

#[test]
fn owners_in_a_circle_hold_nothing_up() {
    let mut joined = Joined::default();
    let of =
        |name: &str, owner: &str| json!({"metadata": meta("ReplicaSet", name, Some(("apps/v1", "ReplicaSet", owner)))});
    joined.set("replicasets", of("a", "b"));
    joined.set("replicasets", of("b", "a"));
    joined.set("replicasets", of("c", "c"));
    assert!(joined.seen().is_empty());
}

#[test]
fn cells_of_other_rows_are_empty() {
    let row = FEEDS[0].view.decode("{}").unwrap();
    let clock = crate::core::clock::Clock::at(jiff::Timestamp::UNIX_EPOCH);
    assert!((0..VIEW.width()).all(|at| VIEW.cell(&*row, at, &clock).text.is_empty()));
}
