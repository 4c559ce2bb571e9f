//! From a description to what it names, and from rows whose kind has nothing below to what there is.

use konn::core::app::App;
use serde_json::json;

use crate::support::{Konn, cluster, layer_text, names, plant, pod};

fn title(app: &App) -> String {
    layer_text(app).lines().next().unwrap_or_default().to_string()
}

#[tokio::test(flavor = "multi_thread")]
async fn enter_follows_a_link_and_esc_returns_to_where_it_stood() {
    let running = cluster().await;
    plant(
        &running,
        json!({"apiVersion": "v1", "kind": "Node", "metadata": {"name": "minikube"}, "status": {"allocatable": {"cpu": "2"}}}),
    );
    plant(&running, pod("shop", "web-0"));
    let mut konn = Konn::open(&running, "mock", "pods shop");
    konn.settled().await;
    konn.press("d");
    konn.settled().await;
    // The service account that admission gives every pod may come first.
    while !konn.screen().contains("Node/") && !title(konn.app()).contains("node/minikube") {
        konn.press("tab enter");
        konn.settled().await;
        if !title(konn.app()).contains("node/minikube") {
            assert!(
                konn.app().layers.len() == 2,
                "a link leads to a description: {}",
                konn.screen()
            );
            konn.press("esc tab");
        }
    }
    assert_eq!(konn.app().layers.len(), 2);
    konn.press("esc");
    assert!(title(konn.app()).contains("pod/web-0"), "{}", konn.screen());
    konn.press("enter");
    konn.until("the node again", |app| {
        title(app).contains("node/minikube") && app.is_settled()
    })
    .await;
    let text = konn.whole_text();
    assert!(text.contains("web-0"), "its pods:\n{text}");
    konn.press("esc o");
    konn.until("the table of nodes", |app| {
        app.layers.is_empty() && names(app) == ["minikube"]
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_service_shows_the_pods_that_match_now_and_leads_to_them() {
    let running = cluster().await;
    plant(&running, pod("shop", "web-0"));
    plant(
        &running,
        json!({"apiVersion": "v1", "kind": "Service", "metadata": {"name": "web", "namespace": "shop"},
        "spec": {"selector": {"app": "web"}, "clusterIP": "10.0.0.1", "ports": [{"port": 80}]}}),
    );
    let mut konn = Konn::open(&running, "mock", "services shop");
    konn.settled().await;
    konn.press("d");
    konn.until("the match", |app| layer_text(app).contains("1 pod matches now"))
        .await;
    plant(&running, pod("shop", "web-1"));
    konn.until("another", |app| layer_text(app).contains("2 pods match now"))
        .await;
    konn.press("tab tab enter");
    konn.until("the second pod", |app| title(app).contains("pod/web-1"))
        .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn folds_stay_while_the_object_changes() {
    let running = cluster().await;
    plant(&running, pod("shop", "web-0"));
    let mut konn = Konn::open(&running, "mock", "pods shop");
    konn.settled().await;
    konn.press("d");
    konn.settled().await;
    konn.press("Z");
    assert!(!layer_text(konn.app()).contains("nginx:1.21"), "{}", konn.screen());
    assert!(konn.whole_text().contains("nginx:1.21"), "a copy takes everything");
    running.api.touch("pods", "shop", "web-0", |pod| {
        pod["metadata"]["labels"]["tier"] = "front".into();
        pod["spec"]["containers"][0]["image"] = "nginx:1.22".into();
    });
    konn.until_some("the new image", |konn| {
        konn.whole_text().contains("nginx:1.22").then_some(())
    })
    .await;
    assert!(!layer_text(konn.app()).contains("nginx"), "{}", konn.screen());
    for ch in ["/", "n", "g", "i", "n", "x", ":", "enter"] {
        konn.press(ch);
    }
    konn.until("what is found unfolds", |app| layer_text(app).contains("nginx:1.2"))
        .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_kind_that_is_not_served_is_described() {
    let running = cluster().await;
    plant(
        &running,
        json!({"apiVersion": "autoscaling/v2", "kind": "HorizontalPodAutoscaler", "metadata": {"name": "web", "namespace": "shop"},
        "spec": {"scaleTargetRef": {"apiVersion": "toys.example.com/v1", "kind": "Robot", "name": "r2"}, "maxReplicas": 3}}),
    );
    let mut konn = Konn::open(&running, "mock", "hpa shop");
    konn.settled().await;
    konn.press("enter");
    konn.until("a description", |app| {
        title(app).contains("robot/r2") && layer_text(app).contains('✗')
    })
    .await;
    konn.press("esc");
    assert_eq!(names(konn.app()), ["web"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_ingress_leads_to_its_services() {
    let running = cluster().await;
    let service = |name: &str| json!({"apiVersion": "v1", "kind": "Service", "metadata": {"name": name, "namespace": "shop"}, "spec": {"ports": [{"port": 80}]}});
    for name in ["api", "web", "web-2", "other"] {
        plant(&running, service(name));
    }
    let path = |name: &str| json!({"path": "/", "pathType": "Prefix", "backend": {"service": {"name": name, "port": {"number": 80}}}});
    let ingress = |name: &str, paths: Vec<serde_json::Value>| {
        json!({"apiVersion": "networking.k8s.io/v1", "kind": "Ingress", "metadata": {"name": name, "namespace": "shop"},
            "spec": {"rules": [{"http": {"paths": paths}}]}})
    };
    plant(&running, ingress("one", vec![path("web")]));
    plant(&running, ingress("two", vec![path("web"), path("api"), path("web")]));
    let mut konn = Konn::open(&running, "mock", "ingresses shop");
    konn.settled().await;
    konn.press("enter");
    konn.until("its service", |app| names(app) == ["web"]).await;
    konn.press("esc j enter");
    konn.until("its services", |app| names(app) == ["api", "web"]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_custom_resource_is_described_with_conditions_events_and_links() {
    let running = cluster().await;
    plant(
        &running,
        json!({"apiVersion": "apiextensions.k8s.io/v1", "kind": "CustomResourceDefinition", "metadata": {"name": "gizmos.toys.example.com"},
        "spec": {"group": "toys.example.com", "scope": "Namespaced", "names": {"plural": "gizmos", "singular": "gizmo", "kind": "Gizmo"},
            "versions": [{"name": "v1", "served": true, "storage": true,
                "schema": {"openAPIV3Schema": {"type": "object", "x-kubernetes-preserve-unknown-fields": true}}}]}}),
    );
    plant(
        &running,
        json!({"apiVersion": "toys.example.com/v1", "kind": "Gizmo", "metadata": {"name": "g", "namespace": "shop"},
        "spec": {"secretName": "tls", "parentRef": {"apiVersion": "toys.example.com/v1", "kind": "Gizmo", "name": "g2"}},
        "status": {"conditions": [{"type": "Ready", "status": "False", "reason": "NoWheels", "message": "it has no wheels"}]}}),
    );
    let uid = running
        .api
        .store
        .get("gizmos.toys.example.com", "shop", "g")
        .unwrap()
        .decode()["metadata"]["uid"]
        .clone();
    plant(
        &running,
        json!({"apiVersion": "v1", "kind": "Event", "metadata": {"name": "e1", "namespace": "shop"},
        "involvedObject": {"apiVersion": "toys.example.com/v1", "kind": "Gizmo", "namespace": "shop", "name": "g", "uid": uid},
        "type": "Warning", "reason": "Stuck", "message": "it does not roll", "count": 1,
        "lastTimestamp": "2026-01-01T00:00:00Z", "firstTimestamp": "2026-01-01T00:00:00Z"}),
    );
    let mut konn = Konn::open(&running, "mock", "gizmos shop");
    konn.until("its row", |app| names(app) == ["g"]).await;
    konn.press("d");
    konn.until("its events", |app| {
        layer_text(app).contains("it does not roll") && app.is_settled()
    })
    .await;
    let text = konn.whole_text();
    for said in ["NoWheels", "it has no wheels", "Stuck", "Secret Name:"] {
        assert!(text.contains(said), "{said} in\n{text}");
    }
    let mut seen = Vec::new();
    for _ in 0..2 {
        konn.press("tab enter");
        konn.until("a description on top", |app| app.layers.len() == 2).await;
        seen.push(title(konn.app()));
        konn.press("esc");
    }
    assert!(
        seen.iter().any(|title| title.contains("gizmo/g2")) && seen.iter().any(|title| title.contains("secret/tls")),
        "{seen:?}"
    );
}
