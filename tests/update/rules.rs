//! What kubectl does, to the letter, where a verb has rules of its own: each sentence with the test that proves it.
//!
//! Undo. A Deployment's ReplicaSets are listed by its selector and those that it controls are kept, by the revision in
//! their annotation: `undo_looks_at_what_the_deployment_controls`. Revision 0 is the second highest, and none is "no rollout
//! history found": the same, and `workloads.rs`. Paused is refused, and an equal template is skipped: `workloads.rs`, and
//! `model/rollout/undo.rs`. One JSON patch with template and annotations: `undo_sends_one_patch_with_the_annotations_that_belong`.
//! A DaemonSet or StatefulSet gets what its ControllerRevision keeps: `undo_of_others_sends_what_their_revision_keeps`.
//! History says `<none>` without a cause: `tests/api/workloads.rs`; status in its order: `model/rollout/status.rs`.
//! A restart is an annotation, and a paused Deployment is refused: `restart_is_an_annotation`.
//!
//! Nodes. Cordon sends nothing where it is so already: `nodes.rs`. Drain cordons first, lists by node, and stops before the
//! first eviction at any error: `nodes.rs`; the filters and their order: `layers/drain/pods.rs`; evictions are of policy/v1:
//! `a_drain_evicts_by_the_eviction_of_policy_v1`; 404, 429 and another uid: `layers/drain/evictions.rs` and
//! `tests/api/drain.rs`. Label: `labels_follow_kubectl`, `objects.rs` and `actions/label/rules.rs`. Taint:
//! `taints_are_told_apart_by_key_and_effect`, `nodes.rs` and `tests/api/node_verbs.rs` for the version that is sent.
//! Scale goes to the subresource: `changes.rs`.

use konn::core::change::{Change, Edit};
use konn::core::effect::Effect;
use konn::core::event::Event;
use konn::core::outcome::Outcome;
use konn::core::request::Request;
use konn::views::REGISTRY;
use serde_json::{Value, json};

use super::changes::{changes, screen};
use super::held::answer;
use super::stage::{Set, Stage, rows};
use super::verbs::kinds;

/// The dialog of a verb on the first row, with everything read.
fn opened(line: &'static str, keys: &str, objects: &[Value]) -> Stage {
    let mut stage = Stage::new(Set {
        size: (160, 48),
        line,
        ..Set::default()
    });
    let objects: Vec<Value> = objects.iter().map(with_uid).collect();
    let kind = REGISTRY.view(line).unwrap().resource().kind.clone();
    let of_kind = objects.iter().filter(|object| object["kind"] == *kind).cloned();
    stage.list(line, rows(line, of_kind.collect()));
    let effects = stage.press(keys);
    answer(&mut stage, effects, &objects);
    stage
}

fn with_uid(object: &Value) -> Value {
    let mut object = object.clone();
    if object["metadata"]["uid"].is_null() {
        object["metadata"]["uid"] = format!("uid-{}", object["metadata"]["name"]).into();
    }
    object["metadata"]["resourceVersion"] = "7".into();
    object
}

/// What is sent for good.
fn sent(effects: &[Effect]) -> Vec<Change> {
    changes(effects).into_iter().filter(|change| !change.dry_run).collect()
}

/// The label selectors of the lists that were asked for, by their plural.
fn selectors(stage: &Stage, plural: &str) -> Vec<String> {
    let asked = stage.effects.iter().filter_map(|effect| match effect {
        Effect::Call(_, Request::List { resource, labels, .. }) if resource.plural == *plural => labels.clone(),
        _ => None,
    });
    asked.collect()
}

#[test]
fn undo_looks_at_what_the_deployment_controls() {
    let mut objects = kinds::deployment("web", &json!({}));
    // Selected by the same labels, but of another, and with higher numbers.
    for number in ["7", "8"] {
        let mut stranger = objects[1].clone();
        stranger["metadata"]["name"] = format!("stranger-{number}").into();
        stranger["metadata"]["ownerReferences"][0]["uid"] = "somebody".into();
        stranger["metadata"]["annotations"]["deployment.kubernetes.io/revision"] = number.into();
        stranger["spec"]["template"]["spec"]["containers"][0]["image"] = "strange".into();
        objects.push(stranger);
    }
    let mut stage = opened("deployments", "x r u", &objects);
    assert_eq!(selectors(&stage, "replicasets"), ["app=web"]);
    let shown = screen(&stage);
    assert!(shown.contains("Revision 1: ") && !shown.contains("strange"), "{shown}");
    let sent = sent(&stage.press("enter"));
    let Edit::Json(patch) = &sent[0].edit else {
        panic!("{sent:?}")
    };
    assert_eq!(patch[0]["value"]["spec"]["containers"][0]["image"], "nginx:1.25");
}

#[test]
fn undo_sends_one_patch_with_the_annotations_that_belong() {
    let own = json!({"kubectl.kubernetes.io/last-applied-configuration": "{}", "deployment.kubernetes.io/revision": "2",
        "deployment.kubernetes.io/revision-history": "1", "deployment.kubernetes.io/desired-replicas": "2",
        "deployment.kubernetes.io/max-replicas": "3"});
    let mut objects = kinds::deployment("web", &json!({}));
    objects[0]["metadata"]["annotations"] = own.clone();
    objects[0]["metadata"]["annotations"]["team"] = "goes".into();
    objects[1]["metadata"]["annotations"] = json!({"kubectl.kubernetes.io/last-applied-configuration": "old",
        "deployment.kubernetes.io/revision": "1", "deployment.kubernetes.io/revision-history": "old",
        "deployment.kubernetes.io/desired-replicas": "old", "deployment.kubernetes.io/max-replicas": "old",
        "kubernetes.io/change-cause": "first", "owner": "comes"});
    let mut stage = opened("deployments", "x r u", &objects);
    let sent = sent(&stage.press("enter"));
    assert_eq!(sent.len(), 1);
    let Edit::Json(patch) = &sent[0].edit else {
        panic!("{sent:?}")
    };
    let mut wanted = own;
    wanted["kubernetes.io/change-cause"] = "first".into();
    wanted["owner"] = "comes".into();
    assert_eq!(
        patch[1],
        json!({"op": "replace", "path": "/metadata/annotations", "value": wanted})
    );
    assert_eq!(
        (&patch[0]["op"], &patch[0]["path"]),
        (&json!("replace"), &json!("/spec/template"))
    );
    assert_eq!(
        patch[0]["value"]["metadata"]["labels"],
        json!({"app": "web"}),
        "without the hash"
    );
    assert_eq!(patch.as_array().map(Vec::len), Some(2));
}

#[test]
fn undo_of_others_sends_what_their_revision_keeps() {
    for (kind, line) in [("DaemonSet", "daemonsets"), ("StatefulSet", "statefulsets")] {
        let mut objects = kinds::revised(kind, "db");
        let mut stranger = objects[1].clone();
        stranger["metadata"]["name"] = "stranger".into();
        stranger["metadata"]["ownerReferences"][0]["uid"] = "somebody".into();
        objects.push(stranger);
        let mut stage = opened(line, "x r u", &objects);
        assert_eq!(selectors(&stage, "controllerrevisions"), ["app=db"]);
        let sent = sent(&stage.press("enter"));
        assert_eq!(sent.len(), 1);
        assert_eq!(sent[0].edit, Edit::Strategic(objects[1]["data"].clone()), "{kind}");
    }
}

#[test]
fn restart_is_an_annotation() {
    let objects = kinds::deployment("web", &json!({}));
    let mut stage = opened("deployments", "R", &objects);
    let effects = sent(&stage.press("enter"));
    let wanted = json!({"spec": {"template": {"metadata": {"annotations": {
        "kubectl.kubernetes.io/restartedAt": "2026-11-20T22:46:31Z"}}}}});
    assert_eq!(effects[0].edit, Edit::Strategic(wanted));
    let paused = kinds::deployment("web", &json!({"paused": true}));
    let mut stage = opened("deployments", "R", &paused);
    assert!(sent(&stage.press("enter")).is_empty());
    assert!(
        screen(&stage).contains("is paused and cannot be restarted"),
        "{}",
        screen(&stage)
    );
}

#[test]
fn a_drain_evicts_by_the_eviction_of_policy_v1() {
    let mut objects = vec![kinds::node("n1", &json!({}))];
    objects.push(kinds::pod("web", "n1", Some(("ReplicaSet", "web-1")), &json!([])));
    let mut stage = opened("nodes", "x D", &objects);
    let effects = stage.press("tab tab tab tab \"7\" tab tab right enter");
    let first = sent(&effects);
    assert_eq!(first.len(), 1, "the cordon before anything else");
    assert_eq!(first[0].edit, Edit::Strategic(json!({"spec": {"unschedulable": true}})));
    let Some(Effect::Call(cordon, _)) = effects.last().cloned() else {
        panic!("{effects:?}")
    };
    let before = stage.effects.len();
    let effects = stage.event(Event::Done(cordon, Outcome::Object(Box::new(json!({})))));
    let objects: Vec<Value> = objects.iter().map(with_uid).collect();
    answer(&mut stage, effects, &objects);
    let evictions = sent(&stage.effects[before..]);
    assert_eq!(evictions.len(), 1);
    assert_eq!(evictions[0].subresource, "eviction");
    assert_eq!(
        evictions[0].edit,
        Edit::Create(
            json!({"apiVersion": "policy/v1", "kind": "Eviction", "metadata": {"name": "web", "namespace": "shop"},
            "deleteOptions": {"gracePeriodSeconds": 7}})
        )
    );
}

#[test]
fn labels_follow_kubectl() {
    let long = "x".repeat(63);
    let longer = "x".repeat(64);
    for (fill, patch) in [
        // Without overwrite it fails only if the present value differs.
        ("\"tier\" tab \"old\"".to_string(), Ok(None)),
        ("\"tier\" tab \"new\"".to_string(), Err("has tier=old already")),
        // Removing an absent key is no error.
        ("\"absent\" tab tab right".to_string(), Ok(None)),
        ("\"tier\" tab tab right".to_string(), Ok(Some(json!({"tier": null})))),
        // At most 63 characters.
        (format!("\"a\" tab \"{long}\""), Ok(Some(json!({"a": long})))),
        (format!("\"a\" tab \"{longer}\""), Err("A label's value has at most 63")),
        ("\"a\" tab \"-x\"".to_string(), Err("A label's value has at most 63")),
        ("\"a\" tab \"x.\"".to_string(), Err("A label's value has at most 63")),
        ("\"a\"".to_string(), Ok(Some(json!({"a": ""})))),
    ] {
        let mut stage = opened("configmaps", "x l", &[kinds::config_map("conf")]);
        stage.press(&fill);
        let shown = screen(&stage);
        let sent = sent(&stage.press("enter"));
        match patch {
            Ok(labels) => {
                let wanted = labels.map(|labels| Edit::Merge(json!({"metadata": {"labels": labels}})));
                assert_eq!(sent.first().map(|change| change.edit.clone()), wanted, "{fill}");
                assert!(!shown.contains('✗'), "{fill}\n{shown}");
            }
            Err(why) => assert!(sent.is_empty() && shown.contains(why), "{fill}: {why}\n{shown}"),
        }
    }
}

#[test]
fn taints_are_told_apart_by_key_and_effect() {
    let kept = |effects: &[&str]| -> Vec<Value> {
        let all = kinds::node("n1", &json!({}))["spec"]["taints"]
            .as_array()
            .unwrap()
            .clone();
        let text = |taint: &Value| {
            format!(
                "{}:{}",
                taint["key"].as_str().unwrap(),
                taint["effect"].as_str().unwrap()
            )
        };
        all.into_iter()
            .filter(|taint| effects.contains(&text(taint).as_str()))
            .collect()
    };
    for (keys, fill, taints) in [
        // Without overwrite it fails where key and effect are there, whatever the value is.
        ("x t", "\"env\" tab \"prod\" tab right", None),
        ("x t", "\"env\" tab \"dev\" tab right", None),
        (
            "x t",
            "\"env\" tab \"dev\" tab left",
            Some((
                json!([{"effect": "PreferNoSchedule", "key": "env", "value": "dev"}]),
                kept(&["env:NoExecute", "env:NoSchedule", "old:NoSchedule"]),
            )),
        ),
        (
            "x t",
            "\"env\" tab \"dev\" tab right tab space",
            Some((
                json!([{"effect": "NoExecute", "key": "env", "value": "dev"}]),
                kept(&["env:NoSchedule", "old:NoSchedule"]),
            )),
        ),
        // By key and effect, and by the key alone.
        (
            "x T",
            "",
            Some((json!([]), kept(&["env:NoSchedule", "old:NoSchedule"]))),
        ),
        ("x T", "right", Some((json!([]), kept(&["old:NoSchedule"])))),
    ] {
        let mut stage = opened("nodes", keys, &[kinds::node("n1", &json!({}))]);
        stage.press(fill);
        let sent = sent(&stage.press("enter"));
        let wanted = taints.map(|(first, others)| {
            let mut all = first.as_array().unwrap().clone();
            all.extend(others);
            // The list is atomic: the version that it was read with goes along.
            Edit::Merge(json!({"metadata": {"resourceVersion": "7"}, "spec": {"taints": all}}))
        });
        assert_eq!(
            sent.first().map(|change| change.edit.clone()),
            wanted,
            "{keys} {fill}\n{}",
            screen(&stage)
        );
    }
}
