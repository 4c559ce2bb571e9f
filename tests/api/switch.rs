//! Another context: nothing of the one before is left.

use crate::support::{Konn, cluster, plant, pod};

#[tokio::test(flavor = "multi_thread")]
async fn a_switch_changes_who_asks_and_what_is_shown() {
    let running = cluster().await;
    plant(&running, pod("shop", "web-0"));
    plant(&running, pod("default", "other-0"));
    let mut konn = Konn::open(&running, "mock", "pods all");
    konn.settled().await;
    assert_eq!(konn.names().len(), 2);
    konn.press(":");
    konn.type_text("ctx mock-dev");
    konn.press("enter");
    konn.until("the other context", |app| {
        app.link.identity.context == "mock-dev" && app.is_settled()
    })
    .await;
    assert_eq!(konn.app().link.identity.user, "dev");
    assert_eq!(konn.names(), ["web-0"]);
    assert_eq!(konn.app().screens.len(), 1, "the history of the other cluster is gone");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_context_that_cannot_be_opened_replaces_nothing() {
    let running = cluster().await;
    plant(&running, pod("shop", "web-0"));
    let mut konn = Konn::open(&running, "mock", "pods shop");
    konn.settled().await;
    konn.press(":");
    konn.type_text("ctx nowhere");
    konn.press("enter");
    konn.until("the refusal", |app| app.switching.is_none()).await;
    assert_eq!(konn.app().link.identity.context, "mock");
    assert_eq!(konn.names(), ["web-0"]);
    let (notice, _) = konn.app().notice.as_ref().unwrap();
    assert!(notice.text.contains("nowhere"), "{}", notice.text);
    plant(&running, pod("shop", "web-1"));
    konn.until("the old watch to live on", |app| crate::support::names(app).len() == 2)
        .await;
}
