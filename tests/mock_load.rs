//! The practice cluster under load: many watchers of many changes, and long lists.
//!
//! In a release build (`cargo test --release --test mock_load`) 200 clients watch 50,000 changes and 50,000 pods are listed;
//! in a debug build 20 clients watch 2,000 and 2,000 pods are listed, so that it stays a matter of seconds.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "in a test a panic is the report")]

use std::time::Duration;

use bytes::{Bytes, BytesMut};
use http_body_util::{BodyExt, Empty};
use hyper::body::Incoming;
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use konn::mock::{Load, Mock, Running};
use serde_json::{Value, json};

const DEBUG: bool = cfg!(debug_assertions);
const CLIENTS: usize = if DEBUG { 20 } else { 200 };
const CHANGES: u64 = if DEBUG { 2_000 } else { 50_000 };
const PODS: usize = if DEBUG { 2_000 } else { 50_000 };
/// Objects that the changes go round.
const OBJECTS: u64 = 50;

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

/// Watches from a version on; every change must come once and in order.
async fn watch(mut body: Incoming) -> End {
    let (mut held, mut next, mut version) = (BytesMut::new(), 1, 0);
    loop {
        while let Some(end) = held.iter().position(|byte| *byte == b'\n') {
            let line = held.split_to(end + 1);
            let event: Value = serde_json::from_slice(&line).unwrap();
            let object = &event["object"];
            match event["type"].as_str().unwrap() {
                "BOOKMARK" => continue,
                "ERROR" => {
                    assert_eq!(object["code"], 410, "{event}");
                    return End::Expired;
                }
                other => assert_eq!(other, "MODIFIED", "{event}"),
            }
            let now: u64 = object["metadata"]["resourceVersion"].as_str().unwrap().parse().unwrap();
            assert!(now > version, "version {now} after {version}");
            version = now;
            assert_eq!(
                object["data"]["n"],
                next.to_string(),
                "a change is missing, doubled or out of order"
            );
            if next == CHANGES {
                return End::Whole;
            }
            next += 1;
        }
        let frame = body.frame().await.expect("the watch ended early").unwrap();
        held.extend_from_slice(&frame.into_data().unwrap_or_default());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_watcher_sees_every_change_once_and_in_order_or_a_410() {
    let running = Mock::builder().start("127.0.0.1:0").await.unwrap();
    let name = |number: u64| format!("cm-{:02}", number % OBJECTS);
    for number in 0..OBJECTS {
        let map = json!({"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": name(number), "namespace": "default"}, "data": {}});
        running.api.plant(map).unwrap();
    }
    let list = get(&running, "/api/v1/namespaces/default/configmaps").await;
    let list: Value = serde_json::from_slice(&list.into_body().collect().await.unwrap().to_bytes()).unwrap();
    let version = list["metadata"]["resourceVersion"].as_str().unwrap();
    let path = format!("/api/v1/namespaces/default/configmaps?watch=1&resourceVersion={version}");
    let mut watchers = Vec::new();
    for _ in 0..CLIENTS {
        watchers.push(tokio::spawn(watch(get(&running, &path).await.into_body())));
    }
    let api = running.api.clone();
    let writer = tokio::spawn(async move {
        for number in 1..=CHANGES {
            api.touch("configmaps", "default", &name(number), |map| {
                map["data"]["n"] = number.to_string().into()
            });
            tokio::task::yield_now().await;
        }
    });
    writer.await.unwrap();
    let mut whole = 0;
    for watcher in watchers {
        let end = tokio::time::timeout(Duration::from_secs(240), watcher)
            .await
            .unwrap()
            .unwrap();
        whole += usize::from(end == End::Whole);
    }
    // Whoever has fallen behind is told so; nobody is left without a word. Where time is no matter nobody falls behind.
    assert!(whole > 0, "nobody saw all changes");
    // The log of changes is cut: what is older than it keeps is answered with 410.
    let old = get(
        &running,
        "/api/v1/namespaces/default/configmaps?watch=1&resourceVersion=1",
    )
    .await;
    let first = old.into_body().frame().await.unwrap().unwrap().into_data().unwrap();
    let first: Value = serde_json::from_slice(&first).unwrap_or_default();
    let told = if first["kind"] == "Status" {
        &first
    } else {
        &first["object"]
    };
    if !DEBUG {
        assert_eq!(told["code"], 410, "{first}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_long_list_streams() {
    let load = Load {
        pods: PODS,
        nodes: 10,
        namespaces: 5,
        ..Load::default()
    };
    let running = Mock::builder().load(load).start("127.0.0.1:0").await.unwrap();
    let mut body = get(&running, "/api/v1/pods").await.into_body();
    let (mut frames, mut longest, mut total, mut names) = (0, 0, 0, 0);
    let mark = b"\"generateName\":";
    let mut tail: Vec<u8> = Vec::new();
    while let Some(frame) = body.frame().await {
        let bytes = frame.unwrap().into_data().unwrap_or_default();
        frames += 1;
        total += bytes.len();
        longest = longest.max(bytes.len());
        tail.extend_from_slice(&bytes);
        names += tail.windows(mark.len()).filter(|part| part == mark).count();
        let keep = tail.len().saturating_sub(mark.len() - 1);
        tail.drain(..keep);
    }
    assert_eq!(names, PODS);
    assert!(
        frames > 10 && longest * 10 < total,
        "{frames} frames, the longest {longest} of {total} bytes"
    );
}
