//! Every relation on small objects, through a server that is a list of objects.

use serde_json::{Value, json};

use super::read::name;
use super::*;
use server::{Server, merge, object, related};

mod network;
mod nonsense;
mod owners;
mod rights;
mod server;
mod storage;
mod targets;
mod uses;

fn owned_by(what: &str) -> Value {
    let owner = object(what, json!({}));
    json!({"metadata": {"ownerReferences": [{"apiVersion": owner["apiVersion"], "kind": owner["kind"],
        "name": owner["metadata"]["name"], "uid": owner["metadata"]["uid"], "controller": true}]}})
}

fn both(mut one: Value, other: Value) -> Value {
    merge(&mut one, &other);
    one
}

fn labelled(app: &str) -> Value {
    json!({"metadata": {"labels": {"app": app}}})
}

fn selecting(app: &str) -> Value {
    json!({"spec": {"selector": {"matchLabels": {"app": app}}}})
}

/// A pod's spec that uses one of everything.
fn using_all() -> Value {
    json!({
        "serviceAccountName": "robot", "priorityClassName": "high", "runtimeClassName": "gvisor", "nodeName": "n1",
        "imagePullSecrets": [{"name": "pull"}],
        "volumes": [
            {"name": "config", "configMap": {"name": "app"}},
            {"name": "keys", "secret": {"secretName": "keys"}},
            {"name": "data", "persistentVolumeClaim": {"claimName": "data"}},
            {"name": "mix", "projected": {"sources": [{"configMap": {"name": "app"}}, {"secret": {"name": "keys"}}]}},
            {"name": "scratch", "ephemeral": {"volumeClaimTemplate": {}}},
            {"name": "kube-api-access-x", "projected": {"sources": [{"configMap": {"name": "kube-root-ca.crt"}}]}},
        ],
        "initContainers": [{"name": "init", "envFrom": [{"configMapRef": {"name": "app"}}]}],
        "containers": [{"name": "web",
            "env": [{"name": "APP_MSG", "valueFrom": {"configMapKeyRef": {"name": "app", "key": "msg"}}},
                    {"name": "PASS", "valueFrom": {"secretKeyRef": {"name": "keys", "key": "pass"}}}],
            "envFrom": [{"secretRef": {"name": "keys"}}]}],
    })
}

fn check(server: &Server, cases: &[(Value, Direction, &[&str])]) {
    for (from, direction, wanted) in cases {
        let found = related(from, *direction, server);
        assert_eq!(found, *wanted, "{direction:?} from {} {}", from["kind"], name(from));
    }
}

use Direction::{Down, In, Out, Up};
