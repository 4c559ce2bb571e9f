//! Copying where the clipboard is the terminal's.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use crate::home::{Cluster, Home};
use crate::terminal::Terminal;

/// The sequence by which a terminal takes a text to its clipboard (OSC 52).
fn osc_52(text: &str) -> Vec<u8> {
    format!("\x1b]52;c;{}\x1b\\", STANDARD.encode(text)).into_bytes()
}

#[test]
fn over_ssh_the_terminal_takes_the_text() {
    let cluster = Cluster::new();
    let home = Home::of(&cluster);
    let mut command = home.command(&["-n", "shop"]);
    command.env("SSH_TTY", "/dev/pts/0");
    let mut konn = Terminal::run(command, (120, 40));
    konn.shows("web-2");
    konn.press("jcc");
    konn.wrote(&osc_52("web-1"));
    konn.shows("Copied.");
    konn.press("y");
    konn.shows("kind: Pod");
    konn.press("c");
    // 24 bytes: what follows does not change their encoding.
    konn.wrote(format!("\x1b]52;c;{}", STANDARD.encode("apiVersion: v1\nkind: Pod")).as_bytes());
    konn.press("\x1b");
    konn.lacks("kind: Pod");
    konn.press("q");
    assert_eq!(konn.left().code, 0);
}

#[test]
fn without_a_display_the_terminal_takes_the_text() {
    let cluster = Cluster::new();
    let home = Home::of(&cluster);
    // A machine with a display of its own has a clipboard of its own.
    if cfg!(target_os = "macos") {
        return;
    }
    let mut konn = home.konn(&["-n", "shop"]);
    konn.shows("web-2");
    konn.press("C");
    konn.wrote(&osc_52("web-0"));
    konn.press("q");
    assert_eq!(konn.left().code, 0);
}
