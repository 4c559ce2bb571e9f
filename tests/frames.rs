//! What is seen: every frame is a function of its input, compared to the letter.
#![allow(clippy::expect_used, clippy::panic, clippy::unwrap_used)]

#[path = "frames_of/forwards.rs"]
mod forwards;
#[path = "frames_of/reading.rs"]
mod reading;
#[path = "frames_of/shells.rs"]
mod shells;
mod stage;

use std::fs;
use std::path::Path;

use konn::core::event::Event;
use konn::core::lang::Tongue;
use konn::core::link::LinkEvent;
use konn::core::store::Delta;
use konn::core::trouble::{Trouble, TroubleKind};
use konn::ui::{ColorDepth, Theme, draw, export};
use konn::views::REGISTRY;
use ratatui::Terminal;
use ratatui::backend::TestBackend;
use ratatui::buffer::Buffer;
use serde_json::json;
use unicode_width::UnicodeWidthStr;

use stage::{Set, Stage, corpus, pods, rows, whole};

const SIZES: [(u16, u16); 3] = [(80, 24), (120, 40), (200, 60)];

fn theme(name: &str) -> Theme {
    Theme::load(name, None, ColorDepth::TrueColor).unwrap()
}

/// The frame as text, drawn as at a terminal; `▮` where the terminal's cursor stands.
fn frame(stage: &Stage) -> String {
    let theme = theme("dark");
    let size = stage.app.size;
    let mut terminal = Terminal::new(TestBackend::new(size.width, size.height)).unwrap();
    terminal.draw(|frame| draw(&stage.app, &theme, frame)).unwrap();
    let mut buffer = terminal.backend().buffer().clone();
    assert_eq!(
        as_seen(buffer.clone()),
        as_seen(export::render(&stage.app, &theme)),
        "a terminal and a picture show the same"
    );
    let at = terminal.backend().cursor_position();
    if terminal.backend().cursor_visible() {
        buffer[at].set_symbol("▮");
    }
    export::text(&buffer)
}

/// What stands behind the right half of a wide character is not seen.
fn as_seen(mut buffer: Buffer) -> Buffer {
    for at in 1..buffer.content.len() {
        if buffer.content[at - 1].symbol().width() > 1 {
            buffer.content[at] = buffer.content[at - 1].clone();
            buffer.content[at].set_symbol(" ");
        }
    }
    buffer
}

/// Compares a frame with the one that was looked at.
fn seen(name: &str, stage: &Stage) {
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path("frames");
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| insta::assert_snapshot!(name, frame(stage)));
}

fn at(size: (u16, u16)) -> Set {
    Set { size, ..Set::default() }
}

fn refused() -> Trouble {
    Trouble::new(TroubleKind::Refused, "trouble.refused")
        .with("server", "https://192.168.49.2:8443")
        .with("cluster", "minikube")
}

#[test]
fn pods_at_three_sizes() {
    for size in SIZES {
        let mut stage = Stage::with_pods(at(size));
        stage.press("j j");
        seen(&format!("pods_{}x{}", size.0, size.1), &stage);
    }
}

#[test]
fn all_namespaces_wide_and_sorted() {
    let mut stage = Stage::with_pods(at((120, 40)));
    stage.press("a w");
    let mut objects = pods();
    for (at, namespace) in ["kube-system", "logistics", "shop"]
        .iter()
        .cycle()
        .enumerate()
        .take(objects.len())
    {
        objects[at]["metadata"]["namespace"] = json!(namespace);
    }
    stage.list("pods", rows("pods", objects));
    stage.press("> > > > ! G");
    seen("pods_all_wide_sorted", &stage);
    stage.press("right right");
    seen("pods_all_scrolled", &stage);
}

#[test]
fn the_filter_while_it_is_typed_and_after() {
    let mut stage = Stage::with_pods(at((80, 24)));
    stage.press("/ \"crash\"");
    seen("filter_typing", &stage);
    stage.press("enter");
    seen("filter_set", &stage);
    stage.press("/ ctrl-u \"re:(\"");
    seen("filter_invalid", &stage);
    stage.press("ctrl-u \"zzz\" enter");
    seen("filter_nothing", &stage);
}

#[test]
fn marks_and_keys_that_were_begun() {
    let mut stage = Stage::with_pods(at((80, 24)));
    stage.press("space j space");
    seen("marks", &stage);
    stage.press("g");
    seen("pending", &stage);
}

#[test]
fn changes_are_pointed_out_for_a_moment() {
    let mut stage = Stage::new(at((80, 24)));
    let names = ["api-0", "api-1", "web-0", "web-1"];
    stage.list("pods", rows("pods", names.map(|name| stage::pod(name, &[])).to_vec()));
    let mut changed = stage::pod("api-1", &[]);
    changed["metadata"]["resourceVersion"] = json!("2");
    changed["metadata"]["deletionTimestamp"] = json!(stage::NOW);
    let mut all = rows(
        "pods",
        vec![changed, stage::pod("web-2", &[]), stage::pod("web-0", &[])],
    );
    let gone = all.pop().unwrap();
    let mut deltas: Vec<Delta> = all.into_iter().map(Delta::Apply).collect();
    deltas.push(Delta::Delete(gone));
    stage.deltas("pods", deltas);
    seen("flash", &stage);
    stage.pass(3);
    seen("flash_over", &stage);
}

#[test]
fn tables_without_rows_say_why() {
    let stage = Stage::unconnected(at((80, 24)));
    seen("unconnected", &stage);

    let mut stage = Stage::new(at((80, 24)));
    seen("loading", &stage);
    stage.deltas(
        "pods",
        [Delta::Listing(None)]
            .into_iter()
            .chain(rows("pods", pods()[..4].to_vec()).into_iter().map(Delta::Apply))
            .collect(),
    );
    seen("loading_first_rows", &stage);

    let mut stage = Stage::new(at((80, 24)));
    stage.list("pods", Vec::new());
    seen("empty", &stage);

    let mut stage = Stage::new(at((80, 24)));
    stage.deltas("pods", vec![Delta::Stale(None, refused())]);
    seen("failed", &stage);
}

#[test]
fn what_cannot_be_trusted_is_said() {
    let mut stage = Stage::with_pods(Set {
        read_only: true,
        ..at((120, 40))
    });
    stage.deltas(
        "pods",
        vec![
            Delta::Broken("missing field".to_string()),
            Delta::Stale(None, refused()),
        ],
    );
    stage.event(Event::Link(LinkEvent::Lost(refused())));
    stage.pass(12);
    seen("stale", &stage);

    let mut stage = Stage::new(at((80, 24)));
    stage.press("a");
    stage.deltas(
        "pods",
        vec![Delta::Narrowed(["a", "b", "c"].map(str::to_string).to_vec())],
    );
    stage.list("pods", rows("pods", pods()));
    seen("narrowed", &stage);
}

#[test]
fn notices_take_the_room_they_need() {
    let mut stage = Stage::with_pods(at((80, 24)));
    stage.event(Event::Link(LinkEvent::Refused(refused())));
    seen("notice_long", &stage);
    stage.press("]");
    seen("notice", &stage);
}

#[test]
fn the_palette_and_the_help() {
    for (tongue, name) in [(Tongue::En, "en"), (Tongue::Ja, "ja")] {
        let mut stage = Stage::with_pods(Set { tongue, ..at((80, 24)) });
        stage.press(":");
        stage.list("namespaces", rows("namespaces", corpus("namespace")));
        seen(&format!("palette_{name}"), &stage);
        stage.press("\"po\"");
        seen(&format!("palette_typed_{name}"), &stage);
        stage.press("esc ?");
        seen(&format!("help_{name}"), &stage);
        stage.press("G");
        seen(&format!("help_end_{name}"), &stage);
    }
}

#[test]
fn keys_that_were_begun_show_what_can_follow() {
    for (name, tongue, size) in [("en", Tongue::En, (120, 30)), ("ja", Tongue::Ja, (80, 24))] {
        let mut stage = Stage::with_pods(Set { tongue, ..at(size) });
        stage.press("x");
        seen(&format!("begun_{name}"), &stage);
        stage.press("esc g");
        seen(&format!("begun_line_{name}"), &stage);
    }
}

#[test]
fn an_object_as_yaml() {
    let mut stage = Stage::with_pods(at((80, 24)));
    stage.press("j j y");
    seen("yaml_loading", &stage);
    let object = pods()
        .into_iter()
        .find(|pod| pod["metadata"]["name"] == json!(stage.selected()))
        .unwrap();
    stage.list("pods", vec![whole(&object)]);
    seen("yaml", &stage);
    stage.press("/ \"image\"");
    seen("yaml_search", &stage);
    stage.press("enter n");
    seen("yaml_hit", &stage);
}

#[test]
fn an_object_described() {
    let mut stage = Stage::with_pods(at((120, 40)));
    stage.press("j j d");
    let object = pods()
        .into_iter()
        .find(|pod| pod["metadata"]["name"] == json!(stage.selected()))
        .unwrap();
    stage.list("pods", vec![whole(&object)]);
    stage.list("events", Vec::new());
    seen("describe", &stage);
}

/// A pod that crashes, of a service, with a claim that does not exist.
fn crashing() -> serde_json::Value {
    let mut pod = stage::pod("web-0", &[("app", "web")]);
    pod["spec"]["volumes"] = json!([
        {"name": "config", "configMap": {"name": "app"}},
        {"name": "data", "persistentVolumeClaim": {"claimName": "gone"}}]);
    pod["spec"]["nodeName"] = json!(null);
    pod["status"]["containerStatuses"][0]["state"] = json!({"waiting": {"reason": "CrashLoopBackOff"}});
    pod["status"]["containerStatuses"][0]["restartCount"] = json!(5);
    pod
}

#[test]
fn an_object_as_a_tree() {
    for tongue in [Tongue::En, Tongue::Ja] {
        let name = if tongue == Tongue::En { "en" } else { "ja" };
        let mut stage = Stage::new(Set {
            tongue,
            line: "services",
            ..at((80, 16))
        });
        let service = json!({"apiVersion": "v1", "kind": "Service",
            "metadata": {"name": "web", "namespace": "shop", "uid": "s", "resourceVersion": "1"},
            "spec": {"selector": {"app": "web"}, "ports": [{"port": 80}]}});
        stage.list("services", rows("services", vec![service.clone()]));
        stage.press("t");
        stage.list("services", vec![whole(&service)]);
        stage.list("pods", vec![whole(&crashing())]);
        stage.list(
            "configmaps",
            vec![whole(
                &json!({"metadata": {"name": "app", "namespace": "shop", "uid": "c"}}),
            )],
        );
        stage.list("persistentvolumeclaims", Vec::new());
        stage.deltas("serviceaccounts", vec![Delta::Stale(None, refused())]);
        stage.press("j");
        seen(&format!("tree_{name}"), &stage);
    }
}

#[test]
fn what_uses_an_object() {
    let mut stage = Stage::new(Set {
        line: "configmaps",
        ..at((80, 16))
    });
    let config = json!({"apiVersion": "v1", "kind": "ConfigMap",
        "metadata": {"name": "app", "namespace": "shop", "uid": "c", "resourceVersion": "1"}});
    stage.list("configmaps", rows("configmaps", vec![config.clone()]));
    stage.press("u");
    stage.list("configmaps", vec![whole(&config)]);
    stage.list("pods", vec![whole(&crashing())]);
    stage.deltas("jobs", vec![Delta::Stale(None, refused())]);
    seen("used_by", &stage);
}

#[test]
fn the_views_that_are_opened_most() {
    for (view, kind) in [
        ("nodes", "node"),
        ("namespaces", "namespace"),
        ("deployments", "deployment"),
        ("services", "service"),
        ("events", "event"),
        ("limitranges", "limitrange"),
        ("resourcequotas", "resourcequota"),
    ] {
        let mut stage = Stage::new(Set {
            line: view,
            ..at((100, 20))
        });
        stage.press("a");
        stage.list(view, rows(view, corpus(kind)));
        seen(&format!("view_{view}"), &stage);
    }
}

#[test]
fn every_other_view() {
    let opened = [
        "nodes",
        "namespaces",
        "deployments",
        "services",
        "events",
        "limitranges",
        "resourcequotas",
        "pods",
    ];
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/corpus");
    let mut drawn = 0;
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let kind = path.file_stem().unwrap().to_str().unwrap();
        let view = REGISTRY
            .view(kind)
            .filter(|_| path.extension().is_some_and(|extension| extension == "json"));
        let Some(plural) = view.map(|view| view.resource().plural.to_string()) else {
            continue;
        };
        if opened.contains(&plural.as_str()) {
            continue;
        }
        let mut stage = Stage::new(at((120, 24)));
        stage.press(":");
        stage.event(Event::Paste(format!("{plural} all")));
        stage.press("enter w");
        stage.list(&plural, rows(&plural, corpus(kind)));
        seen(&format!("view_{plural}"), &stage);
        drawn += 1;
    }
    assert!(drawn > 25, "only {drawn}");
}

#[test]
fn several_views_below_each_other() {
    let mut stage = Stage::new(Set {
        line: "storage",
        ..at((120, 40))
    });
    for (kind, plural) in [
        ("persistentvolumeclaim", "persistentvolumeclaims"),
        ("persistentvolume", "persistentvolumes"),
    ] {
        stage.list(plural, rows(plural, corpus(kind)));
    }
    stage.list("storageclasses", Vec::new());
    stage.press("j j j");
    seen("storage", &stage);
}

#[test]
fn text_from_the_cluster_cannot_break_the_frame() {
    let mut stage = Stage::new(at((80, 24)));
    let names = [
        "web-0\u{1b}[2J\u{7}",
        "日本語のとても長い名前のポッドがここにあります-0",
        "🚀🚀-rocket",
        "e\u{301}\u{202e}gnp.exe",
        "x",
    ];
    stage.list("pods", rows("pods", names.map(|name| stage::pod(name, &[])).to_vec()));
    seen("hostile", &stage);
}

#[test]
fn japanese() {
    let set = || Set {
        tongue: Tongue::Ja,
        ..at((80, 24))
    };
    let mut stage = Stage::with_pods(set());
    stage.press("j j");
    seen("ja_pods", &stage);
    stage.press("/ \"crash\"");
    seen("ja_filter", &stage);
    let mut stage = Stage::new(set());
    stage.list("pods", Vec::new());
    seen("ja_empty", &stage);
    let mut stage = Stage::new(set());
    stage.deltas("pods", vec![Delta::Stale(None, refused())]);
    seen("ja_failed", &stage);
}

#[test]
fn screens_that_are_too_small_or_nearly() {
    seen("too_small", &Stage::with_pods(at((36, 6))));
    seen("smallest", &Stage::with_pods(at((40, 8))));
    for width in [0, 1, 39, 41] {
        for height in [0, 1, 7, 9, 30] {
            let mut stage = Stage::with_pods(at((width, height)));
            for keys in ["j", ":", "esc y", "esc /", "esc ?"] {
                stage.press(keys);
                export::render(&stage.app, &theme("dark"));
                // The terminal may have become smaller than the application knows.
                let mut terminal = Terminal::new(TestBackend::new(width / 2, height / 2 + 1)).unwrap();
                terminal.draw(|frame| draw(&stage.app, &theme("dark"), frame)).unwrap();
            }
        }
    }
}

#[test]
fn a_picture_for_each_theme() {
    for name in ["dark", "light", "high-contrast", "colour-blind-safe", "monochrome"] {
        let mut stage = Stage::with_pods(at((100, 30)));
        stage.press("space j j space j");
        let svg = export::svg(&export::render(&stage.app, &theme(name)), &theme(name));
        golden(&format!("theme-{name}.svg"), &svg);
    }
}

#[test]
fn pictures_of_what_is_seen_most() {
    let dark = theme("dark");
    let picture = |stage: &Stage, name: &str| golden(name, &export::svg(&export::render(&stage.app, &dark), &dark));
    let mut stage = Stage::with_pods(at((100, 30)));
    stage.press("j j :");
    stage.list("namespaces", rows("namespaces", corpus("namespace")));
    stage.press("\"de\" down");
    picture(&stage, "palette.svg");
    stage.press("esc y");
    let object = pods()
        .into_iter()
        .find(|pod| pod["metadata"]["name"] == json!(stage.selected()))
        .unwrap();
    stage.list("pods", vec![whole(&object)]);
    stage.press("/ \"im\" enter n");
    picture(&stage, "yaml.svg");
    stage.press("esc esc d");
    stage.list("pods", vec![whole(&object)]);
    stage.list("events", Vec::new());
    picture(&stage, "describe.svg");
    let mut stage = Stage::with_pods(Set {
        tongue: Tongue::Ja,
        ..at((100, 30))
    });
    stage.press("j j / \"init\"");
    picture(&stage, "japanese.svg");
    stage.press("esc ?");
    picture(&stage, "japanese-help.svg");
}

/// Compares a file with the one in `tests/frames`; with `INSTA_UPDATE=always` it is written instead.
fn golden(name: &str, text: &str) {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/frames")
        .join(name);
    if std::env::var("INSTA_UPDATE").is_ok_and(|value| value == "always") {
        std::fs::write(&path, text).unwrap();
    }
    let known = std::fs::read_to_string(&path).unwrap_or_default().replace("\r\n", "\n");
    assert!(
        known == text,
        "{name} is drawn otherwise; INSTA_UPDATE=always writes it anew"
    );
}
