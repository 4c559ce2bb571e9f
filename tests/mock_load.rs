//! The practice cluster under load: many watchers of many changes, and long lists.
//!
//! What runs by itself is a matter of seconds. The full size, 200 clients that watch 50,000 changes and a list of 50,000
//! pods, is for an optimised build: `cargo test --release --test mock_load -- --ignored --nocapture` also tells how long it
//! took and how much memory.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "in a test a panic is the report")]

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use bytes::{Bytes, BytesMut};
use http_body_util::{BodyExt, Empty};
use hyper::body::Incoming;
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use konn::mock::{Load, Mock, Running};
use serde_json::{Value, json};

/// How long is waited for what must come.
const PATIENCE: Duration = Duration::from_secs(300);
/// Objects that the changes go round.
const OBJECTS: u64 = 50;
const PATH: &str = "/api/v1/namespaces/default/configmaps";

async fn get(running: &Running, path: &str) -> http::Response<Incoming> {
    let client: Client<HttpConnector, Empty<Bytes>> = Client::builder(TokioExecutor::new()).build_http();
    let request = http::Request::get(format!("{}{path}", running.url())).header("authorization", "Bearer admin-token");
    client.request(request.body(Empty::new()).unwrap()).await.unwrap()
}

/// How a watcher ended: with the last change, or told that it had fallen behind.
#[derive(Debug, PartialEq, Eq)]
enum End {
    Whole,
    Expired,
}

/// What a watch tells of an event.
#[derive(serde::Deserialize)]
struct Event<'a> {
    #[serde(borrow)]
    r#type: &'a str,
    #[serde(borrow)]
    object: Told<'a>,
}

#[derive(serde::Deserialize)]
struct Told<'a> {
    #[serde(borrow)]
    metadata: Metadata<'a>,
    code: Option<u16>,
    data: Option<Data<'a>>,
}

#[derive(serde::Deserialize)]
struct Metadata<'a> {
    #[serde(rename = "resourceVersion", default)]
    version: &'a str,
}

#[derive(serde::Deserialize)]
struct Data<'a> {
    n: &'a str,
}

/// Reads a watch to its end; every change up to the last must come once and in order. `seen` follows.
async fn watch(mut body: Incoming, last: u64, seen: Arc<AtomicU64>) -> End {
    let (mut held, mut version) = (BytesMut::new(), 0);
    loop {
        while let Some(end) = memchr::memchr(b'\n', &held) {
            let line = held.split_to(end + 1);
            let event: Event = serde_json::from_slice(&line).unwrap();
            match event.r#type {
                "BOOKMARK" => continue,
                "ERROR" => {
                    assert_eq!(event.object.code, Some(410));
                    seen.store(u64::MAX, Ordering::Relaxed);
                    return End::Expired;
                }
                other => assert_eq!(other, "MODIFIED"),
            }
            let now: u64 = event.object.metadata.version.parse().unwrap();
            assert!(now > version, "version {now} after {version}");
            version = now;
            let number: u64 = event.object.data.unwrap().n.parse().unwrap();
            let next = seen.load(Ordering::Relaxed) + 1;
            assert_eq!(number, next, "a change is missing, doubled or out of order");
            seen.store(number, Ordering::Relaxed);
            if number == last {
                return End::Whole;
            }
        }
        let frame = body.frame().await.expect("the watch ended early").unwrap();
        held.extend_from_slice(&frame.into_data().unwrap_or_default());
    }
}

fn name(number: u64) -> String {
    format!("cm-{:02}", number % OBJECTS)
}

/// A cluster with the objects, and the version from which to watch them.
async fn objects() -> (Running, u64) {
    let running = Mock::builder().start("127.0.0.1:0").await.unwrap();
    for number in 0..OBJECTS {
        let metadata = json!({"name": name(number), "namespace": "default"});
        let map = json!({"apiVersion": "v1", "kind": "ConfigMap", "metadata": metadata, "data": {}});
        running.api.plant(map).unwrap();
    }
    let version = running.api.store.version();
    (running, version)
}

fn change(running: &Running, number: u64) {
    let set = |map: &mut Value| map["data"]["n"] = number.to_string().into();
    assert!(running.api.touch("configmaps", "default", &name(number), set));
}

/// So many clients watch so many changes, of which the writer is at most `lead` ahead of the slowest. How they ended.
async fn storm(clients: usize, changes: u64, lead: u64) -> Vec<End> {
    let (running, version) = objects().await;
    let path = format!("{PATH}?watch=1&resourceVersion={version}");
    let (mut watchers, mut all) = (Vec::new(), Vec::new());
    for _ in 0..clients {
        let seen = Arc::new(AtomicU64::new(0));
        all.push(Arc::clone(&seen));
        watchers.push(tokio::spawn(watch(
            get(&running, &path).await.into_body(),
            changes,
            seen,
        )));
    }
    let writer = tokio::spawn(async move {
        for number in 1..=changes {
            let slowest = || {
                all.iter()
                    .map(|seen| seen.load(Ordering::Relaxed))
                    .min()
                    .unwrap_or(u64::MAX)
            };
            while number > slowest().saturating_add(lead) {
                tokio::task::yield_now().await;
            }
            change(&running, number);
        }
        running
    });
    let _running = writer.await.unwrap();
    let mut ends = Vec::new();
    for watcher in watchers {
        ends.push(tokio::time::timeout(PATIENCE, watcher).await.unwrap().unwrap());
    }
    ends
}

#[tokio::test(flavor = "multi_thread")]
async fn every_watcher_sees_every_change_once_and_in_order() {
    let ends = storm(20, 2_000, 500).await;
    assert!(ends.iter().all(|end| *end == End::Whole), "{ends:?}");
}

/// A watcher that does not read holds up nobody and nothing is kept for it: it is told what the log still has, then 410.
#[tokio::test(flavor = "multi_thread")]
async fn who_falls_behind_is_told_410() {
    let (running, version) = objects().await;
    let path = format!("{PATH}?watch=1&resourceVersion={version}");
    let idle = get(&running, &path).await.into_body();
    // More than fits into the buffers between the two.
    let padding = "x".repeat(64 << 10);
    let pad = |map: &mut Value| map["data"]["padding"] = padding.clone().into();
    const CHANGES: u64 = 300;
    for number in 1..=CHANGES {
        running.api.touch("configmaps", "default", &name(number), pad);
        running.api.touch("configmaps", "default", &name(number), |map| {
            map["data"]["n"] = number.to_string().into()
        });
    }
    running.api.store.compact();
    let seen = last_of(idle).await;
    assert!(
        seen < CHANGES,
        "{seen} changes were kept for a client that did not read"
    );
    // Whoever asks for what is forgotten is told so at once.
    let old = get(&running, &path).await;
    let event = old.into_body().collect().await.unwrap().to_bytes();
    let event: Value = serde_json::from_slice(&event).unwrap();
    assert_eq!(
        (&event["type"], &event["object"]["code"]),
        (&json!("ERROR"), &json!(410))
    );
}

/// Reads a watch to its 410. The last change that it told; they must come in order.
async fn last_of(mut body: Incoming) -> u64 {
    let (mut held, mut last, mut version) = (BytesMut::new(), 0, 0);
    loop {
        while let Some(end) = memchr::memchr(b'\n', &held) {
            let event: Value = serde_json::from_slice(&held.split_to(end + 1)).unwrap();
            if event["type"] == "ERROR" {
                assert_eq!(event["object"]["code"], 410);
                return last;
            }
            let now: u64 = event["object"]["metadata"]["resourceVersion"]
                .as_str()
                .unwrap()
                .parse()
                .unwrap();
            assert!(now > version, "version {now} after {version}");
            version = now;
            last = event["object"]["data"]["n"]
                .as_str()
                .map_or(last, |number| number.parse().unwrap());
        }
        let frame = body.frame().await.expect("the watch ended without a word").unwrap();
        held.extend_from_slice(&frame.into_data().unwrap_or_default());
    }
}

/// The most memory that this process ever had, in MiB; none where Linux does not tell it.
fn peak() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    Some(line.split_whitespace().next()?.parse::<u64>().ok()? >> 10)
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "for an optimised build: cargo test --release --test mock_load -- --ignored --nocapture"]
async fn at_full_size() {
    let start = Instant::now();
    let ends = storm(200, 50_000, 15_000).await;
    println!(
        "200 clients, 50,000 changes: {:.1?}, peak {:?} MiB",
        start.elapsed(),
        peak()
    );
    assert!(
        ends.iter().all(|end| *end == End::Whole),
        "somebody fell behind who need not"
    );
    let start = Instant::now();
    let ends = storm(200, 50_000, u64::MAX).await;
    let whole = ends.iter().filter(|end| **end == End::Whole).count();
    println!(
        "the same without waiting for anybody: {:.1?}, {whole} saw all, {} were told 410, peak {:?} MiB",
        start.elapsed(),
        ends.len() - whole,
        peak()
    );
    let start = Instant::now();
    long_list(50_000).await;
    println!("a list of 50,000 pods: {:.1?}, peak {:?} MiB", start.elapsed(), peak());
    assert!(peak().is_none_or(|peak| peak < 1024), "more than 1 GiB");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_long_list_streams() {
    long_list(2_000).await;
}

/// The first bytes come before the last objects are written: those are held by the answer that is still to be made.
#[tokio::test(flavor = "multi_thread")]
async fn the_first_bytes_of_a_list_come_before_its_last_object_is_written() {
    let load = Load {
        pods: 1_000,
        pod_bytes: 30_000,
        ..Load::default()
    };
    let running = Mock::builder().load(load).start("127.0.0.1:0").await.unwrap();
    let all = running.api.store.list("pods", None).objects;
    let (first, last) = (Arc::clone(&all[0]), Arc::clone(&all[999]));
    drop(all);
    let before = Arc::strong_count(&last);
    let mut body = get(&running, "/api/v1/pods").await.into_body();
    let mut seen = 0;
    while seen < 300_000 {
        seen += body.frame().await.unwrap().unwrap().into_data().unwrap().len();
    }
    assert_eq!(Arc::strong_count(&first), before, "what is written is not held");
    assert_eq!(Arc::strong_count(&last), before + 1, "the end is still to be written");
    while body.frame().await.is_some() {}
    // The client may have the end before the server has put it away.
    let put_away = async {
        while Arc::strong_count(&last) != before {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(PATIENCE, put_away)
        .await
        .expect("the end is held for ever");
}

/// A list comes in pieces as it is written: its length is not known before, and no piece is much of the whole.
async fn long_list(pods: usize) {
    let load = Load {
        pods,
        nodes: 10,
        namespaces: 5,
        ..Load::default()
    };
    let running = Mock::builder().load(load).start("127.0.0.1:0").await.unwrap();
    let answer = get(&running, "/api/v1/pods").await;
    assert!(
        answer.headers().get("content-length").is_none(),
        "{:?}",
        answer.headers()
    );
    let mut body = answer.into_body();
    let (mut frames, mut longest, mut total, mut names) = (0, 0, 0, 0);
    let mark = memchr::memmem::Finder::new("\"generateName\":");
    let mut tail: Vec<u8> = Vec::new();
    while let Some(frame) = body.frame().await {
        let bytes = frame.unwrap().into_data().unwrap_or_default();
        frames += 1;
        total += bytes.len();
        longest = longest.max(bytes.len());
        tail.extend_from_slice(&bytes);
        names += mark.find_iter(&tail).count();
        let keep = tail.len().saturating_sub(mark.needle().len() - 1);
        tail.drain(..keep);
    }
    assert_eq!(names, pods);
    assert!(
        frames > 10 && longest * 10 < total,
        "{frames} frames, the longest {longest} of {total} bytes"
    );
}
