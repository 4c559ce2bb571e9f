//! The terminal becomes larger and smaller.

use crate::home::pods;
use crate::terminal::{BEFORE, Terminal};

#[test]
fn large_tiny_and_back() {
    let (_cluster, _home, mut konn) = pods();
    konn.resize(200, 60);
    konn.until("200 columns", |screen| {
        screen
            .contents()
            .lines()
            .next()
            .is_some_and(|line| line.chars().count() > 180)
            && screen.contents().contains("web-2")
    });
    konn.resize(20, 5);
    konn.shows("konn needs a screen");
    konn.lacks("web-0");
    // Keys do no harm where nothing can be seen.
    konn.press("dj?");
    for (width, height) in [(12, 3), (300, 4), (30, 80), (30, 6)] {
        konn.resize(width, height);
    }
    konn.shows("konn needs a screen of at");
    konn.resize(120, 40);
    konn.lacks("konn needs a screen");
    // What they opened all the same is there now.
    konn.shows("keymap default");
    konn.press("\x1b");
    konn.lacks("keymap default");
    konn.press("\x1b");
    konn.until("pods again", |screen| {
        screen.contents().contains("web-2") && screen.contents().contains("● live")
    });
    konn.press("\x03");
    assert_eq!(konn.left().code, 0);
}

#[test]
fn a_terminal_that_is_tiny_from_the_start_is_told_and_left() {
    let (_cluster, home, konn) = pods();
    drop(konn);
    let mut konn = Terminal::run(home.command(&["-n", "shop"]), (20, 5));
    konn.until("one sentence", |screen| {
        screen.contents().split_whitespace().collect::<Vec<_>>().join(" ") == "konn needs a screen of at least 40×8."
    });
    konn.press("q");
    let left = konn.left();
    assert_eq!((left.code, left.screen.trim()), (0, BEFORE));
}
