//! Debug containers and shells on nodes: what konn makes is what `kubectl debug` makes, with every profile.

use konn::mock::Running;
use serde_json::{Value, json};
use tokio::process::Command;

use super::harness::installed;
use super::support::{Konn, cluster, layer_text, plant, pod};

fn node() -> Value {
    json!({"apiVersion": "v1", "kind": "Node", "metadata": {"name": "n1"}, "status": {}})
}

/// Does it in konn, and answers the command that it shows.
async fn with_konn(running: &Running, line: &str, keys: &str, fill: &str) -> String {
    let mut konn = Konn::open(running, "mock", line);
    konn.settled().await;
    konn.press(keys);
    konn.until("the dialog", |app| layer_text(app).contains("--image="))
        .await;
    konn.press(fill);
    konn.until("the wait", |app| layer_text(app).contains("Waiting for"))
        .await;
    let command = konn.app().history.entries().next().map(|entry| entry.kubectl.clone());
    command.unwrap()
}

/// The same by kubectl, which leaves it at making the container: nobody is there to type at it.
async fn with_kubectl(running: &Running, command: &str) {
    let home = tempfile::tempdir().unwrap();
    std::fs::write(home.path().join("config"), running.kubeconfig()).unwrap();
    let ended = Command::new("sh")
        .args(["-c", &command.replace(" -it ", " -it --attach=false ")])
        .env("KUBECONFIG", home.path().join("config"))
        .env("HOME", home.path())
        .output()
        .await
        .unwrap();
    assert!(
        ended.status.success(),
        "{command}: {}",
        String::from_utf8_lossy(&ended.stderr)
    );
}

fn specs(running: &Running) -> Vec<Value> {
    let pods = running.api.store.list("pods", Some("shop")).objects;
    pods.iter().map(|pod| pod.decode()["spec"].clone()).collect()
}

async fn both(line: &str, keys: &str, fill: &str) -> Option<(String, Vec<Value>, Vec<Value>)> {
    if !installed().await {
        return None;
    }
    let [ours, theirs] = [cluster().await, cluster().await];
    for running in [&ours, &theirs] {
        plant(running, pod("shop", "web-0"));
        plant(running, node());
    }
    let command = with_konn(&ours, line, keys, fill).await;
    with_kubectl(&theirs, &command).await;
    Some((command, specs(&ours), specs(&theirs)))
}

#[tokio::test(flavor = "multi_thread")]
async fn an_ephemeral_container_of_every_profile() {
    for (at, profile) in ["general", "baseline", "restricted", "netadmin", "sysadmin"]
        .into_iter()
        .enumerate()
    {
        let fill = format!("tab tab l s tab {} enter", "right ".repeat(at));
        let Some((command, ours, theirs)) = both("pods shop", "x d", &fill).await else {
            return;
        };
        assert!(command.contains(&format!("--profile={profile} -- ls")), "{command}");
        assert_eq!(ours, theirs, "{command}");
        assert_eq!(
            ours[0]["ephemeralContainers"].as_array().map(Vec::len),
            Some(1),
            "{command}"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_pod_on_a_node_of_every_profile() {
    for (keys, profile) in [("", "general"), ("up right down", "sysadmin")] {
        let fill = format!("{keys} up up up ctrl-u s h o p down down down right enter");
        let Some((command, ours, theirs)) = both("nodes", "x S", &fill).await else {
            return;
        };
        assert!(
            command.contains(&format!("-n shop --image=busybox --profile={profile}")),
            "{command}"
        );
        assert_eq!(ours, theirs, "{command}");
        assert_eq!(ours.len(), 2, "the pod beside the one that was there");
    }
}
