//! How the containers of a pod fare: a sentence for each that is not as it should be.

use serde_json::Value;

use super::page::time;
use super::{Page, Seen};
use crate::core::text::Tone;
use crate::describe::Read;
use crate::model::age;

/// Reasons to wait that are a container's normal start.
const STARTING: [&str; 3] = ["", "ContainerCreating", "PodInitializing"];

/// Says what each container waits for or how it ended.
pub fn say(seen: &Seen, page: &mut Page) {
    let status = seen.object.key("status");
    let inits = status.key("initContainerStatuses").list();
    for container in inits {
        init(seen, container, page);
    }
    for container in status.key("containerStatuses").list() {
        one(seen, container, page);
        restarted(seen, container, page);
    }
}

fn init(seen: &Seen, container: &Value, page: &mut Page) {
    let done = container.at("state.terminated").is_set() && container.at("state.terminated.exitCode").int() == 0;
    if done || (container.key("started").truth() && container.key("ready").truth()) {
        return;
    }
    if container.at("state.running").is_set() && !container.key("started").truth() {
        let name = container.key("name").show();
        page.note(Tone::Busy, seen.lang.f("preview.init", &[("name", &name)]));
    } else {
        one(seen, container, page);
    }
    restarted(seen, container, page);
}

fn one(seen: &Seen, container: &Value, page: &mut Page) {
    let name = container.key("name").show();
    let state = container.key("state");
    if state.key("running").is_set() {
        if !container.key("ready").truth() {
            page.note(Tone::Warn, seen.lang.f("preview.not_ready", &[("name", &name)]));
        }
    } else if state.key("terminated").is_set() {
        ended(seen, &name, state.key("terminated"), page);
    } else {
        waits(seen, &name, state.key("waiting"), page);
    }
}

fn waits(seen: &Seen, name: &str, waiting: &Value, page: &mut Page) {
    let reason = waiting.key("reason").text();
    let starts = STARTING.contains(&reason);
    let mut text = match (starts, reason) {
        (true, "") => seen.lang.f("preview.unstarted", &[("name", name)]),
        (true, _) => seen.lang.f("preview.starts", &[("name", name), ("reason", reason)]),
        (false, _) => seen.lang.f("preview.waits", &[("name", name), ("reason", reason)]),
    };
    if !waiting.key("message").text().is_empty() {
        text.push_str(&format!(": {}", waiting.key("message").text()));
    }
    page.note(if starts { Tone::Busy } else { Tone::Error }, text);
}

fn ended(seen: &Seen, name: &str, ended: &Value, page: &mut Page) {
    let code = ended.key("exitCode").int();
    let since = age::since(time(ended.key("finishedAt")), seen.clock.now);
    let args = [
        ("name", name),
        ("code", &code.to_string()),
        ("reason", ended.key("reason").text()),
        ("since", &since),
    ];
    let tone = if code == 0 { Tone::Muted } else { Tone::Error };
    page.note(tone, seen.lang.f("preview.ended", &args));
}

fn restarted(seen: &Seen, container: &Value, page: &mut Page) {
    let count = container.key("restartCount").int();
    let last = container.at("lastState.terminated");
    if count == 0 {
        return;
    }
    let (name, count) = (container.key("name").show(), count.to_string());
    if !last.is_set() {
        let args = [("name", name.as_str()), ("count", &count)];
        return page.note(Tone::Plain, seen.lang.f("preview.restarts", &args));
    }
    let since = age::since(time(last.key("finishedAt")), seen.clock.now);
    let args = [
        ("name", name.as_str()),
        ("count", &count),
        ("code", &last.key("exitCode").int().to_string()),
        ("reason", last.key("reason").text()),
        ("since", &since),
    ];
    let calm = container.key("ready").truth();
    let tone = if calm { Tone::Plain } else { Tone::Warn };
    page.note(tone, seen.lang.f("preview.restarted", &args));
}
