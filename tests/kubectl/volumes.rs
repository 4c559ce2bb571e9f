//! What lies in volumes, seen through exec: shared within a pod, kept between pods, or made of configuration.

use super::driver::{Kubectl, practice};

async fn sh(kubectl: &Kubectl, pod: &str, container: &str, script: &str) -> String {
    kubectl
        .ok(&["exec", pod, "-c", container, "--", "sh", "-c", script])
        .await
}

/// A pod of two containers that share an emptyDir.
fn sharing(name: &str) -> String {
    format!(
        "
apiVersion: v1
kind: Pod
metadata: {{name: {name}}}
spec:
  volumes: [{{name: cache, emptyDir: {{}}}}]
  containers:
  - {{name: writer, image: 'busybox:1', command: [sleep, infinity], volumeMounts: [{{name: cache, mountPath: /out}}]}}
  - {{name: reader, image: 'busybox:1', command: [sleep, infinity], volumeMounts: [{{name: cache, mountPath: /in, readOnly: true}}]}}
"
    )
}

#[tokio::test(flavor = "multi_thread")]
async fn an_empty_dir_is_shared_within_a_pod_and_not_between_pods() {
    let Some(kubectl) = practice().await else { return };
    for name in ["one", "two"] {
        kubectl.apply(&sharing(name)).await;
    }
    kubectl.ready("pod/one").await;
    kubectl.ready("pod/two").await;
    sh(&kubectl, "one", "writer", "echo hello > /out/note; echo own > /tmp/own").await;
    assert_eq!(sh(&kubectl, "one", "reader", "cat /in/note; ls /tmp").await, "hello\n");
    assert_eq!(sh(&kubectl, "two", "reader", "ls /in").await, "");
    let refused = kubectl
        .run(&["exec", "one", "-c", "reader", "--", "sh", "-c", "echo x > /in/note"])
        .await;
    assert_ne!(refused.code, 0);
    assert!(refused.stderr.contains("Read-only file system"), "{refused:?}");
    // It goes with its pod.
    kubectl.ok(&["delete", "pod", "one", "--now"]).await;
    kubectl.apply(&sharing("one")).await;
    kubectl.ready("pod/one").await;
    assert_eq!(sh(&kubectl, "one", "reader", "ls /in").await, "");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_claim_keeps_what_is_written_when_its_pod_goes() {
    let Some(kubectl) = practice().await else { return };
    let class = "
apiVersion: storage.k8s.io/v1
kind: StorageClass
metadata: {name: standard, annotations: {storageclass.kubernetes.io/is-default-class: 'true'}}
provisioner: k8s.io/minikube-hostpath
---
apiVersion: v1
kind: PersistentVolumeClaim
metadata: {name: data}
spec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}}
";
    let user = "
apiVersion: v1
kind: Pod
metadata: {name: db}
spec:
  volumes: [{name: data, persistentVolumeClaim: {claimName: data}}]
  containers: [{name: c, image: 'busybox:1', command: [sleep, infinity], volumeMounts: [{name: data, mountPath: /data}]}]
";
    kubectl.apply(class).await;
    for wanted in ["", "kept\n"] {
        kubectl.apply(user).await;
        kubectl.ready("pod/db").await;
        assert_eq!(
            sh(&kubectl, "db", "c", "cat /data/row 2>/dev/null; echo kept > /data/row").await,
            wanted
        );
        kubectl.ok(&["delete", "pod", "db", "--now"]).await;
    }
    kubectl
        .prints(&["get", "pvc", "data", "-o", "jsonpath={.status.phase}"], "Bound")
        .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn config_maps_and_secrets_are_files() {
    let Some(kubectl) = practice().await else { return };
    kubectl
        .ok(&[
            "create",
            "configmap",
            "settings",
            "--from-literal=color=blue",
            "--from-literal=size=10",
        ])
        .await;
    kubectl
        .ok(&[
            "create",
            "secret",
            "generic",
            "login",
            "--from-literal=user=admin",
            "--from-literal=password=s3cret",
        ])
        .await;
    kubectl
        .apply(
            "
apiVersion: v1
kind: Pod
metadata: {name: app}
spec:
  volumes: [{name: s, configMap: {name: settings}}, {name: l, secret: {secretName: login}}]
  containers:
  - name: c
    image: busybox:1
    command: [sleep, infinity]
    envFrom: [{secretRef: {name: login}}, {configMapRef: {name: settings}, prefix: SET_}]
    volumeMounts: [{name: s, mountPath: /etc/settings}, {name: l, mountPath: /etc/login, readOnly: true}, {name: s, mountPath: /one, subPath: color}]
",
        )
        .await;
    kubectl.ready("pod/app").await;
    assert_eq!(
        sh(&kubectl, "app", "c", "ls /etc/settings /etc/login").await,
        "/etc/login:\npassword\nuser\n\n/etc/settings:\ncolor\nsize\n"
    );
    assert_eq!(
        sh(
            &kubectl,
            "app",
            "c",
            "cat /etc/login/password; echo; cat /one; echo; echo $user $SET_size"
        )
        .await,
        "s3cret\nblue\nadmin 10\n"
    );
    // Files follow the object, variables do not.
    kubectl
        .ok(&["patch", "configmap", "settings", "-p", r#"{"data":{"size":"11"}}"#])
        .await;
    let script = "cat /etc/settings/size; echo; echo $SET_size";
    kubectl
        .prints(&["exec", "app", "-c", "c", "--", "sh", "-c", script], "11\n10\n")
        .await;
}
