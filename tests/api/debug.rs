//! Debug containers and shells on nodes against the mock: what is made, waited for, attached to, and deleted in the end,
//! by the next konn where this one crashed.

use std::path::Path;

use konn::core::app::{App, Setup};
use konn::mock::Running;
use konn::runtime::client::Environment;
use konn::runtime::machine::{Ask, Machine};
use serde_json::{Value, json};

use crate::support::{Konn, cluster, layer_text, opener, plant, pod, setup};

fn shows(app: &App, text: &str) -> bool {
    layer_text(app).contains(text)
}

fn prompts(app: &App) -> bool {
    layer_text(app).lines().any(|line| line.ends_with(['#', '$']))
}

fn notice(app: &App) -> String {
    app.notice
        .as_ref()
        .map(|(notice, _)| notice.text.clone())
        .unwrap_or_default()
}

fn node(name: &str) -> Value {
    json!({"apiVersion": "v1", "kind": "Node", "metadata": {"name": name},
        "status": {"conditions": [{"type": "Ready", "status": "True"}], "nodeInfo": {"kubeletVersion": "v1.36.2"}}})
}

/// konn whose home is this folder.
fn konn_at(home: &Path, running: &Running, line: &str, change: impl FnOnce(&mut Setup)) -> Konn {
    let mut opener = opener(running, "mock");
    opener.environment = Environment::of(home, []);
    let mut setup = setup(line);
    change(&mut setup);
    let (mut machine, inbox, mut asks) = Machine::start(setup, opener).unwrap();
    asks.extend(machine.clean_up());
    Konn { machine, inbox, asks }
}

/// The debug pods that stand, and are not on their way out.
fn debug_pods(running: &Running) -> Vec<Value> {
    let pods = running.api.store.list("pods", None).objects;
    let pods = pods.into_iter().map(|pod| pod.decode());
    let debug = |pod: &Value| pod["metadata"]["labels"]["app.kubernetes.io/managed-by"] == "konn";
    pods.filter(debug)
        .filter(|pod| pod["metadata"]["deletionTimestamp"].is_null())
        .collect()
}

fn records(home: &Path) -> usize {
    let folder = home.join(".local/state/konn/debug-pods");
    std::fs::read_dir(folder).map_or(0, Iterator::count)
}

/// What the kubelet would do.
fn run(running: &Running, pod: &Value) {
    let name = pod["metadata"]["name"].as_str().unwrap();
    running.api.touch("pods", "shop", name, |pod| {
        pod["status"] = json!({"phase": "Running", "containerStatuses": [
            {"name": "debugger", "ready": true, "restartCount": 0, "state": {"running": {"startedAt": "2026-11-21T00:00:00Z"}}}]});
    });
}

/// A node with a shell that has written its prompt.
async fn on_node(home: &Path, running: &Running) -> Konn {
    let mut konn = konn_at(home, running, "nodes", |_| ());
    konn.settled().await;
    konn.press("x S");
    konn.until("the dialog", |app| shows(app, "--profile=general")).await;
    for wanted in [
        "host of node/n1",
        "the host n1 of the context mock",
        "deleted when the shell ends",
    ] {
        assert!(shows(konn.app(), wanted), "{wanted}: {}", layer_text(konn.app()));
    }
    // From the question to the namespace above it.
    konn.press("down down ctrl-u");
    konn.type_text("shop");
    assert!(
        shows(
            konn.app(),
            "$ kubectl debug -it node/n1 -n shop --image=busybox --profile=general"
        ),
        "{}",
        layer_text(konn.app())
    );
    konn.press("enter right enter");
    konn.until("the wait", |app| shows(app, "Waiting for the container debugger"))
        .await;
    let made = debug_pods(running);
    assert_eq!(made.len(), 1);
    let spec = &made[0]["spec"];
    assert_eq!(
        (
            &spec["hostPID"],
            &spec["hostNetwork"],
            &spec["hostIPC"],
            &spec["nodeName"]
        ),
        (&json!(true), &json!(true), &json!(true), &json!("n1"))
    );
    assert_eq!(spec["containers"][0]["volumeMounts"][0]["mountPath"], "/host");
    assert_eq!(records(home), 1);
    run(running, &made[0]);
    konn.until("the attachment", |app| {
        shows(app, "press enter") || shows(app, "Press enter") || prompts(app)
    })
    .await;
    konn.press("enter");
    konn.until("a prompt", prompts).await;
    konn
}

#[tokio::test(flavor = "multi_thread")]
async fn a_debug_container_is_added_waited_for_and_attached_to() {
    let running = cluster().await;
    plant(&running, pod("shop", "web-0"));
    let mut konn = Konn::open(&running, "mock", "pods shop");
    konn.settled().await;
    konn.press("x d");
    konn.until("the dialog", |app| shows(app, "kubectl debug -it web-0"))
        .await;
    assert!(shows(konn.app(), "--target=c"), "{}", layer_text(konn.app()));
    konn.press("enter");
    konn.until("the wait", |app| shows(app, "Waiting for the container debugger-"))
        .await;
    let stored = |running: &Running| {
        let pods = running.api.store.list("pods", Some("shop")).objects;
        pods[0].decode()
    };
    let container = stored(&running)["spec"]["ephemeralContainers"][0].clone();
    assert_eq!(
        (
            &container["image"],
            &container["targetContainerName"],
            &container["stdin"],
            &container["tty"]
        ),
        (&json!("busybox"), &json!("c"), &json!(true), &json!(true))
    );
    assert_eq!(
        container["securityContext"]["capabilities"]["add"],
        json!(["SYS_PTRACE"])
    );
    let state = |state: Value| {
        let name = container["name"].clone();
        running.api.touch("pods", "shop", "web-0", |pod| {
            pod["status"]["ephemeralContainerStatuses"] = json!([{"name": name, "state": state}]);
        });
    };
    state(json!({"waiting": {"reason": "ErrImagePull", "message": "no such tag"}}));
    konn.until("the reason", |app| {
        shows(app, "ErrImagePull") && shows(app, "no such tag")
    })
    .await;
    state(json!({"running": {"startedAt": "2026-11-21T00:00:00Z"}}));
    konn.until("the attachment", |app| shows(app, "Press enter") || prompts(app))
        .await;
    konn.press("enter");
    konn.until("a prompt", prompts).await;
    konn.type_text("echo from the debugger");
    konn.press("enter");
    konn.until("what it wrote", |app| shows(app, "\nfrom the debugger"))
        .await;
    konn.type_text("exit");
    konn.press("enter");
    konn.until("the end", |app| !app.layers.last().unwrap().takes_all())
        .await;
    assert!(
        !stored(&running)["metadata"]["deletionTimestamp"].is_string(),
        "the pod is the person's own"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_debug_container_that_never_runs_says_why() {
    for (state, phase, wanted) in [
        (
            json!({"terminated": {"exitCode": 128, "reason": "StartError", "message": "no such program"}}),
            "Running",
            "exit code 128",
        ),
        (json!({}), "Failed", "does not run"),
    ] {
        let running = cluster().await;
        plant(&running, pod("shop", "web-0"));
        let mut konn = Konn::open(&running, "mock", "pods shop");
        konn.settled().await;
        konn.press("x d");
        konn.until("the dialog", |app| shows(app, "kubectl debug")).await;
        konn.press("enter");
        konn.until("the wait", |app| shows(app, "Waiting for")).await;
        running.api.touch("pods", "shop", "web-0", |pod| {
            let name = pod["spec"]["ephemeralContainers"][0]["name"].clone();
            pod["status"]["phase"] = phase.into();
            pod["status"]["ephemeralContainerStatuses"] = json!([{"name": name, "state": state}]);
        });
        konn.until(wanted, |app| shows(app, wanted)).await;
        konn.press("q");
        assert!(konn.app().layers.is_empty());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn who_may_not_debug_is_told_so() {
    let running = cluster().await;
    plant(&running, pod("shop", "web-0"));
    let mut konn = Konn::open(&running, "mock-dev", "pods shop");
    konn.settled().await;
    konn.press("x d");
    let said = notice(konn.app());
    assert!(
        said.contains("patch") && said.contains("pods/ephemeralcontainers"),
        "{said}"
    );
    assert!(konn.app().layers.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn the_pod_of_a_node_shell_goes_with_the_shell() {
    let home = tempfile::tempdir().unwrap();
    let running = cluster().await;
    plant(&running, node("n1"));
    let mut konn = on_node(home.path(), &running).await;
    konn.press("ctrl-] d");
    konn.until("the table", |app| app.layers.is_empty() && app.aside.len() == 1)
        .await;
    assert_eq!(debug_pods(&running).len(), 1, "it was only laid aside");
    konn.press("$ enter");
    konn.type_text("exit");
    konn.press("enter");
    konn.until("the deletion", |app| notice(app).contains("is deleted"))
        .await;
    assert_eq!((debug_pods(&running).len(), records(home.path())), (0, 0));
    let history: Vec<String> = konn
        .app()
        .history
        .entries()
        .map(|entry| entry.kubectl.clone())
        .collect();
    assert!(
        history
            .iter()
            .any(|command| command.starts_with("kubectl delete pod node-debugger-n1-")),
        "{history:?}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn leaving_waits_until_the_pod_is_deleted() {
    let home = tempfile::tempdir().unwrap();
    let running = cluster().await;
    plant(&running, node("n1"));
    let mut konn = on_node(home.path(), &running).await;
    konn.press("ctrl-] d q");
    assert!(shows(konn.app(), "still open: 1"), "{}", layer_text(konn.app()));
    konn.asks.clear();
    konn.press("right enter");
    assert!(!konn.asks.contains(&Ask::Quit), "not yet");
    konn.until_some("the leave", |konn| konn.asks.contains(&Ask::Quit).then_some(()))
        .await;
    assert_eq!((debug_pods(&running).len(), records(home.path())), (0, 0));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_next_start_deletes_what_a_crash_left() {
    let home = tempfile::tempdir().unwrap();
    let running = cluster().await;
    plant(&running, node("n1"));
    let konn = on_node(home.path(), &running).await;
    // Another konn meanwhile leaves it alone.
    let mut other = konn_at(home.path(), &running, "nodes", |_| ());
    other.settled().await;
    assert_eq!((debug_pods(&running).len(), notice(other.app())), (1, String::new()));
    drop(other);
    // Nothing is asked for any more: as a crash ends it.
    drop(konn);
    assert_eq!((debug_pods(&running).len(), records(home.path())), (1, 1));
    // Read-only, it only says so.
    let mut reader = konn_at(home.path(), &running, "nodes", |setup| setup.policy.read_only = true);
    reader
        .until("the word", |app| notice(app).contains("shop/node-debugger-n1-"))
        .await;
    reader.settled().await;
    assert_eq!(debug_pods(&running).len(), 1);
    drop(reader);
    let mut next = konn_at(home.path(), &running, "nodes", |_| ());
    next.until("the deletion", |app| notice(app).contains("left behind, is deleted"))
        .await;
    assert_eq!((debug_pods(&running).len(), records(home.path())), (0, 0));
}

#[tokio::test(flavor = "multi_thread")]
async fn another_pod_of_the_name_is_nobodys_to_delete() {
    let home = tempfile::tempdir().unwrap();
    let running = cluster().await;
    plant(&running, node("n1"));
    drop(on_node(home.path(), &running).await);
    let made = debug_pods(&running).remove(0);
    let name = made["metadata"]["name"].as_str().unwrap();
    let mut another = made.clone();
    another["metadata"]["uid"] = "another".into();
    running
        .api
        .touch("pods", "shop", name, |pod| pod["metadata"]["uid"] = "another".into());
    let mut next = konn_at(home.path(), &running, "nodes", |_| ());
    next.settled().await;
    next.until("the end of the record", |_| records(home.path()) == 0).await;
    assert_eq!(debug_pods(&running).len(), 1, "it stands");
}
