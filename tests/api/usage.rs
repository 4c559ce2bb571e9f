//! Metrics, asked for in the background, against a server.

use konn::core::app::App;
use serde_json::{Value, json};

use crate::support::{Konn, cluster, layer_text, plant, pod};

fn of_pod(name: &str, cpu: &str, memory: &str) -> Value {
    json!({"apiVersion": "metrics.k8s.io/v1beta1", "kind": "PodMetrics", "metadata": {"name": name, "namespace": "shop"},
        "containers": [{"name": "c", "usage": {"cpu": cpu, "memory": memory}}]})
}

async fn shop(metrics: bool) -> konn::mock::Running {
    let running = cluster().await;
    plant(&running, pod("shop", "web-0"));
    plant(&running, pod("shop", "web-1"));
    plant(
        &running,
        json!({"apiVersion": "v1", "kind": "Node", "metadata": {"name": "minikube"},
        "status": {"allocatable": {"cpu": "2", "memory": "4Gi", "pods": "110"}, "conditions": [{"type": "Ready", "status": "True"}]}}),
    );
    running.api.kinds.serve_metrics(metrics);
    if metrics {
        plant(&running, of_pod("web-0", "12345678n", "65535Ki"));
        plant(&running, of_pod("web-1", "500m", "1Gi"));
        plant(
            &running,
            json!({"apiVersion": "metrics.k8s.io/v1beta1", "kind": "NodeMetrics", "metadata": {"name": "minikube"},
            "usage": {"cpu": "600m", "memory": "2Gi"}}),
        );
    }
    running
}

fn cells(app: &App, name: &str) -> Vec<String> {
    let section = &app.screen().unwrap().sections[0];
    let rows = section.table(&app.store).unwrap().rows();
    let row = rows.iter().find(|row| &*row.object.meta().name == name).unwrap();
    let cell = |at| section.view.cell(&*row.object, at, &app.clock).text.trim().to_string();
    (0..section.view.width()).map(cell).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn top_shows_what_the_server_measures() {
    let running = shop(true).await;
    let mut konn = Konn::open(&running, "mock", "top pods shop");
    konn.settled().await;
    assert_eq!(konn.names(), ["web-1", "web-0"], "the busiest first");
    let of = |konn: &Konn, name: &str, at: usize| cells(konn.app(), name)[at].clone();
    assert_eq!(
        (of(&konn, "web-0", 1), of(&konn, "web-0", 4)),
        ("13m".to_string(), "63Mi".to_string())
    );
    konn.press("enter %");
    konn.settled().await;
    assert_eq!(of(&konn, "web-1/c", 1), "500m", "{}", konn.screen());
    konn.press(":");
    konn.type_text("top nodes");
    konn.press("enter");
    konn.settled().await;
    let cells = cells(konn.app(), "minikube");
    assert_eq!((cells[1].as_str(), cells[4].as_str()), ("600m", "2048Mi"));
    assert!(cells[2].ends_with("30%") && cells[5].ends_with("50%"), "{cells:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn without_metrics_the_list_is_there_and_one_line_says_what_to_install() {
    let running = shop(false).await;
    let mut konn = Konn::open(&running, "mock", "top pods shop");
    konn.until("the line", |app| {
        app.notice
            .as_ref()
            .is_some_and(|(notice, _)| notice.text.contains("minikube addons enable metrics-server"))
    })
    .await;
    konn.settled().await;
    assert_eq!(konn.names(), ["web-0", "web-1"]);
    konn.press("esc O");
    konn.until("the same in the overview", |app| {
        layer_text(app).contains("minikube addons enable metrics-server")
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_overview_tells_of_cluster_and_namespace() {
    let running = shop(true).await;
    plant(
        &running,
        json!({"apiVersion": "v1", "kind": "Event", "metadata": {"name": "e1", "namespace": "shop"}, "type": "Warning",
        "reason": "BackOff", "message": "again", "count": 1, "lastTimestamp": "2026-11-20T22:46:20Z",
        "involvedObject": {"apiVersion": "v1", "kind": "Pod", "namespace": "shop", "name": "web-0"}}),
    );
    plant(
        &running,
        json!({"apiVersion": "v1", "kind": "ResourceQuota", "metadata": {"name": "team", "namespace": "shop"},
        "spec": {"hard": {"pods": "2"}}, "status": {"hard": {"pods": "2"}, "used": {"pods": "2"}}}),
    );
    let mut konn = Konn::open(&running, "mock", "overview all");
    for said in [
        "all 1 nodes",
        "minikube",
        " 30%",
        " 50%",
        "2 fine",
        "shop/team pods",
        "100% 2/2",
        "! BackOff  shop  pod/web-0  again",
    ] {
        konn.until(said, |app| layer_text(app).contains(said)).await;
    }
    konn.press("esc :");
    konn.type_text("overview shop");
    konn.press("enter");
    // 512.3m of 2 cores, and 1 GiB and a bit of 4.
    konn.until("the namespace's numbers", |app| layer_text(app).contains(" 26%"))
        .await;
    running.api.touch("pods", "shop", "web-0", |pod| {
        pod["status"]["containerStatuses"][0]["state"] = json!({"waiting": {"reason": "CrashLoopBackOff"}});
        pod["status"]["containerStatuses"][0]["ready"] = json!(false);
    });
    konn.until("the broken pod", |app| layer_text(app).contains("✗ 1 broken"))
        .await;
}
