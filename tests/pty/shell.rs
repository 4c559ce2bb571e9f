//! A shell in a container, in the real binary.

use crate::home::{Cluster, Home};
use crate::terminal::Terminal;

/// A title, a clipboard, questions, sixel, the end of a paste, another screen: as `echo -e` takes it.
const EVIL: &str = r"\033]0;owned\007ev\033]52;c;b3duZWQ=\007il\033[6n\033[c\033P+q544e\033\\\033Pq#0;2;0;0;0~~\033\\\033[201~\033[?1049h\033[?1049l!";

#[test]
fn commands_are_typed_the_size_follows_and_hostile_output_is_only_text() {
    let cluster = Cluster::new();
    let home = Home::of(&cluster);
    let mut konn = Terminal::run(home.command(&["-n", "shop"]), (120, 40));
    konn.shows("web-2");
    konn.press("s");
    konn.shows("detach");
    konn.shows(":/#");
    konn.press("stty size\r");
    konn.shows("37 118");
    konn.resize(100, 30);
    // What stood at the right was cut; konn has drawn it anew.
    konn.shows("● live");
    konn.press("stty size\r");
    konn.shows("27 98");
    // Keys of konn are the program's: Ctrl-C above all.
    konn.press("q:?\x03");
    konn.press("echo here\r");
    konn.shows("here");
    konn.press(&format!("echo -e '{EVIL}'; echo \"after\"\"wards\"\r"));
    konn.shows("afterwards");
    konn.shows("evil");
    // The key that konn keeps, as a terminal sends it.
    konn.press("\x1dd");
    konn.shows("web-2");
    konn.press("q");
    konn.shows("still open");
    konn.press("\x1b");
    konn.lacks("still open");
    konn.press("$\r");
    konn.shows("afterwards");
    konn.press("exit 7\r");
    konn.shows("exit code 7");
    konn.press("q");
    konn.lacks("afterwards");
    konn.press("q");
    let left = konn.left();
    assert_eq!(left.code, 0);
    let raw = String::from_utf8_lossy(&left.raw);
    for sequence in ["\u{1b}]", "\u{1b}P", "\u{1b}[6n", "\u{1b}[c", "\u{1b}[201~"] {
        assert!(!raw.contains(sequence), "{sequence:?}");
    }
}
