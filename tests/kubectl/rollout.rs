//! rollout: status, history, undo, pause, resume, restart.

use super::driver::practice;

#[tokio::test(flavor = "multi_thread")]
async fn versions_roll_out_and_back() {
    let Some(kubectl) = practice().await else { return };
    kubectl
        .ok(&["create", "deployment", "web", "--image=nginx:1.19", "--replicas=3"])
        .await;
    let done = "deployment \"web\" successfully rolled out\n";
    assert!(
        kubectl
            .ok(&["rollout", "status", "deployment/web"])
            .await
            .ends_with(done)
    );
    for version in ["1.21", "1.22"] {
        kubectl
            .ok(&["set", "image", "deployment/web", &format!("nginx=nginx:{version}")])
            .await;
        kubectl
            .ok(&[
                "annotate",
                "deployment/web",
                &format!("kubernetes.io/change-cause=to {version}"),
                "--overwrite",
            ])
            .await;
        assert!(
            kubectl
                .ok(&["rollout", "status", "deployment/web"])
                .await
                .ends_with(done)
        );
        // The cause is the deployment's; a controller hands it on to the revision, and only to the newest.
        let cause = format!("to {version}\n");
        kubectl
            .until(&["rollout", "history", "deployment/web"], |ended| {
                ended.stdout.contains(&cause)
            })
            .await;
    }
    let history = kubectl.ok(&["rollout", "history", "deployment/web"]).await;
    assert_eq!(
        history,
        "deployment.apps/web \nREVISION  CHANGE-CAUSE\n1         <none>\n2         to 1.21\n3         to 1.22\n\n"
    );
    let image = [
        "get",
        "deployment",
        "web",
        "-o",
        "jsonpath={.spec.template.spec.containers[0].image}",
    ];
    for (undo, wanted) in [
        (&["rollout", "undo", "deployment/web"][..], "nginx:1.21"),
        (&["rollout", "undo", "deployment/web"], "nginx:1.22"),
        (&["rollout", "undo", "deployment/web", "--to-revision=1"], "nginx:1.19"),
    ] {
        assert_eq!(kubectl.ok(undo).await, "deployment.apps/web rolled back\n");
        assert!(
            kubectl
                .ok(&["rollout", "status", "deployment/web"])
                .await
                .ends_with(done)
        );
        assert_eq!(kubectl.ok(&image).await, wanted);
    }
    let shown = kubectl
        .ok(&["rollout", "history", "deployment/web", "--revision=6"])
        .await;
    assert!(
        shown.contains("with revision #6") && shown.contains("Image:\tnginx:1.19"),
        "{shown}"
    );
    let none = kubectl
        .fails(&["rollout", "undo", "deployment/web", "--to-revision=99"])
        .await;
    assert_eq!(none, "error: unable to find specified revision 99 in history\n");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_paused_rollout_waits() {
    let Some(kubectl) = practice().await else { return };
    kubectl.ok(&["create", "deployment", "web", "--image=nginx:1.21"]).await;
    kubectl
        .ok(&["set", "image", "deployment/web", "nginx=nginx:1.20"])
        .await;
    kubectl
        .ok(&["rollout", "status", "deployment/web", "--timeout=300s"])
        .await;
    assert_eq!(
        kubectl.ok(&["rollout", "pause", "deployment/web"]).await,
        "deployment.apps/web paused\n"
    );
    let again = kubectl.fails(&["rollout", "pause", "deployment/web"]).await;
    assert_eq!(again, "error: deployments.apps \"web\" is already paused\n");
    let restart = kubectl.fails(&["rollout", "restart", "deployment/web"]).await;
    assert_eq!(
        restart,
        "error: deployments.apps \"web\" can't restart paused deployment (run rollout resume first)\n"
    );
    kubectl
        .ok(&["set", "image", "deployment/web", "nginx=nginx:1.22"])
        .await;
    let undo = kubectl.fails(&["rollout", "undo", "deployment/web"]).await;
    assert_eq!(
        undo,
        "error: you cannot rollback a paused deployment; resume it first with 'kubectl rollout resume' and try again\n"
    );
    assert_eq!(
        kubectl.ok(&["rollout", "resume", "deployment/web"]).await,
        "deployment.apps/web resumed\n"
    );
    assert_eq!(
        kubectl.ok(&["rollout", "restart", "deployment/web"]).await,
        "deployment.apps/web restarted\n"
    );
    kubectl
        .ok(&["rollout", "status", "deployment/web", "--timeout=300s"])
        .await;
    let annotation = "jsonpath={.spec.template.metadata.annotations}";
    assert!(
        kubectl
            .ok(&["get", "deployment", "web", "-o", annotation])
            .await
            .contains("kubectl.kubernetes.io/restartedAt")
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn an_image_that_is_not_there_never_rolls_out() {
    let Some(kubectl) = practice().await else { return };
    kubectl
        .ok(&["create", "deployment", "web", "--image=registry.invalid/nginx:9.99"])
        .await;
    // Before that it would say that it waits for the pod to be made.
    kubectl
        .ok(&[
            "wait",
            "--for=jsonpath={.status.updatedReplicas}=1",
            "deployment/web",
            "--timeout=300s",
        ])
        .await;
    let waited = kubectl
        .run(&["rollout", "status", "deployment/web", "--timeout=10s"])
        .await;
    assert_eq!(waited.code, 1);
    assert!(
        waited.stdout.starts_with(
            "Waiting for deployment \"web\" rollout to finish: 0 of 1 updated replicas are available...\n"
        ),
        "{waited:?}"
    );
    kubectl
        .until(&["get", "pods", "--no-headers"], |pods| {
            pods.stdout.contains("ErrImagePull") || pods.stdout.contains("ImagePullBackOff")
        })
        .await;
}
