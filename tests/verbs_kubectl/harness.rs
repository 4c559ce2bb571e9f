//! The real kubectl on a cluster, and what a cluster holds.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::Stdio;
use std::time::Duration;

use konn::mock::Running;
use serde_json::Value;
use similar::TextDiff;
use tokio::process::Command;

/// How long a condition is waited for.
const PATIENCE: Duration = Duration::from_secs(300);

/// How often it is looked at what kubectl has done so far.
const LOOK: Duration = Duration::from_millis(50);

/// What differs between two clusters, whoever changes what.
const OWN: [&str; 8] = [
    "uid",
    "resourceVersion",
    "creationTimestamp",
    "deletionTimestamp",
    "managedFields",
    "kubectl.kubernetes.io/restartedAt",
    "startTime",
    "time",
];

/// Whether there is a kubectl. Fails where there has to be one.
pub async fn installed() -> bool {
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

/// kubectl with a home of its own.
pub struct Kubectl(tempfile::TempDir);

impl Kubectl {
    /// On a cluster.
    pub fn of(running: &Running) -> Self {
        let home = tempfile::tempdir().unwrap();
        std::fs::write(home.path().join("config"), running.kubeconfig()).unwrap();
        Self(home)
    }

    /// Its home.
    pub fn home(&self) -> &Path {
        self.0.path()
    }

    /// Runs commands in a shell until they end; where a state is wanted, until the cluster has it, if that is sooner.
    pub async fn run(&self, commands: &str, wanted: Option<&Vec<Value>>, running: &Running) {
        let child = Command::new("sh")
            .args(["-e", "-c", commands])
            .env("KUBECONFIG", self.0.path().join("config"))
            .env("HOME", self.0.path())
            .env("KUBE_EDITOR", self.0.path().join("editor"))
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .process_group(0)
            .kill_on_drop(true)
            .spawn()
            .unwrap();
        let id = child.id();
        let ended = child.wait_with_output();
        let reached = async {
            while wanted.is_none_or(|wanted| state(running) != *wanted) {
                tokio::time::sleep(LOOK).await;
            }
        };
        let both = async {
            tokio::select! {
                output = ended => {
                    let output = output.unwrap();
                    let said = String::from_utf8_lossy(&output.stderr);
                    assert!(output.status.success(), "{commands}: {said}");
                }
                () = reached => end(id).await,
            }
        };
        let in_time = tokio::time::timeout(PATIENCE, both).await;
        assert!(in_time.is_ok(), "{commands} does not end");
    }
}

/// Ends a shell and what it started.
async fn end(id: Option<u32>) {
    if let Some(id) = id {
        let mut kill = Command::new("kill");
        let _ = kill
            .args(["--", &format!("-{id}")])
            .stderr(Stdio::null())
            .status()
            .await;
    }
}

/// Everything in a cluster, without what is its own.
pub fn state(running: &Running) -> Vec<Value> {
    state_but(running, &OWN)
}

/// Everything in a cluster, without these fields.
pub fn state_but(running: &Running, own: &[&str]) -> Vec<Value> {
    let mut tables: Vec<String> = running.api.kinds.all().iter().map(|kind| kind.table.clone()).collect();
    tables.sort();
    tables.dedup();
    let all = tables
        .iter()
        .flat_map(|table| running.api.store.list(table, None).objects);
    all.map(|object| plain(object.decode(), own)).collect()
}

fn plain(value: Value, own: &[&str]) -> Value {
    match value {
        Value::Object(map) => {
            let shared = map.into_iter().filter(|(key, _)| !own.contains(&key.as_str()));
            let sorted: BTreeMap<String, Value> = shared.map(|(key, value)| (key, plain(value, own))).collect();
            sorted.into_iter().collect()
        }
        Value::Array(items) => items.into_iter().map(|item| plain(item, own)).collect(),
        other => other,
    }
}

/// Fails with what differs.
pub fn same_state(name: &str, command: &str, ours: &Vec<Value>, theirs: &Vec<Value>) {
    if ours == theirs {
        return;
    }
    let text = |state: &Vec<Value>| serde_json::to_string_pretty(state).unwrap();
    let (ours, theirs) = (text(ours), text(theirs));
    let diff = TextDiff::from_lines(&theirs, &ours);
    panic!(
        "{name}: konn (+) leaves something else than {command} (-):\n{}",
        diff.unified_diff().context_radius(4)
    );
}
