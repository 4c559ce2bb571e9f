//! Probes: what the kubelet asks a container, when, and what follows from the answers.

use serde_json::Value;

use super::context::Context;
use super::image::{Course, course};
use super::kubelet::{name_of, tell};
use super::runtime::{Container, Memory, Run};

/// The kinds of probes, in the order in which they matter.
const KINDS: [(&str, &str); 3] = [
    ("startupProbe", "Startup"),
    ("livenessProbe", "Liveness"),
    ("readinessProbe", "Readiness"),
];

/// What a container's probes found.
#[derive(Clone, Debug, Default)]
pub struct Probes {
    /// Whether it has started, as far as its startup probe knows.
    pub started: bool,
    /// Whether it is ready.
    pub ready: bool,
    /// Failures in a row, by kind of probe.
    fails: [i64; 3],
    /// Successes in a row.
    passes: [i64; 3],
    /// When each probe asks next, in milliseconds.
    next: [i64; 3],
}

impl Probes {
    /// Before the first answer: what no probe asks for holds.
    #[must_use]
    pub fn of(spec: &Value) -> Self {
        let started = spec["startupProbe"].is_null();
        Self {
            started,
            ready: started && spec["readinessProbe"].is_null(),
            ..Self::default()
        }
    }
}

fn number(probe: &Value, field: &str, missing: i64) -> i64 {
    probe[field].as_i64().unwrap_or(missing).max(1)
}

/// When the container's next probe is due, in milliseconds.
#[must_use]
pub fn due(spec: &Value, known: &Container, began: i64) -> Option<i64> {
    let Run::Running(since) = known.run else { return None };
    if known.killing.is_some() {
        return None;
    }
    let next = KINDS.iter().enumerate().filter(|(kind, _)| asks(spec, known, *kind));
    next.map(|(kind, (field, _))| match known.probes.next.get(kind) {
        Some(0) | None => first(&spec[*field], since, began, kind),
        Some(next) => *next,
    })
    .min()
}

/// Whether a probe asks now: nothing is asked before the startup probe is content, and that is not asked afterwards.
fn asks(spec: &Value, known: &Container, kind: usize) -> bool {
    let given = KINDS.get(kind).is_some_and(|(field, _)| spec[*field].is_object());
    given && (kind == 0) != known.probes.started
}

/// Probes ask at the beat of their period, counted from when the pod came; readiness also as soon as the container runs.
fn first(probe: &Value, since: i64, began: i64, kind: usize) -> i64 {
    let period = number(probe, "periodSeconds", 10) * 1000;
    let from = since + probe["initialDelaySeconds"].as_i64().unwrap_or_default() * 1000;
    if kind == 2 && from == since {
        return since;
    }
    let beats = (from - began + period - 1).div_euclid(period).max(1);
    began + beats * period
}

/// Asks every probe of a container that is due. Returns whether the container shall be killed.
pub fn ask(context: &mut Context, pod: &Value, spec: &Value, memory: &mut Memory) -> bool {
    let (now, began) = (context.millis(), memory.began);
    let Some(known) = memory.containers.get_mut(name_of(spec)) else {
        return false;
    };
    let Run::Running(since) = known.run else { return false };
    let course = course(pod, spec);
    for (kind, (field, word)) in KINDS.iter().enumerate() {
        let probe = &spec[*field];
        if !asks(spec, known, kind) || known.killing.is_some() {
            continue;
        }
        let period = number(probe, "periodSeconds", 10) * 1000;
        let next = match known.probes.next.get(kind).copied().unwrap_or_default() {
            0 => first(probe, since, began, kind),
            next => next,
        };
        if next > now {
            continue;
        }
        if let Some(slot) = known.probes.next.get_mut(kind) {
            *slot = next + period * ((now - next) / period + 1);
        }
        let answer = answer(pod, spec, probe, &course, (now - since) / 1000);
        let failed = take(known, probe, kind, answer.is_ok());
        if let Err(why) = answer {
            tell(
                context,
                pod,
                spec,
                "Warning",
                "Unhealthy",
                &format!("{word} probe failed: {why}"),
            );
        }
        if failed && kind < 2 {
            let message = format!(
                "Container {} failed {} probe, will be restarted",
                name_of(spec),
                word.to_lowercase()
            );
            tell(context, pod, spec, "Normal", "Killing", &message);
            return true;
        }
    }
    false
}

/// Counts an answer. Returns whether the probe has failed for good.
fn take(known: &mut Container, probe: &Value, kind: usize, passed: bool) -> bool {
    let wanted = number(probe, "successThreshold", 1);
    let limit = number(probe, "failureThreshold", 3);
    let probes = &mut known.probes;
    let (Some(fails), Some(passes)) = (probes.fails.get_mut(kind), probes.passes.get_mut(kind)) else {
        return false;
    };
    (*fails, *passes) = if passed { (0, *passes + 1) } else { (*fails + 1, 0) };
    let (passed, failed) = (*passes >= wanted, *fails >= limit);
    match kind {
        0 if passed => probes.started = true,
        2 if passed => probes.ready = true,
        2 if failed => probes.ready = false,
        _ => {}
    }
    failed
}

/// What a probe finds at an age of the container, in seconds.
fn answer(pod: &Value, spec: &Value, probe: &Value, course: &Course, age: i64) -> Result<(), String> {
    let address = pod["status"]["podIP"].as_str().unwrap_or_default();
    let refused = |port: i64| format!("dial tcp {address}:{port}: connect: connection refused");
    if probe["exec"].is_object() {
        let words: Vec<&str> = probe["exec"]["command"]
            .as_array()
            .into_iter()
            .flatten()
            .filter_map(Value::as_str)
            .collect();
        return course.run(&words, age);
    }
    if probe["httpGet"].is_object() {
        let get = &probe["httpGet"];
        let port = port(spec, &get["port"]);
        let path = get["path"].as_str().filter(|path| !path.is_empty()).unwrap_or("/");
        let scheme = get["scheme"].as_str().unwrap_or("HTTP").to_lowercase();
        if !course.listens_on(port, age) {
            return Err(format!("Get \"{scheme}://{address}:{port}{path}\": {}", refused(port)));
        }
        return if course.has_page(path) {
            Ok(())
        } else {
            Err("HTTP probe failed with statuscode: 404".to_owned())
        };
    }
    let asked = if probe["tcpSocket"].is_object() {
        &probe["tcpSocket"]["port"]
    } else {
        &probe["grpc"]["port"]
    };
    let port = port(spec, asked);
    if asked.is_null() || course.listens_on(port, age) {
        Ok(())
    } else {
        Err(refused(port))
    }
}

/// A port by its number, or by the name that the container gives it.
fn port(spec: &Value, asked: &Value) -> i64 {
    let named = || {
        let ports = spec["ports"].as_array().into_iter().flatten();
        ports
            .into_iter()
            .find(|port| port["name"] == *asked)
            .and_then(|port| port["containerPort"].as_i64())
    };
    asked.as_i64().or_else(named).unwrap_or_default()
}
