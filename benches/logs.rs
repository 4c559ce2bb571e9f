//! What a log costs: lines taken in, from bytes to the journal; a frame of them; memory at the bound; a search.

#![allow(clippy::panic, reason = "a benchmark that cannot begin has nothing to measure")]

use std::hint::black_box;
use std::sync::OnceLock;

use divan::counter::{BytesCount, ItemsCount};
use divan::{AllocProfiler, Bencher};
use konn::core::app::{App, Setup};
use konn::core::clock::Time;
use konn::core::effect::Effect;
use konn::core::event::{Event, Size};
use konn::core::key::Key;
use konn::core::lang::{Lang, Tongue};
use konn::core::link::{Identity, LinkEvent};
use konn::core::log::{Batch, Filter, Journal, MEMORY, Reader, lens};
use konn::core::session::{Chunk, SessionId};
use konn::core::store::Delta;
use konn::core::whole::Whole;
use konn::ui::{ColorDepth, Theme, keymaps, render};
use konn::views::REGISTRY;
use serde_json::json;

#[global_allocator]
static ALLOCATOR: AllocProfiler = AllocProfiler::system();

const LINES: usize = 1_000_000;

fn main() {
    divan::main();
}

/// A million lines as a server sends them, 130 MB: access logs, JSON, and now and then an error.
fn bytes() -> &'static [u8] {
    static BYTES: OnceLock<Vec<u8>> = OnceLock::new();
    BYTES.get_or_init(|| {
        let mut bytes = Vec::with_capacity(LINES * 140);
        for at in 0..LINES {
            let (second, nano) = (at / 20_000, at % 20_000 * 50_000);
            let stamp = format!("2026-11-20T22:{:02}:{:02}.{nano:09}Z", second / 60, second % 60);
            let text = match at % 10 {
                0 => format!(
                    "{{\"level\":\"info\",\"msg\":\"request {at}\",\"path\":\"/cart\",\"ms\":{}}}",
                    at % 900
                ),
                1 if at % 1000 == 1 => format!("level=error msg=\"no route to host\" attempt={at}"),
                _ => format!(
                    "10.244.0.1 - - [20/Nov/2026:22:40:08 +0000] \"GET /item/{at} HTTP/1.1\" 200 {} \"-\" \"curl/8\"",
                    at % 5000
                ),
            };
            bytes.extend_from_slice(format!("{stamp} {text}\n").as_bytes());
        }
        bytes
    })
}

/// The lines in batches, as a session hands them over.
fn batches() -> Vec<Batch> {
    let mut reader = Reader::default();
    let mut batches = Vec::new();
    for piece in bytes().chunks(64 << 10) {
        let mut batch = Batch::default();
        reader.read(piece, &mut batch);
        batches.push(batch);
    }
    batches
}

fn journal(limit: usize) -> Journal {
    let mut journal = Journal::new(limit);
    for batch in batches() {
        journal.take(0, &batch);
    }
    journal
}

/// From bytes to lines: what a session's own task does.
#[divan::bench(sample_count = 3, sample_size = 1)]
fn read_a_million_lines(bencher: Bencher) {
    let bytes = bytes();
    bencher
        .counter(ItemsCount::new(LINES))
        .counter(BytesCount::of_slice(bytes))
        .bench_local(|| black_box(batches().len()));
}

/// Into the journal with its bound of 64 MiB: what the loop does between keys.
#[divan::bench(sample_count = 3, sample_size = 1)]
fn take_in_a_million_lines(bencher: Bencher) {
    let batches = batches();
    bencher.counter(ItemsCount::new(LINES)).bench_local(|| {
        let mut journal = Journal::new(MEMORY);
        batches.iter().for_each(|batch| journal.take(0, batch));
        assert!(journal.memory() <= MEMORY);
        black_box(journal.len())
    });
}

/// The same from twenty pods at once, whose lines must be merged.
#[divan::bench(sample_count = 3, sample_size = 1)]
fn merge_a_million_lines_of_twenty_pods(bencher: Bencher) {
    let batches = batches();
    bencher.counter(ItemsCount::new(LINES)).bench_local(|| {
        let mut journal = Journal::new(256 << 20);
        // Each pod's lines from its first to its last, one pod after the other: the worst order.
        for pod in 0..20u16 {
            let own = batches.iter().skip(usize::from(pod)).step_by(20);
            own.for_each(|batch| journal.take(pod, batch));
        }
        black_box(journal.len())
    });
}

/// A search through all that is kept.
#[divan::bench(sample_count = 10, args = ["no route", "request 123456", "NOWHERE"])]
fn search_64_mib(bencher: Bencher, text: &str) {
    let mut journal = journal(MEMORY);
    bencher.bench_local(|| {
        journal.set_search(lens::search(text));
        journal.work(None, usize::MAX);
        black_box(journal.hit_count())
    });
}

/// The longest that a key waits for a search or a filter: one portion of it.
#[divan::bench(sample_count = 50)]
fn a_portion_of_a_filter(bencher: Bencher) {
    let mut journal = journal(MEMORY);
    bencher.bench_local(|| {
        journal.set_filter(Filter::parse("error -curl", 0).unwrap_or_default());
        journal.work(None, 2 << 20)
    });
}

/// The console on a pod's log, with its session.
fn app() -> (App, SessionId) {
    let mut app = App::new(Setup {
        registry: &REGISTRY,
        keymap: keymaps::load("default", None, &REGISTRY).unwrap_or_else(|error| panic!("{error}")),
        lang: Lang::load(Tongue::En),
        size: Size { width: 160, height: 48 },
        now: Time::from_second(1_795_000_000).unwrap_or_default(),
        scope: None,
        line: "pods".to_string(),
        policy: konn::core::policy::Policy::default(),
        mouse: true,
        log_memory: MEMORY,
    });
    let pod = json!({"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "web-0", "namespace": "shop", "uid": "u"},
        "spec": {"containers": [{"name": "app"}]}, "status": {"phase": "Running",
        "containerStatuses": [{"name": "app", "state": {"running": {"startedAt": "2026-11-20T22:00:00Z"}}}]}})
    .to_string();
    let list = |app: &mut App, effects: Vec<Effect>, whole: bool| {
        let id = effects.iter().find_map(|effect| match effect {
            Effect::Watch(id, _) => Some(*id),
            _ => None,
        });
        let view = REGISTRY.view("pods").unwrap_or_else(|| panic!("there are pods"));
        let row = if whole { Whole::read(&pod) } else { view.decode(&pod) };
        let row = row.unwrap_or_else(|error| panic!("{error}"));
        let deltas = vec![Delta::Listing(None), Delta::Apply(row), Delta::Listed(None)];
        id.map(|id| app.update(Event::Watch(id, deltas))).unwrap_or_default()
    };
    let effects = app.update(Event::Link(LinkEvent::Opened(Identity::default())));
    list(&mut app, effects, false);
    let effects = Key::parse("l")
        .map(|key| app.update(Event::Key(key)))
        .unwrap_or_default();
    let effects = list(&mut app, effects, true);
    let session = effects.iter().find_map(|effect| match effect {
        Effect::Open(id, _) => Some(*id),
        _ => None,
    });
    (app, session.unwrap_or_else(|| panic!("a session was opened")))
}

/// Lines taken in and drawn: a frame after every 12 batches, as a loop that is busy draws.
#[divan::bench(sample_count = 3, sample_size = 1)]
fn take_in_and_draw_a_million_lines(bencher: Bencher) {
    let batches = batches();
    let theme = Theme::load("dark", None, ColorDepth::TrueColor).unwrap_or_else(|error| panic!("{error}"));
    bencher.counter(ItemsCount::new(LINES)).bench_local(|| {
        let (mut app, session) = app();
        for some in batches.chunks(12) {
            for batch in some {
                app.update(Event::Stream(session, Chunk::Log(batch.clone())));
            }
            black_box(render(&app, &theme));
        }
    });
}

/// A key to a drawn frame, with a full view.
#[divan::bench(sample_count = 50, args = ["k", "pageup", "w", "t", "g g", "x"])]
fn keystroke_to_frame(bencher: Bencher, keys: &str) {
    let theme = Theme::load("dark", None, ColorDepth::TrueColor).unwrap_or_else(|error| panic!("{error}"));
    let (mut app, session) = app();
    for batch in batches() {
        app.update(Event::Stream(session, Chunk::Log(batch)));
    }
    bencher.bench_local(|| {
        for key in keys.split_whitespace().filter_map(Key::parse) {
            app.update(Event::Key(key));
        }
        black_box(render(&app, &theme))
    });
}
