//! Two hundred requests that were put to a real API server, put to the mock in the same order: the answers must be alike.

#![allow(clippy::unwrap_used, reason = "in a test a panic is the report")]

#[path = "mock_recordings/client.rs"]
mod client;
#[path = "mock_recordings/compare.rs"]
mod compare;
#[path = "mock_recordings/known.rs"]
mod known;

use std::path::Path;

use client::{Answer, Client};
use konn::mock::{Load, Mock, Running};
use serde_json::{Value, json};

fn fixture(path: &str) -> Value {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures").join(path);
    serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
}

/// What stood in the recorded cluster before the first request.
async fn cluster() -> Running {
    let nodes = Load {
        nodes: 203,
        ..Load::default()
    };
    let running = Mock::builder().load(nodes).start("127.0.0.1:0").await.unwrap();
    for kind in ["node", "storageclass", "customresourcedefinition"] {
        for row in fixture(&format!("corpus/{kind}.json"))["rows"].as_array().unwrap() {
            let mut object = row["object"].clone();
            // The recorder's cluster labelled the corpus otherwise, and its nodes had lost their first taint.
            object["metadata"]["labels"] = json!({"konn.dev/corpus": "shared"});
            if let Some(spec) = object["spec"].as_object_mut() {
                spec.remove("taints");
            }
            running.api.plant(object).unwrap();
        }
    }
    running
}

/// What the recorder did while it watched.
async fn while_watching(client: &Client, step: &str) {
    if !step.starts_with("watch: by label") {
        return;
    }
    let pod = json!({"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "watched", "labels": {"w": "1"}},
        "spec": {"containers": [{"name": "c", "image": "nginx:1.21"}]}});
    let pods = "/api/v1/namespaces/rec/pods";
    client.send("POST", pods, "application/json", Some(&pod)).await;
    for labels in [json!({"v": "2"}), json!({"w": "0"}), json!({"w": "1"})] {
        let change = json!({"metadata": {"labels": labels}});
        client
            .send(
                "PATCH",
                &format!("{pods}/watched"),
                "application/merge-patch+json",
                Some(&change),
            )
            .await;
    }
    client
        .send("DELETE", &format!("{pods}/watched"), "application/json", None)
        .await;
}

async fn answer(client: &mut Client, step: &Value) -> Answer {
    let events = step["response"]["events"].as_array().map(Vec::len);
    let Some(events) = events else {
        return client.replay(&step["request"]).await;
    };
    let watching = client.open(&step["request"]).await;
    while_watching(client, step["name"].as_str().unwrap()).await;
    watching.events(events).await
}

#[tokio::test(flavor = "multi_thread")]
async fn answers_are_those_of_a_real_server() {
    let running = cluster().await;
    let mut client = Client::new(&running.url());
    let recording = fixture("recordings/api.json");
    let (mut wrong, mut healed, mut right) = (Vec::new(), Vec::new(), 0);
    for (index, step) in recording["steps"].as_array().unwrap().iter().enumerate() {
        let name = step["name"].as_str().unwrap();
        let given = answer(&mut client, step).await;
        let differences = compare::differences(&step["response"], &given);
        match (differences.is_empty(), known::reason(name)) {
            (true, None) => right += 1,
            (true, Some(_)) => healed.push(name.to_owned()),
            (false, Some(_)) => {}
            (false, None) => wrong.push(format!("[{index}] {name}\n    {}", differences.join("\n    "))),
        }
    }
    println!("{right} answers are alike");
    assert!(
        wrong.is_empty(),
        "{} answers differ:\n{}",
        wrong.len(),
        wrong.join("\n")
    );
    assert!(
        healed.is_empty(),
        "no longer different, take them off the list: {}",
        healed.join(", ")
    );
}
