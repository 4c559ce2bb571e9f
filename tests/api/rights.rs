//! Rights to less than everything.

use crate::support::{Konn, cluster, plant, pod, table};

#[tokio::test(flavor = "multi_thread")]
async fn all_namespaces_fall_back_to_those_that_may_be_listed() {
    let running = cluster().await;
    plant(&running, pod("shop", "web-0"));
    plant(&running, pod("default", "secret-0"));
    let mut konn = Konn::open(&running, "mock-dev", "pods all");
    konn.settled().await;
    assert_eq!(konn.names(), ["web-0"]);
    assert_eq!(table(konn.app()).unwrap().narrowed(), Some(&["shop".to_string()][..]));
    plant(&running, pod("shop", "web-1"));
    konn.until("web-1", |app| crate::support::names(app).len() == 2).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_may_not_be_seen_says_so_in_the_servers_words() {
    let running = cluster().await;
    let mut konn = Konn::open(&running, "mock-dev", "nodes");
    konn.until("the refusal", |app| table(app).is_some_and(|table| table.has_failed()))
        .await;
    let konn::core::store::Sync::Stale { why, .. } = table(konn.app()).unwrap().sync() else {
        panic!("not refused")
    };
    let text = konn.app().trouble(why);
    assert!(
        text.contains("nodes is forbidden: User \"dev\" cannot list resource \"nodes\""),
        "{text}"
    );
}
