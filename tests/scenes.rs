//! The course's exercises as they were played on a real cluster, played again by the real kubectl on the practice
//! cluster: what commands print, and what pods, workloads, claims, nodes and events show, must be the same.

#![allow(clippy::unwrap_used, clippy::panic, reason = "in a test a panic is the report")]

#[path = "scenes/cluster.rs"]
mod cluster;
#[path = "scenes/compare.rs"]
mod compare;
#[path = "scenes/known.rs"]
mod known;
#[path = "scenes/plain.rs"]
mod plain;
#[path = "scenes/play.rs"]
mod play;

use std::path::Path;

use serde_json::Value;

fn recording(scene: &str) -> Value {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/recordings/scenes");
    serde_json::from_str(&std::fs::read_to_string(folder.join(format!("{scene}.json"))).unwrap()).unwrap()
}

/// Plays a scene and holds it against its recording.
async fn check(scene: &str) {
    let Some(kubectl) = cluster::kubectl() else { return };
    let recording = recording(scene);
    let played = play::play(&kubectl, &recording).await;
    let differences = compare::differences(&recording, &played);
    let (listed, wrong): (Vec<_>, Vec<_>) = differences
        .iter()
        .partition(|difference| known::reason(scene, &difference.what).is_some());
    let healed: Vec<_> = known::listed(scene)
        .filter(|what| !listed.iter().any(|difference| difference.what == **what))
        .collect();
    let report: String = wrong.iter().map(|difference| format!("{difference}\n")).collect();
    assert!(wrong.is_empty(), "{scene}: {} differences:\n{report}", wrong.len());
    assert!(
        healed.is_empty(),
        "{scene}: no longer different, take them off the list: {healed:?}"
    );
}

macro_rules! scenes {
    ($($name:ident),*) => {$(
        #[tokio::test(flavor = "multi_thread")]
        async fn $name() {
            check(stringify!($name)).await;
        }
    )*};
}

scenes!(
    crash, deploy, drain, health, jobs, resources, rollout, scheduling, services, storage
);
