//! Connections die in every way; tables keep what they have and find their way back.

use konn::core::store::Sync;
use konn::mock::faults::{Fault, Harm};

use crate::support::{Konn, cluster, names, plant, pod, table};

/// Opens ten pods, lets the harm happen, and expects them, then an eleventh.
async fn survives(verb: &str, harm: Harm, times: usize) {
    let running = cluster().await;
    for at in 0..10 {
        plant(&running, pod("shop", &format!("web-{at}")));
    }
    running.api.faults.set(Fault::new(verb, "/pods", harm).times(times));
    let mut konn = Konn::open(&running, "mock", "pods shop");
    konn.until("ten pods", |app| names(app).len() == 10 && app.is_settled())
        .await;
    plant(&running, pod("shop", "web-10"));
    konn.until("the eleventh", |app| names(app).len() == 11).await;
    konn.until("a live table", |app| {
        table(app).is_some_and(|table| *table.sync() == Sync::Live)
    })
    .await;
}

macro_rules! survives {
    ($($name:ident: $verb:literal, $harm:expr, $times:literal;)*) => {$(
        #[tokio::test(flavor = "multi_thread")]
        async fn $name() {
            survives($verb, $harm, $times).await;
        }
    )*};
}

survives! {
    a_list_cut_in_the_middle: "list", Harm::Cut(2000), 1;
    a_watch_cut_in_the_middle: "watch", Harm::Cut(50), 2;
    a_server_error_on_the_list: "list", Harm::InternalError, 1;
    a_server_that_is_not_there_yet: "list", Harm::Unavailable, 1;
    too_many_requests: "list", Harm::TooManyRequests(1), 1;
    gone_at_the_start_of_a_watch: "watch", Harm::Gone, 2;
    gone_inside_a_watch: "watch", Harm::GoneInWatch, 2;
    an_expired_token: "list", Harm::Unauthorized, 1;
    a_slow_body: "list", Harm::Slow(4000), 1;
}

#[tokio::test(flavor = "multi_thread")]
async fn malformed_objects_cost_no_other_row() {
    let running = cluster().await;
    for at in 0..10 {
        plant(&running, pod("shop", &format!("web-{at}")));
    }
    running.api.faults.set(Fault::new("list", "/pods", Harm::Malformed));
    let mut konn = Konn::open(&running, "mock", "pods shop");
    konn.settled().await;
    assert!(
        konn.names().iter().filter(|name| name.starts_with("web-")).count() >= 5,
        "{:?}",
        konn.names()
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_broken_watch_keeps_the_last_rows_on_screen() {
    let running = cluster().await;
    plant(&running, pod("shop", "web-0"));
    let mut konn = Konn::open(&running, "mock", "pods shop");
    konn.settled().await;
    running.api.faults.set(Fault::new("list", "/pods", Harm::InternalError));
    running.api.faults.set(Fault::new("watch", "/pods", Harm::GoneInWatch));
    // The watch that is open ends when its connection does; another one begins and is told 410.
    konn.press("[ ] :");
    konn.type_text("pods shop");
    konn.press("enter");
    konn.until("a failure", |app| {
        table(app).is_some_and(|table| matches!(table.sync(), Sync::Stale { .. }))
    })
    .await;
    running.api.faults.clear();
    konn.until("the row", |app| names(app) == ["web-0"]).await;
}
