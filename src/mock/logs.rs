//! What a container wrote: what its command prints, at the times at which it would have, the same each time it is asked.

use std::time::Duration;

use axum::body::Body;
use axum::response::Response;
use bytes::Bytes;
use futures::StreamExt as _;
use http::{HeaderValue, header};
use jiff::{SignedDuration, Timestamp};
use serde_json::Value;

use super::clock::rfc3339_micro;
use super::controllers::{Course, course};
use super::server::{Api, ApiError, Call};

/// A container that runs on says something every so many seconds.
const EVERY: i64 = 5;
/// No log is longer than this.
const MOST: i64 = 500;
/// Why there is no log of a run before.
const NO_RUN: &str = "has no previous run";

/// Answers with a container's log.
///
/// # Errors
/// 400 for a container that has not started, or that has not ended before when that run is asked for.
pub fn respond(call: &Call, pod: &Value, container: &str) -> Result<Response, ApiError> {
    let name = pod["metadata"]["name"].as_str().unwrap_or_default();
    let most = call.query.number("limitBytes");
    if let Some(body) = written(call, name, container)? {
        return Ok(plain(limited(body, most)));
    }
    let previous = call.query.flag("previous");
    let log = Log::of(pod, container, previous).map_err(|why| refused(container, name, &why))?;
    let asked = Asked::of(call);
    let now = call.api.clock.now();
    let mut lines = log.until(now);
    lines.retain(|(at, _)| asked.since.is_none_or(|since| *at >= since));
    let skip = asked.tail.map_or(0, |tail| lines.len().saturating_sub(tail));
    let text: String = lines.iter().skip(skip).map(|line| asked.write(line)).collect();
    let body = if call.query.flag("follow") && log.end.is_none() {
        follow(call, log, asked, text)
    } else {
        Body::from(text)
    };
    Ok(plain(limited(body, most)))
}

/// At most so many bytes of a log: it ends there, even in the middle of a line.
fn limited(body: Body, most: Option<u64>) -> Body {
    let Some(most) = most else { return body };
    let left = usize::try_from(most).unwrap_or(usize::MAX);
    let parts = futures::stream::unfold((body.into_data_stream(), left), |(mut parts, left)| async move {
        if left == 0 {
            return None;
        }
        let part = parts.next().await?.unwrap_or_default();
        let part = part.slice(..part.len().min(left));
        let left = left - part.len();
        Some((Ok::<_, std::convert::Infallible>(part), (parts, left)))
    });
    Body::from_stream(parts)
}

/// The sentence of a log that is not there.
fn refused(container: &str, pod: &str, why: &str) -> ApiError {
    let message = if why == NO_RUN {
        format!("previous terminated container {container:?} in pod {pod:?} not found")
    } else {
        format!("container {container:?} in pod {pod:?} {why}")
    };
    ApiError::bad_request(message)
}

fn plain(body: Body) -> Response {
    let mut response = Response::new(body);
    response
        .headers_mut()
        .insert(header::CONTENT_TYPE, HeaderValue::from_static("text/plain"));
    response
}

/// What a test wrote; nothing where no test did.
fn written(call: &Call, name: &str, container: &str) -> Result<Option<Body>, ApiError> {
    let asked = Asked::of(call);
    let asked = super::written::Asked {
        previous: call.query.flag("previous"),
        follow: call.query.flag("follow"),
        timestamps: asked.timestamps,
        tail: asked.tail,
        since: asked.since,
    };
    let answer = call.api.written.answer(call.namespace(), name, container, asked);
    answer.transpose().map_err(|why| refused(container, name, why))
}

/// How a log is asked for.
#[derive(Clone, Copy, Debug)]
struct Asked {
    timestamps: bool,
    tail: Option<usize>,
    since: Option<Timestamp>,
}

impl Asked {
    fn of(call: &Call) -> Self {
        let ago = call
            .query
            .number("sinceSeconds")
            .and_then(|seconds| i64::try_from(seconds).ok());
        let ago = ago.map(|seconds| call.api.clock.now() - SignedDuration::from_secs(seconds));
        Self {
            timestamps: call.query.flag("timestamps"),
            tail: call.query.get("tailLines").parse().ok(),
            since: ago.or_else(|| call.query.get("sinceTime").parse().ok()),
        }
    }

    fn write(&self, (at, text): &(Timestamp, String)) -> String {
        if self.timestamps {
            format!("{} {text}\n", rfc3339_micro(*at))
        } else {
            format!("{text}\n")
        }
    }
}

/// One run of a container, and what it says.
#[derive(Clone, Debug)]
struct Log {
    start: Timestamp,
    end: Option<Timestamp>,
    course: Course,
    server: bool,
}

impl Log {
    /// The present run of a container, or the one before.
    fn of(pod: &Value, container: &str, previous: bool) -> Result<Self, String> {
        let find = |list: &Value| {
            list.as_array()
                .into_iter()
                .flatten()
                .find(|known| known["name"] == container)
                .cloned()
        };
        let status = [
            "containerStatuses",
            "initContainerStatuses",
            "ephemeralContainerStatuses",
        ]
        .iter()
        .find_map(|list| find(&pod["status"][*list]));
        let spec = ["containers", "initContainers", "ephemeralContainers"]
            .iter()
            .find_map(|list| find(&pod["spec"][*list]));
        let (status, spec) = (status.unwrap_or_default(), spec.unwrap_or_default());
        let state = &status["state"];
        let run = match (previous, &state["running"], &state["terminated"]) {
            (true, ..) => &status["lastState"]["terminated"],
            (_, running, _) if running.is_object() => running,
            (_, _, ended) if ended.is_object() => ended,
            // What waits to start again shows what it wrote before it ended.
            _ => &status["lastState"]["terminated"],
        };
        let moment = |value: &Value| value.as_str().and_then(|text| text.parse::<Timestamp>().ok());
        let Some(start) = moment(&run["startedAt"]) else {
            return Err(refusal(previous, state));
        };
        let course = course(pod, &spec);
        Ok(Self {
            start,
            end: moment(&run["finishedAt"]),
            server: course.ends.is_none() && course.polite,
            course,
        })
    }

    /// What was written until a moment.
    fn until(&self, now: Timestamp) -> Vec<(Timestamp, String)> {
        let now = self.end.map_or(now, |end| end.min(now));
        let at = |seconds: i64| self.start + SignedDuration::from_secs(seconds);
        let mut lines: Vec<_> = self.course.log.iter().map(|line| (self.start, line.clone())).collect();
        if self.course.ends.is_some() {
            return lines;
        }
        let age = (now - self.start).total(jiff::Unit::Second).unwrap_or_default() as i64;
        let last = age / EVERY;
        for turn in (last - MOST).max(0) + 1..=last {
            let line = self.turn(turn);
            lines.extend(line.map(|line| (at(turn * EVERY), line)));
        }
        lines
    }

    /// What a container that runs on says at its nth turn: a server tells of a request, a loop says its words again.
    fn turn(&self, turn: i64) -> Option<String> {
        if !self.server {
            return self.course.log.first().cloned();
        }
        let (path, code) =
            [("/", 200), ("/healthz", 200), ("/favicon.ico", 404), ("/cart", 200)][turn.unsigned_abs() as usize % 4];
        let at = self.start + SignedDuration::from_secs(turn * EVERY);
        let stamp = at.strftime("%d/%b/%Y:%H:%M:%S +0000");
        Some(format!(
            "10.244.0.1 - - [{stamp}] \"GET {path} HTTP/1.1\" {code} {}",
            100 + turn * 37 % 900
        ))
    }
}

/// What a running container writes from some moment on, for those who are attached to it.
#[derive(Clone, Debug)]
pub struct Live {
    log: Log,
    seen: Timestamp,
}

impl Live {
    /// The present run of a container; none if it does not run.
    #[must_use]
    pub fn of(api: &Api, pod: &Value, container: &str) -> Option<Self> {
        let log = Log::of(pod, container, false).ok()?;
        Some(Self {
            log,
            seen: api.clock.now(),
        })
    }

    /// The lines since the last look.
    pub fn fresh(&mut self, now: Timestamp) -> Vec<String> {
        let seen = std::mem::replace(&mut self.seen, now);
        let lines = self.log.until(now).into_iter().filter(|(at, _)| *at > seen);
        lines.map(|(_, text)| text).collect()
    }
}

fn refusal(previous: bool, state: &Value) -> String {
    let reason = state["waiting"]["reason"].as_str().unwrap_or_default();
    match () {
        () if previous => NO_RUN.to_owned(),
        () if reason.contains("Pull") => "is waiting to start: trying and failing to pull image".to_owned(),
        () => format!("is waiting to start: {reason}"),
    }
}

/// Goes on with what the container says, until its pod is gone or another run has begun.
fn follow(call: &Call, log: Log, asked: Asked, first: String) -> Body {
    let (call, seen) = (call.clone(), call.api.clock.now());
    let rest = futures::stream::unfold((call, log, seen), move |(call, log, seen)| async move {
        loop {
            call.api.clock.sleep(Duration::from_secs(1)).await;
            let pod = call
                .api
                .store
                .get(&call.kind.table, call.namespace(), &call.name)?
                .decode();
            let running = pod["status"]["containerStatuses"]
                .as_array()
                .into_iter()
                .flatten()
                .any(|status| {
                    status["state"]["running"]["startedAt"]
                        .as_str()
                        .and_then(|at| at.parse().ok())
                        == Some(log.start)
                });
            let now = call.api.clock.now();
            let new: String = log
                .until(now)
                .iter()
                .filter(|(at, _)| *at > seen)
                .map(|line| asked.write(line))
                .collect();
            if !new.is_empty() {
                return Some((Bytes::from(new), (call, log, now)));
            }
            if !running {
                return None;
            }
        }
    });
    let first = futures::stream::iter([Bytes::from(first)]);
    let lines = first.chain(rest);
    Body::from_stream(lines.map(Ok::<_, std::convert::Infallible>))
}
