//! A drain that is cancelled half way.

use serde_json::json;

use crate::home::{Cluster, Home};
use crate::support::pod;
use crate::terminal::BEFORE;

#[test]
fn a_drain_is_cancelled_half_way() {
    let cluster = Cluster::new();
    cluster
        .plant(json!({"apiVersion": "v1", "kind": "Node", "metadata": {"name": "minikube"}, "spec": {}, "status": {}}));
    cluster.plant(pod("shop", "bare"));
    cluster.plant(json!({"apiVersion": "policy/v1", "kind": "PodDisruptionBudget",
        "metadata": {"name": "web", "namespace": "shop"},
        "spec": {"minAvailable": 3, "selector": {"matchLabels": {"app": "web"}}},
        "status": {"disruptionsAllowed": 0, "currentHealthy": 3, "desiredHealthy": 3}}));
    let home = Home::of(&cluster);
    let mut konn = home.konn(&[]);
    konn.shows("● live");
    konn.press("1");
    konn.shows("Nodes 1");
    konn.press("xD");
    konn.shows("4 forbid it");
    // Force, no grace period, and yes.
    konn.press("\t\t\t \t0\t\t\x1b[C");
    konn.shows("kubectl drain minikube --force --grace-period=0");
    konn.shows("‹Drain›");
    konn.press("\r");
    konn.shows("shop/bare  gone");
    konn.shows("held back, tried again after 5 s");
    konn.press("\x1b");
    konn.shows("Stopped. Pods that have gone: 1");
    konn.shows("kubectl uncordon minikube");
    konn.press("\x1b");
    konn.lacks("Stopped.");
    konn.shows("SchedulingDisabled");
    konn.press("q");
    let left = konn.left();
    assert_eq!((left.code, left.screen.trim()), (0, BEFORE));
    let pods = cluster.running.api.store.list("pods", Some("shop")).objects;
    assert_eq!(pods.len(), 3, "what the budget held is still there");
    let node = cluster.running.api.store.get("nodes", "", "minikube").unwrap().decode();
    assert_eq!(node["spec"]["unschedulable"], true);
}
