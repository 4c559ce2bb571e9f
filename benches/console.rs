//! What a keystroke costs with 20,000 pods: folding, sorting, filtering, drawing. `cargo bench` prints the times and,
//! for folding, the memory that is kept.

#![allow(clippy::panic, reason = "a benchmark that cannot begin has nothing to measure")]

use std::hint::black_box;
use std::sync::OnceLock;

use divan::{AllocProfiler, Bencher};
use konn::core::app::{App, Setup};
use konn::core::clock::{Clock, Time};
use konn::core::effect::Effect;
use konn::core::event::{Event, Size, WatchId};
use konn::core::key::Key;
use konn::core::lang::{Lang, Tongue};
use konn::core::link::{Identity, LinkEvent};
use konn::core::store::{Delta, Table};
use konn::core::view::ViewRef;
use konn::ui::{ColorDepth, Theme, keymaps, render};
use konn::views::REGISTRY;
use serde_json::json;

#[global_allocator]
static ALLOCATOR: AllocProfiler = AllocProfiler::system();

const PODS: usize = 20_000;
const SCREEN: Size = Size { width: 160, height: 48 };

fn main() {
    divan::main();
}

fn now() -> Time {
    Time::from_second(1_760_000_000).unwrap_or_default()
}

fn view() -> ViewRef {
    REGISTRY.view("pods").unwrap_or_else(|| panic!("there are pods"))
}

/// Pods as a server sends them, without what rows skip: 40 namespaces, 20 nodes, a few of them broken.
fn pods() -> &'static [String] {
    static TEXTS: OnceLock<Vec<String>> = OnceLock::new();
    TEXTS.get_or_init(|| (0..PODS).map(pod).collect())
}

fn pod(at: usize) -> String {
    let (app, hash) = (at / 10, (at * 7919) % 0xfffff);
    let waiting =
        json!({"waiting": {"reason": "CrashLoopBackOff", "message": "back-off 5m0s restarting failed container"}});
    let state = if at.is_multiple_of(23) {
        waiting
    } else {
        json!({"running": {"startedAt": "2025-10-01T00:00:00Z"}})
    };
    json!({
        "metadata": {
            "name": format!("app-{app}-{hash:05x}-{at:05x}"), "namespace": format!("team-{}", at % 40),
            "uid": format!("00000000-0000-4000-8000-{at:012x}"), "resourceVersion": (1000 + at).to_string(),
            "creationTimestamp": "2025-10-01T00:00:00Z",
            "labels": {"app.kubernetes.io/name": format!("app-{app}"), "app.kubernetes.io/part-of": "shop", "pod-template-hash": format!("{hash:05x}")},
            "ownerReferences": [{"apiVersion": "apps/v1", "kind": "ReplicaSet", "name": format!("app-{app}-{hash:05x}"), "uid": "u", "controller": true}]
        },
        "spec": {"nodeName": format!("node-{}", at % 20), "containers": [{"name": "c", "image": "registry.example.com/app:1", "resources": {"requests": {"cpu": "100m", "memory": "128Mi"}}}]},
        "status": {"phase": "Running", "podIP": format!("10.{}.{}.{}", at >> 16, (at >> 8) & 255, at & 255),
            "containerStatuses": [{"name": "c", "ready": !at.is_multiple_of(23), "restartCount": at % 5, "state": state}]}
    })
    .to_string()
}

fn deltas() -> Vec<Delta> {
    let rows = pods()
        .iter()
        .filter_map(|pod| view().decode(pod).ok())
        .map(Delta::Apply);
    std::iter::once(Delta::Listing(None))
        .chain(rows)
        .chain([Delta::Listed(None)])
        .collect()
}

/// The console with all pods on the screen.
fn app() -> App {
    let setup = Setup {
        registry: &REGISTRY,
        keymap: keymaps::load("default", None, &REGISTRY).unwrap_or_else(|error| panic!("{error}")),
        lang: Lang::load(Tongue::En),
        size: SCREEN,
        now: now(),
        scope: None,
        line: "pods".to_string(),
        read_only: false,
        mouse: true,
        log_memory: konn::core::log::MEMORY,
    };
    let mut app = App::new(setup);
    let effects = app.update(Event::Link(LinkEvent::Opened(Identity::default())));
    let id = effects.iter().find_map(|effect| match effect {
        Effect::Watch(id, _) => Some(*id),
        _ => None,
    });
    app.update(Event::Watch(id.unwrap_or(WatchId(0)), deltas()));
    app
}

fn theme() -> Theme {
    Theme::load("dark", None, ColorDepth::TrueColor).unwrap_or_else(|error| panic!("{error}"))
}

fn press(app: &mut App, keys: &str) {
    for key in keys.split_whitespace().filter_map(Key::parse) {
        app.update(Event::Key(key));
    }
}

/// From the server's bytes to rows in the table.
#[divan::bench(sample_count = 10)]
fn decode_and_fold_20000_pods(bencher: Bencher) {
    pods();
    bencher.bench_local(|| {
        let mut table = Table::default();
        table.fold(deltas(), Some(&*view()), &Clock::at(now()));
        table
    });
}

/// A batch of 100 changes into a table of 20,000, with the order brought up to date.
#[divan::bench(sample_count = 50)]
fn fold_100_changes(bencher: Bencher) {
    let mut app = app();
    let id = app
        .screen()
        .and_then(|screen| screen.sections.first()?.watch)
        .unwrap_or(WatchId(0));
    bencher
        .with_inputs(|| deltas().into_iter().skip(1).take(100).collect::<Vec<_>>())
        .bench_local_values(|changes| app.update(Event::Watch(id, changes)));
}

/// `>`: sorted by another column.
#[divan::bench(sample_count = 50)]
fn sort_by_another_column(bencher: Bencher) {
    let mut app = app();
    bencher.bench_local(|| press(&mut app, ">"));
}

/// A letter typed into the filter, the first one and one more, and out again.
#[divan::bench(sample_count = 50, args = ["/ a", "/ a p", "/ 7 7", "/ r e : C r a s h"])]
fn filter(bencher: Bencher, keys: &str) {
    let mut app = app();
    bencher.bench_local(|| {
        press(&mut app, keys);
        press(&mut app, "esc");
    });
}

/// A frame of 160x48.
#[divan::bench(sample_count = 100)]
fn draw_a_frame(bencher: Bencher) {
    let (app, theme) = (app(), theme());
    bencher.bench_local(|| black_box(render(&app, &theme)));
}

/// A keystroke to a drawn frame: a row down, a page down, to the end.
#[divan::bench(sample_count = 100, args = ["j", "pagedown", "G", "space", "w"])]
fn keystroke_to_frame(bencher: Bencher, key: &str) {
    let (mut app, theme) = (app(), theme());
    bencher.bench_local(|| {
        press(&mut app, key);
        black_box(render(&app, &theme))
    });
}
