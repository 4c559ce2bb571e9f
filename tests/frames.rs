//! What is seen: every frame is a function of its input, compared to the letter.
#![allow(clippy::expect_used, clippy::panic, clippy::unwrap_used)]

mod stage;

use konn::core::event::Event;
use konn::core::lang::Tongue;
use konn::core::link::LinkEvent;
use konn::core::store::Delta;
use konn::core::trouble::{Trouble, TroubleKind};
use konn::ui::{ColorDepth, Theme, draw, export};
use ratatui::Terminal;
use ratatui::backend::TestBackend;
use serde_json::json;
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
        buffer,
        export::render(&stage.app, &theme),
        "a terminal and a picture show the same"
    );
    let at = terminal.backend().cursor_position();
    if terminal.backend().cursor_visible() {
        buffer[at].set_symbol("▮");
    }
    export::text(&buffer)
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
fn pods() {
    for size in SIZES {
        let mut stage = Stage::with_pods(at(size));
        stage.press("j j");
        seen(&format!("pods_{}x{}", size.0, size.1), &stage);
    }
}
