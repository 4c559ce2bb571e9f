//! From anything to anything, against a server.

use konn::core::app::App;
use serde_json::{Value, json};

use crate::support::{Konn, cluster, layer_text, plant};

fn owner(kind: &str, api_version: &str, name: &str, uid: &str) -> Value {
    json!([{"apiVersion": api_version, "kind": kind, "name": name, "uid": uid, "controller": true}])
}

/// A deployment with its replicaset and pod, a configmap, a service and an ingress, in `shop`.
async fn shop() -> konn::mock::Running {
    let running = cluster().await;
    let spec = json!({"containers": [{"name": "web", "image": "nginx:1.21", "envFrom": [{"configMapRef": {"name": "app"}}]}],
        "nodeName": "minikube", "serviceAccountName": "robot"});
    let workload = |kind: &str, name: &str, uid: &str| {
        json!({"apiVersion": "apps/v1", "kind": kind, "metadata": {"name": name, "namespace": "shop", "uid": uid, "labels": {"app": "web"}},
            "spec": {"replicas": 1, "selector": {"matchLabels": {"app": "web"}},
                "template": {"metadata": {"labels": {"app": "web"}}, "spec": spec}}})
    };
    plant(&running, workload("Deployment", "web", "d1"));
    let deployment = running
        .api
        .store
        .get("deployments.apps", "shop", "web")
        .unwrap()
        .decode();
    let mut set = workload("ReplicaSet", "web-1", "r1");
    set["metadata"]["ownerReferences"] = owner(
        "Deployment",
        "apps/v1",
        "web",
        deployment["metadata"]["uid"].as_str().unwrap(),
    );
    plant(&running, set);
    let set = running
        .api
        .store
        .get("replicasets.apps", "shop", "web-1")
        .unwrap()
        .decode();
    let references = owner(
        "ReplicaSet",
        "apps/v1",
        "web-1",
        set["metadata"]["uid"].as_str().unwrap(),
    );
    plant(
        &running,
        json!({"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "web-1-a", "namespace": "shop",
        "labels": {"app": "web"}, "ownerReferences": references}, "spec": spec, "status": {"phase": "Running",
        "containerStatuses": [{"name": "web", "ready": false, "restartCount": 5, "state": {"waiting": {"reason": "CrashLoopBackOff"}}}]}}),
    );
    for name in ["aaa", "app", "zzz"] {
        plant(
            &running,
            json!({"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": name, "namespace": "shop"}}),
        );
    }
    plant(
        &running,
        json!({"apiVersion": "v1", "kind": "Service", "metadata": {"name": "web", "namespace": "shop"},
        "spec": {"selector": {"app": "web"}, "ports": [{"port": 80}]}}),
    );
    plant(
        &running,
        json!({"apiVersion": "networking.k8s.io/v1", "kind": "Ingress", "metadata": {"name": "site", "namespace": "shop"},
        "spec": {"rules": [{"host": "shop.test", "http": {"paths": [{"path": "/", "pathType": "Prefix",
            "backend": {"service": {"name": "web", "port": {"number": 80}}}}]}}]}}),
    );
    running
}

fn has(app: &App, text: &str) -> bool {
    layer_text(app).contains(text)
}

fn selected(konn: &Konn) -> String {
    konn.app()
        .selected()
        .map(|(_, row)| row.object.meta().name.to_string())
        .unwrap_or_default()
}

fn view(konn: &Konn) -> String {
    konn.app().screen().unwrap().sections[0]
        .view
        .resource()
        .plural
        .to_string()
}

#[tokio::test(flavor = "multi_thread")]
async fn owners_are_gone_to_step_by_step() {
    let running = shop().await;
    let mut konn = Konn::open(&running, "mock", "pods shop");
    konn.settled().await;
    for (plural, name) in [("replicasets", "web-1"), ("deployments", "web")] {
        konn.press("o");
        konn.settled().await;
        assert_eq!((view(&konn).as_str(), selected(&konn).as_str()), (plural, name));
    }
    konn.press("o");
    assert_eq!(konn.app().notice.as_ref().unwrap().0.text, "Nothing owns this object.");
    konn.press("esc esc");
    assert_eq!(selected(&konn), "web-1-a");
}

#[tokio::test(flavor = "multi_thread")]
async fn users_are_found_with_how_and_followed_live() {
    let running = shop().await;
    let mut konn = Konn::open(&running, "mock", "configmaps shop");
    konn.settled().await;
    konn.press("j u");
    assert_eq!(selected(&konn), "app");
    konn.settled().await;
    let text = layer_text(konn.app());
    for line in [
        "pod         shop/web-1-a  envFrom of container web",
        "deployment  shop/web      envFrom of container web",
    ] {
        assert!(text.contains(line), "{text}");
    }
    running.api.touch("pods", "shop", "web-1-a", |pod| {
        pod["spec"]["volumes"] = json!([{"name": "config", "configMap": {"name": "app"}}]);
    });
    konn.until("the volume", |app| has(app, "volume config, envFrom of container web"))
        .await;
    konn.press("j enter");
    konn.settled().await;
    assert_eq!((view(&konn).as_str(), selected(&konn).as_str()), ("deployments", "web"));
    konn.press("esc j u");
    konn.until("nobody", |app| has(app, "Nothing uses configmap/zzz."))
        .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_pod_leads_back_to_services_and_ingresses() {
    let running = shop().await;
    let mut konn = Konn::open(&running, "mock", "pods shop");
    konn.settled().await;
    konn.press("u");
    konn.until("the ingress", |app| has(app, "shop/site  through service/web"))
        .await;
    assert!(has(konn.app(), "shop/web   selector app=web"), "{}", konn.screen());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_tree_goes_down_to_containers_and_stays_live() {
    let running = shop().await;
    let mut konn = Konn::open(&running, "mock", "ingresses shop");
    konn.settled().await;
    konn.press("t");
    konn.settled().await;
    let text = layer_text(konn.app());
    for line in [
        "ingress/site",
        "└─ service/web",
        "pod/web-1-a  ✗ CrashLoopBackOff",
        "↑",
        "container web  ✗ CrashLoopBackOff  restarts: 5  nginx:1.21",
        "→ configmap/app",
        "→ serviceaccount/robot  ! does not exist",
    ] {
        assert_eq!(text.contains(line), line != "↑", "{line}:\n{text}");
    }
    running.api.touch("pods", "shop", "web-1-a", |pod| {
        pod["status"]["containerStatuses"][0]["state"] = json!({"running": {}});
        pod["status"]["containerStatuses"][0]["ready"] = json!(true);
    });
    konn.until("the container to run", |app| has(app, "container web  Running"))
        .await;
    konn.press("esc");
    assert!(konn.app().layers.is_empty());
    assert_eq!(selected(&konn), "site");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_tree_opens_what_it_shows() {
    let running = shop().await;
    let mut konn = Konn::open(&running, "mock", "deployments shop");
    konn.settled().await;
    konn.press("t");
    konn.settled().await;
    let text = layer_text(konn.app());
    let at = text
        .lines()
        .skip(1)
        .position(|line| line.contains("replicaset/web-1"))
        .unwrap();
    konn.press(&"j ".repeat(at));
    konn.press("enter");
    konn.settled().await;
    assert_eq!(
        (view(&konn).as_str(), selected(&konn).as_str()),
        ("replicasets", "web-1")
    );
    konn.press("t");
    konn.until("the owner above", |app| has(app, "↑ deployment/web")).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_may_not_be_seen_says_so_in_its_place() {
    let running = shop().await;
    let mut konn = Konn::open(&running, "mock-dev", "pods shop");
    konn.settled().await;
    konn.press("u");
    konn.until("the refusal", |app| has(app, "✗ services:") && has(app, "forbidden"))
        .await;
    konn.press("esc t");
    konn.until("the refusal", |app| {
        has(app, "→ configmap/app  ✗") && has(app, "container web")
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn kinds_without_a_table_are_described() {
    let running = shop().await;
    running.api.touch("pods", "shop", "web-1-a", |pod| {
        pod["metadata"]["ownerReferences"] = owner("Machine", "example.com/v1", "m1", "x");
    });
    let mut konn = Konn::open(&running, "mock", "pods shop");
    konn.settled().await;
    konn.press("o");
    assert!(
        layer_text(konn.app()).starts_with("Describe machine/m1"),
        "{}",
        konn.screen()
    );
    konn.press("esc");
    assert_eq!(selected(&konn), "web-1-a");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_event_leads_to_its_object() {
    let running = shop().await;
    plant(
        &running,
        json!({"apiVersion": "v1", "kind": "Event", "metadata": {"name": "e1", "namespace": "shop"},
        "involvedObject": {"apiVersion": "v1", "kind": "Pod", "namespace": "shop", "name": "web-1-a"}, "type": "Warning",
        "reason": "BackOff", "message": "m", "count": 1}),
    );
    let mut konn = Konn::open(&running, "mock", "events shop");
    konn.settled().await;
    konn.press("enter");
    konn.settled().await;
    assert_eq!(
        (view(&konn).as_str(), konn.names()),
        ("pods", vec!["web-1-a".to_string()])
    );
}
