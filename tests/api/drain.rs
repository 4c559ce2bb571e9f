//! Drain against a cluster that holds pods back.

use konn::mock::Running;
use konn::mock::faults::{Fault, Harm};
use serde_json::{Value, json};

use crate::support::{Konn, cluster, plant};

fn node(name: &str) -> Value {
    json!({"apiVersion": "v1", "kind": "Node", "metadata": {"name": name}, "spec": {}, "status": {}})
}

fn pod(name: &str, owner: Option<(&str, &str)>) -> Value {
    let mut pod = json!({"apiVersion": "v1", "kind": "Pod",
        "metadata": {"name": name, "namespace": "shop", "labels": {"app": name}},
        "spec": {"nodeName": "n1", "containers": [{"name": "c", "image": "nginx:1.21"}]}, "status": {"phase": "Running"}});
    if let Some((kind, name)) = owner {
        pod["metadata"]["ownerReferences"] =
            json!([{"apiVersion": "apps/v1", "kind": kind, "name": name, "uid": "o", "controller": true}]);
    }
    pod
}

fn allow(running: &Running, allowed: i64) {
    running
        .api
        .touch("poddisruptionbudgets.policy", "shop", "web", |budget| {
            budget["status"] =
                json!({"disruptionsAllowed": allowed, "currentHealthy": 1, "desiredHealthy": 1 - allowed});
        });
}

/// A node with a pod that a budget guards, one that nobody made, and one of a DaemonSet.
async fn guarded() -> Running {
    let running = cluster().await;
    plant(&running, node("n1"));
    plant(&running, pod("web", Some(("ReplicaSet", "web-abc"))));
    plant(&running, pod("bare", None));
    plant(&running, pod("agent", Some(("DaemonSet", "agent"))));
    plant(
        &running,
        json!({"apiVersion": "apps/v1", "kind": "DaemonSet", "metadata": {"name": "agent", "namespace": "shop"},
            "spec": {"selector": {"matchLabels": {"app": "agent"}},
                "template": {"metadata": {"labels": {"app": "agent"}}, "spec": {"containers": [{"name": "c", "image": "a"}]}}}}),
    );
    plant(
        &running,
        json!({"apiVersion": "policy/v1", "kind": "PodDisruptionBudget", "metadata": {"name": "web", "namespace": "shop"},
            "spec": {"minAvailable": 1, "selector": {"matchLabels": {"app": "web"}}}}),
    );
    allow(&running, 0);
    running
}

async fn shows(konn: &mut Konn, text: &str) {
    let found = |app: &konn::core::app::App| crate::support::layer_text(app).contains(text);
    konn.until(text, found).await;
}

/// Opens the plan, switches everything on that is needed, and begins.
async fn begin(konn: &mut Konn) {
    konn.settled().await;
    konn.press("x D");
    shows(konn, "forbid it").await;
    konn.press("tab space tab tab space tab");
    konn.type_text("0");
    konn.press("tab tab right enter");
}

fn names(running: &Running) -> Vec<String> {
    let pods = running.api.store.list("pods", Some("shop")).objects;
    pods.iter().map(|pod| pod.name().to_string()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_budget_holds_is_tried_again_until_it_goes() {
    let running = guarded().await;
    let mut konn = Konn::open(&running, "mock", "nodes");
    begin(&mut konn).await;
    shows(
        &mut konn,
        "held back, tried again after 5 s: Cannot evict pod as it would violate the pod's disruption budget.",
    )
    .await;
    shows(&mut konn, "shop/bare  gone").await;
    assert_eq!(names(&running), ["agent", "web"]);
    allow(&running, 1);
    shows(&mut konn, "node/n1 is drained. Pods that have gone: 2.").await;
    shows(&mut konn, "kubectl uncordon n1").await;
    assert_eq!(names(&running), ["agent"], "the DaemonSet's stays");
    let node = running.api.store.get("nodes", "", "n1").unwrap().decode();
    assert_eq!(node["spec"]["unschedulable"], true);
    let command = "kubectl drain n1 --ignore-daemonsets --force --grace-period=0";
    let recorded = konn
        .app()
        .history
        .entries()
        .filter(|entry| entry.kubectl == command)
        .count();
    assert!(recorded >= 3, "two tries of one, one of the other: {recorded}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_drain_that_is_stopped_says_what_was_done_and_what_not() {
    let running = guarded().await;
    let mut konn = Konn::open(&running, "mock", "nodes");
    begin(&mut konn).await;
    shows(&mut konn, "shop/bare  gone").await;
    shows(&mut konn, "held back").await;
    konn.press("esc");
    let text = crate::support::layer_text(konn.app());
    for wanted in [
        "Stopped. Pods that have gone: 1, that end or may end: 0, that were not touched: 1.",
        "To let pods back in: kubectl uncordon n1",
        "shop/web  replicaset/web-abc  not evicted",
    ] {
        assert!(text.replace('\n', " ").contains(wanted), "{wanted}\n{text}");
    }
    allow(&running, 1);
    konn.press("esc");
    assert!(konn.app().layers.is_empty());
    assert_eq!(names(&running), ["agent", "web"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_server_refuses_is_told_pod_by_pod() {
    for (verb, path, harm, said) in [
        ("patch", "/nodes/n1", Harm::InternalError, "is not drained"),
        ("create", "/pods/bare/eviction", Harm::InternalError, "is not drained"),
        ("create", "/pods/bare/eviction", Harm::Cut(0), "is not drained"),
        ("get", "/pods/bare", Harm::InternalError, "is drained"),
    ] {
        let running = guarded().await;
        allow(&running, 1);
        let mut konn = Konn::open(&running, "mock", "nodes");
        running.api.faults.set(Fault::new(verb, path, harm.clone()).times(1));
        begin(&mut konn).await;
        shows(&mut konn, said).await;
        let cordoned = running.api.store.get("nodes", "", "n1").unwrap().decode()["spec"]["unschedulable"] == true;
        assert_eq!(cordoned, verb != "patch", "{verb} {harm:?}");
        assert_eq!(
            names(&running).contains(&"bare".to_string()),
            verb == "patch" || harm == Harm::InternalError && verb == "create"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_protected_context_wants_the_nodes_name() {
    let running = guarded().await;
    allow(&running, 1);
    let mut konn = Konn::open(&running, "mock", "nodes");
    konn.machine.app.policy.contexts.push(konn::core::policy::ContextRule {
        pattern: "mock*".into(),
        protected: true,
        read_only: false,
    });
    konn.settled().await;
    konn.press("x D");
    shows(&mut konn, "forbid it").await;
    konn.press("tab space tab tab space tab");
    konn.type_text("0");
    konn.press("enter");
    shows(&mut konn, "That is not what is asked for").await;
    assert_eq!(names(&running).len(), 3);
    konn.type_text("n1");
    konn.press("enter");
    shows(&mut konn, "is drained").await;
}
