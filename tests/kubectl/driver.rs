//! kubectl from the PATH, on a practice cluster of its own whose time hurries, so that nobody waits for a minute to pass.

use std::process::Stdio;
use std::time::{Duration, Instant};

use konn::mock::clock::Clock;
use konn::mock::controllers::Controllers;
use konn::mock::{Mock, Running};
use serde_json::Value;
use tempfile::TempDir;
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader, Lines};
use tokio::process::{Child, ChildStdout, Command};
use tokio::task::JoinHandle;

/// The oldest kubectl that speaks WebSockets without being asked to.
const OLDEST: u64 = 31;
/// The cluster's time passes so many times as fast as ours.
const HASTE: u32 = 40;
const STEP: Duration = Duration::from_millis(500);
/// How long is waited for what must come. Long, because machines are slow; a test that passes never waits so long.
pub const PATIENCE: Duration = Duration::from_secs(300);

/// What a command did.
#[derive(Debug)]
pub struct Ended {
    pub code: i32,
    pub stdout: String,
    pub stderr: String,
}

/// kubectl on a cluster.
pub struct Kubectl {
    pub running: Running,
    home: TempDir,
    hurry: JoinHandle<()>,
}

impl Drop for Kubectl {
    fn drop(&mut self) {
        self.hurry.abort();
    }
}

/// A cluster with three nodes, and kubectl for it; none if the machine has no kubectl that is new enough.
pub async fn practice() -> Option<Kubectl> {
    if let Err(why) = installed().await {
        assert!(std::env::var_os("KONN_REQUIRE_KUBECTL").is_none(), "{why}");
        eprintln!("skipped: {why}");
        return None;
    }
    let clock = Clock::standing(jiff::Timestamp::now());
    let running = Mock::builder().clock(clock.clone()).nodes(3);
    let running = running.start("127.0.0.1:0").await.unwrap();
    // The controllers look between two steps of the clock: on a slow machine it must not run away from them.
    let mut controllers = Controllers::new(running.api.clone());
    running.api.plant(metrics_server()).unwrap();
    let home = tempfile::tempdir().unwrap();
    // kubectl keeps what it discovers: it must not look before all is served.
    while running.api.kinds.find("metrics.k8s.io", "v1beta1", "pods").is_none() {
        controllers.tick();
        clock.advance(STEP);
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
    std::fs::write(home.path().join("config"), running.kubeconfig()).unwrap();
    let hurry = tokio::spawn(async move {
        loop {
            controllers.tick();
            tokio::time::sleep(STEP / HASTE).await;
            clock.advance(STEP);
        }
    });
    Some(Kubectl { running, home, hurry })
}

/// What serves `top`: its API is there as soon as its pod is ready.
fn metrics_server() -> Value {
    serde_json::json!({"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "metrics-server-x", "namespace": "kube-system"},
        "spec": {"containers": [{"name": "metrics-server", "image": "registry.k8s.io/metrics-server/metrics-server:v0.8.0"}]},
        "status": {"phase": "Pending"}})
}

async fn installed() -> Result<(), String> {
    let asked = Command::new("kubectl")
        .args(["version", "--client", "-o", "json"])
        .output()
        .await;
    let output = asked.map_err(|error| format!("kubectl cannot be run: {error}"))?;
    let told: Value = serde_json::from_slice(&output.stdout).unwrap_or_default();
    let minor = told["clientVersion"]["minor"].as_str().unwrap_or_default();
    match minor.trim_end_matches('+').parse::<u64>() {
        Ok(minor) if minor >= OLDEST => Ok(()),
        _ => Err(format!("kubectl 1.{OLDEST} or newer is needed, this one is 1.{minor}")),
    }
}

impl Kubectl {
    /// The command, to be run by hand.
    pub fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new("kubectl");
        command
            .args(args)
            .env("KUBECONFIG", self.home.path().join("config"))
            .env("HOME", self.home.path())
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .kill_on_drop(true);
        command
    }

    /// Runs a command to its end; again, where kubectl says that it lost what it was sent: before 1.34 it reads a stream's
    /// messages before it has made the stream, and drops those that come at once (kubernetes/kubernetes#131203).
    pub async fn run(&self, args: &[&str]) -> Ended {
        loop {
            let ended = ended(self.command(args).spawn().unwrap()).await;
            if !ended.stderr.contains("Unknown stream id") {
                return ended;
            }
        }
    }

    /// Runs a command that reads.
    pub async fn feed(&self, args: &[&str], input: &[u8]) -> Ended {
        let mut child = self.command(args).stdin(Stdio::piped()).spawn().unwrap();
        let mut stdin = child.stdin.take().unwrap();
        let input = input.to_vec();
        let written = tokio::spawn(async move {
            stdin.write_all(&input).await.ok();
        });
        let ended = ended(child).await;
        written.await.unwrap();
        ended
    }

    /// What a command prints, which must end well.
    pub async fn ok(&self, args: &[&str]) -> String {
        let ended = self.run(args).await;
        assert_eq!(ended.code, 0, "kubectl {args:?}: {ended:?}");
        ended.stdout
    }

    /// What a command says as it fails.
    pub async fn fails(&self, args: &[&str]) -> String {
        let ended = self.run(args).await;
        assert_ne!(ended.code, 0, "kubectl {args:?}: {ended:?}");
        ended.stderr
    }

    /// Runs a command until it ends as wanted: what a controller does, it does in its own time.
    pub async fn until(&self, args: &[&str], wanted: impl Fn(&Ended) -> bool) -> Ended {
        let end = Instant::now() + PATIENCE;
        loop {
            let ended = self.run(args).await;
            if wanted(&ended) {
                return ended;
            }
            assert!(Instant::now() < end, "kubectl {args:?}: waited in vain: {ended:?}");
        }
    }

    /// Runs a command until it prints this.
    pub async fn prints(&self, args: &[&str], wanted: &str) {
        self.until(args, |ended| ended.code == 0 && ended.stdout == wanted)
            .await;
    }

    /// Begins a command that goes on; the command and the lines that it prints, the first of them read already. Begun again
    /// where kubectl says that it lost what it was sent, as in [`Kubectl::run`].
    pub async fn streams(&self, args: &[&str]) -> (Child, String, Lines<BufReader<ChildStdout>>) {
        loop {
            let mut child = self.command(args).spawn().unwrap();
            let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
            let mut told = BufReader::new(child.stderr.take().unwrap()).lines();
            let lost = async {
                while let Ok(Some(line)) = told.next_line().await {
                    if line.contains("Unknown stream id") {
                        return;
                    }
                }
                std::future::pending().await
            };
            let first = tokio::select! {
                line = lines.next_line() => line.unwrap().unwrap_or_else(|| panic!("kubectl {args:?} prints nothing")),
                () = lost => continue,
                () = tokio::time::sleep(PATIENCE) => panic!("kubectl {args:?}: waited in vain"),
            };
            // Nobody reads what it says later, and it must not wait for that.
            tokio::spawn(async move { while let Ok(Some(_)) = told.next_line().await {} });
            return (child, first, lines);
        }
    }

    /// Applies a manifest.
    pub async fn apply(&self, manifest: &str) -> String {
        let ended = self.feed(&["apply", "-f", "-"], manifest.as_bytes()).await;
        assert_eq!(ended.code, 0, "{ended:?}");
        ended.stdout
    }

    /// Writes a file into the home folder; its path.
    pub fn file(&self, name: &str, text: impl AsRef<[u8]>) -> String {
        let path = self.home.path().join(name);
        std::fs::write(&path, text).unwrap();
        path.display().to_string()
    }

    /// Runs a pod of an image until it is ready.
    pub async fn pod(&self, name: &str, args: &[&str]) {
        self.ok(&[&["run", name], args].concat()).await;
        self.ready(&format!("pod/{name}")).await;
    }

    /// Waits until something is ready.
    pub async fn ready(&self, what: &str) {
        self.ok(&["wait", "--for=condition=Ready", what, "--timeout=300s"])
            .await;
    }
}

async fn ended(child: Child) -> Ended {
    let output = child.wait_with_output();
    let output = tokio::time::timeout(PATIENCE * 2, output)
        .await
        .expect("kubectl hangs")
        .unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8_lossy(&bytes).into_owned();
    Ended {
        code: output.status.code().unwrap_or(-1),
        stdout: text(output.stdout),
        stderr: text(output.stderr),
    }
}

/// A line's words, so that columns' widths do not matter.
pub fn words(line: &str) -> Vec<&str> {
    line.split_whitespace().collect()
}
