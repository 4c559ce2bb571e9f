use serde_json::json;

use super::*;
use crate::core::lang::Tongue;
use crate::describe::{Answer, EVENTS};

fn resource(group: &'static str, kind: &'static str, plural: &'static str) -> Resource {
    Resource::known(group, "v1", kind, plural, &[], true)
}

fn told(resource: &Resource, object: &Value, related: &[(&str, Value)], log: &Log) -> String {
    let mut answers = Related::new();
    for (tag, items) in related {
        answers.set(tag, Answer::Items(items.as_array().unwrap().clone()));
    }
    let clock = Clock::at("2026-11-20T22:46:31Z".parse().unwrap());
    let lang = Lang::load(Tongue::En);
    let seen = Seen {
        object,
        related: &answers,
        log,
        clock: &clock,
        lang: &lang,
    };
    let lines = preview(resource, &seen);
    lines.iter().map(|line| line.text() + "\n").collect()
}

fn crashing() -> Value {
    json!({"kind": "Pod", "metadata": {"name": "web-0", "namespace": "shop", "uid": "u"},
        "spec": {"nodeName": "n1", "containers": [{"name": "app"}, {"name": "log"}]},
        "status": {"phase": "Running",
            "conditions": [{"type": "Ready", "status": "False", "reason": "ContainersNotReady", "message": "containers with unready status: [app]"},
                {"type": "PodScheduled", "status": "True"}],
            "containerStatuses": [
                {"name": "log", "ready": true, "restartCount": 0, "state": {"running": {}}},
                {"name": "app", "ready": false, "restartCount": 5,
                    "state": {"waiting": {"reason": "CrashLoopBackOff", "message": "back-off 1m20s restarting failed container"}},
                    "lastState": {"terminated": {"exitCode": 1, "reason": "Error", "finishedAt": "2026-11-20T22:46:16Z"}}}]}})
}

#[test]
fn a_pod_that_crashes_tells_why() {
    let events = json!([
        {"type": "Normal", "reason": "Pulled", "message": "Image is there", "count": 1, "firstTimestamp": "2026-11-20T22:40:00Z", "lastTimestamp": "2026-11-20T22:40:00Z"},
        {"type": "Warning", "reason": "BackOff", "message": "Back-off restarting", "count": 1, "firstTimestamp": "2026-11-20T22:46:20Z", "lastTimestamp": "2026-11-20T22:46:20Z"},
    ]);
    let log = Log::Text("starting\nhttpd: bind: Address already in use\n".into());
    let text = told(&resource("", "Pod", "pods"), &crashing(), &[(EVENTS, events)], &log);
    let expected = "✗ CrashLoopBackOff · 1 of 2 containers ready
on node n1
✗ app waits: CrashLoopBackOff: back-off 1m20s restarting failed container
! app was started again: 5×; before, it ended 15s ago with exit code 1 Error

Last words of app
  starting
  httpd: bind: Address already in use

Events, newest first
! 11s BackOff: Back-off restarting
6m31s Pulled: Image is there

$ kubectl describe pods web-0 -n shop
";
    assert_eq!(text, expected);
}

#[test]
fn the_log_of_the_run_that_failed_is_wanted() {
    let mut pod = crashing();
    let need = |pod: &Value| log("", "Pod", pod).map(|need| (need.container, need.previous));
    assert_eq!(need(&pod), Some(("app".into(), false)));
    pod["status"]["containerStatuses"][1]["state"] = json!({"running": {}});
    assert_eq!(need(&pod), Some(("app".into(), true)));
    pod["status"]["containerStatuses"][1]["ready"] = json!(true);
    assert_eq!(need(&pod), None);
    assert_eq!(log("", "Node", &crashing()), None);
}

#[test]
fn what_waits_says_for_what() {
    let pod = json!({"metadata": {"name": "a", "namespace": "b"}, "spec": {"containers": [{"name": "c"}]},
        "status": {"phase": "Pending", "conditions": [{"type": "PodScheduled", "status": "False", "reason": "Unschedulable",
            "message": "0/3 nodes are available: 3 Insufficient cpu."}]}});
    let text = told(&resource("", "Pod", "pods"), &pod, &[], &Log::None);
    assert!(text.contains("! It waits for a node."), "{text}");
    assert!(
        text.contains("! PodScheduled=False Unschedulable: 0/3 nodes are available"),
        "{text}"
    );
    assert!(
        text.contains("Events, newest first\n…"),
        "what has not come says so: {text}"
    );

    let claim =
        json!({"metadata": {"name": "data"}, "spec": {"storageClassName": "standard"}, "status": {"phase": "Pending"}});
    let text = told(
        &resource("", "PersistentVolumeClaim", "persistentvolumeclaims"),
        &claim,
        &[],
        &Log::None,
    );
    assert!(
        text.starts_with("! It waits for a volume of the class standard.\n"),
        "{text}"
    );
}

#[test]
fn a_service_says_whether_anybody_answers() {
    let service = json!({"metadata": {"name": "web", "namespace": "shop"}, "spec": {"type": "ClusterIP", "selector": {"app": "web"},
        "ports": [{"name": "http", "port": 80, "targetPort": 8080, "protocol": "TCP"}]}});
    for (slices, expected) in [
        (json!([]), "✗ No endpoint"),
        (
            json!([{"endpoints": [{"conditions": {"ready": false}}]}]),
            "✗ 0 of 1 endpoints ready",
        ),
        (
            json!([{"endpoints": [{"conditions": {"ready": false}}, {}]}]),
            "! 1 of 2 endpoints ready",
        ),
        (
            json!([{"endpoints": [{"conditions": {"ready": true}}]}]),
            "1 of 1 endpoints ready",
        ),
    ] {
        let text = told(
            &resource("", "Service", "services"),
            &service,
            &[("slices", slices)],
            &Log::None,
        );
        assert!(text.starts_with(expected), "{text}");
        assert!(text.contains("Ports  http 80→8080/TCP"), "{text}");
    }
}

#[test]
fn a_workload_tells_of_its_bad_pods_only() {
    let set = json!({"kind": "ReplicaSet", "metadata": {"name": "web", "namespace": "shop", "uid": "rs"},
        "spec": {"replicas": 2, "selector": {"matchLabels": {"app": "web"}}}, "status": {"readyReplicas": 1}});
    assert_eq!(needs("apps", "ReplicaSet", &set)[0].labels, "app=web");
    let mut bad = crashing();
    bad["metadata"]["ownerReferences"] =
        json!([{"kind": "ReplicaSet", "name": "web", "uid": "rs", "controller": true}]);
    let mut other = crashing();
    other["metadata"]["name"] = json!("alien");
    let resource = resource("apps", "ReplicaSet", "replicasets");
    let text = told(&resource, &set, &[("pods", json!([bad, other]))], &Log::None);
    assert!(
        text.starts_with("! 1 of 2 replicas ready\n\nPods worth a look\n✗ web-0  CrashLoopBackOff\n"),
        "{text}"
    );
    assert!(!text.contains("alien"), "{text}");
}

#[test]
fn malformed_objects_are_still_told() {
    let hostile = json!({"metadata": {"name": 7, "deletionTimestamp": true}, "spec": [], "status": {"conditions": {"a": 1},
        "phase": "Fine\u{1b}[2J", "containerStatuses": ["x", null], "message": "a\nb\u{7}"}});
    for (group, kind, plural) in [
        ("", "Pod", "pods"),
        ("apps", "Deployment", "deployments"),
        ("batch", "Job", "jobs"),
        ("", "Node", "nodes"),
        ("", "PersistentVolumeClaim", "persistentvolumeclaims"),
        ("", "Service", "services"),
        ("example.com", "Widget", "widgets"),
    ] {
        needs(group, kind, &hostile);
        log(group, kind, &hostile);
        let text = told(
            &resource(group, kind, plural),
            &hostile,
            &[("slices", json!([7])), ("pods", json!([null]))],
            &Log::None,
        );
        assert!(!text.contains('\u{1b}') && !text.contains('\u{7}'), "{text}");
    }
    let well = json!({"metadata": {"name": "cm", "namespace": "shop"}, "data": {"a": "b"}});
    let text = told(&resource("", "ConfigMap", "configmaps"), &well, &[], &Log::None);
    assert!(text.starts_with("Nothing is wrong"), "{text}");
}
