//! Verbs on workloads against a server: what they leave, what errors they survive, and a rollout to its end.

use konn::core::app::App;
use konn::mock::Running;
use konn::mock::faults::{Fault, Harm};
use serde_json::{Value, json};

use crate::support::{Konn, cluster, hurrying, layer_text, plant};

fn deployment(image: &str) -> Value {
    json!({"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "web", "namespace": "shop"},
        "spec": {"replicas": 2, "selector": {"matchLabels": {"app": "web"}}, "template": {"metadata": {"labels": {"app": "web"}},
            "spec": {"containers": [{"name": "app", "image": image}]}}}})
}

fn stored(running: &Running) -> Value {
    running
        .api
        .store
        .get("deployments.apps", "shop", "web")
        .map(|object| object.decode())
        .unwrap_or_default()
}

fn image(object: &Value) -> &str {
    object["spec"]["template"]["spec"]["containers"][0]["image"]
        .as_str()
        .unwrap_or_default()
}

/// Opens the dialog that sets the image, and types a `9` behind the one that is there.
async fn typed(running: &Running, context: &str) -> Konn {
    let mut konn = Konn::open(running, context, "deployments shop");
    konn.settled().await;
    konn.press("x i");
    konn.until("the dialog", |app| !app.layers.is_empty() && app.is_settled())
        .await;
    konn.type_text("9");
    konn.settled().await;
    konn
}

fn has_failed(app: &App) -> bool {
    layer_text(app).contains("✗ deployment/web")
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_gone_meanwhile_says_so() {
    let running = cluster().await;
    plant(&running, deployment("nginx:1"));
    let mut konn = typed(&running, "mock").await;
    let object = running.api.store.get("deployments.apps", "shop", "web").unwrap();
    running
        .api
        .store
        .delete("deployments.apps", &object.key, object.version)
        .unwrap();
    konn.press("enter");
    konn.until("the failure", has_failed).await;
    assert!(layer_text(konn.app()).contains("not found"), "{}", konn.screen());
}

/// A cronjob whose pods have this restart policy, and the dialog that starts a job of it.
async fn triggering(running: &Running, policy: &str) -> Konn {
    let mut pod = deployment("nginx:1")["spec"]["template"].clone();
    pod["spec"]["restartPolicy"] = policy.into();
    plant(
        running,
        json!({"apiVersion": "batch/v1", "kind": "CronJob", "metadata": {"name": "backup", "namespace": "shop"},
            "spec": {"schedule": "0 0 1 1 *", "jobTemplate": {"spec": {"template": pod}}}}),
    );
    plant(
        running,
        json!({"apiVersion": "batch/v1", "kind": "Job", "metadata": {"name": "taken", "namespace": "shop"}, "spec": {"template": pod}}),
    );
    let mut konn = Konn::open(running, "mock", "cronjobs shop");
    konn.settled().await;
    konn.press("x j t");
    konn.until("the dialog", |app| !app.layers.is_empty() && app.is_settled())
        .await;
    konn.press("ctrl-u");
    konn
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_server_finds_invalid_is_said_in_its_words() {
    let running = cluster().await;
    let mut konn = triggering(&running, "Always").await;
    konn.type_text("by-hand");
    konn.press("enter");
    konn.until("the refusal", |app| {
        layer_text(app).contains("Required value: valid values")
    })
    .await;
    assert!(layer_text(konn.app()).contains("by-hand"), "what was typed is kept");
    assert!(running.api.store.get("jobs.batch", "shop", "by-hand").is_none());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_name_that_is_taken_is_a_conflict_that_another_name_mends() {
    let running = cluster().await;
    let mut konn = triggering(&running, "Never").await;
    konn.type_text("taken");
    konn.press("enter");
    konn.until("the refusal", |app| layer_text(app).contains("already exists"))
        .await;
    konn.type_text("-not");
    konn.press("enter");
    konn.until("the end", |app| app.layers.is_empty()).await;
    assert!(running.api.store.get("jobs.batch", "shop", "taken-not").is_some());
}

#[tokio::test(flavor = "multi_thread")]
async fn who_may_not_change_is_told_why() {
    let running = cluster().await;
    plant(&running, deployment("nginx:1"));
    // Who may look but not touch; the review itself is refused, so that the server has the last word.
    plant(
        &running,
        json!({"apiVersion": "rbac.authorization.k8s.io/v1", "kind": "Role", "metadata": {"name": "looks", "namespace": "shop"},
            "rules": [{"apiGroups": ["apps"], "resources": ["deployments"], "verbs": ["get", "list", "watch"]}]}),
    );
    plant(
        &running,
        json!({"apiVersion": "rbac.authorization.k8s.io/v1", "kind": "RoleBinding", "metadata": {"name": "looks", "namespace": "shop"},
            "subjects": [{"kind": "User", "apiGroup": "rbac.authorization.k8s.io", "name": "dev"}],
            "roleRef": {"kind": "Role", "apiGroup": "rbac.authorization.k8s.io", "name": "looks"}}),
    );
    running
        .api
        .faults
        .set(Fault::new("create", "selfsubjectaccessreviews", Harm::InternalError));
    let mut konn = typed(&running, "mock-dev").await;
    let text = layer_text(konn.app());
    let words: Vec<&str> = text.split_whitespace().collect();
    assert!(
        words.join(" ").contains("cannot patch resource \"deployments\""),
        "{text}"
    );
    konn.press("enter");
    konn.until("the failure", has_failed).await;
    assert_eq!(image(&stored(&running)), "nginx:1");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_rollout_is_followed_to_its_end_and_undone() {
    let (running, hurry) = hurrying().await;
    plant(
        &running,
        json!({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "shop"}}),
    );
    plant(&running, deployment("nginx:1.2"));
    let mut konn = Konn::open(&running, "mock", "deployments shop");
    konn.settled().await;
    konn.press("x r s");
    let over = |app: &App| layer_text(app).contains("✓ deployment \"web\" successfully rolled out");
    konn.until("the first rollout", over).await;
    konn.press("esc x i");
    konn.until("the dialog", |app| !app.layers.is_empty() && app.is_settled())
        .await;
    konn.type_text("1");
    konn.press("tab space enter");
    konn.until("the second rollout", |app| {
        over(app) && layer_text(app).contains("nginx:1.21")
    })
    .await;
    konn.press("esc x r h");
    konn.until("two revisions", |app| {
        let text = layer_text(app);
        text.contains("nginx:1.21") && text.matches("<none>").count() == 2
    })
    .await;
    konn.press("esc x r u");
    konn.until("what it changes", |app| {
        let text = layer_text(app);
        app.is_settled()
            && text.contains("image: nginx:1.21")
            && text.contains("+")
            && text.contains("Revision 1: nginx:1.2")
    })
    .await;
    konn.press("enter");
    konn.until("the end", |app| app.layers.is_empty()).await;
    assert_eq!(image(&stored(&running)), "nginx:1.2");
    hurry.abort();
}
