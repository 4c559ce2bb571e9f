//! What a keystroke costs with 20,000 pods: folding changes, sorting, filtering, drawing.

#![allow(clippy::panic, reason = "a benchmark that cannot begin has nothing to measure")]

mod support;

use std::cell::RefCell;
use std::hint::black_box;

use divan::Bencher;
use konn::core::app::{App, Setup};
use konn::core::effect::Effect;
use konn::core::event::{Event, Size, WatchId};
use konn::core::key::Key;
use konn::core::lang::{Lang, Tongue};
use konn::core::link::{Identity, LinkEvent};
use konn::ui::{ColorDepth, Theme, keymaps, render};
use konn::views::REGISTRY;
use support::{deltas, now};

const SCREEN: Size = Size { width: 160, height: 48 };

fn main() {
    divan::main();
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
        policy: Default::default(),
        mouse: true,
        columns: Default::default(),
        log_memory: konn::core::log::MEMORY,
        forwards: Default::default(),
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

/// Sorted by a column, in the other direction each time, with its frame: as many to the right as the keys say.
#[divan::bench(sample_count = 50, args = ["", ">", "> >", "> > >", "> > > >", "> > > > >", "> > > > > >"])]
fn sort_by_column(bencher: Bencher, keys: &str) {
    let (mut app, theme) = (app(), theme());
    press(&mut app, "w");
    press(&mut app, keys);
    bencher.bench_local(|| {
        press(&mut app, "!");
        black_box(render(&app, &theme))
    });
}

/// Letters typed into the filter one after the other, each with its frame, and out again: all of it.
#[divan::bench(sample_count = 50, args = ["/ a", "/ a p", "/ 7 7", "/ ^ t", "/ - l a"])]
fn filter(bencher: Bencher, keys: &str) {
    let (mut app, theme) = (app(), theme());
    bencher.bench_local(|| {
        for key in keys.split_whitespace().chain(["esc"]) {
            press(&mut app, key);
            black_box(render(&app, &theme));
        }
    });
}

/// A letter of a regular expression with its frame: the first slice of the rows; those that follow cost no more.
#[divan::bench(sample_count = 20)]
fn regular_expression(bencher: Bencher) {
    let theme = theme();
    let typing = || {
        let mut app = app();
        press(&mut app, "/ r e : C r a s");
        app
    };
    bencher.with_inputs(typing).bench_local_refs(|app| {
        press(app, "h");
        black_box(render(app, &theme))
    });
}

/// A frame of 160x48.
#[divan::bench(sample_count = 100)]
fn draw_a_frame(bencher: Bencher) {
    let (app, theme) = (app(), theme());
    bencher.bench_local(|| black_box(render(&app, &theme)));
}

/// A keystroke to a drawn frame: a row down, a page down, to the end.
#[divan::bench(sample_count = 100, args = ["j", "pagedown", "G", "space", "w", "W"])]
fn keystroke_to_frame(bencher: Bencher, key: &str) {
    let (mut app, theme) = (app(), theme());
    bencher.bench_local(|| {
        press(&mut app, key);
        black_box(render(&app, &theme))
    });
}

/// All rows are marked, with the frame; that they are no more is not counted.
#[divan::bench(sample_count = 100)]
fn mark_all_rows(bencher: Bencher) {
    let (app, theme) = (RefCell::new(app()), theme());
    let unmarked = || {
        if app.borrow().screen().is_some_and(|screen| !screen.marks.is_empty()) {
            press(&mut app.borrow_mut(), "*");
        }
    };
    bencher.with_inputs(unmarked).bench_local_values(|()| {
        press(&mut app.borrow_mut(), "*");
        black_box(render(&app.borrow(), &theme))
    });
}
