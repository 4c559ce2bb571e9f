//! Verbs on nodes, claims and quotas against the mock: conflicts, and what is gone or refused meanwhile.

use konn::mock::Running;
use serde_json::{Value, json};

use crate::support::{Konn, cluster, layer_text, plant};

/// A node, a claim of a class that grows, a quota.
async fn filled() -> Running {
    let running = cluster().await;
    for object in [
        json!({"apiVersion": "v1", "kind": "Node", "metadata": {"name": "n1"},
            "spec": {"taints": [{"key": "old", "effect": "NoSchedule"}]}, "status": {}}),
        json!({"apiVersion": "storage.k8s.io/v1", "kind": "StorageClass", "metadata": {"name": "grows"},
            "provisioner": "x", "allowVolumeExpansion": true}),
        json!({"apiVersion": "v1", "kind": "PersistentVolumeClaim", "metadata": {"name": "data", "namespace": "shop"},
            "spec": {"storageClassName": "grows", "accessModes": ["ReadWriteOnce"], "volumeName": "pv", "volumeMode": "Filesystem",
                "resources": {"requests": {"storage": "1Gi"}}},
            "status": {"phase": "Bound", "capacity": {"storage": "1Gi"}}}),
        json!({"apiVersion": "v1", "kind": "ResourceQuota", "metadata": {"name": "team", "namespace": "shop"},
            "spec": {"hard": {"pods": "4"}}, "status": {"used": {"pods": "1"}}}),
    ] {
        plant(&running, object);
    }
    running
}

/// Opens the dialog and fills it in.
async fn fill(konn: &mut Konn, key: &str, keys: &str) {
    konn.settled().await;
    konn.press(key);
    konn.until("what is there now", |app| !app.layers.is_empty() && app.is_settled())
        .await;
    for word in keys.split_whitespace() {
        match word.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')) {
            Some(text) => konn.type_text(text),
            None => konn.press(word),
        }
    }
}

/// An object without what differs from cluster to cluster.
fn stored(running: &Running, (table, namespace, name): (&str, &str, &str)) -> Value {
    let mut object = running.api.store.get(table, namespace, name).unwrap().decode();
    for own in ["uid", "resourceVersion", "creationTimestamp", "managedFields"] {
        object["metadata"].as_object_mut().unwrap().remove(own);
    }
    object
}

#[tokio::test(flavor = "multi_thread")]
async fn a_taint_that_was_set_meanwhile_makes_a_conflict_and_is_not_lost() {
    let running = filled().await;
    let mut konn = Konn::open(&running, "mock", "nodes");
    fill(&mut konn, "x t", "\"env\"").await;
    konn.until("the trial", |app| app.is_settled()).await;
    running.api.touch("nodes", "", "n1", |node| {
        node["spec"]["taints"] = json!([{"key": "new", "effect": "NoExecute"}]);
    });
    konn.press("enter");
    konn.until("the conflict", |app| layer_text(app).contains('✗')).await;
    let node = stored(&running, ("nodes", "", "n1"));
    assert_eq!(node["spec"]["taints"], json!([{"key": "new", "effect": "NoExecute"}]));
    // The next try is one with what is there now.
    konn.until("the new version", |app| app.is_settled()).await;
    konn.press("enter");
    konn.until("the end", |app| app.layers.is_empty()).await;
    assert_eq!(
        stored(&running, ("nodes", "", "n1"))["spec"]["taints"],
        json!([{"effect": "NoSchedule", "key": "env"}, {"key": "new", "effect": "NoExecute"}])
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_gone_or_not_allowed_is_told() {
    let running = filled().await;
    let mut gone = Konn::open(&running, "mock", "resourcequotas shop");
    fill(&mut gone, "x q", "ctrl-u \"6\"").await;
    let object = running.api.store.get("resourcequotas", "shop", "team").unwrap();
    running
        .api
        .store
        .delete("resourcequotas", "shop/team", object.version)
        .unwrap();
    gone.press("enter");
    gone.until("404", |app| layer_text(app).contains("not found")).await;
    plant(
        &running,
        json!({"apiVersion": "rbac.authorization.k8s.io/v1", "kind": "ClusterRoleBinding", "metadata": {"name": "sees"},
            "subjects": [{"kind": "User", "apiGroup": "rbac.authorization.k8s.io", "name": "viewer"}],
            "roleRef": {"kind": "ClusterRole", "apiGroup": "rbac.authorization.k8s.io", "name": "view"}}),
    );
    let mut viewer = Konn::open(&running, "mock-viewer", "persistentvolumeclaims shop");
    viewer.settled().await;
    viewer.press("x z");
    let notice = viewer
        .app()
        .notice
        .as_ref()
        .map(|(notice, _)| notice.text.clone())
        .unwrap_or_default();
    assert!(
        notice.contains("You may not patch persistentvolumeclaims"),
        "{notice}\n{}",
        viewer.screen()
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_server_finds_wrong_is_told_in_its_words() {
    let running = filled().await;
    let mut konn = Konn::open(&running, "mock", "persistentvolumeclaims shop");
    fill(&mut konn, "x z", "ctrl-u \"2Gi\"").await;
    konn.until("the trial", |app| app.is_settled()).await;
    // The claim lost its volume meanwhile.
    running.api.touch("persistentvolumeclaims", "shop", "data", |claim| {
        claim["status"]["phase"] = "Lost".into();
    });
    konn.press("enter");
    konn.until("422", |app| {
        layer_text(app).contains("spec is immutable after creation")
    })
    .await;
    assert!(layer_text(konn.app()).contains("2Gi"));
}
