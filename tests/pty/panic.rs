//! A panic gives the terminal back. Nothing in konn panics on demand, so this program runs itself in a terminal, takes
//! it as konn does, and panics.

use std::time::Duration;

use konn::core::app::App;
use konn::runtime::terminal;
use konn::ui::{ColorDepth, Theme};
use portable_pty::CommandBuilder;

use crate::support;
use crate::terminal::{BEFORE, Left, Terminal};

/// Which panic, in the program that runs itself.
const WHERE: &str = "KONN_TEST_PANIC";

fn panics(place: &str) -> Left {
    let mut command = CommandBuilder::new(std::env::current_exe().unwrap());
    command.args([
        "--exact",
        "panic::inside",
        "--ignored",
        "--nocapture",
        "--test-threads",
        "1",
    ]);
    command.env(WHERE, place);
    command.env_remove("RUST_BACKTRACE");
    let terminal = Terminal::run(command, (120, 40));
    terminal.left()
}

#[test]
fn on_the_thread_that_draws() {
    let left = panics("here");
    expect(&left);
}

#[test]
fn on_a_thread_that_works_while_another_draws() {
    let left = panics("elsewhere");
    expect(&left);
}

fn expect(left: &Left) {
    assert_eq!(left.code, 101, "{}", left.screen);
    assert!(left.screen.starts_with(BEFORE), "{}", left.screen);
    assert!(left.screen.contains("the reason of the panic"), "{}", left.screen);
    assert!(left.screen.contains("Please report it"), "{}", left.screen);
    // Nothing is drawn after the terminal was given back.
    let given_back = b"\x1b[?1049l";
    let at = left
        .raw
        .windows(given_back.len())
        .position(|window| window == given_back)
        .unwrap();
    assert!(
        !String::from_utf8_lossy(&left.raw[at..]).contains('◌'),
        "{}",
        left.screen
    );
}

#[test]
#[ignore = "run in a terminal of its own by the tests above"]
fn inside() {
    let Ok(place) = std::env::var(WHERE) else { return };
    let app = App::new(support::setup("pods"));
    let theme = Theme::load("dark", None, ColorDepth::TrueColor).unwrap();
    let mut terminal = terminal::Terminal::take(true).unwrap();
    terminal.draw(&app, &theme).unwrap();
    if place == "here" {
        panic!("the reason of the panic");
    }
    std::thread::spawn(|| panic!("the reason of the panic"));
    let end = std::time::Instant::now() + Duration::from_secs(300);
    while std::time::Instant::now() < end {
        terminal.clear();
        terminal.draw(&app, &theme).unwrap();
    }
}
