//! Logs in rings 1 and 2: chunks in, effects and frames out, on a stage without a cluster.
#![allow(clippy::expect_used, clippy::panic, clippy::unwrap_used)]

mod stage;

use konn::core::effect::Effect;
use konn::core::event::Event;
use konn::core::lang::Tongue;
use konn::core::log::{Batch, Reader};
use konn::core::outcome::Outcome;
use konn::core::session::{Chunk, Extent, Feed, LogSession, Session, SessionId};
use konn::core::store::Delta;
use konn::core::trouble::{Trouble, TroubleKind};
use konn::ui::{ColorDepth, Theme, export};
use serde_json::{Value, json};
use stage::{Set, Stage, pod, rows, whole};

/// The frame as text, compared with the one that was looked at.
fn seen(name: &str, stage: &Stage) {
    let theme = Theme::load("dark", None, ColorDepth::TrueColor).unwrap();
    let drawn = export::text(&export::render(&stage.app, &theme));
    assert!(!drawn.contains('\u{1b}'), "nothing that steers a terminal is drawn");
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path("frames");
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| insta::assert_snapshot!(name, drawn));
}

fn batch(text: &str) -> Batch {
    let (mut reader, mut batch) = (Reader::default(), Batch::default());
    reader.read(text.as_bytes(), &mut batch);
    batch
}

/// The sessions that were opened, in their order.
fn opened(stage: &Stage) -> Vec<(SessionId, LogSession)> {
    let open = stage.effects.iter().filter_map(|effect| match effect {
        Effect::Open(id, Session::Log(log)) => Some((*id, log.clone())),
        _ => None,
    });
    open.collect()
}

/// The session of a pod's container that was opened last.
fn session(stage: &Stage, pod: &str) -> SessionId {
    let found = opened(stage).into_iter().rev().find(|(_, log)| log.pod == pod);
    found.unwrap_or_else(|| panic!("no session of {pod}")).0
}

fn say(stage: &mut Stage, pod: &str, text: &str) {
    let id = session(stage, pod);
    stage.event(Event::Stream(id, Chunk::Log(batch(text))));
    // What the layer asks to be woken for comes.
    wake(stage);
}

fn wake(stage: &mut Stage) {
    let wakes = stage.effects.iter().filter_map(|effect| match effect {
        Effect::Wake(task, _) => Some(*task),
        _ => None,
    });
    let wakes: Vec<_> = wakes.collect();
    for task in wakes {
        stage.event(Event::Done(task, Outcome::Rested));
    }
}

/// A stage with the logs of a deployment whose pods are these.
fn logs(set: Set, pods: &[Value]) -> Stage {
    let mut stage = Stage::new(Set {
        line: "deployments",
        ..set
    });
    let web = json!({"apiVersion": "apps/v1", "kind": "Deployment",
        "metadata": {"name": "web", "namespace": "shop", "uid": "d", "creationTimestamp": "2026-11-20T22:00:00Z"},
        "spec": {"replicas": 2, "selector": {"matchLabels": {"app": "web"}}}, "status": {}});
    stage.list("deployments", rows("deployments", vec![web.clone()]));
    stage.press("l");
    stage.list("deployments", vec![whole(&web)]);
    stage.list("pods", pods.iter().map(whole).collect());
    stage
}

fn two_pods() -> [Value; 2] {
    ["web-6b69486c79-h97hx", "web-6b69486c79-jxz2t"].map(|name| pod(name, &[("app", "web")]))
}

const FIRST: &str = "web-6b69486c79-h97hx";
const SECOND: &str = "web-6b69486c79-jxz2t";

/// What two pods of a shop have to say.
fn talk(stage: &mut Stage) {
    say(
        stage,
        FIRST,
        concat!(
            "2026-11-20T22:40:00.1Z I1120 22:40:00.100000       1 main.go:12] listening on :8080\n",
            "2026-11-20T22:40:02.1Z {\"ts\":\"x\",\"level\":\"warn\",\"msg\":\"slow query\",\"ms\":812,\"path\":\"/cart\"}\n",
            "2026-11-20T22:40:04.1Z level=error msg=\"no route to host\" peer=10.1.2.9 attempt=3\n",
            "2026-11-20T22:40:06.1Z \x1b[32mGET\x1b[0m /healthz \x1b[1m200\x1b[0m\x1b]0;owned\x07\n",
            "2026-11-20T22:40:08.1Z 10.0.0.1 - - [20/Nov/2026:22:40:08 +0000] \"GET /x HTTP/1.1\" 502 157\n",
        ),
    );
    say(
        stage,
        SECOND,
        concat!(
            "2026-11-20T22:40:01.1Z started\n",
            "2026-11-20T22:40:03.1Z \tat com.example.Shop.main(Shop.java:42)\n",
            "2026-11-20T22:40:05.1Z 10%\r50%\r100%\n",
            "2026-11-20T22:40:07.1Z 日本語のログ行 🚀 DEBUG\n",
            "2026-11-20T22:40:09.1Z a rather long line that goes on and on, beyond the right edge of any screen of eighty columns, until it ends here\n",
        ),
    );
}

#[test]
fn logs_of_a_deployment() {
    for (name, size, tongue, keys) in [
        ("logs_80x24", (80, 24), Tongue::En, ""),
        ("logs_120x40", (120, 40), Tongue::En, "t w"),
        ("logs_ja", (120, 40), Tongue::Ja, "t t"),
        ("logs_folded", (120, 24), Tongue::En, "e"),
        ("logs_unfolded", (120, 30), Tongue::En, "e e P"),
        ("logs_full_screen", (80, 24), Tongue::En, "z w"),
        ("logs_search", (120, 24), Tongue::En, "/ \"get\" enter n"),
        ("logs_filter_context", (120, 24), Tongue::En, "& \"error|warn\" enter x"),
        ("logs_filter_typed", (80, 24), Tongue::En, "& \"nothing\""),
        ("logs_filter_typed_ja", (80, 24), Tongue::Ja, "& \"nothing\""),
        ("logs_save", (80, 24), Tongue::En, "s"),
    ] {
        let set = Set {
            size,
            tongue,
            ..Set::default()
        };
        let mut stage = logs(set, &two_pods());
        talk(&mut stage);
        stage.press(keys);
        wake(&mut stage);
        seen(name, &stage);
    }
}

#[test]
fn what_became_of_pods_stands_between_their_lines() {
    let mut stage = logs(
        Set {
            size: (100, 20),
            ..Set::default()
        },
        &two_pods(),
    );
    talk(&mut stage);
    let mut crashed = two_pods()[0].clone();
    crashed["status"]["containerStatuses"][0]["restartCount"] = json!(3);
    crashed["status"]["containerStatuses"][0]["state"] = json!({"running": {"startedAt": "2026-11-20T22:40:10Z"}});
    crashed["status"]["containerStatuses"][0]["lastState"] = json!({"terminated": {"exitCode": 137, "reason": "OOMKilled",
        "startedAt": "2026-11-20T22:00:01Z", "finishedAt": "2026-11-20T22:40:08Z"}});
    let id = session(&stage, FIRST);
    let before = stage.effects.len();
    stage.deltas(
        "pods",
        vec![Delta::Apply(whole(&crashed)), Delta::Delete(whole(&two_pods()[1]))],
    );
    let new = &stage.effects[before..];
    assert!(
        new.iter()
            .any(|effect| matches!(effect, Effect::Send(known, Feed::Again) if *known == id)),
        "{new:?}"
    );
    let gone = session(&stage, SECOND);
    assert!(
        new.iter()
            .any(|effect| matches!(effect, Effect::Send(known, Feed::Last) if *known == gone)),
        "{new:?}"
    );
    stage.event(Event::Stream(gone, Chunk::Ended(None)));
    let broken = Trouble::new(TroubleKind::Network, "trouble.server")
        .with("server", "minikube")
        .with("code", "503");
    stage.event(Event::Stream(id, Chunk::Broken(broken)));
    seen("logs_marks", &stage);
}

#[test]
fn following_stops_when_scrolled_up_and_goes_on_at_the_end() {
    let mut stage = logs(Set::default(), &two_pods());
    let lines: String = (0..100)
        .map(|at| format!("2026-11-20T22:30:{:02}.{:03}Z line {at}\n", at / 10, at % 10))
        .collect();
    say(&mut stage, FIRST, &lines);
    let shown = |stage: &Stage| {
        let layer = stage.app.layers.last().unwrap();
        let sheet = layer.sheet(&stage.app.layer_cx(&**layer));
        let lines: Vec<String> = sheet.lines.iter().map(|line| line.text().trim().to_string()).collect();
        (lines, sheet.info.text())
    };
    assert!(shown(&stage).0.last().unwrap().ends_with("line 99"));
    stage.press("k k");
    say(&mut stage, FIRST, "2026-11-20T22:31:00Z line 100\n");
    assert!(
        shown(&stage).0.last().unwrap().ends_with("line 97"),
        "{:?}",
        shown(&stage).0
    );
    assert!(shown(&stage).1.starts_with("↓ 3 new"), "{}", shown(&stage).1);
    stage.press("j j");
    assert!(!shown(&stage).1.contains("following"));
    stage.press("j");
    assert!(shown(&stage).1.contains("following"), "{}", shown(&stage).1);
    say(&mut stage, FIRST, "2026-11-20T22:31:01Z line 101\n");
    assert!(shown(&stage).0.last().unwrap().ends_with("line 101"));
    stage.press("g g");
    assert!(shown(&stage).0[0].ends_with("line 0"));
    stage.press("pagedown");
    assert!(!shown(&stage).0[0].ends_with("line 0"));
    stage.press("f");
    assert!(shown(&stage).0.last().unwrap().ends_with("line 101"));
    // What is older than what is seen moves nothing.
    stage.press("k k k k");
    let before = shown(&stage).0;
    say(&mut stage, SECOND, "2026-11-20T22:29:00Z from before\n");
    let strip = |lines: &[String]| {
        lines
            .iter()
            .map(|line| line.rsplit("line ").next().unwrap().to_string())
            .collect::<Vec<_>>()
    };
    assert_eq!(strip(&shown(&stage).0), strip(&before));
}

#[test]
fn how_much_is_wanted_begins_the_log_anew() {
    let mut stage = logs(Set::default(), &two_pods()[..1]);
    let (first, log) = opened(&stage).remove(0);
    assert_eq!((log.follow, log.extent, log.since), (true, Extent::Tail(1000), None));
    for (keys, since, extent, follow) in [
        ("2", Some("2026-11-20T22:41:31Z"), Extent::All, true),
        ("5 \"head\" space \"20\" enter", None, Extent::Head(20), false),
        ("5 \"22:30\" enter", Some("2026-11-20T22:30:00Z"), Extent::All, true),
        ("0", None, Extent::All, true),
    ] {
        let last = opened(&stage).last().unwrap().0;
        let effects = stage.press(keys);
        assert!(
            effects
                .iter()
                .any(|effect| matches!(effect, Effect::Close(id) if *id == last)),
            "{keys}"
        );
        let (_, log) = opened(&stage).pop().unwrap();
        assert_eq!(
            (log.since, log.extent, log.follow),
            (since.map(|at| at.parse().unwrap()), extent, follow),
            "{keys}"
        );
    }
    // A late chunk of the first session finds nobody.
    stage.event(Event::Stream(first, Chunk::Log(batch("2026-11-20T22:30:00Z late\n"))));
    let layer = stage.app.layers.last().unwrap();
    let sheet = layer.sheet(&stage.app.layer_cx(&**layer));
    assert!(!sheet.lines.iter().any(|line| line.text().contains("late")));
    let effects = stage.press("esc");
    assert!(
        effects.iter().any(|effect| matches!(effect, Effect::Close(_))),
        "{effects:?}"
    );
}

#[test]
fn files_and_pagers_get_what_is_shown_or_all_of_it() {
    let mut stage = logs(Set::default(), &two_pods());
    talk(&mut stage);
    stage.press("& \"level\" enter");
    let saved = |effects: &[Effect]| {
        effects.iter().find_map(|effect| match effect {
            Effect::Save(_, name, text) => Some((name.clone(), String::from_utf8(text.to_vec()).unwrap())),
            _ => None,
        })
    };
    let (name, text) = saved(&stage.press("s enter")).unwrap();
    assert_eq!(name, "web-20261120-224631.log");
    assert_eq!(text.lines().count(), 2, "{text}");
    assert!(text.starts_with(&format!("{FIRST}/app {{\"ts\"")), "{text}");
    let (_, text) = saved(&stage.press("S enter")).unwrap();
    assert_eq!(text.lines().count(), 10);
    assert!(!text.contains('\u{1b}'), "a file has no colours");
    assert!(
        stage
            .press("c")
            .iter()
            .any(|effect| matches!(effect, Effect::Copy(_, text) if text.lines().count() == 2))
    );
    stage.press("esc");
    let paged = stage.press("v");
    let paged = paged
        .iter()
        .any(|effect| matches!(effect, Effect::Page(_, text) if text.windows(5).any(|at| at == b"\x1b[32m")));
    assert!(paged, "a pager shows the program's colours");
}

#[test]
fn a_label_selector_opens_logs_from_the_palette() {
    let mut stage = Stage::with_pods(Set::default());
    stage.press(": \"logs\" space \"-l\" space \"app=web\" enter");
    let (_, spec) = stage.open_watches().pop().unwrap();
    assert_eq!(spec.kubectl(), "kubectl get pods -n shop -l app=web --watch");
    stage.list("pods", two_pods().iter().map(whole).collect());
    assert_eq!(opened(&stage).len(), 2);
    seen("logs_selector", &stage);
}

#[test]
fn what_has_no_logs_says_so() {
    let mut stage = Stage::new(Set {
        line: "configmaps",
        ..Set::default()
    });
    let map = json!({"metadata": {"name": "a", "namespace": "shop", "uid": "u"}});
    stage.list("configmaps", rows("configmaps", vec![map]));
    stage.press("l");
    assert!(
        stage
            .app
            .notice
            .as_ref()
            .is_some_and(|(notice, _)| notice.text.contains("no logs"))
    );
}
