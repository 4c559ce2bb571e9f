//! First paint, and keys.

use crate::home::{Cluster, Home, pods};
use crate::terminal::{BEFORE, Terminal};

/// The line of the screen that is drawn as the selected one.
fn selected(konn: &Terminal, name: &str) {
    konn.until(&format!("the cursor on {name}"), |screen| {
        let mut lines = screen.contents();
        lines.retain(|ch| ch != '\r');
        lines.lines().any(|line| line.starts_with('▌') && line.contains(name))
    });
}

#[test]
fn the_first_paint_says_where_one_is_and_what_runs() {
    let (_cluster, _home, mut konn) = pods();
    let screen = konn.screen();
    for text in [
        "mock · admin",
        "shop",
        "Pods 3",
        "NAME",
        "READY",
        "STATUS",
        "web-0",
        "web-1",
        "1/1",
        "Running",
    ] {
        assert!(screen.contains(text), "{text} is missing:\n{screen}");
    }
    konn.until("a taken terminal", |screen| {
        screen.alternate_screen()
            && screen.hide_cursor()
            && screen.bracketed_paste()
            && screen.mouse_protocol_mode() != vt100::MouseProtocolMode::None
    });
    assert!(konn.is_changed(), "raw mode");
    konn.press("q");
    let left = konn.left();
    assert_eq!((left.code, left.screen.trim()), (0, BEFORE));
}

#[test]
fn keys_move_open_and_come_back() {
    let (_cluster, _home, mut konn) = pods();
    selected(&konn, "web-0");
    konn.press("jj");
    selected(&konn, "web-2");
    konn.press("k");
    selected(&konn, "web-1");
    konn.press("\x1b[B");
    selected(&konn, "web-2");
    konn.press("gg");
    selected(&konn, "web-0");
    konn.press("d");
    konn.shows("nginx:1.21");
    konn.press("\x1b");
    konn.lacks("nginx:1.21");
    konn.press("y");
    konn.shows("kind: Pod");
    konn.press("\x1b");
    konn.lacks("kind: Pod");
    konn.press("?");
    konn.shows("keymap default");
    konn.press("\x1b");
    konn.lacks("keymap default");
    // Ctrl-L draws the screen anew, and asks the terminal nothing.
    konn.press("\x0c");
    konn.press("j");
    selected(&konn, "web-1");
    konn.press("\x03");
    let left = konn.left();
    assert_eq!((left.code, left.screen.trim()), (0, BEFORE));
}

#[test]
fn the_palette_goes_elsewhere_and_the_filter_narrows() {
    let (_cluster, _home, mut konn) = pods();
    konn.press("/");
    konn.press("web-1");
    konn.lacks("web-2");
    konn.press("\r");
    selected(&konn, "web-1");
    konn.press("\x1b");
    konn.shows("web-2");
    konn.press(":");
    konn.shows("Go to");
    konn.press("namespaces\r");
    konn.shows("kube-system");
    konn.shows("Active");
    konn.press("[");
    konn.shows("web-2");
    konn.press("\x1b[200~:q\r\x1b[201~");
    konn.press("j");
    konn.shows("web-2");
    konn.press("q");
    assert_eq!(konn.left().code, 0);
}

#[test]
fn enter_goes_into_a_row() {
    let (cluster, home, konn) = pods();
    drop(konn);
    cluster.plant(serde_json::json!({"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "web", "namespace": "shop"},
        "spec": {"replicas": 3, "selector": {"matchLabels": {"app": "web"}}}}));
    let mut konn = home.konn(&["-n", "shop", "-c", "deployments"]);
    selected(&konn, "web");
    konn.press("\r");
    konn.shows("of deployment/web");
    konn.press("\x1b");
    konn.shows("UP-TO-DATE");
    konn.press("q");
    assert_eq!(konn.left().code, 0);
}

#[test]
fn japanese_is_japanese_to_the_last_cell() {
    let cluster = Cluster::new();
    let mut pod = crate::support::pod("shop", "日本語-0");
    pod["status"]["reason"] = "再起動中です".into();
    cluster.plant(pod);
    let home = Home::of(&cluster);
    let mut konn = home.konn(&["--lang", "ja", "-n", "shop"]);
    konn.shows("日本語-0");
    konn.shows("再起動中です");
    konn.press("?");
    konn.shows("キーマップ default");
    konn.press("\x1b");
    konn.lacks("キーマップ default");
    // What is wide takes two cells: the columns stay in line.
    let screen = konn.screen();
    let column = |name: &str, text: &str| {
        let line = screen.lines().find(|line| line.contains(name)).unwrap();
        unicode_width::UnicodeWidthStr::width(&line[..line.find(text).unwrap()])
    };
    assert_eq!(column("日本語-0", "1/1"), column("web-0", "1/1"), "{screen}");
    konn.press("q");
    assert_eq!(konn.left().code, 0);
}
