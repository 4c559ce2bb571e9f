//! A key that is pressed while another context is being opened, or over rows that may be others by now, never acts: for
//! every verb, also where its dialog was open and filled in before. What was filled in stays, and acts once all is well.

use konn::core::discovery::Discovery;
use konn::core::effect::Effect;
use konn::core::event::Event;
use konn::core::link::LinkEvent;
use konn::core::outcome::{Loaded, Outcome};
use konn::core::request::Request;
use konn::core::store::Delta;
use konn::core::trouble::{Trouble, TroubleKind};
use konn::views::REGISTRY;
use serde_json::{Value, json};

use super::changes::{notice, screen};
use super::stage::{Set, Stage, identity, rows};
use super::verbs::{self, Case, keys_in, kinds};

/// Verbs that are tried below by themselves.
const ELSEWHERE: &[&str] = &[
    "edit",
    "rename_context",
    "default_namespace",
    "delete_context",
    "debug",
    "node_shell",
];

/// What would change something, or open a stream into the cluster.
fn harmful(effects: &[Effect]) -> Vec<String> {
    let tell = |effect: &Effect| match effect {
        Effect::Call(_, Request::Change(change)) if !change.dry_run => Some(change.kubectl.clone()),
        Effect::Kubeconfig(_, edit) => Some(edit.kubectl()),
        Effect::Open(_, session) if session.mutates() => Some(format!("{session:?}")),
        _ => None,
    };
    effects.iter().filter_map(tell).collect()
}

/// The objects of a case, each with a uid.
fn objects(case: &Case) -> Vec<Value> {
    let mut all: Vec<Value> = case.rows.iter().flat_map(|row| (case.objects)(row)).collect();
    for (at, object) in all.iter_mut().enumerate() {
        if object["metadata"]["uid"].is_null() {
            object["metadata"]["uid"] = format!("uid-{at}").into();
        }
        object["metadata"]["resourceVersion"] = "7".into();
    }
    all
}

/// Answers what is read of these objects, until nothing more is.
pub fn answer(stage: &mut Stage, mut effects: Vec<Effect>, objects: &[Value]) {
    while !effects.is_empty() {
        let mut next = Vec::new();
        for effect in effects {
            let Effect::Call(task, request) = effect else { continue };
            let of_kind = |kind: &str| -> Vec<Value> {
                let found = objects.iter().filter(|object| object["kind"] == *kind);
                found.cloned().collect()
            };
            let found = match &request {
                Request::Get { resource, name, .. } => {
                    let mut all = of_kind(&resource.kind).into_iter();
                    all.find(|object| object["metadata"]["name"] == **name)
                }
                Request::List { resource, .. } => Some(json!({"items": of_kind(&resource.kind)})),
                _ => continue,
            };
            let outcome = match found {
                Some(found) => Outcome::Object(Box::new(found)),
                None => Outcome::Failed(Trouble::new(TroubleKind::NotFound, "trouble.notfound")),
            };
            next.extend(stage.event(Event::Done(task, outcome)));
        }
        effects = next;
    }
}

/// The table that a case starts from.
fn table(case: &Case) -> Stage {
    let mut stage = Stage::new(Set {
        size: (120, 40),
        line: case.line,
        ..Set::default()
    });
    let view = case.line.split(' ').next().unwrap();
    let kind = REGISTRY.view(view).unwrap().resource().kind.clone();
    let of_kind = objects(case).into_iter().filter(|object| object["kind"] == *kind);
    stage.list(view, rows(view, of_kind.collect()));
    if case.rows.len() > 1 {
        stage.press(&"space ".repeat(case.rows.len()));
    }
    stage
}

/// The verb's dialog, filled in. Nothing was sent so far.
fn filled(case: &Case) -> Stage {
    let mut stage = table(case);
    let keys = keys_in(&stage.app.keymap, case.verb);
    let mut effects = stage.press(&keys);
    answer(&mut stage, effects.clone(), &objects(case));
    effects.extend(stage.press(case.fill));
    assert_eq!(harmful(&effects), Vec::<String>::new(), "{}", case.name);
    assert!(!stage.app.layers.is_empty(), "{}: {}", case.name, notice(&stage));
    stage
}

fn lose(stage: &mut Stage, view: &str) {
    let lost = Trouble::new(TroubleKind::Network, "trouble.broken").with("server", "s");
    stage.deltas(view, vec![Delta::Stale(None, lost)]);
}

/// One case of each verb, and those on several rows.
fn cases() -> impl Iterator<Item = Case> {
    let mut seen = std::collections::BTreeSet::new();
    // Kinds that are not built in want a discovery.
    let all = verbs::all().into_iter().filter(|case| !case.line.starts_with("gizmos"));
    all.filter(move |case| seen.insert(case.verb) || case.rows.len() > 1)
}

#[test]
fn no_verb_is_left_out() {
    assert_eq!(verbs::without_case(ELSEWHERE), Vec::<&str>::new());
}

#[test]
fn a_dialog_that_was_open_before_waits_until_all_is_well() {
    for case in cases() {
        let view = case.line.split(' ').next().unwrap();
        for hindrance in ["switching", "stale"] {
            let mut stage = filled(&case);
            match hindrance {
                "switching" => stage.app.switching = Some("other".into()),
                _ => lose(&mut stage, view),
            }
            let before = screen(&stage);
            let layers = stage.app.layers.len();
            for _ in 0..2 {
                let effects = stage.press("enter");
                assert_eq!(harmful(&effects), Vec::<String>::new(), "{} {hindrance}", case.name);
                let said = stage.app.lang.t(&format!("reason.{hindrance}"));
                assert_eq!(notice(&stage), said, "{}", case.name);
            }
            assert_eq!(stage.app.layers.len(), layers, "{} {hindrance}", case.name);
            stage.app.notice = None;
            assert_eq!(screen(&stage), before, "{}: what was filled in stays", case.name);
            stage.app.switching = None;
            stage.deltas(view, vec![Delta::Live(None)]);
            let mut effects = stage.press("enter");
            // A drain lists the pods once more before it evicts.
            if case.verb == "drain" && harmful(&effects).is_empty() {
                answer(&mut stage, effects.clone(), &objects(&case));
                effects = stage.effects.clone();
            }
            assert!(
                !harmful(&effects).is_empty(),
                "{} {hindrance}\n{}",
                case.name,
                screen(&stage)
            );
        }
    }
}

#[test]
fn a_dialog_of_the_cluster_before_never_reaches_the_next() {
    for case in cases() {
        let mut stage = filled(&case);
        stage.app.switching = Some("other".into());
        stage.event(Event::Link(LinkEvent::Opened(identity("other"))));
        assert!(stage.app.layers.is_empty(), "{}", case.name);
        let effects = stage.press("enter enter right enter y esc");
        assert_eq!(harmful(&effects), Vec::<String>::new(), "{}", case.name);
    }
}

#[test]
fn no_verb_begins_while_another_context_is_opened_or_over_stale_rows() {
    for case in cases() {
        let view = case.line.split(' ').next().unwrap();
        for hindrance in ["switching", "stale"] {
            let mut stage = table(&case);
            match hindrance {
                "switching" => stage.app.switching = Some("other".into()),
                _ => lose(&mut stage, view),
            }
            let keys = keys_in(&stage.app.keymap, case.verb);
            let mut effects = stage.press(&keys);
            effects.extend(stage.press("enter"));
            assert_eq!(harmful(&effects), Vec::<String>::new(), "{} {hindrance}", case.name);
        }
    }
}

/// konn's own editor over an object, with something typed.
fn editor() -> (Stage, Case) {
    let case = Case {
        verb: "edit",
        ..verbs::all().into_iter().find(|case| case.name == "label").unwrap()
    };
    let mut stage = table(&case);
    let effects = stage.press("e");
    answer(&mut stage, effects, &objects(&case));
    let asked = stage.effects.iter().rev().find_map(|effect| match effect {
        Effect::Edit(task, document) => Some((*task, document.text.clone())),
        _ => None,
    });
    let (task, text) = asked.unwrap();
    let text = text.replace("a: \"1\"", "a: typed");
    stage.event(Event::Done(task, Outcome::Unedited(text)));
    (stage, case)
}

#[test]
fn what_stands_in_the_editor_waits_too() {
    for hindrance in ["switching", "stale"] {
        let (mut stage, _) = editor();
        match hindrance {
            "switching" => stage.app.switching = Some("other".into()),
            _ => lose(&mut stage, "configmaps"),
        }
        assert_eq!(harmful(&stage.press("ctrl-s")), Vec::<String>::new(), "{hindrance}");
        assert_eq!(notice(&stage), stage.app.lang.t(&format!("reason.{hindrance}")));
        stage.press("down");
        assert!(screen(&stage).contains("a: typed"), "{}", screen(&stage));
        stage.app.switching = None;
        stage.deltas("configmaps", vec![Delta::Live(None)]);
        assert_eq!(harmful(&stage.press("ctrl-s")).len(), 1, "{hindrance}");
    }
}

#[test]
fn nobody_leaves_what_stands_in_the_editor_by_accident() {
    for keys in [
        "f1 ctrl-c",
        "f1 : \"q\" enter",
        "f1 : \"pods\" enter",
        "f1 : \"ctx\" space \"other\" enter",
    ] {
        let (mut stage, _) = editor();
        let effects = stage.press(keys);
        let leaves = |effect: &Effect| matches!(effect, Effect::Quit | Effect::Connect(_));
        assert!(!effects.iter().any(leaves), "{keys}: {effects:?}");
        assert_eq!(notice(&stage), stage.app.lang.t("notice.unsaved"), "{keys}");
        while stage.app.layers.len() > 1 {
            stage.press("esc");
        }
        assert!(screen(&stage).contains("a: typed"), "{keys}\n{}", screen(&stage));
    }
}

#[test]
fn the_kubeconfig_waits_too() {
    let context = |name: &str| json!({"metadata": {"name": name, "uid": name}, "current": name == "minikube"});
    for (verb, fill) in [
        ("rename_context", "\"-2\""),
        ("default_namespace", "\"shop\""),
        ("delete_context", "right"),
    ] {
        let mut stage = Stage::new(Set {
            line: "contexts",
            ..Set::default()
        });
        stage.list(
            "contexts",
            rows("contexts", vec![context("minikube"), context("other")]),
        );
        stage.press("j");
        let keys = keys_in(&stage.app.keymap, verb);
        stage.press(&keys);
        stage.press(fill);
        stage.app.switching = Some("other".into());
        assert_eq!(harmful(&stage.press("enter enter")), Vec::<String>::new(), "{verb}");
        stage.app.switching = None;
        assert_eq!(harmful(&stage.press("enter")).len(), 1, "{verb}");
    }
}

#[test]
fn manifests_wait_while_another_context_is_opened() {
    let case = verbs::all().into_iter().find(|case| case.name == "label").unwrap();
    for (line, fill) in [("apply", ""), ("delete-manifest", "right")] {
        let mut stage = table(&case);
        let served = REGISTRY.view("configmaps").unwrap().resource().clone();
        stage.event(Event::Link(LinkEvent::Discovered(Discovery {
            resources: vec![served],
            failed: Vec::new(),
        })));
        stage.press(&format!(": \"{line}\" space \"x.yaml\" enter"));
        let Some(Effect::Load(task, _)) = stage.effects.last().cloned() else {
            panic!("{:?}", stage.effects.last())
        };
        let loaded = Loaded {
            path: "x.yaml".into(),
            text: Ok(kinds::config_map("conf").to_string()),
        };
        let mut effects = stage.event(Event::Done(task, Outcome::Loaded(vec![loaded])));
        answer(&mut stage, effects.clone(), &objects(&case));
        // What the server says to the trial.
        let trials = stage.effects.iter().rev().find_map(|effect| match effect {
            Effect::Call(task, Request::Change(change)) if change.dry_run => Some(*task),
            _ => None,
        });
        if let Some(task) = trials {
            effects.extend(stage.event(Event::Done(
                task,
                Outcome::Object(Box::new(json!({"data": {"a": "2"}}))),
            )));
        }
        effects.extend(stage.press(fill));
        stage.app.switching = Some("other".into());
        effects.extend(stage.press("enter enter"));
        assert_eq!(harmful(&effects), Vec::<String>::new(), "{line}");
        assert_eq!(notice(&stage), stage.app.lang.t("reason.switching"), "{line}");
        stage.app.switching = None;
        assert_eq!(harmful(&stage.press("enter")).len(), 1, "{line}\n{}", screen(&stage));
    }
}

#[test]
fn a_forward_of_the_configuration_waits_while_another_context_is_opened() {
    let mut stage = Stage::with_pods(Set::default());
    let kept = json!({"name": "web", "target": "svc/web", "ports": ["8080:80"]});
    stage.app.kept = vec![serde_json::from_value(kept).unwrap()];
    stage.app.switching = Some("other".into());
    let keys = ": \"forwards\" space \"web\" enter";
    assert_eq!(harmful(&stage.press(keys)), Vec::<String>::new());
    assert_eq!(notice(&stage), stage.app.lang.t("reason.switching"));
    stage.app.switching = None;
    assert_eq!(harmful(&stage.press(keys)).len(), 1, "{}", notice(&stage));
}
