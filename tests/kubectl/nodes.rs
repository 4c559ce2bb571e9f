//! cordon, drain, taint: nodes and those who must leave them.

use super::driver::practice;

#[tokio::test(flavor = "multi_thread")]
async fn nodes_are_cordoned_and_tainted() {
    let Some(kubectl) = practice().await else { return };
    assert_eq!(kubectl.ok(&["cordon", "node-0001"]).await, "node/node-0001 cordoned\n");
    assert_eq!(
        kubectl.ok(&["cordon", "node-0001"]).await,
        "node/node-0001 already cordoned\n"
    );
    assert!(
        kubectl
            .ok(&["get", "node", "node-0001"])
            .await
            .contains("Ready,SchedulingDisabled")
    );
    assert_eq!(
        kubectl.ok(&["uncordon", "node-0001"]).await,
        "node/node-0001 uncordoned\n"
    );
    let taint = async |taint: &str| kubectl.run(&["taint", "nodes", "node-0001", taint]).await;
    assert_eq!(taint("env=prod:NoExecute").await.stdout, "node/node-0001 tainted\n");
    let again = taint("env=dev:NoExecute").await;
    assert_eq!(
        again.stderr,
        "error: node node-0001 already has env taint(s) with same effect(s) and --overwrite is false\n"
    );
    assert_eq!(taint("env-").await.stdout, "node/node-0001 untainted\n");
    assert_eq!(taint("nope-").await.stderr, "error: taint \"nope\" not found\n");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_drain_asks_first_and_heeds_budgets() {
    let Some(kubectl) = practice().await else { return };
    kubectl
        .ok(&["create", "deployment", "web", "--image=nginx", "--replicas=2"])
        .await;
    kubectl
        .ok(&["rollout", "status", "deployment/web", "--timeout=300s"])
        .await;
    kubectl
        .ok(&["create", "pdb", "web", "--min-available=2", "--selector=app=web"])
        .await;
    let node = kubectl
        .ok(&[
            "get",
            "pods",
            "-l",
            "app=web",
            "-o",
            "jsonpath={.items[0].spec.nodeName}",
        ])
        .await;
    let bare = format!(
        "apiVersion: v1\nkind: Pod\nmetadata: {{name: bare}}\nspec: {{nodeName: {node}, containers: [{{name: c, image: nginx}}]}}"
    );
    kubectl.apply(&bare).await;
    kubectl.ready("pod/bare").await;
    let refused = kubectl.run(&["drain", &node]).await;
    assert_eq!(refused.stdout, format!("node/{node} cordoned\n"));
    assert!(
        refused.stderr.contains(
            "cannot delete cannot delete Pods that declare no controller (use --force to override): default/bare"
        ),
        "{refused:?}"
    );
    // Time enough for one answer on a slow machine: kubectl asks again after five seconds.
    let held = kubectl.run(&["drain", &node, "--force", "--timeout=10s"]).await;
    assert_eq!(held.code, 1);
    assert!(
        held.stderr
            .contains("Warning: deleting Pods that declare no controller: default/bare"),
        "{held:?}"
    );
    assert!(
        held.stderr
            .contains("Cannot evict pod as it would violate the pod's disruption budget."),
        "{held:?}"
    );
    kubectl
        .ok(&[
            "patch",
            "pdb",
            "web",
            "--type=merge",
            "-p",
            "{\"spec\":{\"minAvailable\":1}}",
        ])
        .await;
    let drained = kubectl.ok(&["drain", &node, "--force", "--timeout=300s"]).await;
    assert!(drained.ends_with(&format!("node/{node} drained\n")), "{drained}");
    let left = kubectl
        .ok(&[
            "get",
            "pods",
            "-o",
            "name",
            &format!("--field-selector=spec.nodeName={node}"),
        ])
        .await;
    assert_eq!(left, "");
}
