//! A practice cluster of three nodes with a learner at its API.

use std::time::Duration;

use bytes::Bytes;
use http_body_util::{BodyExt, Full};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use konn::mock::clock::Clock;
use konn::mock::controllers::Controllers;
use konn::mock::{Mock, Running};
use serde_json::{Value, json};

pub struct Lab {
    pub running: Running,
    controllers: Controllers,
    http: Client<HttpConnector, Full<Bytes>>,
}

/// An answer: its status and its body.
pub type Answer = (u16, Value);

impl Lab {
    /// Three nodes, of which the first is the control plane, and a default StorageClass.
    pub async fn new() -> Self {
        let clock = Clock::standing("2026-11-20T12:00:00Z".parse().unwrap());
        let running = Mock::builder().clock(clock).start("127.0.0.1:0").await.unwrap();
        let controllers = Controllers::new(running.api.clone());
        let http = Client::builder(TokioExecutor::new()).build_http();
        let mut lab = Self {
            running,
            controllers,
            http,
        };
        for number in 1..=3 {
            lab.node(number, &json!({}));
        }
        let class = json!({"kind": "StorageClass", "apiVersion": "storage.k8s.io/v1",
            "metadata": {"name": "standard", "annotations": {"storageclass.kubernetes.io/is-default-class": "true"}},
            "provisioner": "k8s.io/minikube-hostpath", "reclaimPolicy": "Delete", "volumeBindingMode": "Immediate"});
        lab.running.api.plant(class).unwrap();
        lab.pass(1);
        lab
    }

    /// A node comes.
    pub fn node(&mut self, number: usize, labels: &Value) {
        let name = if number == 1 {
            "minikube".to_owned()
        } else {
            format!("minikube-m{number:02}")
        };
        let mut all = json!({"kubernetes.io/hostname": name, "kubernetes.io/os": "linux"});
        for (key, value) in labels.as_object().unwrap() {
            all[key] = value.clone();
        }
        let room = json!({"cpu": "4", "memory": "8Gi", "pods": "110"});
        let node = json!({"kind": "Node", "apiVersion": "v1", "metadata": {"name": name, "labels": all}, "spec": {},
            "status": {"capacity": room, "allocatable": room, "conditions": [{"type": "Ready", "status": "True"}],
                "addresses": [{"type": "InternalIP", "address": format!("192.168.49.{}", number + 1)}]}});
        self.running.api.plant(node).unwrap();
    }

    /// Lets seconds pass.
    pub fn pass(&mut self, seconds: u64) {
        for _ in 0..=seconds * 2 {
            self.controllers.tick();
            self.running.api.clock.advance(Duration::from_millis(500));
        }
        self.controllers.tick();
    }

    pub async fn send(&self, method: &str, path: &str, content_type: &str, body: Option<&Value>) -> Answer {
        let request = http::Request::builder()
            .method(method)
            .uri(format!("{}{path}", self.running.url()))
            .header("content-type", content_type)
            .header("authorization", "Bearer admin-token")
            .body(Full::new(Bytes::from(body.map(Value::to_string).unwrap_or_default())))
            .unwrap();
        let response = self.http.request(request).await.unwrap();
        let status = response.status().as_u16();
        let bytes = response.into_body().collect().await.unwrap().to_bytes();
        let text = String::from_utf8_lossy(&bytes).into_owned();
        (status, serde_json::from_str(&text).unwrap_or(Value::String(text)))
    }

    /// The path of a kind's objects in the namespace `default`, or in the cluster's scope.
    fn path(&self, api_version: &str, kind: &str) -> String {
        let kind = self.running.api.kinds.of_object(api_version, kind).unwrap();
        let root = if kind.group.is_empty() {
            "api".to_owned()
        } else {
            format!("apis/{}", kind.group)
        };
        let place = if kind.namespaced { "namespaces/default/" } else { "" };
        format!("/{root}/{}/{place}{}", kind.version, kind.plural)
    }

    /// Creates the objects of a manifest; they must be taken.
    pub async fn apply(&self, manifest: &str) {
        for document in manifest.split("\n---\n") {
            let (status, answer) = self.create(document).await;
            assert_eq!(status, 201, "{answer}");
        }
    }

    /// Creates an object, whatever comes of it.
    pub async fn create(&self, manifest: &str) -> Answer {
        let object: Value = serde_yaml::from_str(manifest).unwrap();
        let path = self.path(object["apiVersion"].as_str().unwrap(), object["kind"].as_str().unwrap());
        self.send("POST", &path, "application/json", Some(&object)).await
    }

    pub async fn get(&self, path: &str) -> Value {
        self.send("GET", path, "application/json", None).await.1
    }

    /// Changes an object by a merge patch; it must be taken.
    pub async fn patch(&self, path: &str, change: Value) -> Value {
        let (status, answer) = self
            .send("PATCH", path, "application/merge-patch+json", Some(&change))
            .await;
        assert_eq!(status, 200, "{answer}");
        answer
    }

    pub async fn delete(&self, path: &str) {
        let (status, answer) = self.send("DELETE", path, "application/json", None).await;
        assert!(status < 300, "{answer}");
    }

    /// The objects of a list.
    pub async fn list(&self, path: &str) -> Vec<Value> {
        self.get(path).await["items"].as_array().cloned().unwrap()
    }

    /// The pods of the namespace `default`.
    pub async fn pods(&self) -> Vec<Value> {
        self.list("/api/v1/namespaces/default/pods").await
    }

    pub async fn pod(&self, name: &str) -> Value {
        self.get(&format!("/api/v1/namespaces/default/pods/{name}")).await
    }

    /// The node of a pod; empty for one that has none.
    pub async fn node_of(&self, name: &str) -> String {
        self.pod(name).await["spec"]["nodeName"]
            .as_str()
            .unwrap_or_default()
            .to_owned()
    }

    /// What was said about an object: reason and message, in the order of their coming.
    pub async fn events(&self, name: &str) -> Vec<(String, String)> {
        let mut events = self.list("/api/v1/namespaces/default/events").await;
        events.retain(|event| event["involvedObject"]["name"] == name);
        events.sort_by_key(|event| {
            (
                text(&event["firstTimestamp"]),
                event["metadata"]["resourceVersion"]
                    .as_str()
                    .unwrap()
                    .parse::<u64>()
                    .unwrap(),
            )
        });
        events
            .iter()
            .map(|event| (text(&event["reason"]), text(&event["message"])))
            .collect()
    }

    /// The reasons of what was said about an object.
    pub async fn reasons(&self, name: &str) -> Vec<String> {
        self.events(name).await.into_iter().map(|(reason, _)| reason).collect()
    }

    pub async fn ready(&self, deployment: &str) -> (i64, i64) {
        let status = self
            .get(&format!("/apis/apps/v1/namespaces/default/deployments/{deployment}"))
            .await["status"]
            .clone();
        (
            status["readyReplicas"].as_i64().unwrap_or_default(),
            status["replicas"].as_i64().unwrap_or_default(),
        )
    }
}

pub fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

pub fn name(object: &Value) -> String {
    text(&object["metadata"]["name"])
}

/// A Deployment of a single container.
pub fn deployment(name: &str, replicas: usize, image: &str) -> String {
    format!(
        "apiVersion: apps/v1\nkind: Deployment\nmetadata: {{name: {name}}}\nspec:\n  replicas: {replicas}\n  \
         selector: {{matchLabels: {{app: {name}}}}}\n  template:\n    metadata: {{labels: {{app: {name}}}}}\n    \
         spec: {{containers: [{{name: c, image: \"{image}\"}}]}}"
    )
}

/// A pod of a single server, with more of its spec in YAML's flow form.
pub fn pod(name: &str, spec: &str) -> String {
    let comma = if spec.is_empty() { "" } else { ", " };
    format!(
        "apiVersion: v1\nkind: Pod\nmetadata: {{name: {name}, labels: {{app: {name}}}}}\n\
         spec: {{{spec}{comma}containers: [{{name: c, image: \"nginx:1.21\"}}]}}"
    )
}
