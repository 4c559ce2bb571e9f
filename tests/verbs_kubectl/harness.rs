//! A verb in konn on one cluster, its command in kubectl on another, and what both leave.

use std::collections::BTreeMap;

use konn::mock::Running;
use serde_json::Value;
use tokio::process::Command;

use super::support::{Konn, cluster, plant};

/// What differs between two clusters, whoever changes what.
const OWN: [&str; 6] = [
    "uid",
    "resourceVersion",
    "creationTimestamp",
    "managedFields",
    "kubectl.kubernetes.io/restartedAt",
    "startTime",
];

/// Whether there is a kubectl. Fails where there has to be one.
pub async fn is_installed() -> bool {
    let found = Command::new("kubectl").args(["version", "--client"]).output().await;
    let there = found.is_ok_and(|output| output.status.success());
    assert!(
        there || std::env::var_os("KONN_REQUIRE_KUBECTL").is_none(),
        "kubectl cannot be run"
    );
    if !there {
        eprintln!("skipped: kubectl cannot be run");
    }
    there
}

/// A verb to try.
pub struct Verb {
    /// Where it starts, such as `deployments shop`.
    pub line: &'static str,
    /// The verb's keys.
    pub keys: &'static str,
    /// What is filled in: keys, and text in quotes.
    pub fill: &'static str,
    /// The tables that are compared, such as `deployments.apps`.
    pub tables: &'static [&'static str],
}

/// Does it both ways, and compares what is left. Answers konn's command.
pub async fn same(objects: &[Value], verb: &Verb) -> Option<String> {
    if !is_installed().await {
        return None;
    }
    let [ours, theirs] = [cluster().await, cluster().await];
    for object in objects {
        plant(&ours, object.clone());
        plant(&theirs, object.clone());
    }
    let before = state(&ours, verb.tables);
    let command = with_konn(&ours, verb).await;
    with_kubectl(&theirs, &command).await;
    let (done, wanted) = (state(&ours, verb.tables), state(&theirs, verb.tables));
    assert_eq!(
        serde_json::to_string_pretty(&done).unwrap(),
        serde_json::to_string_pretty(&wanted).unwrap(),
        "{command}"
    );
    assert_ne!(done, before, "{command} did something");
    Some(command)
}

async fn with_konn(running: &Running, verb: &Verb) -> String {
    let mut konn = Konn::open(running, "mock", verb.line);
    konn.settled().await;
    konn.press(verb.keys);
    konn.until("the dialog", |app| !app.layers.is_empty() && app.is_settled())
        .await;
    for word in verb.fill.split_whitespace() {
        match word.strip_prefix('"').and_then(|word| word.strip_suffix('"')) {
            Some(text) => konn.type_text(text),
            None => konn.press(word),
        }
    }
    konn.press("enter");
    konn.until("the end", |app| app.layers.is_empty()).await;
    let entries: Vec<String> = konn
        .app()
        .history
        .entries()
        .map(|entry| entry.kubectl.clone())
        .collect();
    assert_eq!(entries.len(), 1, "{entries:?}");
    entries[0].clone()
}

async fn with_kubectl(running: &Running, command: &str) {
    let home = tempfile::tempdir().unwrap();
    std::fs::write(home.path().join("config"), running.kubeconfig()).unwrap();
    let ended = Command::new("sh")
        .args(["-c", command])
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

/// The objects of these tables, without what is each cluster's own.
fn state(running: &Running, tables: &[&str]) -> Vec<Value> {
    let all = tables
        .iter()
        .flat_map(|table| running.api.store.list(table, None).objects);
    all.map(|object| plain(object.decode())).collect()
}

fn plain(value: Value) -> Value {
    match value {
        Value::Object(map) => {
            let shared = map.into_iter().filter(|(key, _)| !OWN.contains(&key.as_str()));
            let sorted: BTreeMap<String, Value> = shared.map(|(key, value)| (key, plain(value))).collect();
            sorted.into_iter().collect()
        }
        Value::Array(items) => items.into_iter().map(plain).collect(),
        other => other,
    }
}
