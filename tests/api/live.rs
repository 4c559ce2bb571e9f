//! Tables follow the cluster.

use konn::core::store::Flash;

use crate::support::{Konn, cluster, names, plant, pod, table};

#[tokio::test(flavor = "multi_thread")]
async fn rows_appear_change_and_go() {
    let running = cluster().await;
    plant(&running, pod("shop", "web-0"));
    let mut konn = Konn::open(&running, "mock", "pods shop");
    konn.settled().await;
    assert_eq!(konn.names(), ["web-0"]);
    assert!(
        table(konn.app()).unwrap().rows().iter().all(|row| row.flash.is_none()),
        "the first list is calm"
    );

    plant(&running, pod("shop", "web-1"));
    konn.until("web-1", |app| names(app) == ["web-0", "web-1"]).await;
    let flash = |app: &konn::core::app::App, name: &str| {
        let rows = table(app).unwrap().rows();
        rows.iter()
            .find(|row| &*row.object.meta().name == name)
            .and_then(|row| row.flash)
            .map(|(flash, _)| flash)
    };
    assert_eq!(flash(konn.app(), "web-1"), Some(Flash::Added));

    running.api.touch("pods", "shop", "web-0", |pod| {
        pod["metadata"]["labels"]["new"] = "yes".into()
    });
    konn.until("the change", |app| flash(app, "web-0") == Some(Flash::Changed))
        .await;
    konn.until("calm", |app| flash(app, "web-0").is_none()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn rows_do_not_wait_for_the_last_page() {
    let running = cluster().await;
    for at in 0..1500 {
        plant(&running, pod("shop", &format!("web-{at}")));
    }
    let mut konn = Konn::open(&running, "mock", "pods shop");
    konn.until("first rows", |app| !names(app).is_empty()).await;
    assert!(
        !table(konn.app()).unwrap().is_complete(),
        "the first page was shown before the last came"
    );
    assert_eq!(konn.names().len(), 100);
    konn.settled().await;
    assert_eq!(konn.names().len(), 1500);
}

#[tokio::test(flavor = "multi_thread")]
async fn enter_goes_down_and_esc_comes_back_to_the_same_row() {
    let running = cluster().await;
    for name in ["api", "web"] {
        plant(
            &running,
            serde_json::json!({"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": name, "namespace": "shop"},
            "spec": {"replicas": 1, "selector": {"matchLabels": {"app": name}}, "template": {"metadata": {"labels": {"app": name}}, "spec": {"containers": [{"name": "c", "image": "nginx"}]}}}}),
        );
        plant(&running, pod("shop", &format!("{name}-0")));
    }
    let mut konn = Konn::open(&running, "mock", "deployments shop");
    konn.settled().await;
    konn.press("j enter");
    konn.settled().await;
    assert_eq!(konn.names(), ["web-0"]);
    konn.press("esc");
    konn.settled().await;
    let (_, row) = konn.app().selected().unwrap();
    assert_eq!(&*row.object.meta().name, "web");
    konn.press("]");
    assert_eq!(konn.names(), ["web-0"]);
}
