//! Shells: at work, choosing a container, at their end, listed, and the question before konn is left.

use bytes::Bytes;
use konn::core::effect::Effect;
use konn::core::event::{Event, TaskId};
use konn::core::lang::Tongue;
use konn::core::outcome::Outcome;
use konn::core::request::Request;
use konn::core::session::{Chunk, SessionId};
use konn::core::trouble::{Trouble, TroubleKind};
use serde_json::Value;

use super::{at, seen};
use crate::stage::{Set, Stage, pod, rows};

fn stage(set: Set) -> Stage {
    let mut stage = Stage::new(set);
    stage.list("pods", rows("pods", vec![pod("web-0", &[("app", "web")])]));
    stage
}

fn asked(stage: &Stage) -> TaskId {
    let asked = stage.effects.iter().rev().find_map(|effect| match effect {
        Effect::Call(task, Request::Get { name, .. }) if name == "web-0" => Some(*task),
        _ => None,
    });
    asked.unwrap()
}

fn session(stage: &Stage) -> SessionId {
    let opened = stage.effects.iter().rev().find_map(|effect| match effect {
        Effect::Open(session, _) => Some(*session),
        _ => None,
    });
    opened.unwrap()
}

fn answer(stage: &mut Stage, pod: Value) {
    let task = asked(stage);
    stage.event(Event::Done(task, Outcome::Object(Box::new(pod))));
}

fn write(stage: &mut Stage, text: &'static str) {
    let session = session(stage);
    stage.event(Event::Stream(session, Chunk::Out(Bytes::from_static(text.as_bytes()))));
}

const TEXT: &str = "root@web-0:/# ls -l --color\r\ntotal 8\r\ndrwxr-xr-x 2 root root 4096 Nov 20 22:00 \u{1b}[1;34mdata\u{1b}[0m\r\n\
    -rwxr-xr-x 1 root root  120 Nov 20 22:00 \u{1b}[1;32mrun.sh\u{1b}[0m\r\n-rw-r--r-- 1 root root   12 Nov 20 22:00 日本語.txt\r\n\
    \u{1b}]0;owned\u{7}root@web-0:/# ";

#[test]
fn a_shell_at_work_and_at_its_end() {
    for (size, tongue, name) in [
        ((80, 24), Tongue::En, "shell_80x24"),
        ((120, 40), Tongue::En, "shell_120x40"),
        ((80, 24), Tongue::Ja, "ja_shell"),
    ] {
        let mut stage = stage(Set { tongue, ..at(size) });
        stage.press("s");
        answer(&mut stage, pod("web-0", &[]));
        write(&mut stage, TEXT);
        seen(name, &stage);
    }
    let mut stage = stage(at((80, 24)));
    stage.press("s");
    answer(&mut stage, pod("web-0", &[]));
    write(&mut stage, TEXT);
    stage.press("ctrl-]");
    seen("shell_leader", &stage);
    stage.press("d $");
    seen("shells", &stage);
    stage.press("esc q");
    seen("shells_leaving", &stage);
    stage.press("esc $ enter");
    let session = session(&stage);
    stage.event(Event::Stream(
        session,
        Chunk::Ended(Some(
            Trouble::new(TroubleKind::Network, "trouble.exec_cut").saying("Connection reset by peer"),
        )),
    ));
    stage.pass(9);
    seen("shell_cut", &stage);
}

#[test]
fn a_container_is_chosen() {
    let mut stage = stage(at((80, 24)));
    let mut two = pod("web-0", &[]);
    two["spec"]["containers"] = serde_json::json!([
        {"name": "app", "image": "registry.example.com/app:1"}, {"name": "istio-proxy", "image": "istio/proxyv2:1.29"}]);
    stage.press("s");
    answer(&mut stage, two);
    seen("shell_choice", &stage);
}
