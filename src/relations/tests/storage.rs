//! Claims, volumes and classes.

use super::*;

#[test]
fn claims_volumes_and_classes() {
    let server = Server(vec![
        object(
            "PersistentVolumeClaim data-db-0",
            json!({"spec": {"volumeName": "pv1", "storageClassName": "fast"}}),
        ),
        object(
            "PersistentVolume pv1",
            json!({"spec": {"storageClassName": "fast",
            "claimRef": {"namespace": "shop", "name": "data-db-0"}}}),
        ),
        object("StorageClass fast", json!({"provisioner": "csi.example.com"})),
        object(
            "Pod db-0",
            json!({"spec": {"volumes": [{"name": "d", "persistentVolumeClaim": {"claimName": "data-db-0"}}]}}),
        ),
        object(
            "StatefulSet db",
            json!({"spec": {"volumeClaimTemplates": [{"metadata": {"name": "data"}}]}}),
        ),
        object("CSIDriver csi.example.com", json!({})),
    ]);
    check(
        &server,
        &[
            (
                server.0[0].clone(),
                Out,
                &["volume: persistentvolume/pv1", "storageclass: storageclass/fast"],
            ),
            (
                server.0[0].clone(),
                In,
                &[
                    "pods: pod/db-0 (volume d)",
                    "statefulsets: statefulset/db (volumeClaimTemplate data)",
                ],
            ),
            (
                server.0[1].clone(),
                Out,
                &[
                    "storageclass: storageclass/fast",
                    "claim: persistentvolumeclaim/data-db-0",
                ],
            ),
            (
                server.0[1].clone(),
                In,
                &[
                    "claim: persistentvolumeclaim/data-db-0",
                    "pods: pod/db-0 (through persistentvolumeclaim/data-db-0)",
                ],
            ),
            (
                server.0[2].clone(),
                In,
                &[
                    "claims: persistentvolumeclaim/data-db-0",
                    "volumes: persistentvolume/pv1",
                ],
            ),
            (server.0[2].clone(), Out, &["csidriver: csidriver/csi.example.com"]),
            (object("PersistentVolumeClaim data-db-x", json!({})), In, &[]),
            (object("PersistentVolumeClaim pending", json!({"spec": {}})), Out, &[]),
        ],
    );
}
