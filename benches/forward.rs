//! What goes through a port-forward: konn's and kubectl's against the same mock, one after the other in one run.
//!
//! `cargo bench --bench forward`. Without kubectl its half is left out, and the run says so.

#![allow(
    clippy::panic,
    clippy::unwrap_used,
    reason = "a benchmark that cannot begin has nothing to measure"
)]

#[path = "../tests/support/mod.rs"]
mod support;

use std::process::Stdio;
use std::time::Instant;

use konn::core::forward::{Kept, State};
use konn::runtime::machine::Machine;
use serde_json::json;
use support::{Konn, cluster, opener, plant, pod, setup};
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::TcpStream;
use tokio::process::Command;

/// One connection brings so many bytes.
const LARGE: usize = 100_000_000;
/// So many connections bring so many bytes each, all at once.
const MANY: (usize, usize) = (50, 2_000_000);

fn main() {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build();
    runtime.unwrap().block_on(run());
}

async fn run() {
    let running = cluster().await;
    plant(&running, pod("shop", "web-0"));
    let mut konn = konn(&running).await;
    let port = konn.app().forwards.all()[0].bound.unwrap();
    let measured = tokio::spawn(measure("konn", port));
    konn.until("the measurement", |_| measured.is_finished()).await;
    measured.await.unwrap();

    let home = tempfile::tempdir().unwrap();
    let config = home.path().join("config");
    std::fs::write(&config, running.kubeconfig()).unwrap();
    let spawned = Command::new("kubectl")
        .args(["port-forward", "pod/web-0", ":80", "-n", "shop", "--kubeconfig"])
        .arg(&config)
        .stdout(Stdio::piped())
        .kill_on_drop(true)
        .spawn();
    let mut kubectl = match spawned {
        Ok(kubectl) => kubectl,
        Err(error) => {
            println!("kubectl   skipped: it cannot be run ({error})");
            return;
        }
    };
    let mut lines = BufReader::new(kubectl.stdout.take().unwrap()).lines();
    let line = lines.next_line().await.unwrap().unwrap_or_default();
    let port = line
        .strip_prefix("Forwarding from 127.0.0.1:")
        .and_then(|rest| rest.split(' ').next());
    let port: u16 = port.unwrap_or_else(|| panic!("kubectl said {line:?}")).parse().unwrap();
    // It prints a line for every connection: somebody has to take them.
    let said = tokio::spawn(async move { while let Ok(Some(_)) = lines.next_line().await {} });
    measure("kubectl", port).await;
    said.abort();
}

/// konn with a forward to the pod.
async fn konn(running: &konn::mock::Running) -> Konn {
    let kept = json!({"name": "web", "namespace": "shop", "target": "web-0", "ports": [":80"]});
    let kept: Kept = serde_json::from_value(kept).unwrap();
    let mut setup = setup("pods shop");
    setup.forwards = vec![kept];
    let (machine, inbox, asks) = Machine::start(setup, opener(running, "mock")).unwrap();
    let mut konn = Konn { machine, inbox, asks };
    konn.settled().await;
    konn.line("pf web");
    konn.until("a forward", |app| {
        app.forwards
            .all()
            .first()
            .is_some_and(|forward| forward.state == State::Live)
    })
    .await;
    konn
}

async fn measure(who: &str, port: u16) {
    let begun = Instant::now();
    get(port, LARGE).await;
    tell(who, "one connection", LARGE, begun);
    let begun = Instant::now();
    futures::future::join_all((0..MANY.0).map(|_| get(port, MANY.1))).await;
    tell(who, "50 at once", MANY.0 * MANY.1, begun);
}

fn tell(who: &str, what: &str, bytes: usize, begun: Instant) {
    let seconds = begun.elapsed().as_secs_f64();
    println!(
        "{who:<9} {what:<15} {:>6.0} MB in {seconds:.2} s: {:>5.0} MB/s",
        bytes as f64 / 1e6,
        bytes as f64 / 1e6 / seconds
    );
}

/// Asks for bytes, all of which must be the right ones.
async fn get(port: u16, count: usize) {
    let mut stream = TcpStream::connect(("127.0.0.1", port)).await.unwrap();
    let head = format!("GET /bytes/{count} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
    stream.write_all(head.as_bytes()).await.unwrap();
    let mut answer = Vec::with_capacity(count + 1024);
    stream.read_to_end(&mut answer).await.unwrap();
    let at = answer
        .windows(4)
        .position(|four| four == b"\r\n\r\n")
        .unwrap_or_default()
        + 4;
    let body = answer.get(at..).unwrap_or_default();
    let right = body.len() == count
        && body
            .iter()
            .enumerate()
            .all(|(place, byte)| place % 251 == usize::from(*byte));
    assert!(right, "{} of {count} bytes came, or others", body.len());
}
