//! Bodies that no client should send: each gets an answer, and the server goes on.

#![allow(clippy::unwrap_used, reason = "in a test a panic is the report")]

use bytes::Bytes;
use http_body_util::{BodyExt, Full};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use konn::mock::{Mock, Running};
use serde_json::{Value, json};

type Http = Client<HttpConnector, Full<Bytes>>;

async fn send(http: &Http, running: &Running, request: (&str, &str, &str), body: &Value) -> (u16, Value) {
    let (method, path, kind) = request;
    let request = http::Request::builder()
        .method(method)
        .uri(format!("{}{path}", running.url()))
        .header("authorization", "Bearer admin-token")
        .header("content-type", kind)
        .body(Full::new(Bytes::from(body.to_string())))
        .unwrap();
    let response = http.request(request).await.unwrap();
    let status = response.status().as_u16();
    let bytes = response.into_body().collect().await.unwrap().to_bytes();
    (status, serde_json::from_slice(&bytes).unwrap_or_default())
}

#[tokio::test]
async fn every_body_gets_an_answer() {
    let running = Mock::builder().controllers(true).start("127.0.0.1:0").await.unwrap();
    let http: Http = Client::builder(TokioExecutor::new()).build_http();
    let definition = json!({"kind": "CustomResourceDefinition", "apiVersion": "apiextensions.k8s.io/v1", "metadata": {"name": "things.example.com"},
        "spec": {"group": "example.com", "names": {"kind": "Thing", "plural": "things"}, "scope": "Namespaced",
            "versions": [{"name": "v1", "served": true, "storage": true,
                "schema": {"openAPIV3Schema": {"type": "object", "x-kubernetes-preserve-unknown-fields": true}}, "subresources": {"scale": {"specReplicasPath": ".spec.n", "statusReplicasPath": ".status.n"}}}]}});
    running.api.plant(definition).unwrap();
    let (json_type, merge, patch, apply) = (
        "application/json",
        "application/merge-patch+json",
        "application/json-patch+json",
        "application/apply-patch+yaml",
    );
    let (pods, things) = (
        "/api/v1/namespaces/default/pods",
        "/apis/example.com/v1/namespaces/default/things",
    );
    let pod = json!({"metadata": {"name": "p"}, "spec": {"containers": [{"name": "c", "image": "nginx"}]}});
    let thing =
        json!({"kind": "Thing", "apiVersion": "example.com/v1", "metadata": {"name": "t"}, "spec": {"m": "text"}});
    assert_eq!(send(&http, &running, ("POST", pods, json_type), &pod).await.0, 201);
    let made = send(&http, &running, ("POST", things, json_type), &thing).await;
    assert_eq!(made.0, 201, "{}", made.1);
    for (method, path, kind, body) in [
        ("POST", pods, json_type, json!([])),
        ("POST", pods, json_type, json!("x")),
        ("POST", pods, json_type, json!({"metadata": [], "spec": 1})),
        (
            "POST",
            pods,
            json_type,
            json!({"metadata": {"name": {}, "labels": "x"}}),
        ),
        (
            "POST",
            things,
            json_type,
            json!({"kind": "Thing", "apiVersion": "example.com/v1",
                "metadata": {"name": "u", "labels": [], "ownerReferences": {}, "finalizers": "x"}}),
        ),
        ("PATCH", "/api/v1/namespaces/default/pods/p", merge, json!("x")),
        (
            "PATCH",
            "/api/v1/namespaces/default/pods/p",
            merge,
            json!({"metadata": 1}),
        ),
        (
            "PATCH",
            "/api/v1/namespaces/default/pods/p",
            patch,
            json!([{"op": "replace", "path": "", "value": []}]),
        ),
        (
            "PATCH",
            "/apis/example.com/v1/namespaces/default/things/t",
            merge,
            json!({"metadata": "x"}),
        ),
        (
            "PATCH",
            "/apis/example.com/v1/namespaces/default/things/t",
            patch,
            json!([{"op": "replace", "path": "/metadata", "value": 3}]),
        ),
        (
            "PATCH",
            "/apis/example.com/v1/namespaces/default/things/t/scale",
            merge,
            json!({"spec": {"replicas": 3}}),
        ),
        (
            "PATCH",
            "/apis/example.com/v1/namespaces/default/things/t?fieldManager=a",
            apply,
            json!({"metadata": "x"}),
        ),
        (
            "PATCH",
            "/api/v1/namespaces/default/pods/p?fieldManager=a",
            apply,
            json!({"metadata": {}, "spec": []}),
        ),
        (
            "POST",
            "/api/v1/namespaces/default/pods/p/eviction",
            json_type,
            json!([]),
        ),
        (
            "POST",
            "/api/v1/namespaces/default/pods/p/binding",
            json_type,
            json!({"target": "x"}),
        ),
        (
            "DELETE",
            "/api/v1/namespaces/default/pods/p",
            json_type,
            json!({"preconditions": "x", "gracePeriodSeconds": "y"}),
        ),
    ] {
        let (status, _) = send(&http, &running, (method, path, kind), &body).await;
        assert!((200..500).contains(&status), "{method} {path} {body}: {status}");
    }
    let (status, list) = send(&http, &running, ("GET", pods, json_type), &Value::Null).await;
    assert_eq!((status, list["kind"].as_str()), (200, Some("PodList")));
}
