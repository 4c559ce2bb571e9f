//! How far a rollout is, live, until it is over: the old and the new, what it waits for, and what keeps it.

use serde_json::Value;

use super::bars;
use super::parts::Parts;
use crate::core::action::Target;
use crate::core::clock::Time;
use crate::core::effect::Effect;
use crate::core::event::WatchId;
use crate::core::layer::LayerCx;
use crate::core::resource::Resource;
use crate::core::store::Store;
use crate::core::text::{Line, Span, Tone, clean};
use crate::layers::text::{Content, Refreshed};
use crate::model::rollout::{Progress, Stage, deadline_exceeded, revisions, status, troubles};

/// How many of the lines that kubectl would have printed are kept.
const MOST: usize = 100;

/// How many pods say why they do not run.
const PODS: usize = 5;

/// How far a rollout is.
pub struct RolloutStatus {
    parts: Parts,
    told: Vec<(Time, String)>,
    is_over: bool,
    seen: Option<u64>,
    lines: Vec<Line>,
}

impl RolloutStatus {
    /// Of a row of the cluster.
    pub fn new(target: &Target, resource: &Resource) -> Self {
        Self {
            parts: Parts::new(target, resource, true),
            told: Vec::new(),
            is_over: false,
            seen: None,
            lines: Vec::new(),
        }
    }

    fn make(&mut self, object: &Value, progress: &Progress, cx: &LayerCx) -> Vec<Line> {
        if self.told.last().is_none_or(|(_, last)| *last != progress.text) {
            self.told.push((cx.clock.now, progress.text.clone()));
            let late = self.told.len().saturating_sub(MOST);
            self.told.drain(..late);
        }
        let mut lines = vec![head(object, progress), Line::default()];
        let history = self.parts.history(cx.store);
        let all = revisions(object, history.iter().copied());
        lines.extend(bars::lines(&self.parts.resource.kind, object, &history, &all, cx));
        let hindered = hindrances(object, progress, &troubles(self.parts.pods(cx.store)), cx);
        if !hindered.is_empty() {
            lines.push(Line::default());
            lines.extend(hindered);
        }
        lines.push(Line::default());
        lines.extend(self.told.iter().map(|(at, text)| {
            Line::of([
                Span::new(at.strftime("%H:%M:%S  ").to_string(), Tone::Muted),
                Span::new(clean(text).into_owned(), Tone::Muted),
            ])
        }));
        lines
    }
}

/// The mark, and what kubectl says.
fn head(object: &Value, progress: &Progress) -> Line {
    let is_paused = object.pointer("/spec/paused").and_then(Value::as_bool) == Some(true);
    let (mark, tone) = match progress.stage {
        Stage::Done => ("✓", Tone::Good),
        Stage::Failed => ("✗", Tone::Error),
        Stage::Waiting if is_paused => ("!", Tone::Warn),
        Stage::Waiting => ("…", Tone::Busy),
    };
    Line::of([
        Span::new(format!("{mark} "), tone),
        Span::new(clean(&progress.text).into_owned(), tone),
    ])
}

/// What keeps the rollout from going on, and what to do.
fn hindrances(object: &Value, progress: &Progress, pods: &[(String, String)], cx: &LayerCx) -> Vec<Line> {
    if progress.stage == Stage::Done {
        return Vec::new();
    }
    let mut lines = Vec::new();
    let mut say = |mark: &str, text: &str, tone: Tone| {
        lines.push(Line::of([Span::new(format!("{mark} {}", clean(text)), tone)]));
    };
    if object.pointer("/spec/paused").and_then(Value::as_bool) == Some(true) {
        say("!", &cx.lang.t("rollout.paused"), Tone::Warn);
    }
    if deadline_exceeded(object) {
        let seconds = object
            .pointer("/spec/progressDeadlineSeconds")
            .and_then(Value::as_i64)
            .unwrap_or(600);
        say(
            "✗",
            &cx.lang.f("rollout.deadline", &[("seconds", &seconds.to_string())]),
            Tone::Error,
        );
    }
    let conditions = object.pointer("/status/conditions").and_then(Value::as_array);
    let text = |value: &Value, field: &str| value.get(field).and_then(Value::as_str).unwrap_or_default().to_string();
    for condition in conditions.into_iter().flatten() {
        let is_failure = text(condition, "type") == "ReplicaFailure" && text(condition, "status") == "True";
        if is_failure {
            say(
                "✗",
                &format!("{}: {}", text(condition, "reason"), text(condition, "message")),
                Tone::Error,
            );
        }
    }
    for (pod, why) in pods.iter().take(PODS) {
        say("✗", &format!("pod/{pod}: {why}"), Tone::Error);
    }
    if pods.len() > PODS {
        let more = (pods.len() - PODS).to_string();
        say("·", &cx.lang.f("dialog.more", &[("count", &more)]), Tone::Muted);
    }
    if !lines.is_empty() {
        let todo = if deadline_exceeded(object) || !pods.is_empty() {
            "rollout.todo"
        } else {
            "rollout.wait"
        };
        lines.push(Line::of([Span::new(format!("→ {}", cx.lang.t(todo)), Tone::Label)]));
    }
    lines
}

impl Content for RolloutStatus {
    fn open(&mut self, cx: &LayerCx) -> Vec<Effect> {
        self.parts.open(cx)
    }

    fn refresh(&mut self, cx: &LayerCx) -> Refreshed {
        let seen = self.parts.generation(cx.store);
        if self.is_over || self.seen == Some(seen) {
            return Refreshed::default();
        }
        self.seen = Some(seen);
        let mut effects = Vec::new();
        let lines = match self.parts.object(cx.store) {
            Some(object) => {
                effects = self.parts.follow(object, cx);
                let progress = status(&self.parts.resource.kind, object);
                let lines = self.make(object, &progress, cx);
                // What belongs to it is waited for, so that the end shows it too.
                if progress.stage == Stage::Done && effects.is_empty() && self.parts.is_ready(cx.store) {
                    self.is_over = true;
                    effects = self.parts.close();
                }
                lines
            }
            None => match self.parts.lacking(cx) {
                Some(why) => vec![Line::of([Span::new(format!("✗ {}", clean(&why)), Tone::Error)])],
                None => vec![Line::of([Span::new(
                    format!("… {}", cx.lang.t("title.loading")),
                    Tone::Busy,
                )])],
            },
        };
        let changed = lines != self.lines;
        self.lines = lines;
        Refreshed { changed, effects }
    }

    fn title(&self, cx: &LayerCx) -> Line {
        let (word, tone) = if self.is_over {
            (cx.lang.t("rollout.over"), Tone::Muted)
        } else {
            (cx.lang.t("rollout.live"), Tone::Busy)
        };
        Line::of([
            Span::new(format!("{} ", cx.lang.t("rollout.title")), Tone::Title),
            Span::new(self.parts.title(), Tone::Accent),
            Span::new(format!("  {word}"), tone),
        ])
    }

    fn lines(&self) -> &[Line] {
        &self.lines
    }

    fn watches(&self) -> Vec<WatchId> {
        self.parts.watches()
    }

    fn is_ready(&self, store: &Store) -> bool {
        self.is_over || (self.seen.is_some() && self.parts.is_ready(store))
    }
}
