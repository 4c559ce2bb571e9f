//! Who made whom.

use super::*;

#[test]
fn owners_and_owned() {
    let both_labels = |what: &str| both(labelled("web"), owned_by(what));
    let server = Server(vec![
        object("Deployment web", json!({})),
        object("ReplicaSet web-1", both_labels("Deployment web")),
        object("ReplicaSet stray", labelled("web")),
        object("Pod web-1-a", both_labels("ReplicaSet web-1")),
        object("Pod stray", labelled("web")),
        object("Job j-1", owned_by("CronJob j")),
        object("Pod j-1-a", both_labels("Job j-1")),
        object("ConfigMap generated", owned_by("Backup b")),
    ]);
    check(
        &server,
        &[
            (
                object("Deployment web", selecting("web")),
                Down,
                &["replicasets: replicaset/web-1"],
            ),
            (
                object("ReplicaSet web-1", selecting("web")),
                Down,
                &["pods: pod/web-1-a"],
            ),
            (
                object(
                    "ReplicaSet web-1",
                    both(selecting("web"), json!({"spec": {"replicas": 0}})),
                ),
                Down,
                &[],
            ),
            (object("CronJob j", json!({})), Down, &["jobs: job/j-1"]),
            (object("Job j-1", selecting("web")), Down, &["pods: pod/j-1-a"]),
            (
                object("Backup b", json!({})),
                Down,
                &["configmaps: configmap/generated"],
            ),
            (server.0[3].clone(), Up, &["owner: replicaset/web-1"]),
            (object("Pod x", owned_by("Backup gone")), Up, &["owner: backup/gone?"]),
            (
                object("Pod x", json!({"metadata": {"ownerReferences": "none"}})),
                Up,
                &[],
            ),
        ],
    );
}
