//! Signals end konn as a key does: the terminal is as it was.

use std::process::Command;

use crate::home::pods;
use crate::terminal::BEFORE;

fn signal(name: &str) {
    let (_cluster, _home, konn) = pods();
    let status = Command::new("kill")
        .args(["-s", name, &konn.pid().to_string()])
        .status()
        .unwrap();
    assert!(status.success());
    let left = konn.left();
    assert_eq!((left.code, left.screen.trim()), (0, BEFORE), "SIG{name}");
}

#[test]
fn a_kill_restores_the_terminal() {
    signal("TERM");
}

#[test]
fn a_hangup_restores_the_terminal() {
    signal("HUP");
}

#[test]
fn an_interrupt_restores_the_terminal() {
    signal("INT");
}

#[test]
fn a_closed_window_ends_konn() {
    let (_cluster, _home, konn) = pods();
    // 0 where the signal comes first, 1 where the first draw fails.
    let code = konn.hang_up();
    assert!(code <= 1, "{code}");
}
