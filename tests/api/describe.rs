//! Describe and YAML are live.

use crate::support::{Konn, cluster, layer_text, plant, pod};

#[tokio::test(flavor = "multi_thread")]
async fn describe_follows_the_object_and_its_events() {
    let running = cluster().await;
    plant(&running, pod("shop", "web-0"));
    let uid = running.api.store.get("pods", "shop", "web-0").unwrap().decode()["metadata"]["uid"].clone();
    let mut konn = Konn::open(&running, "mock", "pods shop");
    konn.settled().await;
    konn.press("d");
    konn.settled().await;
    assert!(layer_text(konn.app()).contains("nginx:1.21"), "{}", konn.screen());
    plant(
        &running,
        serde_json::json!({"apiVersion": "v1", "kind": "Event", "metadata": {"name": "e1", "namespace": "shop"},
        "involvedObject": {"kind": "Pod", "namespace": "shop", "name": "web-0", "uid": uid}, "type": "Warning", "reason": "BackOff",
        "message": "Back-off restarting", "count": 1, "lastTimestamp": "2026-01-01T00:00:00Z", "firstTimestamp": "2026-01-01T00:00:00Z"}),
    );
    konn.until("the event", |app| layer_text(app).contains("Back-off restarting"))
        .await;
    running.api.touch("pods", "shop", "web-0", |pod| {
        pod["spec"]["containers"][0]["image"] = "nginx:1.22".into()
    });
    konn.until("the new image", |app| layer_text(app).contains("nginx:1.22"))
        .await;
    konn.press("esc");
    assert!(konn.app().layers.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn yaml_is_the_whole_object_without_managed_fields_unless_asked() {
    let running = cluster().await;
    let mut object = pod("shop", "web-0");
    object["metadata"]["managedFields"] = serde_json::json!([{"manager": "kubectl", "operation": "Update", "apiVersion": "v1", "fieldsType": "FieldsV1", "fieldsV1": {"f:spec": {}}}]);
    plant(&running, object);
    let mut konn = Konn::open(&running, "mock", "pods shop");
    konn.settled().await;
    konn.press("y");
    konn.settled().await;
    let text = layer_text(konn.app());
    assert!(text.contains("apiVersion: v1\nkind: Pod\nmetadata:"), "{text}");
    assert!(!text.contains("managedFields"), "{text}");
    konn.press("m");
    konn.until("managed fields", |app| layer_text(app).contains("managedFields"))
        .await;
    konn.press("m");
    konn.until("none", |app| !layer_text(app).contains("managedFields"))
        .await;
}
