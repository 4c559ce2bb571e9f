//! The pane beside the table: it follows the cursor when that rests, and asks nothing for rows that were only passed.
#![allow(clippy::expect_used, clippy::panic, clippy::unwrap_used)]

mod stage;

use konn::core::effect::Effect;
use konn::core::event::{Event, TaskId};
use konn::core::lang::Tongue;
use konn::core::outcome::Outcome;
use konn::core::store::Delta;
use konn::core::trouble::{Trouble, TroubleKind};
use konn::ui::{ColorDepth, Theme, export};
use serde_json::{Value, json};
use stage::{Set, Stage, pod, rows, whole};

fn failing() -> Value {
    let mut pod = pod("web-1", &[("app", "web")]);
    pod["status"]["conditions"] = json!([{"type": "Ready", "status": "False", "reason": "ContainersNotReady",
        "message": "containers with unready status: [app]"}]);
    pod["status"]["containerStatuses"] = json!([{"name": "app", "ready": false, "restartCount": 5,
        "state": {"waiting": {"reason": "CrashLoopBackOff", "message": "back-off 1m20s restarting failed container=app"}},
        "lastState": {"terminated": {"exitCode": 1, "reason": "Error", "finishedAt": "2026-11-20T22:46:16Z"}}}]);
    pod
}

fn event() -> Value {
    json!({"apiVersion": "v1", "kind": "Event", "metadata": {"name": "web-1.1", "namespace": "shop", "uid": "e"}, "type": "Warning",
        "reason": "BackOff", "message": "Back-off restarting failed container app in pod web-1", "count": 7,
        "firstTimestamp": "2026-11-20T22:40:00Z", "lastTimestamp": "2026-11-20T22:46:20Z"})
}

fn stage(set: Set) -> Stage {
    let mut stage = Stage::new(set);
    let pods = vec![pod("web-0", &[]), failing(), pod("web-2", &[])];
    stage.list("pods", rows("pods", pods));
    stage
}

/// What was asked for, in a word or two each.
fn told(effects: &[Effect]) -> Vec<String> {
    let tell = |effect: &Effect| match effect {
        Effect::Watch(_, spec) => spec.kubectl(),
        Effect::Call(_, request) => request.kubectl(),
        Effect::Unwatch(_) => "unwatch".to_string(),
        Effect::Cancel(_) => "cancel".to_string(),
        Effect::Wake(_, milliseconds) => format!("wake {milliseconds}"),
        other => format!("{other:?}"),
    };
    effects.iter().map(tell).collect()
}

/// The cursor has rested.
fn rest(stage: &mut Stage) -> Vec<Effect> {
    let task = stage.effects.iter().rev().find_map(|effect| match effect {
        Effect::Wake(task, _) => Some(*task),
        _ => None,
    });
    stage.event(Event::Done(task.unwrap(), Outcome::Rested))
}

fn log_task(stage: &Stage) -> TaskId {
    let task = stage.effects.iter().rev().find_map(|effect| match effect {
        Effect::Call(task, _) => Some(*task),
        _ => None,
    });
    task.unwrap()
}

/// A whole object comes on the last watch of a resource.
fn comes(stage: &mut Stage, plural: &str, objects: &[Value]) -> Vec<Effect> {
    let mut deltas = vec![Delta::Listing(None)];
    deltas.extend(objects.iter().map(|object| Delta::Apply(whole(object))));
    deltas.push(Delta::Listed(None));
    let id = stage.watch(plural);
    stage.event(Event::Watch(id, deltas))
}

fn pane(stage: &Stage) -> String {
    let sheet = stage.app.preview_sheet().unwrap();
    sheet.lines.iter().map(|line| line.text() + "\n").collect()
}

#[test]
fn nothing_is_asked_for_rows_that_were_only_passed() {
    let mut stage = stage(Set::default());
    assert_eq!(told(&stage.press("tab")), ["wake 150"]);
    assert_eq!(told(&stage.press("j")), ["cancel", "wake 150"]);
    assert_eq!(told(&stage.press("j")), ["cancel", "wake 150"]);
    assert_eq!(told(&rest(&mut stage)), ["kubectl get pods web-2 -n shop --watch"]);
    assert_eq!(told(&stage.press("k")), ["unwatch", "wake 150"]);
    assert_eq!(told(&stage.press("tab")), ["cancel"]);
    assert!(stage.app.preview_sheet().is_none());
}

#[test]
fn it_fills_when_its_data_comes_and_lets_go_when_the_row_is_left() {
    let mut stage = stage(Set::default());
    stage.press("tab j");
    rest(&mut stage);
    assert!(pane(&stage).contains('…'), "{}", pane(&stage));
    let asked = told(&comes(&mut stage, "pods", &[failing()]));
    assert_eq!(asked.len(), 2, "{asked:?}");
    assert!(asked[0].contains("involvedObject.uid=uid-web-1"), "{asked:?}");
    assert_eq!(asked[1], "kubectl logs web-1 -c app -n shop --tail=10");
    comes(&mut stage, "events", &[event()]);
    let task = log_task(&stage);
    stage.event(Event::Done(
        task,
        Outcome::Text("bind: Address already in use\n".into()),
    ));
    for said in [
        "app waits: CrashLoopBackOff",
        "exit code 1",
        "Address already in use",
        "11s (x7 over 6m31s) BackOff",
    ] {
        assert!(pane(&stage).contains(said), "{said} in\n{}", pane(&stage));
    }
    assert!(stage.app.is_settled());
    assert_eq!(told(&stage.press("k")), ["unwatch", "unwatch", "wake 150"]);
}

#[test]
fn a_log_that_cannot_be_read_is_said_in_the_pane_only() {
    let mut stage = stage(Set::default());
    stage.press("tab j");
    rest(&mut stage);
    comes(&mut stage, "pods", &[failing()]);
    let task = log_task(&stage);
    let trouble = Trouble::new(TroubleKind::Forbidden, "trouble.forbidden");
    stage.event(Event::Done(task, Outcome::Failed(trouble)));
    assert!(pane(&stage).contains("You may not do this."), "{}", pane(&stage));
    assert!(stage.app.notice.is_none());
}

#[test]
fn a_log_that_has_not_come_is_given_up_with_the_row() {
    let mut stage = stage(Set::default());
    stage.press("tab j");
    rest(&mut stage);
    comes(&mut stage, "pods", &[failing()]);
    assert_eq!(told(&stage.press("j")), ["unwatch", "unwatch", "cancel", "wake 150"]);
}

#[test]
fn frames() {
    for (name, size, tongue) in [
        ("preview_80x24", (80, 24), Tongue::En),
        ("preview_120x40", (120, 40), Tongue::En),
        ("preview_200x60", (200, 60), Tongue::En),
        ("ja_preview", (120, 40), Tongue::Ja),
    ] {
        let mut stage = stage(Set {
            size,
            tongue,
            ..Set::default()
        });
        stage.press("tab j");
        rest(&mut stage);
        comes(&mut stage, "pods", &[failing()]);
        comes(&mut stage, "events", &[event()]);
        let task = log_task(&stage);
        stage.event(Event::Done(
            task,
            Outcome::Text("starting\nhttpd: bind: Address already in use\n".into()),
        ));
        let theme = Theme::load("dark", None, ColorDepth::TrueColor).unwrap();
        let mut settings = insta::Settings::clone_current();
        settings.set_snapshot_path("frames");
        settings.set_prepend_module_to_snapshot(false);
        settings.set_omit_expression(true);
        settings.bind(|| insta::assert_snapshot!(name, export::text(&export::render(&stage.app, &theme))));
    }
}
