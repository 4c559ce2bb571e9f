//! Shells: keys in, sessions out; what refuses one; who gets the keys.

use bytes::Bytes;
use konn::core::effect::Effect;
use konn::core::event::{Event, Size};
use konn::core::key::{Mouse, MouseAct};
use konn::core::link::LinkEvent;
use konn::core::outcome::Outcome;
use konn::core::request::Request;
use konn::core::session::{Chunk, ExecSession, Feed, Program, Session, SessionId};
use serde_json::json;

use crate::stage::{Set, Stage, identity, pod, rows};

fn stage(set: Set) -> Stage {
    let mut stage = Stage::new(set);
    stage.list("pods", rows("pods", vec![pod("web-0", &[("app", "web")])]));
    stage
}

/// A shell that has begun.
fn open(stage: &mut Stage, keys: &str) -> (SessionId, ExecSession) {
    let effects = stage.press(keys);
    let asked = effects.iter().find_map(|effect| match effect {
        Effect::Call(task, Request::Get { .. }) => Some(*task),
        _ => None,
    });
    let answer = Outcome::Object(Box::new(pod("web-0", &[])));
    let effects = stage.event(Event::Done(asked.expect("the pod is asked for"), answer));
    match effects.last() {
        Some(Effect::Open(session, Session::Exec(exec))) => (*session, exec.clone()),
        _ => panic!("{effects:?}"),
    }
}

/// What went to the program.
fn fed(effects: &[Effect]) -> Vec<u8> {
    let bytes = effects.iter().filter_map(|effect| match effect {
        Effect::Send(_, Feed::Data(bytes)) => Some(bytes.to_vec()),
        _ => None,
    });
    bytes.flatten().collect()
}

fn write(stage: &mut Stage, session: SessionId, text: &'static str) {
    stage.event(Event::Stream(session, Chunk::Out(Bytes::from_static(text.as_bytes()))));
}

#[test]
fn every_keymap_opens_a_shell_and_leaves_it() {
    for keymap in ["default", "vim", "k9s"] {
        let mut stage = stage(Set {
            keymap,
            ..Set::default()
        });
        let (session, exec) = open(&mut stage, "s");
        assert_eq!(
            exec,
            ExecSession {
                namespace: "shop".into(),
                pod: "web-0".into(),
                container: "app".into(),
                program: Program::Run(vec![vec!["bash".into()], vec!["sh".into()]]),
                stdin: true,
                tty: true,
                size: Size { width: 78, height: 21 },
            },
            "{keymap}"
        );
        assert!(stage.press("ctrl-] d").is_empty(), "it goes on");
        assert_eq!((stage.app.layers.len(), stage.app.aside.len()), (0, 1));
        stage.press("$ enter");
        let effects = stage.press("ctrl-] q");
        assert!(
            matches!(effects.as_slice(), [Effect::Close(closed)] if *closed == session),
            "{effects:?}"
        );
        let (_, exec) = open(&mut stage, "x A");
        assert_eq!((exec.program, exec.stdin, exec.tty), (Program::Main, false, false));
    }
}

#[test]
fn all_keys_but_one_are_the_programs() {
    let mut stage = stage(Set::default());
    let (session, _) = open(&mut stage, "s");
    let keys = "q ? : ctrl-c ctrl-l esc tab [ f1 M enter";
    assert_eq!(fed(&stage.press(keys)), b"q?:\x03\x0c\x1b\t[\x1bOPM\r");
    assert_eq!(fed(&stage.press("ctrl-] ctrl-]")), b"\x1d");
    assert!(
        stage.press("ctrl-] j").is_empty(),
        "what was begun for konn is not the program's"
    );
    write(&mut stage, session, "\u{1b}[?1h\u{1b}[?2004h");
    assert_eq!(fed(&stage.press("up")), b"\x1bOA");
    let effects = stage.event(Event::Paste("a\nb\u{1b}[201~".to_string()));
    assert_eq!(fed(&effects), b"\x1b[200~a\rb[201~\x1b[201~");
    // A program that asks for the mouse has it, told in its own cells.
    let click = Mouse {
        act: MouseAct::Click,
        x: 3,
        y: 4,
    };
    assert!(stage.event(Event::Mouse(click)).is_empty());
    write(&mut stage, session, "\u{1b}[?1000h\u{1b}[?1006h");
    assert_eq!(fed(&stage.event(Event::Mouse(click))), b"\x1b[<0;3;3M\x1b[<0;3;3m");
    let effects = stage.event(Event::Resize(Size { width: 100, height: 30 }));
    let sizes: Vec<Size> = effects
        .iter()
        .filter_map(|effect| match effect {
            Effect::Send(_, Feed::Resize(size)) => Some(*size),
            _ => None,
        })
        .collect();
    assert_eq!(sizes, [Size { width: 98, height: 27 }]);
    stage.event(Event::Stream(session, Chunk::Exited(0)));
    assert!(fed(&stage.press("a b")).is_empty());
    stage.press("q");
    assert!(stage.app.layers.is_empty());
}

#[test]
fn what_stands_against_a_shell_is_said() {
    let mut done = pod("web-0", &[]);
    done["status"]["phase"] = json!("Failed");
    for (set, pods, keys, why) in [
        (
            Set {
                read_only: true,
                ..Set::default()
            },
            vec![pod("web-0", &[])],
            "s",
            "read-only",
        ),
        (Set::default(), vec![done.clone()], "s", "completed"),
        (Set::default(), vec![done], "x A", "completed"),
        (
            Set::default(),
            vec![pod("web-0", &[]), pod("web-1", &[])],
            "space space s",
            "one pod",
        ),
        (
            Set::default(),
            vec![pod("web-0", &[])],
            ": \"exec\" enter",
            "command is missing",
        ),
    ] {
        let mut stage = Stage::new(set);
        stage.list("pods", rows("pods", pods));
        stage.press(keys);
        let notice = stage.app.notice.as_ref().map(|(notice, _)| notice.text.clone());
        assert!(
            notice.as_deref().is_some_and(|text| text.contains(why)),
            "{why}: {notice:?}"
        );
        assert!(stage.app.layers.is_empty(), "{why}");
    }
}

#[test]
fn leaving_asks_while_a_shell_is_open_and_another_context_ends_all_of_them() {
    let mut stage = stage(Set::default());
    let (session, _) = open(&mut stage, "s");
    stage.press("ctrl-] d");
    let quits = |effects: &[Effect]| effects.iter().any(|effect| matches!(effect, Effect::Quit));
    assert!(!quits(&stage.press("q")) && !quits(&stage.press("enter")));
    assert!(!quits(&stage.press("ctrl-c ctrl-c esc")));
    assert!(quits(&stage.press("q right enter")), "chosen");
    let connects = |effects: &[Effect]| effects.iter().any(|effect| matches!(effect, Effect::Connect(_)));
    assert!(!connects(&stage.press(": \"ctx\" space \"kind\" enter")));
    assert!(connects(&stage.press("tab enter")));
    stage.event(Event::Link(LinkEvent::Opened(identity("kind"))));
    assert!(stage.app.aside.is_empty());
    stage.event(Event::Stream(session, Chunk::Open));
    assert!(quits(&stage.press("q")), "nothing is left to ask for");
}

#[test]
fn a_shell_stands_in_the_history_and_in_the_audit_file() {
    let mut stage = stage(Set::default());
    stage.app.policy.audit = true;
    let records = |effects: &[Effect]| -> Vec<String> {
        let record = |effect: &Effect| match effect {
            Effect::Record(line) => Some(line.clone()),
            _ => None,
        };
        effects.iter().filter_map(record).collect()
    };
    let asked = stage.press("s");
    let task = asked.iter().find_map(|effect| match effect {
        Effect::Call(task, Request::Get { .. }) => Some(*task),
        _ => None,
    });
    let answer = Outcome::Object(Box::new(pod("web-0", &[])));
    let effects = stage.event(Event::Done(task.expect("the pod is asked for"), answer));
    let session = effects.iter().find_map(|effect| match effect {
        Effect::Open(session, _) => Some(*session),
        _ => None,
    });
    let session = session.expect("a session");
    let opened = records(&effects);
    for part in [
        r#""verb":"create""#,
        r#""object":"pod/web-0/exec""#,
        r#""outcome":"open""#,
        "kubectl exec -it web-0",
    ] {
        assert!(opened.iter().any(|line| line.contains(part)), "{part} {opened:?}");
    }
    let ended = records(&stage.event(Event::Stream(session, Chunk::Exited(3))));
    assert!(ended[0].contains(r#""outcome":"done","exit":3"#), "{ended:?}");
    stage.press("esc H");
    let shown = crate::changes::screen(&stage);
    assert!(
        shown.contains("create pod/web-0/exec") && shown.contains("done · exit code 3"),
        "{shown}"
    );
    // One that is open when konn is left ends there.
    stage.press("esc");
    open(&mut stage, "s");
    stage.press("ctrl-] d");
    let left = stage.press(": \"q!\" enter");
    assert!(left.iter().any(|effect| matches!(effect, Effect::Quit)), "{left:?}");
    assert!(records(&left)[0].contains(r#""outcome":"closed""#), "{left:?}");
}
