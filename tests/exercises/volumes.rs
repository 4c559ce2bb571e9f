//! Volumes and claims, by hand and by their class.

use super::lab::{Lab, text};

const CLAIMS: &str = "/api/v1/namespaces/default/persistentvolumeclaims";

fn claim(name: &str, class: &str, size: &str) -> String {
    format!(
        "apiVersion: v1\nkind: PersistentVolumeClaim\nmetadata: {{name: {name}}}\n\
         spec: {{{class}accessModes: [ReadWriteOnce], resources: {{requests: {{storage: {size}}}}}}}"
    )
}

fn user(name: &str, claim: &str) -> String {
    format!(
        "apiVersion: v1\nkind: Pod\nmetadata: {{name: {name}}}\nspec: {{volumes: [{{name: v, persistentVolumeClaim: {{claimName: {claim}}}}}], \
         containers: [{{name: c, image: \"nginx:1.21\", volumeMounts: [{{name: v, mountPath: /data}}]}}]}}"
    )
}

#[tokio::test]
async fn by_hand() {
    let mut lab = Lab::new().await;
    lab.apply("apiVersion: v1\nkind: PersistentVolume\nmetadata: {name: host-pv}\nspec: {capacity: {storage: 1Gi}, accessModes: [ReadWriteOnce], hostPath: {path: /data}}").await;
    lab.apply(&claim("pod-pvc", "storageClassName: \"\", ", "1Gi")).await;
    lab.apply(&user("pod-using-pvc", "pod-pvc")).await;
    lab.apply(&claim("too-big", "storageClassName: \"\", ", "5Gi")).await;
    lab.apply(&user("pod-too-big", "too-big")).await;
    lab.pass(5);
    let volume = lab.get("/api/v1/persistentvolumes/host-pv").await;
    assert_eq!(
        (
            text(&volume["status"]["phase"]).as_str(),
            text(&volume["spec"]["claimRef"]["name"]).as_str()
        ),
        ("Bound", "pod-pvc")
    );
    assert_eq!(volume["spec"]["persistentVolumeReclaimPolicy"], "Retain");
    assert_eq!(lab.get(&format!("{CLAIMS}/pod-pvc")).await["status"]["phase"], "Bound");
    assert_eq!(lab.pod("pod-using-pvc").await["status"]["phase"], "Running");
    assert_eq!(
        lab.get(&format!("{CLAIMS}/too-big")).await["status"]["phase"],
        "Pending"
    );
    assert_eq!(lab.reasons("too-big").await, ["FailedBinding"]);
    let expected = "0/3 nodes are available: pod has unbound immediate PersistentVolumeClaims. not found";
    assert_eq!(
        lab.events("pod-too-big").await,
        [("FailedScheduling".to_owned(), expected.to_owned())]
    );
    lab.delete("/api/v1/namespaces/default/pods/pod-using-pvc").await;
    lab.delete(&format!("{CLAIMS}/pod-pvc")).await;
    lab.pass(40);
    assert_eq!(
        lab.get("/api/v1/persistentvolumes/host-pv").await["status"]["phase"],
        "Released"
    );
}

#[tokio::test]
async fn by_class() {
    let mut lab = Lab::new().await;
    lab.apply(&claim("dynamic", "", "2Gi")).await;
    lab.pass(3);
    let bound = lab.get(&format!("{CLAIMS}/dynamic")).await;
    let volume = text(&bound["spec"]["volumeName"]);
    assert_eq!(volume, format!("pvc-{}", text(&bound["metadata"]["uid"])));
    let volume = lab.get(&format!("/api/v1/persistentvolumes/{volume}")).await;
    assert_eq!(
        (
            text(&volume["status"]["phase"]).as_str(),
            text(&volume["spec"]["persistentVolumeReclaimPolicy"]).as_str()
        ),
        ("Bound", "Delete")
    );
}

#[tokio::test]
async fn bound_when_the_pod_comes() {
    let mut lab = Lab::new().await;
    lab.apply("apiVersion: storage.k8s.io/v1\nkind: StorageClass\nmetadata: {name: waits}\nprovisioner: rancher.io/local-path\nvolumeBindingMode: WaitForFirstConsumer").await;
    lab.apply(&claim("ebs-pvc", "storageClassName: waits, ", "1Gi")).await;
    lab.pass(5);
    assert_eq!(
        lab.events("ebs-pvc").await,
        [(
            "WaitForFirstConsumer".to_owned(),
            "waiting for first consumer to be created before binding".to_owned()
        )]
    );
    lab.apply(&user("pod-using-ebs", "ebs-pvc")).await;
    lab.pass(5);
    assert_eq!(lab.get(&format!("{CLAIMS}/ebs-pvc")).await["status"]["phase"], "Bound");
    assert_eq!(lab.pod("pod-using-ebs").await["status"]["phase"], "Running");
}
