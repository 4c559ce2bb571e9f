//! Labels, editing, forms, copying, deletions that hang: keys in, requests out.

use konn::core::change::{Change, Edit};
use konn::core::effect::{Document, Effect};
use konn::core::event::{Event, TaskId};
use konn::core::outcome::Outcome;
use konn::core::request::Request;
use konn::core::trouble::{Trouble, TroubleKind};
use konn::ui::{ColorDepth, Theme, export, render};
use serde_json::{Value, json};

use super::stage::{Set, Stage, pod, rows};

fn object(name: &str) -> Value {
    let mut pod = pod(name, &[("app", "web"), ("tier", "db")]);
    pod["metadata"]["resourceVersion"] = json!("7");
    pod["metadata"]["managedFields"] = json!([{"manager": "kubelet"}]);
    pod
}

fn stage(names: &[&str]) -> Stage {
    let mut stage = Stage::new(Set {
        size: (120, 40),
        ..Set::default()
    });
    stage.list("pods", rows("pods", names.iter().map(|name| object(name)).collect()));
    stage
}

fn calls(effects: &[Effect]) -> Vec<(TaskId, Request)> {
    let call = |effect: &Effect| match effect {
        Effect::Call(task, request) => Some((*task, request.clone())),
        _ => None,
    };
    effects.iter().filter_map(call).collect()
}

fn changes(effects: &[Effect]) -> Vec<Change> {
    let change = |(_, request): (TaskId, Request)| match request {
        Request::Change(change) => Some(*change),
        _ => None,
    };
    calls(effects).into_iter().filter_map(change).collect()
}

/// Answers what is read, until nothing more is.
fn answered(stage: &mut Stage, effects: Vec<Effect>) -> Vec<Effect> {
    let mut next = Vec::new();
    for (task, request) in calls(&effects) {
        if let Request::Get { name, .. } = request {
            next.extend(stage.event(Event::Done(task, Outcome::Object(Box::new(object(&name))))));
        }
    }
    if next.is_empty() {
        effects
    } else {
        answered(stage, next)
    }
}

fn open(stage: &mut Stage, keys: &str) -> Vec<Effect> {
    let effects = stage.press(keys);
    answered(stage, effects)
}

fn fail(stage: &mut Stage, effects: &[Effect], kind: TroubleKind, said: &str) -> Vec<Effect> {
    let (task, _) = calls(effects)[0].clone();
    let id = match kind {
        TroubleKind::Conflict => "trouble.conflict",
        TroubleKind::Invalid => "trouble.invalid",
        _ => "trouble.forbidden",
    };
    stage.event(Event::Done(
        task,
        Outcome::Failed(Trouble::new(kind, id).answered(said)),
    ))
}

fn notice(stage: &Stage) -> String {
    let notice = stage.app.notice.as_ref();
    notice.map(|(notice, _)| notice.text.clone()).unwrap_or_default()
}

fn screen(stage: &Stage) -> String {
    let theme = Theme::load("monochrome", None, ColorDepth::TrueColor).unwrap();
    export::text(&render(&stage.app, &theme))
}

fn edits(effects: &[Effect]) -> (TaskId, Document) {
    let edit = effects.iter().find_map(|effect| match effect {
        Effect::Edit(task, document) => Some((*task, document.clone())),
        _ => None,
    });
    edit.unwrap_or_else(|| panic!("nothing is edited: {effects:?}"))
}

#[test]
fn labels_are_set_changed_and_taken_away() {
    for (keys, patch, command) in [
        (
            "\"new\" tab \"x\"",
            Some(json!({"metadata": {"labels": {"new": "x"}}})),
            "kubectl label pod/web -n shop new=x",
        ),
        ("\"tier\" tab \"db\"", None, ""),
        ("\"tier\" tab \"web\"", None, ""),
        (
            "\"tier\" tab \"web\" tab tab space",
            Some(json!({"metadata": {"labels": {"tier": "web"}}})),
            "kubectl label pod/web -n shop tier=web --overwrite",
        ),
        (
            "\"tier\" tab tab space",
            Some(json!({"metadata": {"labels": {"tier": null}}})),
            "kubectl label pod/web -n shop tier-",
        ),
        ("\"absent\" tab tab space", None, ""),
        ("\"a/b/c\" tab \"x\"", None, ""),
        ("\"new\" tab \"-x\"", None, ""),
        ("", None, ""),
        // What exists completes what is typed.
        (
            "\"ti\" right tab \"web\" tab tab space",
            Some(json!({"metadata": {"labels": {"tier": "web"}}})),
            "kubectl label pod/web -n shop tier=web --overwrite",
        ),
    ] {
        let mut stage = stage(&["web"]);
        open(&mut stage, "x l");
        let mut all = stage.press(keys);
        all.extend(stage.press("enter"));
        let sent: Vec<Change> = changes(&all).into_iter().filter(|change| !change.dry_run).collect();
        assert_eq!(
            sent.first().map(|change| change.edit.clone()),
            patch.map(Edit::Merge),
            "{keys}"
        );
        assert_eq!(
            sent.first().map_or("", |change| change.kubectl.as_str()),
            command,
            "{keys}"
        );
    }
}

#[test]
fn overwriting_shows_the_old_value_and_asks() {
    let mut stage = stage(&["web"]);
    open(&mut stage, "x l");
    stage.press("\"tier\" tab \"web\"");
    let shown = screen(&stage);
    assert!(shown.contains("pod/web has tier=db already"), "{shown}");
}

#[test]
fn many_rows_are_annotated_at_once_with_any_value() {
    let mut stage = stage(&["a", "b"]);
    open(&mut stage, "space space x a");
    let effects = stage.press("\"example.com/Note\" tab \"any/value!\" enter");
    let sent = changes(&effects);
    let commands: Vec<&str> = sent.iter().map(|change| change.kubectl.as_str()).collect();
    assert_eq!(
        commands,
        [
            "kubectl annotate pod/a -n shop 'example.com/Note=any/value!'",
            "kubectl annotate pod/b -n shop 'example.com/Note=any/value!'"
        ]
    );
}

#[test]
fn an_edit_sends_what_differs_on_top_of_what_was_read() {
    let mut stage = stage(&["web"]);
    let effects = open(&mut stage, "e");
    let (task, document) = edits(&effects);
    assert_eq!(document.name, "pod-web.yaml");
    assert!(
        document.text.starts_with("# Please edit the object below."),
        "{}",
        document.text
    );
    assert!(!document.text.contains("managedFields"));
    let text = document.text.replace("app:1", "app:2");
    let effects = stage.event(Event::Done(task, Outcome::Edited(text)));
    let sent = changes(&effects);
    assert_eq!(
        sent[0].edit,
        Edit::Strategic(json!({"metadata": {"resourceVersion": "7"}, "spec": {
            "containers": [{"image": "registry.example.com/app:2", "name": "app"}],
            "$setElementOrder/containers": [{"name": "app"}]}, "status": sent_status(&sent[0])}))
    );
    assert_eq!(sent[0].kubectl, "kubectl edit pods/web -n shop");
    let (task, _) = calls(&effects)[0].clone();
    stage.event(Event::Done(task, Outcome::Object(Box::new(object("web")))));
    assert!(stage.app.layers.is_empty());
    assert_eq!(notice(&stage), "Edited pod/web.");
}

/// The replacement hit the status too: it is sent as it was typed, and the server leaves it out.
fn sent_status(change: &Change) -> Value {
    match &change.edit {
        Edit::Strategic(patch) => patch["status"].clone(),
        _ => Value::Null,
    }
}

#[test]
fn an_edit_without_a_change_sends_nothing() {
    for (text, said) in [
        (None, "Edit cancelled, no changes made."),
        (Some("# only a comment\n"), "Edit cancelled, saved file was empty."),
    ] {
        let mut stage = stage(&["web"]);
        let effects = open(&mut stage, "e");
        let (task, document) = edits(&effects);
        let text = text.map_or(document.text, str::to_string);
        let effects = stage.event(Event::Done(task, Outcome::Edited(text)));
        assert!(effects.is_empty(), "{effects:?}");
        assert_eq!(notice(&stage), said);
        assert!(stage.app.layers.is_empty());
    }
}

#[test]
fn what_is_refused_is_opened_again_with_the_reason_and_then_kept() {
    let mut stage = stage(&["web"]);
    let effects = open(&mut stage, "e");
    let (task, document) = edits(&effects);
    // A mistake of the person's, twice: the second time nothing new was typed.
    let wrong = document.text.replace("kind: Pod", "kind: [");
    let effects = stage.event(Event::Done(task, Outcome::Edited(wrong)));
    let (task, again) = edits(&effects);
    assert!(
        again.text.contains("# The edited file is not valid YAML"),
        "{}",
        again.text
    );
    assert!(again.text.contains("kind: ["), "what was typed is there");
    // Mended, but the server refuses.
    let mended = again
        .text
        .replace("kind: [", "kind: Pod")
        .replace("node-0001", "node-2");
    let effects = stage.event(Event::Done(task, Outcome::Edited(mended)));
    assert_eq!(changes(&effects).len(), 1);
    let effects = fail(
        &mut stage,
        &effects,
        TroubleKind::Invalid,
        "Pod \"web\" is invalid: spec: Forbidden",
    );
    let (task, again) = edits(&effects);
    assert!(
        again.text.contains("# * Pod \"web\" is invalid: spec: Forbidden"),
        "{}",
        again.text
    );
    assert_eq!(again.text.matches("Please edit").count(), 1, "headers do not pile up");
    // Saved again as it is: given up, and kept.
    let effects = stage.event(Event::Done(task, Outcome::Edited(again.text)));
    let Some(Effect::Keep(task, kept)) = effects.first().cloned() else {
        panic!("{effects:?}")
    };
    assert!(
        kept.text.contains("node-2") && !kept.text.contains('#'),
        "{}",
        kept.text
    );
    stage.event(Event::Done(task, Outcome::Saved("/state/kept/x.yaml".into())));
    assert!(notice(&stage).contains("no valid changes") && notice(&stage).contains("/state/kept/x.yaml"));
    assert!(stage.app.layers.is_empty());
}

#[test]
fn a_conflict_is_edited_again_on_top_of_the_newest() {
    let mut stage = stage(&["web"]);
    let effects = open(&mut stage, "e");
    let (task, document) = edits(&effects);
    let text = document.text.replace("node-0001", "node-2");
    let effects = stage.event(Event::Done(task, Outcome::Edited(text)));
    let effects = fail(
        &mut stage,
        &effects,
        TroubleKind::Conflict,
        "the object has been modified",
    );
    let (task, _) = calls(&effects)[0].clone();
    let mut newest = object("web");
    newest["metadata"]["resourceVersion"] = json!("8");
    let effects = stage.event(Event::Done(task, Outcome::Object(Box::new(newest))));
    let (task, again) = edits(&effects);
    assert!(
        again.text.contains("# Somebody else changed the object"),
        "{}",
        again.text
    );
    let effects = stage.event(Event::Done(
        task,
        Outcome::Edited(again.text.replace("node-2", "node-3")),
    ));
    assert_eq!(
        changes(&effects)[0].edit,
        Edit::Strategic(json!({"metadata": {"resourceVersion": "8"}, "spec": {"nodeName": "node-3"}}))
    );
    // What cannot be mended is kept at once.
    let effects = fail(&mut stage, &effects, TroubleKind::Forbidden, "no");
    assert!(matches!(effects.first(), Some(Effect::Keep(..))), "{effects:?}");
}

#[test]
fn without_an_editor_there_is_one() {
    let mut stage = stage(&["web"]);
    let effects = open(&mut stage, "e");
    let (task, document) = edits(&effects);
    stage.event(Event::Done(task, Outcome::Unedited(document.text)));
    assert!(screen(&stage).contains("apiVersion: v1"), "{}", screen(&stage));
    // Typed, then put away: it is kept all the same.
    let effects = stage.press("end \"x\" esc");
    assert!(matches!(effects.last(), Some(Effect::Keep(_, kept)) if kept.text.starts_with("apiVersion: v1x")));
    let Some(Effect::Keep(task, ..)) = effects.last() else {
        return;
    };
    stage.event(Event::Done(*task, Outcome::Saved("/k".into())));
    let effects = open(&mut stage, "e");
    let (task, document) = edits(&effects);
    let text = document.text.replace("node-0001", "");
    stage.event(Event::Done(task, Outcome::Unedited(text)));
    let sent = changes(&stage.press("ctrl-s"));
    assert_eq!(sent.len(), 1);
}

#[test]
fn forms_make_what_kubectl_makes() {
    let mut stage = stage(&["web"]);
    stage.press(":");
    stage.event(Event::Paste("create secret".into()));
    stage.press("enter");
    let effects = stage.press("\"db\" tab \"password\" tab \"hunter2\"");
    assert!(changes(&effects).is_empty());
    let shown = screen(&stage);
    assert!(!shown.contains("hunter2") && shown.contains("•••••••"), "{shown}");
    assert!(!shown.contains("aHVudGVyMg"), "{shown}");
    let effects = stage.press("enter");
    let sent = changes(&effects);
    let Edit::Create(object) = &sent[0].edit else {
        panic!("{sent:?}")
    };
    assert_eq!(object["data"], json!({"password": "aHVudGVyMg=="}));
    assert_eq!(object["metadata"], json!({"name": "db", "namespace": "shop"}));
    assert_eq!(
        sent[0].recorded(),
        "kubectl create secret generic db --from-literal='password=••••' -n shop"
    );
    let (task, _) = calls(&effects)[0].clone();
    stage.event(Event::Done(task, Outcome::Object(Box::new(json!({})))));
    assert_eq!(notice(&stage), "Created secret/db.");
}

#[test]
fn the_form_is_that_of_the_table() {
    let mut stage = stage(&["web"]);
    stage.press("x n");
    let effects = stage.press("\"test\" tab \"nginx:1\" enter");
    let sent = changes(&effects);
    assert_eq!(sent[0].kubectl, "kubectl run test --image=nginx:1 -n shop");
    let Edit::Create(object) = &sent[0].edit else {
        panic!("{sent:?}")
    };
    assert_eq!(object["metadata"]["labels"], json!({"run": "test"}));
}

#[test]
fn a_deletion_that_hangs_names_its_finalizers() {
    for (finalizers, said) in [(json!(["example.com/wait"]), true), (json!([]), false)] {
        let mut stage = stage(&["web"]);
        open(&mut stage, "x x");
        let effects = stage.press("right enter");
        let (task, _) = calls(&effects)[0].clone();
        let effects = stage.event(Event::Done(task, Outcome::Object(Box::new(json!({})))));
        let Some(Effect::Wake(rest, 10_000)) = effects.first().cloned() else {
            panic!("{effects:?}")
        };
        let effects = stage.event(Event::Done(rest, Outcome::Rested));
        let (task, _) = calls(&effects)[0].clone();
        let mut left = object("web");
        left["metadata"]["deletionTimestamp"] = json!("2026-11-20T22:46:00Z");
        left["metadata"]["finalizers"] = finalizers;
        stage.event(Event::Done(task, Outcome::Object(Box::new(left))));
        assert_eq!(notice(&stage).contains("example.com/wait"), said, "{}", notice(&stage));
    }
}

#[test]
fn the_menu_copies_and_saves() {
    let copied = |keys: &str| -> Vec<String> {
        let mut stage = stage(&["web"]);
        open(&mut stage, "c");
        let copy = |effect: &Effect| match effect {
            Effect::Copy(_, text) => Some(text.clone()),
            _ => None,
        };
        stage.press(keys).iter().filter_map(copy).collect()
    };
    assert_eq!(copied("enter"), ["web"]);
    assert_eq!(copied("c"), ["web"]);
    assert_eq!(copied("j enter"), ["shop/web"]);
    let mut stage = stage(&["web"]);
    open(&mut stage, "c");
    let shown = screen(&stage);
    for wanted in [
        "registry.example.com/app:1",
        "10.1.2.3",
        "kubectl get pods -n shop",
        "apiVersion: v1",
    ] {
        assert!(shown.contains(wanted), "{wanted}\n{shown}");
    }
    stage.press("G k k enter");
    let effects = stage.press("enter");
    let Some(Effect::Save(task, name, text)) = effects.first().cloned() else {
        panic!("{effects:?}")
    };
    assert_eq!(name, "pods-shop-20261120-224631.csv");
    let text = String::from_utf8(text.to_vec()).unwrap();
    assert!(text.starts_with("NAME,READY,STATUS,RESTARTS,AGE"), "{text}");
    let trouble = Trouble::new(TroubleKind::Other, "trouble.save").with("path", "x.csv");
    stage.event(Event::Done(task, Outcome::Failed(trouble)));
    assert!(screen(&stage).contains("x.csv"), "{}", screen(&stage));
    let effects = stage.press("backspace backspace backspace \"txt\" enter");
    assert!(matches!(&effects[..], [Effect::Save(_, name, _)] if name.ends_with(".txt")));
}

#[test]
fn nothing_starts_where_nothing_may_be_changed() {
    let mut stage = stage(&["web"]);
    stage.app.policy.read_only = true;
    for keys in ["e", "x l", "x a", "x n", "x e"] {
        assert!(calls(&stage.press(keys)).is_empty(), "{keys}");
        assert!(stage.app.layers.is_empty(), "{keys}");
    }
    for line in ["apply x.yaml", "delete-manifest x.yaml", "create pod"] {
        stage.press(":");
        stage.event(Event::Paste(line.into()));
        let effects = stage.press("enter");
        assert!(
            !effects.iter().any(|effect| matches!(effect, Effect::Load(..))),
            "{line}"
        );
        assert!(stage.app.layers.is_empty(), "{line}");
        assert!(notice(&stage).contains("read-only"), "{line}: {}", notice(&stage));
    }
    stage.press(":");
    stage.event(Event::Paste("diff x.yaml".into()));
    let effects = stage.press("enter");
    assert!(
        matches!(&effects[..], [Effect::Load(_, path)] if path == "x.yaml"),
        "to say what would change changes nothing: {effects:?}"
    );
}
