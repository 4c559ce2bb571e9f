//! What the benchmarks share: 20,000 pods as a server sends them.

use std::sync::OnceLock;

use konn::core::clock::Time;
use konn::core::store::Delta;
use konn::core::view::ViewRef;
use konn::views::REGISTRY;
use serde_json::json;

/// How many pods there are.
pub const PODS: usize = 20_000;

/// The time of the benchmarks.
pub fn now() -> Time {
    Time::from_second(1_760_000_000).unwrap_or_default()
}

/// The view of pods.
pub fn view() -> ViewRef {
    REGISTRY.view("pods").unwrap_or_else(|| panic!("there are pods"))
}

/// Pods as a server sends them, without what rows skip: 40 namespaces, 20 nodes, a few of them broken.
pub fn pods() -> &'static [String] {
    static TEXTS: OnceLock<Vec<String>> = OnceLock::new();
    TEXTS.get_or_init(|| (0..PODS).map(pod).collect())
}

fn pod(at: usize) -> String {
    let (app, hash) = (at / 10, (at * 7919) % 0xfffff);
    let waiting =
        json!({"waiting": {"reason": "CrashLoopBackOff", "message": "back-off 5m0s restarting failed container"}});
    let state = if at.is_multiple_of(23) {
        waiting
    } else {
        json!({"running": {"startedAt": "2025-10-01T00:00:00Z"}})
    };
    json!({
        "metadata": {
            "name": format!("app-{app}-{hash:05x}-{at:05x}"), "namespace": format!("team-{}", at % 40),
            "uid": format!("00000000-0000-4000-8000-{at:012x}"), "resourceVersion": (1000 + at).to_string(),
            "creationTimestamp": "2025-10-01T00:00:00Z",
            "labels": {"app.kubernetes.io/name": format!("app-{app}"), "app.kubernetes.io/part-of": "shop", "pod-template-hash": format!("{hash:05x}")},
            "ownerReferences": [{"apiVersion": "apps/v1", "kind": "ReplicaSet", "name": format!("app-{app}-{hash:05x}"), "uid": "u", "controller": true}]
        },
        "spec": {"nodeName": format!("node-{}", at % 20), "containers": [{"name": "c", "image": "registry.example.com/app:1", "resources": {"requests": {"cpu": "100m", "memory": "128Mi"}}}]},
        "status": {"phase": "Running", "podIP": format!("10.{}.{}.{}", at >> 16, (at >> 8) & 255, at & 255),
            "containerStatuses": [{"name": "c", "ready": !at.is_multiple_of(23), "restartCount": at % 5, "state": state}]}
    })
    .to_string()
}

/// The pods as a watch's first list, decoded.
pub fn deltas() -> Vec<Delta> {
    let rows = pods()
        .iter()
        .filter_map(|pod| view().decode(pod).ok())
        .map(Delta::Apply);
    std::iter::once(Delta::Listing(None))
        .chain(rows)
        .chain([Delta::Listed(None)])
        .collect()
}
