//! Text from a cluster never steers the terminal.

use serde_json::{Value, json};

use crate::home::{Cluster, Home};
use crate::support;
use crate::terminal::Terminal;

/// A window title, a clipboard, a question for the cursor, a device control string, C1 controls, a bell, and text that
/// is read backwards.
const EVIL: &str = "ev\u{1b}]0;pwned\u{7}il\u{1b}]52;c;cHduZWQ=\u{1b}\\\u{1b}[6n\u{1b}[c\u{1b}P1$tx\u{1b}\\\u{9b}31m\u{9d}0;x\u{9c}\u{202e}\u{2066}\u{200f}\r\n\u{8}end";

fn pod() -> Value {
    let mut pod = support::pod("shop", &format!("a-{EVIL}"));
    pod["metadata"]["labels"] = json!({"app": EVIL, EVIL: "x"});
    pod["metadata"]["annotations"] = json!({"note": EVIL, EVIL: EVIL});
    pod["spec"]["nodeName"] = EVIL.into();
    pod["spec"]["containers"][0]["image"] = EVIL.into();
    pod["spec"]["containers"][0]["env"] = json!([{"name": EVIL, "value": EVIL}]);
    pod["status"]["reason"] = EVIL.into();
    pod["status"]["message"] = EVIL.into();
    pod["status"]["podIP"] = EVIL.into();
    pod
}

fn event() -> Value {
    json!({"apiVersion": "v1", "kind": "Event", "metadata": {"name": "e1", "namespace": "shop"}, "type": "Warning",
        "involvedObject": {"kind": "Pod", "namespace": "shop", "name": EVIL}, "reason": EVIL, "message": EVIL, "count": 1,
        "source": {"component": EVIL}, "lastTimestamp": "2026-01-01T00:00:00Z", "firstTimestamp": "2026-01-01T00:00:00Z"})
}

#[test]
fn what_konn_writes_is_konns_own() {
    let cluster = Cluster::new();
    cluster.plant(pod());
    cluster.plant(event());
    let kubeconfig = cluster
        .running
        .kubeconfig()
        .replace("mock-dev", "\"e\\e]0;pwned\\avil\\u202e\"");
    let home = Home::new(&kubeconfig);
    let mut konn = Terminal::run(home.command(&["-n", "shop"]), (250, 40));
    konn.shows("web-2");
    konn.shows("a-ev");
    konn.press("w");
    konn.shows("NODE");
    konn.press("d");
    konn.shows("Labels:");
    konn.shows("end");
    konn.press("\x1b");
    konn.lacks("Labels:");
    konn.press("y");
    konn.shows("kind: Pod");
    konn.press("\x1b");
    konn.lacks("kind: Pod");
    konn.press("/\u{1b}[200~\u{9d}0;x\u{202e}web\u{1b}[201~\r");
    konn.shows("web-1");
    konn.press(":");
    konn.shows("Go to");
    konn.press("events\r");
    konn.shows("Warning");
    konn.press("9");
    konn.shows("mock-viewer");
    konn.press("q");
    let left = konn.left();
    assert_eq!(left.code, 0);
    own(&left.raw);
}

/// Expects only control sequences that konn itself writes: the cursor's place, styles, clearing and modes.
fn own(raw: &[u8]) {
    let text = std::str::from_utf8(raw).unwrap();
    let mut rest = text;
    while let Some(at) = rest.find(|ch: char| {
        ch.is_control() || matches!(ch, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
    }) {
        let sequence: String = rest[at..].chars().take(24).collect();
        rest = &rest[at..];
        if let Some(body) = rest.strip_prefix("\u{1b}[") {
            let end = body
                .find(|ch: char| !matches!(ch, '0'..='9' | ';' | ':' | '?'))
                .unwrap();
            let last = body[end..].chars().next().unwrap();
            assert!("HmJKhl".contains(last), "{sequence:?}");
            rest = &body[end + 1..];
        } else {
            assert!(rest.starts_with(['\r', '\n']), "{sequence:?}");
            rest = &rest[1..];
        }
    }
}
