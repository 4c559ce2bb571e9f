//! Commands that change what is there: edit, patch, label, annotate, scale, autoscale, set, delete.

use super::driver::{Kubectl, practice};

async fn web(kubectl: &Kubectl) {
    kubectl
        .ok(&["create", "deployment", "web", "--image=nginx:1.21", "--replicas=2"])
        .await;
}

async fn field(kubectl: &Kubectl, what: &str, path: &str) -> String {
    kubectl.ok(&["get", what, "-o", &format!("jsonpath={{{path}}}")]).await
}

#[tokio::test(flavor = "multi_thread")]
async fn patches_of_every_type_apply() {
    let Some(kubectl) = practice().await else { return };
    web(&kubectl).await;
    let patch = async |kind: &str, patch: &str| kubectl.run(&["patch", "deployment", "web", kind, "-p", patch]).await;
    let containers =
        "{\"spec\":{\"template\":{\"spec\":{\"containers\":[{\"name\":\"side\",\"image\":\"busybox\"}]}}}}";
    assert_eq!(
        patch("--type=strategic", containers).await.stdout,
        "deployment.apps/web patched\n"
    );
    // A strategic patch merges containers by name, a merge patch replaces the list.
    assert_eq!(
        field(&kubectl, "deployment/web", ".spec.template.spec.containers[*].name").await,
        "side nginx"
    );
    patch("--type=merge", containers).await;
    assert_eq!(
        field(&kubectl, "deployment/web", ".spec.template.spec.containers[*].name").await,
        "side"
    );
    let test = "[{\"op\":\"test\",\"path\":\"/spec/replicas\",\"value\":2},{\"op\":\"replace\",\"path\":\"/spec/replicas\",\"value\":3}]";
    assert_eq!(patch("--type=json", test).await.code, 0);
    let again = patch("--type=json", test).await;
    assert_eq!(
        again.stderr,
        "The request is invalid: the server rejected our request due to an error in our request\n"
    );
    // kubectl holds what it gets back against what it got before: that a controller has written in between is a change too.
    let same = "{\"spec\":{\"replicas\":3}}";
    kubectl
        .prints(
            &["patch", "deployment", "web", "--type=merge", "-p", same],
            "deployment.apps/web patched (no change)\n",
        )
        .await;
    let status = kubectl
        .ok(&[
            "patch",
            "deployment",
            "web",
            "--subresource=scale",
            "--type=merge",
            "-p",
            "{\"spec\":{\"replicas\":1}}",
        ])
        .await;
    assert_eq!(status, "scale.autoscaling/web patched\n");
    let fixed = patch(
        "--type=merge",
        "{\"spec\":{\"selector\":{\"matchLabels\":{\"x\":\"y\"}}}}",
    )
    .await;
    assert!(
        fixed.stderr.contains("field is immutable") || fixed.stderr.contains("does not match template `labels`"),
        "{fixed:?}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn labels_and_annotations_are_set_and_taken_away() {
    let Some(kubectl) = practice().await else { return };
    kubectl.ok(&["create", "configmap", "cm"]).await;
    for verb in ["label", "annotate"] {
        let done = if verb == "label" { "labeled" } else { "annotated" };
        assert_eq!(
            kubectl.ok(&[verb, "configmap", "cm", "a=b"]).await,
            format!("configmap/cm {done}\n")
        );
        let taken = kubectl.fails(&[verb, "configmap", "cm", "a=c"]).await;
        assert!(taken.contains("--overwrite is false"), "{taken}");
        assert_eq!(
            kubectl.ok(&[verb, "configmap", "cm", "a=c", "--overwrite"]).await,
            format!("configmap/cm {done}\n")
        );
    }
    assert_eq!(
        kubectl.ok(&["label", "configmap", "cm", "a-"]).await,
        "configmap/cm unlabeled\n"
    );
    assert_eq!(
        kubectl.ok(&["annotate", "configmap", "cm", "a-"]).await,
        "configmap/cm annotated\n"
    );
    assert_eq!(field(&kubectl, "configmap/cm", ".metadata.labels").await, "");
    let wrong = kubectl.fails(&["label", "configmap", "cm", "a=b c"]).await;
    assert!(
        wrong.contains("invalid label value") || wrong.contains("a valid label must be"),
        "{wrong}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn workloads_are_scaled_and_set() {
    let Some(kubectl) = practice().await else { return };
    web(&kubectl).await;
    assert_eq!(
        kubectl.ok(&["scale", "deployment", "web", "--replicas=3"]).await,
        "deployment.apps/web scaled\n"
    );
    let other = kubectl
        .fails(&["scale", "deployment", "web", "--current-replicas=9", "--replicas=1"])
        .await;
    assert_eq!(other, "error: Expected replicas to be 9, was 3\n");
    assert_eq!(
        kubectl
            .ok(&[
                "autoscale",
                "deployment",
                "web",
                "--min=1",
                "--max=5",
                "--cpu-percent=50"
            ])
            .await,
        "horizontalpodautoscaler.autoscaling/web autoscaled\n"
    );
    assert_eq!(field(&kubectl, "hpa/web", ".spec.maxReplicas").await, "5");
    assert_eq!(
        kubectl
            .ok(&["set", "image", "deployment/web", "nginx=nginx:1.22"])
            .await,
        "deployment.apps/web image updated\n"
    );
    assert_eq!(
        kubectl
            .ok(&["set", "resources", "deployment/web", "--limits=cpu=200m,memory=64Mi"])
            .await,
        "deployment.apps/web resource requirements updated\n"
    );
    assert_eq!(
        kubectl.ok(&["set", "env", "deployment/web", "A=b"]).await,
        "deployment.apps/web env updated\n"
    );
    assert_eq!(
        kubectl.ok(&["set", "env", "deployment/web", "--list"]).await,
        "# Deployment web, container nginx\nA=b\n"
    );
    assert_eq!(
        field(
            &kubectl,
            "deployment/web",
            ".spec.template.spec.containers[0].resources.limits.memory"
        )
        .await,
        "64Mi"
    );
    let none = kubectl.fails(&["set", "image", "deployment/web", "zzz=nginx"]).await;
    assert_eq!(none, "error: unable to find container named \"zzz\"\n");
}

#[cfg(unix)]
#[tokio::test(flavor = "multi_thread")]
async fn objects_are_edited_in_an_editor() {
    use std::os::unix::fs::PermissionsExt;
    let Some(kubectl) = practice().await else { return };
    web(&kubectl).await;
    let editor = kubectl.file("editor", "#!/bin/sh\nsed -i.bak 's/replicas: 2/replicas: 3/' \"$1\"\n");
    std::fs::set_permissions(&editor, std::fs::Permissions::from_mode(0o755)).unwrap();
    let edit = async |editor: &str| {
        kubectl
            .command(&["edit", "deployment", "web"])
            .env("EDITOR", editor)
            .output()
            .await
            .unwrap()
    };
    let edited = edit(&editor).await;
    assert_eq!(
        String::from_utf8_lossy(&edited.stdout),
        "deployment.apps/web edited\n",
        "{edited:?}"
    );
    assert_eq!(field(&kubectl, "deployment/web", ".spec.replicas").await, "3");
    let left = edit("true").await;
    assert_eq!(
        String::from_utf8_lossy(&left.stderr),
        "Edit cancelled, no changes made.\n"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn deletion_cascades_as_asked() {
    let Some(kubectl) = practice().await else { return };
    for (cascade, left) in [("background", false), ("foreground", false), ("orphan", true)] {
        web(&kubectl).await;
        kubectl
            .ok(&["rollout", "status", "deployment/web", "--timeout=300s"])
            .await;
        let deleted = kubectl
            .ok(&["delete", "deployment", "web", &format!("--cascade={cascade}")])
            .await;
        assert_eq!(deleted, "deployment.apps \"web\" deleted\n");
        if left {
            assert_eq!(
                kubectl.ok(&["get", "replicasets", "-o", "name"]).await.lines().count(),
                1,
                "{cascade}"
            );
            continue;
        }
        let gone = kubectl
            .run(&[
                "wait",
                "--for=delete",
                "replicasets,pods",
                "-l",
                "app=web",
                "--timeout=300s",
            ])
            .await;
        assert!(
            gone.code == 0 || gone.stderr.contains("no matching resources found"),
            "{cascade}: {gone:?}"
        );
        kubectl.prints(&["get", "replicasets,pods", "-o", "name"], "").await;
    }
    let missing = kubectl.fails(&["delete", "pod", "nope"]).await;
    assert_eq!(missing, "Error from server (NotFound): pods \"nope\" not found\n");
    assert_eq!(kubectl.ok(&["delete", "pod", "nope", "--ignore-not-found"]).await, "");
    let all = kubectl.ok(&["delete", "replicasets", "--all", "--wait=false"]).await;
    assert!(
        all.starts_with("replicaset.apps \"web-") && all.ends_with("\" deleted\n"),
        "{all}"
    );
    let raw = kubectl.ok(&["create", "configmap", "one"]).await;
    assert_eq!(raw, "configmap/one created\n");
    kubectl
        .ok(&[
            "delete",
            "--raw",
            "/as/admin/api/v1/namespaces/default/configmaps?labelSelector=x%3Dy",
        ])
        .await;
    assert_eq!(
        kubectl.ok(&["get", "configmap", "one", "-o", "name"]).await,
        "configmap/one\n"
    );
}
