//! How a container is: its state, the one before, whether it is ready, how often it was started again.

use serde_json::Value;

use crate::core::clock::Clock;
use crate::core::lang::Lang;
use crate::core::text::Tone;

use super::Writer;
use super::time;
use super::value::Read;
use super::words::Words;

/// Reasons to wait that are a container's normal start.
const STARTING: [&str; 3] = ["", "ContainerCreating", "PodInitializing"];

/// What the container's state means to the reader.
pub fn tone(status: &Value) -> Tone {
    let state = status.key("state");
    if state.key("running").is_set() {
        if status.key("ready").truth() {
            Tone::Good
        } else {
            Tone::Warn
        }
    } else if state.key("terminated").is_set() {
        ended(state.key("terminated"))
    } else if STARTING.contains(&state.at("waiting.reason").text()) {
        Tone::Busy
    } else {
        Tone::Error
    }
}

fn ended(terminated: &Value) -> Tone {
    if terminated.key("exitCode").int() == 0 {
        Tone::Muted
    } else {
        Tone::Error
    }
}

/// State, last state, ready, restart count.
pub fn describe(status: &Value, clock: &Clock, out: &mut Writer) {
    state("State", status.key("state"), tone(status), clock, out);
    let last = status.key("lastState");
    if last.key("terminated").is_set() {
        let tone = if ended(last.key("terminated")) == Tone::Error {
            Tone::Warn
        } else {
            Tone::Muted
        };
        state("Last State", last, tone, clock, out);
    }
    let ready = status.key("ready").truth();
    let tone = match tone(status) {
        _ if ready => Tone::Good,
        Tone::Muted => Tone::Plain,
        Tone::Busy => Tone::Busy,
        _ => Tone::Warn,
    };
    out.field("Ready", Words::toned(if ready { "True" } else { "False" }, tone));
    out.field("Restart Count", status.key("restartCount").int());
}

fn state(label: &str, state: &Value, tone: Tone, clock: &Clock, out: &mut Writer) {
    let [running, terminated] = ["running", "terminated"].map(|field| state.key(field));
    if running.is_set() {
        out.field(
            label,
            Words::toned("Running", if tone == Tone::Warn { Tone::Plain } else { tone }),
        );
        out.nested(|out| out.field("Started", time::with_age(running.key("startedAt"), clock, out.lang())));
    } else if terminated.is_set() {
        out.field(label, Words::toned("Terminated", tone));
        out.nested(|out| self::terminated(terminated, tone, clock, out));
    } else {
        let waiting = state.key("waiting");
        out.field(label, Words::toned("Waiting", tone));
        out.nested(|out| reason_and_message(waiting, tone, out));
    }
}

fn terminated(terminated: &Value, tone: Tone, clock: &Clock, out: &mut Writer) {
    reason_and_message(terminated, tone, out);
    let code = terminated.key("exitCode").int();
    let mut words = Words::from(code.to_string());
    if let Some(meaning) = meaning(code, out.lang()) {
        words = words.then(format!("  {meaning}"), Tone::Muted);
    }
    out.field("Exit Code", words);
    if terminated.key("signal").int() > 0 {
        out.field("Signal", terminated.key("signal").int());
    }
    out.field(
        "Started",
        time::with_age(terminated.key("startedAt"), clock, out.lang()),
    );
    out.field(
        "Finished",
        time::with_age(terminated.key("finishedAt"), clock, out.lang()),
    );
}

fn reason_and_message(state: &Value, tone: Tone, out: &mut Writer) {
    for (label, field) in [("Reason", "reason"), ("Message", "message")] {
        if !state.key(field).text().is_empty() {
            out.field(label, Words::toned(state.key(field).text(), tone));
        }
    }
}

/// What an exit code says by convention: beyond 128 a signal ended the process.
fn meaning(code: i64, lang: &Lang) -> Option<String> {
    let signal = match code {
        126 => return Some(lang.t("describe.not_run")),
        127 => return Some(lang.t("describe.not_found")),
        130 => "SIGINT",
        134 => "SIGABRT",
        137 => "SIGKILL",
        139 => "SIGSEGV",
        143 => "SIGTERM",
        _ => return None,
    };
    Some(lang.f("describe.signal", &[("signal", signal)]))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn text(status: Value) -> String {
        let clock = Clock::at("2026-11-20T22:50:00Z".parse().unwrap());
        let mut out = Writer::default();
        describe(&status, &clock, &mut out);
        out.finish().text()
    }

    #[test]
    fn a_waiting_container_says_why() {
        let status = json!({
            "state": {"waiting": {"reason": "ImagePullBackOff", "message": "Back-off pulling image \"nginx:1.2.3.4\""}},
            "lastState": {"terminated": {"exitCode": 137, "signal": 9, "reason": "OOMKilled", "startedAt": "2026-11-20T22:43:00Z", "finishedAt": null}},
            "ready": false, "restartCount": 3,
        });
        let expected = "✗ State:          Waiting
✗   Reason:       ImagePullBackOff
✗   Message:      Back-off pulling image \"nginx:1.2.3.4\"
! Last State:     Terminated
!   Reason:       OOMKilled
    Exit Code:    137  ended by SIGKILL
    Signal:       9
    Started:      Fri, 20 Nov 2026 22:43:00 +0000  7m ago
    Finished:     Mon, 01 Jan 0001 00:00:00 +0000
! Ready:          False
  Restart Count:  3
";
        assert_eq!(text(status), expected);
    }

    #[test]
    fn tones_follow_the_state() {
        for (state, ready, expected) in [
            (json!({"running": {}}), true, Tone::Good),
            (json!({"running": {}}), false, Tone::Warn),
            (json!({"terminated": {"exitCode": 0}}), false, Tone::Muted),
            (json!({"terminated": {"exitCode": 1}}), false, Tone::Error),
            (json!({"waiting": {"reason": "ContainerCreating"}}), false, Tone::Busy),
            (json!({"waiting": {"reason": "CrashLoopBackOff"}}), false, Tone::Error),
            (json!({}), false, Tone::Busy),
        ] {
            assert_eq!(tone(&json!({"state": state, "ready": ready})), expected);
        }
    }
}
