//! The connection breaks and comes back.

use crate::home::{Cluster, pods};
use crate::support;

#[test]
fn rows_stay_with_a_mark_and_live_again() {
    let (cluster, _home, mut konn) = pods();
    let address = cluster.address();
    cluster.stop();
    konn.shows("no answer for");
    konn.shows("stale");
    konn.shows("web-2");
    // What is on the screen can be read on.
    konn.press("jj");
    konn.until("the cursor on web-2", |screen| {
        screen
            .contents()
            .lines()
            .any(|line| line.starts_with('▌') && line.contains("web-2"))
    });
    let cluster = Cluster::at(&address);
    // The changes go on where they stopped: beyond the last one that konn has seen.
    for at in 0..50 {
        cluster.plant(serde_json::json!({"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": format!("c{at}"), "namespace": "shop"}}));
    }
    cluster.plant(support::pod("shop", "web-3"));
    konn.shows("web-3");
    konn.shows("● live");
    konn.lacks("stale");
    konn.press("q");
    assert_eq!(konn.left().code, 0);
}
