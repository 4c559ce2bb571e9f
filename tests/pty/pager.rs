//! The pager has the terminal while it runs, and konn has it again after.

use std::os::unix::fs::PermissionsExt;

use crate::home::{Cluster, Home};
use crate::terminal::Terminal;

#[test]
fn a_log_goes_to_the_pager_and_the_terminal_comes_back() {
    let cluster = Cluster::new();
    let written = &cluster.running.api.written;
    let at: jiff::Timestamp = "2026-11-20T22:00:00Z".parse().unwrap();
    // What the log holds against the terminal is gone; its colours are there.
    written.write(
        "shop",
        "web-0",
        "c",
        at,
        "\u{1b}]0;owned\u{7}\u{1b}[31mred words\u{1b}[0m\n",
    );
    let home = Home::of(&cluster);
    let pager = home.path().join("pager");
    std::fs::write(
        &pager,
        "#!/bin/sh\ncat > got\necho PAGING\nread line < /dev/tty\necho \"$line\" > typed\n",
    )
    .unwrap();
    std::fs::set_permissions(&pager, std::fs::Permissions::from_mode(0o755)).unwrap();
    let mut command = home.command(&["-n", "shop"]);
    command.env("PAGER", pager.as_os_str());
    let mut konn = Terminal::run(command, (120, 40));
    konn.shows("web-2");
    konn.press("l");
    konn.shows("red words");
    konn.press("v");
    konn.shows("PAGING");
    konn.press("jkq for the pager\r");
    konn.shows("following");
    konn.lacks("PAGING");
    let read = |name: &str| std::fs::read_to_string(home.path().join(name)).unwrap();
    assert_eq!(read("got"), "\u{1b}[31mred words\u{1b}[0m\u{1b}[0m\n");
    assert_eq!(read("typed"), "jkq for the pager\n");
    // Keys are konn's again.
    konn.press("q");
    konn.shows("web-2");
    konn.press("q");
    assert_eq!(konn.left().code, 0);
}
