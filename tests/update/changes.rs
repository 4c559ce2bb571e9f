//! Verbs that change the cluster: what is asked, what is sent, and what is refused.

use konn::core::change::{Change, Edit};
use konn::core::effect::Effect;
use konn::core::event::{Event, TaskId};
use konn::core::outcome::Outcome;
use konn::core::policy::{ContextRule, Policy};
use konn::core::request::Request;
use konn::core::store::Delta;
use konn::core::trouble::{Trouble, TroubleKind};
use konn::ui::{ColorDepth, Theme, export, render};
use serde_json::{Value, json};

use super::stage::{Set, Stage, rows};

fn deployment(name: &str, replicas: u32) -> Value {
    json!({"apiVersion": "apps/v1", "kind": "Deployment",
        "metadata": {"name": name, "namespace": "shop", "uid": format!("uid-{name}"), "resourceVersion": "7",
            "creationTimestamp": "2026-11-20T22:00:00Z"},
        "spec": {"replicas": replicas, "selector": {"matchLabels": {"app": name}},
            "template": {"metadata": {"labels": {"app": name}}, "spec": {"containers": [{"name": "app", "image": "nginx:1.27"}]}}},
        "status": {}})
}

fn stage(names: &[&str]) -> Stage {
    let mut stage = Stage::new(Set {
        size: (120, 40),
        line: "deployments",
        ..Set::default()
    });
    stage.list(
        "deployments",
        rows("deployments", names.iter().map(|name| deployment(name, 2)).collect()),
    );
    stage
}

/// The calls among effects.
pub fn calls(effects: &[Effect]) -> Vec<(TaskId, Request)> {
    let call = |effect: &Effect| match effect {
        Effect::Call(task, request) => Some((*task, request.clone())),
        _ => None,
    };
    effects.iter().filter_map(call).collect()
}

/// The changes among effects.
pub fn changes(effects: &[Effect]) -> Vec<Change> {
    let change = |(_, request): (TaskId, Request)| match request {
        Request::Change(change) => Some(*change),
        _ => None,
    };
    calls(effects).into_iter().filter_map(change).collect()
}

/// Answers what a dialog reads, until it asks for nothing more.
fn answer(stage: &mut Stage, mut effects: Vec<Effect>) -> Vec<Effect> {
    loop {
        let mut next = Vec::new();
        for (task, request) in calls(&effects) {
            let answer = match request {
                Request::Get { name, .. } => deployment(&name, 2),
                Request::List { .. } => json!({"items": []}),
                _ => continue,
            };
            next.extend(stage.event(Event::Done(task, Outcome::Object(Box::new(answer)))));
        }
        if next.is_empty() {
            return effects;
        }
        effects = next;
    }
}

pub fn screen(stage: &Stage) -> String {
    let theme = Theme::load("monochrome", None, ColorDepth::TrueColor).unwrap();
    export::text(&render(&stage.app, &theme))
}

pub fn notice(stage: &Stage) -> String {
    stage
        .app
        .notice
        .as_ref()
        .map(|(notice, _)| notice.text.clone())
        .unwrap_or_default()
}

#[test]
fn scale_reads_asks_shows_the_command_and_sends_one_patch() {
    let mut stage = stage(&["web"]);
    let effects = stage.press("S");
    answer(&mut stage, effects);
    let effects = stage.press("+ +");
    assert!(changes(&effects).is_empty(), "nothing is sent while it is filled in");
    let shown = screen(&stage);
    for wanted in [
        "Scale deployment/web",
        "minikube",
        "shop",
        "now 2",
        "$ kubectl scale deployment/web -n shop --replicas=4",
    ] {
        assert!(shown.contains(wanted), "{wanted}\n{shown}");
    }
    let effects = stage.press("enter");
    let sent = changes(&effects);
    assert_eq!(sent.len(), 1);
    assert_eq!(sent[0].edit, Edit::Merge(json!({"spec": {"replicas": 4}})));
    assert_eq!((sent[0].subresource, sent[0].dry_run), ("scale", false));
    let (task, _) = calls(&effects)[0].clone();
    stage.event(Event::Done(task, Outcome::Object(Box::new(json!({})))));
    assert!(stage.app.layers.is_empty());
    assert_eq!(notice(&stage), "Scaled deployment/web.");
    stage.press("H");
    let shown = screen(&stage);
    assert!(
        shown.contains("patch  deployment/web/scale") && shown.contains("✓"),
        "{shown}"
    );
}

#[test]
fn a_failure_keeps_what_was_typed_and_says_what_the_server_said() {
    let mut stage = stage(&["web"]);
    let effects = stage.press("S");
    answer(&mut stage, effects);
    let effects = stage.press("+ enter");
    let (task, _) = calls(&effects)[0].clone();
    let trouble = Trouble::new(TroubleKind::Forbidden, "trouble.forbidden").answered("quota says no");
    stage.event(Event::Done(task, Outcome::Failed(trouble)));
    let shown = screen(&stage);
    assert!(
        shown.contains("quota says no") && shown.contains("--replicas=3"),
        "{shown}"
    );
    let again = changes(&stage.press("+ enter"));
    assert_eq!(
        again[0].edit,
        Edit::Merge(json!({"spec": {"replicas": 4}})),
        "tried again with what is there now"
    );
}

#[test]
fn marked_rows_go_together_and_what_was_done_is_not_done_again() {
    let mut stage = stage(&["a", "b", "c"]);
    let effects = stage.press("space space space S");
    answer(&mut stage, effects);
    let effects = stage.press("+ enter");
    let sent = calls(&effects);
    assert_eq!(sent.len(), 3);
    for (at, (task, _)) in sent.iter().enumerate() {
        let outcome = match at {
            1 => Outcome::Failed(Trouble::new(TroubleKind::Conflict, "trouble.conflict")),
            _ => Outcome::Object(Box::new(json!({}))),
        };
        stage.event(Event::Done(*task, outcome));
    }
    assert_eq!(screen(&stage).matches("✗").count(), 1, "{}", screen(&stage));
    let again = changes(&stage.press("enter"));
    assert_eq!(
        again.iter().map(|change| change.name.as_str()).collect::<Vec<_>>(),
        ["b"]
    );
}

#[test]
fn deletion_asks_and_the_first_answer_is_no() {
    let mut stage = stage(&["web"]);
    let effects = stage.press("x x");
    answer(&mut stage, effects);
    assert!(screen(&stage).contains("‹Cancel›"), "{}", screen(&stage));
    assert!(changes(&stage.press("enter")).is_empty());
    let effects = stage.press("x x");
    assert!(changes(&answer(&mut stage, effects)).is_empty());
    assert!(changes(&stage.press("enter")).is_empty(), "enter alone deletes nothing");
    let effects = stage.press("x x");
    answer(&mut stage, effects);
    let sent = changes(&stage.press("right enter"));
    assert_eq!(sent.len(), 1);
    assert!(
        matches!(&sent[0].edit, Edit::Delete { uid: Some(uid), .. } if uid == "uid-web"),
        "{:?}",
        sent[0]
    );
    assert_eq!(sent[0].kubectl, "kubectl delete deployment/web -n shop");
}

#[test]
fn a_protected_context_wants_the_name_typed() {
    let mut stage = stage(&["web"]);
    stage.app.policy = Policy {
        contexts: vec![ContextRule {
            pattern: "mini*".into(),
            protected: true,
            read_only: false,
        }],
        ..Policy::default()
    };
    assert!(screen(&stage).contains("protected"), "the header says so");
    let effects = stage.press("x x");
    answer(&mut stage, effects);
    assert!(changes(&stage.press("enter")).is_empty());
    assert!(changes(&stage.press("\"we\" enter")).is_empty());
    assert_eq!(changes(&stage.press("\"b\" enter")).len(), 1);
}

#[test]
fn nothing_that_changes_starts_where_it_must_not() {
    let mut read_only = stage(&["web"]);
    read_only.app.policy.read_only = true;
    let mut stale = stage(&["web"]);
    stale.deltas(
        "deployments",
        vec![Delta::Stale(None, Trouble::new(TroubleKind::Network, "trouble.lost"))],
    );
    let mut switching = stage(&["web"]);
    switching.app.switching = Some("other".into());
    for (name, mut stage) in [("read-only", read_only), ("stale", stale), ("switching", switching)] {
        for key in ["S", "R", "x x"] {
            assert!(calls(&stage.press(key)).is_empty(), "{name} {key}");
            assert!(stage.app.layers.is_empty(), "{name} {key}");
            assert!(!notice(&stage).is_empty(), "{name} {key} says why");
        }
    }
}

#[test]
fn rights_are_asked_for_where_the_cursor_rests_and_a_refusal_is_said() {
    let mut stage = stage(&["web"]);
    let Some(Effect::Wake(rest, _)) = stage
        .effects
        .iter()
        .find(|effect| matches!(effect, Effect::Wake(..)))
        .cloned()
    else {
        panic!("{:?}", stage.effects);
    };
    let asked = calls(&stage.event(Event::Done(rest, Outcome::Rested)));
    let (task, request) = asked
        .iter()
        .find(|(_, request)| request.kubectl().contains("--subresource=scale"))
        .unwrap();
    assert_eq!(
        request.kubectl(),
        "kubectl auth can-i patch deployments.apps --subresource=scale -n shop"
    );
    let refusal = json!({"status": {"allowed": false, "reason": "RBAC: no such luck"}});
    stage.event(Event::Done(*task, Outcome::Object(Box::new(refusal))));
    assert!(calls(&stage.press("S")).is_empty());
    assert!(
        notice(&stage).contains("patch deployments/scale") && notice(&stage).contains("no such luck"),
        "{}",
        notice(&stage)
    );
    // The others may be used; what could not be asked, the server decides.
    for (task, _) in asked.iter().filter(|(other, _)| other != task) {
        stage.event(Event::Done(
            *task,
            Outcome::Failed(Trouble::new(TroubleKind::Forbidden, "trouble.forbidden")),
        ));
    }
    assert!(!calls(&stage.press("R")).is_empty());
}

#[test]
fn a_change_that_nobody_waited_for_is_unknown() {
    let mut stage = stage(&["web"]);
    stage.app.policy.audit = true;
    let effects = stage.press("S");
    answer(&mut stage, effects);
    stage.press("+ enter");
    let effects = stage.press("esc");
    let line = effects.iter().find_map(|effect| match effect {
        Effect::Record(line) => Some(line.clone()),
        _ => None,
    });
    assert!(line.unwrap().contains(r#""outcome":"unknown""#));
}

#[test]
fn what_is_tried_is_compared_with_its_own_object() {
    let mut stage = stage(&["a", "b"]);
    let mut effects = stage.press("space space x r p");
    let object = |name: &str| {
        let mut object = deployment(name, if name == "a" { 5 } else { 2 });
        object["spec"]["paused"] = json!(name == "a");
        object
    };
    let mut all = effects.clone();
    for (task, request) in calls(&effects) {
        if let Request::Get { name, .. } = request {
            effects = stage.event(Event::Done(task, Outcome::Object(Box::new(object(&name)))));
            all.extend(effects.clone());
        }
    }
    let rest = all.iter().rev().find_map(|effect| match effect {
        Effect::Wake(task, _) => Some(*task),
        _ => None,
    });
    let tried = stage.event(Event::Done(rest.unwrap(), Outcome::Rested));
    let sent = changes(&tried);
    assert_eq!(
        (sent[0].name.as_str(), sent[0].dry_run),
        ("b", true),
        "a is paused already"
    );
    let mut after = object("b");
    after["spec"]["paused"] = json!(true);
    stage.event(Event::Done(calls(&tried)[0].0, Outcome::Object(Box::new(after))));
    let shown = screen(&stage);
    assert!(
        shown.contains("+   paused: true") && !shown.contains("name: a") && !shown.contains("replicas: 5"),
        "{shown}"
    );
}

#[test]
fn the_help_says_why_a_verb_is_refused_and_the_footer_does_not_offer_it() {
    let mut stage = stage(&["web"]);
    let footer = |stage: &Stage| screen(stage).lines().last().unwrap_or_default().to_string();
    assert!(footer(&stage).contains("scale"), "{}", screen(&stage));
    stage.app.policy.read_only = true;
    assert!(!footer(&stage).contains("scale"), "{}", screen(&stage));
    stage.press("?");
    stage.press("/");
    stage.press("\"Scale\" enter");
    let shown = screen(&stage);
    let line = shown.lines().find(|line| line.contains("Scale")).unwrap_or_default();
    assert!(line.contains("– ") && line.contains("read-only"), "{line}\n{shown}");
    stage.press("esc esc");
    stage.app.policy.read_only = false;
    stage.press("? / \"Cordon\" enter");
    let shown = screen(&stage);
    let line = shown.lines().find(|line| line.contains("Cordon")).unwrap_or_default();
    assert!(line.contains("This works on nodes only"), "{line}\n{shown}");
}

#[test]
fn the_history_leads_to_the_undoing_of_a_rollout() {
    let mut stage = stage(&["web"]);
    let effects = stage.press("R");
    answer(&mut stage, effects);
    let effects = stage.press("enter");
    let (task, _) = calls(&effects)[0].clone();
    stage.event(Event::Done(task, Outcome::Object(Box::new(json!({})))));
    stage.press("H");
    assert!(
        screen(&stage).contains("Enter: undo this rollout"),
        "{}",
        screen(&stage)
    );
    let effects = stage.press("enter");
    let read = calls(&effects);
    assert!(
        read.iter()
            .any(|(_, request)| matches!(request, Request::Get { name, .. } if name == "web")),
        "{effects:?}"
    );
    answer(&mut stage, effects);
    assert!(screen(&stage).contains("deployment/web"), "{}", screen(&stage));
    assert_eq!(stage.app.layers.len(), 1, "the history is left for the object");
    // Where nothing may be changed, nothing opens.
    stage.press("esc");
    stage.app.policy.read_only = true;
    stage.press("H enter");
    assert!(
        stage.app.layers.is_empty() && notice(&stage).contains("read-only"),
        "{}",
        notice(&stage)
    );
}
