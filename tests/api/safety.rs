//! Read-only mode at the one place where requests become calls: no request that changes anything leaves konn.

use konn::core::access::Need;
use konn::core::change::{Cascade, Change, Edit};
use konn::core::outcome::Outcome;
use konn::core::request::Request;
use konn::core::resource::Resource;
use konn::core::trouble::TroubleKind;
use konn::runtime::{call, client};
use serde_json::json;

use super::support::{cluster, opener, plant, pod};

const PODS: Resource = Resource::known("", "v1", "Pod", "pods", &[], true);

const MAPS: Resource = Resource::known("", "v1", "ConfigMap", "configmaps", &[], true);

fn map(name: &str) -> serde_json::Value {
    json!({"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": name, "namespace": "default"}})
}

/// A change by every way there is. Whoever adds a way is told here.
fn every_edit() -> Vec<Edit> {
    let all = vec![
        Edit::Create(pod("default", "other")),
        Edit::Replace(pod("default", "web-0")),
        Edit::Json(json!([{"op": "add", "path": "/metadata/labels/a", "value": "b"}])),
        Edit::Merge(json!({"metadata": {"labels": {"a": "b"}}})),
        Edit::Strategic(json!({"metadata": {"labels": {"a": "b"}}})),
        Edit::Apply {
            object: json!({"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "web-0", "labels": {"a": "b"}}}),
            force: true,
        },
        Edit::Delete {
            cascade: Cascade::Background,
            grace: None,
            uid: None,
        },
    ];
    for edit in &all {
        match edit {
            Edit::Create(_) | Edit::Replace(_) | Edit::Json(_) | Edit::Merge(_) => {}
            Edit::Strategic(_) | Edit::Apply { .. } | Edit::Delete { .. } => {}
        }
    }
    all
}

#[tokio::test(flavor = "multi_thread")]
async fn no_change_leaves_konn_in_read_only_mode() {
    let running = cluster().await;
    plant(&running, pod("default", "web-0"));
    let before = running.api.store.version();
    let opener = opener(&running, "mock");
    let kubeconfig = opener.given.clone().unwrap();
    let connected = client::connect(&opener.options, &kubeconfig, &opener.environment, &opener.plugins).unwrap();
    for edit in every_edit() {
        for subresource in ["", "status", "eviction"] {
            for dry in [false, true] {
                let mut change = Change::of(&PODS, Some("default"), "web-0", edit.clone(), "kubectl").on(subresource);
                change.dry_run = dry;
                let is_diff = dry && subresource.is_empty() && matches!(edit, Edit::Apply { .. });
                let outcome = call::call(&connected, Request::Change(Box::new(change)), true).await;
                if is_diff {
                    assert!(
                        matches!(&outcome, Outcome::Object(object) if object["metadata"]["labels"]["a"] == "b"),
                        "{outcome:?}"
                    );
                    continue;
                }
                assert!(
                    matches!(&outcome, Outcome::Failed(trouble) if trouble.kind == TroubleKind::ReadOnly),
                    "{edit:?} {subresource}: {outcome:?}"
                );
            }
        }
    }
    assert_eq!(running.api.store.version(), before, "nothing was stored");
    // What only reads still goes through.
    let review = Request::Review {
        need: Need::on("delete", &PODS, ""),
        namespace: Some("default".into()),
    };
    let get = Request::Get {
        resource: PODS,
        namespace: Some("default".into()),
        name: "web-0".into(),
    };
    for request in [Request::Version, get, review] {
        let outcome = call::call(&connected, request.clone(), true).await;
        assert!(matches!(outcome, Outcome::Object(_)), "{request:?}: {outcome:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn each_way_of_changing_does_what_it_says() {
    let running = cluster().await;
    plant(&running, map("web-0"));
    let opener = opener(&running, "mock");
    let kubeconfig = opener.given.clone().unwrap();
    let connected = client::connect(&opener.options, &kubeconfig, &opener.environment, &opener.plugins).unwrap();
    let send = async |name: &str, edit: Edit, dry: bool| {
        let mut change = Change::of(&MAPS, Some("default"), name, edit, "kubectl");
        change.dry_run = dry;
        call::call(&connected, Request::Change(Box::new(change)), false).await
    };
    let label = |outcome: Outcome| match outcome {
        Outcome::Object(object) => object["metadata"]["labels"]["a"].as_str().map(str::to_string),
        other => panic!("{other:?}"),
    };
    let merge = |value: &str| Edit::Merge(json!({"metadata": {"labels": {"a": value}}}));
    assert_eq!(
        label(send("web-0", merge("tried"), true).await).as_deref(),
        Some("tried")
    );
    let get = Request::Get {
        resource: MAPS,
        namespace: Some("default".into()),
        name: "web-0".into(),
    };
    assert_eq!(
        label(call::call(&connected, get.clone(), false).await),
        None,
        "a dry run stores nothing"
    );
    assert_eq!(
        label(send("web-0", merge("merged"), false).await).as_deref(),
        Some("merged")
    );
    let strategic = Edit::Strategic(json!({"metadata": {"labels": {"a": "strategic"}}}));
    assert_eq!(
        label(send("web-0", strategic, false).await).as_deref(),
        Some("strategic")
    );
    let operations = Edit::Json(json!([{"op": "replace", "path": "/metadata/labels/a", "value": "json"}]));
    assert_eq!(label(send("web-0", operations, false).await).as_deref(), Some("json"));
    let wrong = Edit::Delete {
        cascade: Cascade::Background,
        grace: Some(0),
        uid: Some("another".into()),
    };
    assert!(
        matches!(send("web-0", wrong, false).await, Outcome::Failed(trouble) if trouble.kind == TroubleKind::Conflict),
        "another object of the name is not deleted"
    );
    let mut made = map("made");
    made["metadata"]["labels"] = json!({"a": "made"});
    assert_eq!(
        label(send("made", Edit::Create(made), false).await).as_deref(),
        Some("made")
    );
    let delete = Edit::Delete {
        cascade: Cascade::Background,
        grace: Some(0),
        uid: None,
    };
    assert!(matches!(send("web-0", delete, false).await, Outcome::Object(_)));
    assert!(
        matches!(call::call(&connected, get, false).await, Outcome::Failed(trouble) if trouble.kind == TroubleKind::NotFound)
    );
}
