//! Debug containers and shells on nodes: what is asked, sent, recorded and refused.

use konn::core::change::Edit;
use konn::core::effect::Effect;
use konn::core::event::{Event, TaskId};
use konn::core::outcome::Outcome;
use konn::core::request::Request;
use konn::core::trouble::{Trouble, TroubleKind};
use konn::core::watch::Source;
use serde_json::{Value, json};

use super::changes::{calls, changes, notice, screen};
use super::stage::{Set, Stage, pod, rows};

fn node() -> Value {
    json!({"apiVersion": "v1", "kind": "Node", "metadata": {"name": "n1", "uid": "uid-n1"}, "status": {}})
}

fn stage(keymap: &'static str, view: &'static str) -> Stage {
    let mut stage = Stage::new(Set {
        keymap,
        size: (120, 40),
        line: view,
        ..Set::default()
    });
    let object = if view == "nodes" { node() } else { pod("web-0", &[]) };
    stage.list(view, rows(view, vec![object]));
    stage
}

/// Answers what a dialog reads.
fn answer(stage: &mut Stage, effects: Vec<Effect>) {
    let mut waiting = calls(&effects);
    while let Some((task, request)) = waiting.pop() {
        let object = match request {
            Request::Get { resource, .. } if resource.kind == "Node" => node(),
            Request::Get { .. } => pod("web-0", &[]),
            _ => json!({"items": [{"metadata": {"name": "tools"}}]}),
        };
        let next = stage.event(Event::Done(task, Outcome::Object(Box::new(object))));
        waiting.extend(calls(&next));
    }
}

fn open(keymap: &'static str, view: &'static str) -> Stage {
    let mut stage = stage(keymap, view);
    let effects = stage.press(if view == "nodes" { "x S" } else { "x d" });
    answer(&mut stage, effects);
    stage
}

fn told(effects: &[Effect]) -> Vec<&'static str> {
    let tell = |effect: &Effect| match effect {
        Effect::Remember(_) => Some("remember"),
        Effect::Forget(_) => Some("forget"),
        Effect::Call(_, Request::Change(change)) => Some(match change.edit {
            Edit::Create(_) => "create",
            Edit::Delete { .. } => "delete",
            _ => "change",
        }),
        Effect::Call(_, Request::Get { .. }) => Some("get"),
        Effect::Quit => Some("quit"),
        _ => None,
    };
    effects.iter().filter_map(tell).collect()
}

/// A node's pod that was sent, with its call.
fn made(stage: &mut Stage) -> (TaskId, Value) {
    let effects = stage.press("right enter");
    assert_eq!(told(&effects), ["remember", "create"], "recorded before it is made");
    let (task, _) = calls(&effects)[0].clone();
    let [change] = &changes(&effects)[..] else { panic!() };
    let Edit::Create(pod) = &change.edit else { panic!() };
    let mut pod = pod.clone();
    pod["metadata"]["uid"] = "uid-debug".into();
    (task, pod)
}

#[test]
fn every_keymap_debugs_a_pod_by_one_patch_and_waits_for_it() {
    for keymap in ["default", "vim", "k9s"] {
        let mut stage = open(keymap, "pods");
        let shown = screen(&stage);
        for wanted in [
            "Debug pod/web-0",
            "busybox",
            "kubectl debug -it web-0 -n shop --image=busybox --target=app -c debugger-",
        ] {
            assert!(shown.contains(wanted), "{keymap}: {wanted}\n{shown}");
        }
        let effects = stage.press("enter");
        let [change] = &changes(&effects)[..] else {
            panic!("{keymap}: {effects:?}")
        };
        assert_eq!(change.subresource, "ephemeralcontainers");
        let Edit::Strategic(patch) = &change.edit else { panic!() };
        let container = &patch["spec"]["ephemeralContainers"][0];
        assert_eq!(
            (&container["targetContainerName"], &container["tty"]),
            (&json!("app"), &json!(true))
        );
        assert!(container.get("command").is_none());
        let (task, _) = calls(&effects)[0];
        let effects = stage.event(Event::Done(task, Outcome::Object(Box::new(json!({})))));
        let watched = effects.iter().any(|effect| {
            matches!(effect, Effect::Watch(_, spec) if spec.name.as_deref() == Some("web-0")
                && matches!(&spec.source, Source::Cluster(resource) if resource.plural == "pods"))
        });
        assert!(watched, "{effects:?}");
        // Nothing runs yet: leaving it is no question.
        let effects = stage.press("q");
        assert!(stage.app.layers.is_empty() && effects.iter().any(|effect| matches!(effect, Effect::Unwatch(_))));
    }
}

#[test]
fn what_is_filled_in_is_looked_at() {
    for (keys, wanted) in [
        ("ctrl-u \"a;b\"", "That is no image"),
        ("tab tab \"sh\" \"'\"", "not closed"),
        ("tab tab tab tab ctrl-u \"App\"", "small letters"),
        ("tab tab tab tab ctrl-u \"app\"", "already"),
    ] {
        let mut stage = open("default", "pods");
        stage.press(keys);
        let effects = stage.press("enter");
        assert!(changes(&effects).is_empty(), "{keys}");
        assert!(screen(&stage).contains(wanted), "{wanted}\n{}", screen(&stage));
    }
    let mut stage = open("default", "pods");
    stage.press("ctrl-u \"alpine\" tab right tab \"ls\"");
    let shown = screen(&stage);
    assert!(
        shown.contains("--image=alpine -c debugger-") && shown.contains("-- ls"),
        "{shown}"
    );
}

#[test]
fn every_keymap_opens_a_shell_on_a_node_after_a_question() {
    for keymap in ["default", "vim", "k9s"] {
        let mut stage = open(keymap, "nodes");
        let shown = screen(&stage);
        for wanted in [
            "Shell on the host of node/n1",
            "the host n1 of the context minikube",
            "$ kubectl debug -it node/n1 -n shop --image=busybox --profile=general",
        ] {
            assert!(shown.contains(wanted), "{keymap}: {wanted}\n{shown}");
        }
        assert!(changes(&stage.press("enter")).is_empty(), "the first answer is no");
        assert!(stage.app.layers.is_empty());
        // The key of shells does the same on a node.
        let effects = stage.press("s");
        answer(&mut stage, effects);
        let (task, pod) = made(&mut stage);
        let name = pod["metadata"]["name"].as_str().unwrap().to_string();
        assert!(
            name.starts_with("node-debugger-n1-") && name.len() == "node-debugger-n1-".len() + 5,
            "{name}"
        );
        assert_eq!(pod["spec"]["tolerations"], json!([{"operator": "Exists"}]));
        let effects = stage.event(Event::Done(task, Outcome::Object(Box::new(pod.clone()))));
        assert_eq!(told(&effects), ["remember"], "with its uid");
        // The person does not wait for it: it goes.
        let effects = stage.press("q");
        assert_eq!(told(&effects), ["delete"]);
        let [change] = &changes(&effects)[..] else { panic!() };
        assert_eq!(change.wire().body["preconditions"]["uid"], "uid-debug");
        let (task, _) = calls(&effects)[0];
        let effects = stage.event(Event::Done(task, Outcome::Object(Box::new(pod))));
        assert_eq!(told(&effects), ["forget"]);
        assert!(notice(&stage).contains(&format!("shop/{name}")), "{}", notice(&stage));
    }
}

#[test]
fn what_may_have_been_made_is_looked_for() {
    let trouble = |kind| Outcome::Failed(Trouble::new(kind, "trouble.other"));
    // Refused: nothing was made, and nothing is left to remember.
    let mut stage = open("default", "nodes");
    let (task, _) = made(&mut stage);
    assert_eq!(
        told(&stage.event(Event::Done(task, trouble(TroubleKind::Forbidden)))),
        ["forget"]
    );
    // Cut off: it may stand.
    for (found, wanted) in [(true, "delete"), (false, "forget")] {
        let mut stage = open("default", "nodes");
        let (task, pod) = made(&mut stage);
        let effects = stage.event(Event::Done(task, trouble(TroubleKind::Network)));
        assert_eq!(told(&effects), ["get"]);
        let (task, _) = calls(&effects)[0];
        let outcome = if found {
            Outcome::Object(Box::new(pod))
        } else {
            trouble(TroubleKind::NotFound)
        };
        let effects = stage.event(Event::Done(task, outcome));
        assert!(told(&effects).contains(&wanted), "{effects:?}");
    }
    // What cannot be deleted is told, stays recorded, and keeps nobody here.
    let mut stage = open("default", "nodes");
    let (task, pod) = made(&mut stage);
    stage.event(Event::Done(task, Outcome::Object(Box::new(pod))));
    let effects = stage.press("q");
    let (task, _) = calls(&effects)[0];
    let effects = stage.event(Event::Done(task, trouble(TroubleKind::Forbidden)));
    assert!(told(&effects).is_empty(), "{effects:?}");
    assert!(notice(&stage).contains("could not be deleted"), "{}", notice(&stage));
    assert_eq!(told(&stage.press("q")), ["quit"]);
}

#[test]
fn leaving_waits_for_the_deletion_but_not_for_ever() {
    let leaving = || {
        let mut stage = open("default", "nodes");
        let (task, pod) = made(&mut stage);
        stage.event(Event::Done(task, Outcome::Object(Box::new(pod))));
        let effects = stage.press("q q");
        assert_eq!(told(&effects), ["delete"]);
        assert!(notice(&stage).contains("before leaving"), "{}", notice(&stage));
        let wake = effects.iter().find_map(|effect| match effect {
            Effect::Wake(task, _) => Some(*task),
            _ => None,
        });
        (stage, calls(&effects)[0].0, wake.unwrap())
    };
    let (mut stage, task, _) = leaving();
    assert_eq!(
        told(&stage.event(Event::Done(task, Outcome::Object(Box::new(json!({})))))),
        ["forget", "quit"]
    );
    let (mut stage, _, wake) = leaving();
    assert_eq!(told(&stage.event(Event::Done(wake, Outcome::Rested))), ["quit"]);
    let (mut stage, _, _) = leaving();
    assert_eq!(told(&stage.press("q")), ["quit"], "asked twice");
}
