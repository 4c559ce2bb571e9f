//! Logs that a test writes line by line, in place of what the image would print: to the byte, run by run.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use axum::body::Body;
use bytes::Bytes;
use jiff::Timestamp;
use tokio::sync::Notify;

/// Whose log: namespace, pod and container.
type Name = (String, String, String);

/// The lines of one run, each with its time and its end.
#[derive(Clone, Debug, Default)]
struct Run {
    lines: Vec<(Timestamp, Vec<u8>)>,
    ended: bool,
}

/// Logs that were written. Clones share them.
#[derive(Clone, Debug, Default)]
pub struct Written {
    runs: Arc<Mutex<HashMap<Name, Vec<Run>>>>,
    changed: Arc<Notify>,
}

/// How a log is asked for.
#[derive(Clone, Copy, Debug)]
pub struct Asked {
    /// The run before.
    pub previous: bool,
    /// Go on with what is written later.
    pub follow: bool,
    /// With the time before each line.
    pub timestamps: bool,
    /// So many lines of its end.
    pub tail: Option<usize>,
    /// From when on.
    pub since: Option<Timestamp>,
}

fn name(namespace: &str, pod: &str, container: &str) -> Name {
    (namespace.to_owned(), pod.to_owned(), container.to_owned())
}

impl Written {
    /// A container writes bytes: a line should end with `\n`.
    pub fn write(&self, namespace: &str, pod: &str, container: &str, at: Timestamp, line: impl Into<Vec<u8>>) {
        self.change(namespace, pod, container, |runs| {
            if let Some(run) = runs.last_mut() {
                run.lines.push((at, line.into()));
            }
        });
    }

    /// A container's run ends.
    pub fn end(&self, namespace: &str, pod: &str, container: &str) {
        self.change(namespace, pod, container, |runs| {
            if let Some(run) = runs.last_mut() {
                run.ended = true;
            }
        });
    }

    /// A container's next run begins.
    pub fn begin(&self, namespace: &str, pod: &str, container: &str) {
        self.end(namespace, pod, container);
        self.change(namespace, pod, container, |runs| runs.push(Run::default()));
    }

    fn change(&self, namespace: &str, pod: &str, container: &str, change: impl FnOnce(&mut Vec<Run>)) {
        let mut all = self.runs.lock().unwrap_or_else(PoisonError::into_inner);
        let runs = all.entry(name(namespace, pod, container)).or_default();
        if runs.is_empty() {
            runs.push(Run::default());
        }
        change(runs);
        drop(all);
        self.changed.notify_waiters();
    }

    /// The answer; none for a log that nobody wrote. `Err`: there is no run before.
    #[must_use]
    pub fn answer(
        &self,
        namespace: &str,
        pod: &str,
        container: &str,
        asked: Asked,
    ) -> Option<Result<Body, &'static str>> {
        let name = name(namespace, pod, container);
        let runs = self
            .runs
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .get(&name)?
            .len();
        let run = runs.checked_sub(if asked.previous { 2 } else { 1 });
        let Some(run) = run else {
            return Some(Err("has no previous run"));
        };
        let (first, at, _) = self.lines(&name, run, 0, asked, true)?;
        if !asked.follow {
            return Some(Ok(Body::from(first)));
        }
        let state = (self.clone(), name, at, Some(first));
        let stream = futures::stream::unfold(state, move |(written, name, at, first)| async move {
            if let Some(first) = first {
                return Some((Ok::<_, std::convert::Infallible>(first), (written, name, at, None)));
            }
            loop {
                let bell = written.changed.clone();
                let changed = bell.notified();
                tokio::pin!(changed);
                // Enabled before the lines are read, so that none is missed in between.
                changed.as_mut().enable();
                let (new, at, ended) = written.lines(&name, run, at, asked, false)?;
                if !new.is_empty() {
                    return Some((Ok(new), (written, name, at, None)));
                }
                if ended {
                    return None;
                }
                changed.await;
            }
        });
        Some(Ok(Body::from_stream(stream)))
    }

    /// The lines of a run from a place on, the next place, and whether the run has ended.
    fn lines(&self, name: &Name, run: usize, from: usize, asked: Asked, first: bool) -> Option<(Bytes, usize, bool)> {
        let all = self.runs.lock().unwrap_or_else(PoisonError::into_inner);
        let run = all.get(name)?.get(run)?;
        let lines = run.lines.get(from..).unwrap_or_default();
        let wanted: Vec<_> = lines
            .iter()
            .filter(|(at, _)| asked.since.is_none_or(|since| *at >= since))
            .collect();
        let tail = asked.tail.filter(|_| first);
        let skip = tail.map_or(0, |tail| wanted.len().saturating_sub(tail));
        let mut bytes = Vec::new();
        for (at, line) in wanted.into_iter().skip(skip) {
            if asked.timestamps {
                bytes.extend_from_slice(at.strftime("%Y-%m-%dT%H:%M:%S.%9fZ ").to_string().as_bytes());
            }
            bytes.extend_from_slice(line);
        }
        Some((Bytes::from(bytes), run.lines.len(), run.ended))
    }
}
