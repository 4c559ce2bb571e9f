//! What keeps konn from starting, or from getting an answer, at a terminal.

use crate::home::Home;
use crate::terminal::{BEFORE, contains};

#[test]
fn what_cannot_be_opened_is_said_without_taking_the_terminal() {
    for (kubeconfig, args, said) in [
        ("", &[][..], "There is no context in the kubeconfig."),
        ("contexts: [\n  a: }\n", &[], "config is not a valid kubeconfig"),
        ("{}", &["--context", "nope"], "no context \"nope\""),
        ("{}", &["--theme", "nope"], "no theme \"nope\""),
        ("{}", &["--keymap", "nope"], "no keymap \"nope\""),
        ("{}", &["--lang", "nope"], "does not speak \"nope\""),
    ] {
        let home = Home::new(kubeconfig);
        let left = home.konn(args).left();
        let screen = left.screen.replace('\n', "");
        assert_eq!(left.code, 1, "{screen}");
        assert!(
            screen.starts_with(&format!("{BEFORE}konn: ")) && screen.contains(said),
            "{screen}"
        );
        assert!(!contains(&left.raw, b"\x1b"), "{screen}");
    }
}

#[test]
fn a_refused_connection_is_told_on_the_screen_and_left_with_a_key() {
    // Held and not listened at: what is given back may be another test's in a moment.
    let held = tokio::net::TcpSocket::new_v4().unwrap();
    held.bind(([127, 0, 0, 1], 0).into()).unwrap();
    let free = held.local_addr().unwrap();
    let home = Home::new(&format!(
        "current-context: c\ncontexts: [{{name: c, context: {{cluster: c, user: u}}}}]\nclusters: [{{name: c, cluster: {{server: 'http://{free}'}}}}]\nusers: [{{name: u, user: {{}}}}]\n"
    ));
    let mut konn = home.konn(&[]);
    konn.shows("the connection was refused");
    konn.shows("no answer for");
    konn.press("q");
    let left = konn.left();
    assert_eq!((left.code, left.screen.trim()), (0, BEFORE));
}
