//! A million lines of a log from end to end: konn's, from the server to a drawn frame, next to `kubectl logs` of the same
//! mock, one after the other in one run.
//!
//! `cargo bench --bench log_stream`. Without kubectl its half is left out, and the run says so.

#![allow(
    clippy::panic,
    clippy::unwrap_used,
    reason = "a benchmark that cannot begin has nothing to measure"
)]

#[path = "../tests/support/mod.rs"]
mod support;

use std::process::Stdio;
use std::time::{Duration, Instant};

use jiff::{SignedDuration, Timestamp};
use konn::mock::Running;
use konn::runtime::machine::Message;
use konn::ui::{ColorDepth, Theme, render};
use support::{Konn, cluster, layer_text, plant, pod};
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::Command;

/// How many lines there are, where `KONN_BENCH_LINES` says nothing else.
const LINES: usize = 1_000_000;

/// How often a frame is drawn at most.
const FRAME: Duration = Duration::from_millis(16);

fn main() {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build();
    runtime.unwrap().block_on(run());
}

async fn run() {
    let given = std::env::var("KONN_BENCH_LINES").ok();
    let lines = given.map_or(LINES, |given| given.parse().unwrap());
    let running = cluster().await;
    plant(&running, pod("shop", "web-0"));
    let start: Timestamp = "2026-11-20T22:00:00Z".parse().unwrap();
    let mut bytes = 0;
    for at in 0..lines {
        let line = format!(
            "10.244.0.1 - - \"GET /item/{at} HTTP/1.1\" 200 {} \"-\" \"curl/8\"\n",
            at % 5000
        );
        bytes += line.len();
        let when = start + SignedDuration::from_micros(at as i64 * 50);
        running.api.written.write("shop", "web-0", "c", when, line);
    }
    konn(&running, lines, bytes).await;
    kubectl(&running, lines, bytes).await;
}

/// From the key that asks for all of the log to the frame with its last line.
async fn konn(running: &Running, count: usize, bytes: usize) {
    let theme = Theme::load("dark", None, ColorDepth::TrueColor).unwrap();
    let mut konn = Konn::open(running, "mock", "pods shop");
    konn.settled().await;
    konn.press("l");
    let last = format!("GET /item/{} ", count - 1);
    konn.until("the log's end", |app| layer_text(app).contains(&last)).await;
    let begun = Instant::now();
    konn.press("0");
    // The lines of the first look are dropped: what is on the screen now is read anew.
    assert!(!layer_text(konn.app()).contains(&last), "it begins anew");
    let (mut drawn, mut frames) = (Instant::now(), 0);
    loop {
        let message: Message = konn.inbox.recv().await.unwrap();
        konn.machine.message(message);
        while drawn.elapsed() < FRAME / 2
            && let Ok(message) = konn.inbox.try_recv()
        {
            konn.machine.message(message);
        }
        if drawn.elapsed() >= FRAME {
            std::hint::black_box(render(konn.app(), &theme));
            (drawn, frames) = (Instant::now(), frames + 1);
            if layer_text(konn.app()).contains(&last) {
                break;
            }
        } else if konn.inbox.is_empty() && layer_text(konn.app()).contains(&last) {
            std::hint::black_box(render(konn.app(), &theme));
            frames += 1;
            break;
        }
    }
    tell("konn", count, bytes, begun);
    let layer = konn.app().layers.last().unwrap();
    let info = layer.sheet(&konn.app().layer_cx(&**layer)).info.text();
    println!("          {frames} frames; its title says: {info}");
    let begun = Instant::now();
    konn.press("/");
    konn.type_text("item/777777 ");
    konn.press("enter");
    std::hint::black_box(render(konn.app(), &theme));
    println!(
        "          a search, to its first frame: {:.1} ms",
        begun.elapsed().as_secs_f64() * 1e3
    );
}

async fn kubectl(running: &Running, wanted: usize, bytes: usize) {
    let home = tempfile::tempdir().unwrap();
    let config = home.path().join("config");
    std::fs::write(&config, running.kubeconfig()).unwrap();
    let begun = Instant::now();
    // With times, as konn asks for them: the server has the same to do.
    let spawned = Command::new("kubectl")
        .args(["logs", "web-0", "-c", "c", "-n", "shop", "--timestamps", "--kubeconfig"])
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
    let mut lines = BufReader::with_capacity(1 << 16, kubectl.stdout.take().unwrap());
    let (mut line, mut count) = (Vec::new(), 0);
    while lines.read_until(b'\n', &mut line).await.unwrap() > 0 {
        line.clear();
        count += 1;
    }
    assert_eq!(count, wanted, "all lines came");
    tell("kubectl", count, bytes, begun);
}

fn tell(who: &str, count: usize, bytes: usize, begun: Instant) {
    let seconds = begun.elapsed().as_secs_f64();
    println!(
        "{who:<9} {count} lines, {:>4.0} MB in {seconds:.2} s: {:>9.0} lines/s",
        bytes as f64 / 1e6,
        count as f64 / seconds
    );
}
