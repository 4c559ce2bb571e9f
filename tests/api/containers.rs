//! The containers of a pod, live.

use crate::support::{Konn, cluster, layer_text, names, plant, pod};

#[tokio::test(flavor = "multi_thread")]
async fn enter_shows_the_containers_of_a_pod_as_they_come_and_go() {
    let running = cluster().await;
    plant(&running, pod("shop", "web-0"));
    plant(&running, pod("shop", "web-1"));
    let mut konn = Konn::open(&running, "mock", "pods shop");
    konn.settled().await;
    konn.press("enter");
    konn.settled().await;
    assert_eq!(konn.names(), ["web-0/c"], "of this pod only");

    running.api.touch("pods", "shop", "web-0", |pod| {
        pod["spec"]["ephemeralContainers"] = serde_json::json!([{"name": "debug", "image": "busybox"}]);
    });
    konn.until("the ephemeral container", |app| {
        names(app) == ["web-0/c", "web-0/debug"]
    })
    .await;
    running.api.touch("pods", "shop", "web-0", |pod| {
        pod["spec"]["ephemeralContainers"] = serde_json::json!([])
    });
    konn.until("its end", |app| names(app) == ["web-0/c"]).await;

    konn.press("d");
    konn.settled().await;
    assert!(
        layer_text(konn.app()).contains("pod/web-0"),
        "{}",
        layer_text(konn.app())
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn the_containers_of_all_pods_are_a_table_too() {
    let running = cluster().await;
    for name in ["web-0", "web-1"] {
        plant(&running, pod("shop", name));
    }
    let mut konn = Konn::open(&running, "mock", "containers shop");
    konn.settled().await;
    assert_eq!(konn.names(), ["web-0/c", "web-1/c"]);
    running.api.touch("pods", "shop", "web-1", |pod| {
        pod["spec"]["containers"] = serde_json::json!([{"name": "d", "image": "nginx"}]);
    });
    konn.until("the other container", |app| names(app) == ["web-0/c", "web-1/d"])
        .await;
}
