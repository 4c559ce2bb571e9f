//! The whole terminal in the hands of a shell: what it writes stands on the person's own screen, and konn comes back by its
//! key and by the end, with the terminal as it was.

use std::cell::Cell;

use crate::home::{Cluster, Home};
use crate::terminal::Terminal;

/// What stays on where nobody switches it off, and what must not reach a terminal at all.
const MODES: &str = r"\033[?1049h\033[?1000h\033[?1006h\033[?2004h\033[?25l\033[?1h\033=\033[31;7m";
const EVIL: &str = r"\033]0;owned\007\033]52;c;b3duZWQ=\007\033[6n\033[c\033P+q544e\033\\\033[8;10;10t\033[5i\033c";

/// A shell of konn that has the whole terminal.
fn whole() -> (Cluster, Home, Terminal) {
    let cluster = Cluster::new();
    let home = Home::of(&cluster);
    let mut konn = Terminal::run(home.command(&["-n", "shop"]), (120, 40));
    konn.shows("web-2");
    konn.press("s");
    konn.shows(":/#");
    konn.press("echo be\"\"fore\r");
    konn.shows("before");
    konn.press("\x1dt");
    konn.until("the person's own screen", |screen| !screen.alternate_screen());
    konn.shows("^] d returns");
    konn.shows("before");
    (cluster, home, konn)
}

#[test]
fn keys_go_to_the_program_the_size_follows_and_the_same_key_leads_back() {
    let (_cluster, _home, mut konn) = whole();
    konn.press("stty size\r");
    konn.shows("40 120");
    konn.resize(100, 30);
    konn.press("q:?\x03");
    // The new size and keys travel by different ways: the program is asked until it knows.
    let knows = Cell::new(false);
    for round in 0..5000 {
        konn.press(&format!("stty size; echo ro\"\"und{round}.\r"));
        konn.until("the answer", |screen| {
            knows.set(screen.contents().contains("30 100"));
            screen.contents().contains(&format!("round{round}."))
        });
        if knows.get() {
            break;
        }
    }
    assert!(knows.get(), "the size follows");
    konn.press("echo mo\"\"re\r");
    konn.shows("more");
    konn.press("\x1dd");
    konn.shows("● live");
    konn.until("konn's screen", vt100::Screen::alternate_screen);
    konn.press("$\r");
    konn.shows("more");
    // Once more, and back into the frame without leaving the shell.
    konn.press("\x1dt");
    konn.until("the person's own screen", |screen| !screen.alternate_screen());
    konn.press("echo twice\x1dt\r");
    konn.until("konn's screen", vt100::Screen::alternate_screen);
    konn.shows("detach");
    konn.press("exit 7\r");
    konn.shows("exit code 7");
    konn.press("qq");
    let left = konn.left();
    assert_eq!(left.code, 0);
    assert!(
        left.screen.contains("before"),
        "what it wrote stands as after kubectl exec:\n{}",
        left.screen
    );
}

#[test]
fn a_program_that_leaves_everything_switched_on_leaves_no_trace() {
    let (_cluster, _home, mut konn) = whole();
    konn.press(&format!("echo -e '{EVIL}'; echo \"af\"\"ter\"\r"));
    konn.shows("after");
    konn.press(&format!("echo -e '{MODES}'; exit 3\r"));
    konn.shows("exit code 3");
    konn.press("qq");
    let left = konn.left();
    assert_eq!(left.code, 0);
    let raw = String::from_utf8_lossy(&left.raw);
    for sequence in [
        "\u{1b}]",
        "\u{1b}P",
        "\u{1b}[6n",
        "\u{1b}[c",
        "\u{1b}c",
        "\u{1b}[8;10;10t",
        "\u{1b}[5i",
    ] {
        assert!(!raw.contains(sequence), "{sequence:?}");
    }
}

#[test]
fn a_signal_gives_back_what_the_program_has() {
    let (_cluster, _home, mut konn) = whole();
    konn.press(&format!("echo -e '{MODES}ready'; cat\r"));
    konn.until("the modes", |screen| screen.alternate_screen() && screen.hide_cursor());
    konn.shows("ready");
    let ended = std::process::Command::new("kill").arg(konn.pid().to_string()).status();
    assert!(ended.unwrap().success());
    konn.left();
}
