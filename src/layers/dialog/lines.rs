//! What a dialog looks like.

use super::Dialog;
use super::State;
use super::confirm::{NAME, SURE};
use super::form::{Control, Form, Value};
use crate::core::action::Danger;
use crate::core::change::Change;
use crate::core::layer::LayerCx;
use crate::core::store::text_width;
use crate::core::text::{Line, Span, Tone, clean};
use crate::core::wrap;

/// How many objects are named.
const NAMED: usize = 8;

/// How many lines of a command or a message there are at most.
const TALL: usize = 6;

impl Dialog {
    /// What will be done, to what.
    pub(super) fn title(&self, cx: &LayerCx) -> Line {
        let key = format!("dialog.title.{}", self.plan.id());
        let tone = if self.plan.danger() == Danger::Destroy {
            Tone::Error
        } else {
            Tone::Title
        };
        Line::of([Span::new(cx.lang.f(&key, &[("what", &self.what(cx))]), tone)])
    }

    /// Makes the lines anew.
    pub(super) fn lay_out(&mut self, cx: &LayerCx) {
        let mut lines = vec![self.place_line(cx)];
        lines.extend(self.object_lines(cx));
        lines.push(Line::default());
        let mut cursor = None;
        if let Some(trouble) = &self.failed {
            push_words(&mut lines, "✗ ", &cx.lang.trouble(trouble), Tone::Error, cx);
        } else if let Some(form) = &self.form {
            let above = lines.len();
            let wrong = self.wrong.as_ref().and_then(|wrong| wrong.id.as_deref());
            let (controls, typed) = control_lines(form, wrong);
            cursor = typed.map(|(x, y)| (x, y + u16::try_from(above).unwrap_or(0)));
            lines.extend(controls);
            lines.extend(self.plan.notes(&self.draft(form), cx));
            if let Some(wrong) = &self.wrong {
                push_words(&mut lines, "✗ ", &wrong.why, Tone::Error, cx);
            }
            self.push_command(&mut lines, cx);
            self.push_trial(&mut lines, cx);
        } else {
            lines.push(Line::of([Span::new(
                format!("… {}", cx.lang.t("dialog.reading")),
                Tone::Busy,
            )]));
        }
        self.window.set(lines, cursor);
    }

    /// In which namespace and context, in word and tone where it is protected.
    fn place_line(&self, cx: &LayerCx) -> Line {
        let mut namespaces: Vec<&str> = self.items.iter().filter_map(|item| item.namespace()).collect();
        namespaces.sort_unstable();
        namespaces.dedup();
        let context = clean(&cx.link.identity.context).into_owned();
        let mut spans = Vec::new();
        if !namespaces.is_empty() {
            spans.push(Span::new(format!("{} ", cx.lang.t("dialog.namespace")), Tone::Muted));
            spans.push(Span::plain(clean(&namespaces.join(", ")).into_owned()));
            spans.push(Span::new("   ", Tone::Muted));
        }
        spans.push(Span::new(format!("{} ", cx.lang.t("dialog.context")), Tone::Muted));
        spans.push(Span::plain(context));
        if cx.protected {
            spans.push(Span::new(
                format!("   ! {}", cx.lang.t("header.protected")),
                Tone::Error,
            ));
        }
        Line::of(spans)
    }

    /// The objects where there are several, each with how far it is.
    fn object_lines(&self, cx: &LayerCx) -> Vec<Line> {
        let states: Vec<&State> = self.run.iter().flat_map(|run| run.states()).collect();
        if self.items.len() < 2 && states.iter().all(|state| !matches!(state, State::Failed(_))) {
            return Vec::new();
        }
        let mut lines = Vec::new();
        for (at, item) in self.items.iter().enumerate() {
            let state = states.get(at).copied();
            let failed = matches!(state, Some(State::Failed(_)));
            if at >= NAMED && !failed {
                continue;
            }
            let (mark, tone) = match state {
                None => ("·", Tone::Muted),
                Some(State::Waiting) => ("◌", Tone::Muted),
                Some(State::Running(..)) => ("…", Tone::Busy),
                Some(State::Done) => ("✓", Tone::Good),
                Some(State::Nothing) => ("–", Tone::Muted),
                Some(State::Failed(_)) => ("✗", Tone::Error),
            };
            lines.push(Line::of([
                Span::new(format!("{mark} "), tone),
                Span::plain(item.full_name()),
                Span::new(
                    item.namespace()
                        .map(|name| format!("  {}", clean(name)))
                        .unwrap_or_default(),
                    Tone::Muted,
                ),
            ]));
            if let Some(State::Failed(trouble)) = state {
                push_words(&mut lines, "  ", &cx.lang.trouble(trouble), Tone::Error, cx);
            }
        }
        if self.items.len() > NAMED {
            let more = (self.items.len() - NAMED).to_string();
            lines.push(Line::of([Span::new(
                cx.lang.f("dialog.more", &[("count", &more)]),
                Tone::Muted,
            )]));
        }
        lines
    }

    /// The kubectl command that does the same.
    fn push_command(&self, lines: &mut Vec<Line>, cx: &LayerCx) {
        if let Some(opening) = self.opening(cx) {
            if let Ok(opening) = opening {
                lines.push(Line::default());
                push_words(lines, "$ ", &opening.kubectl, Tone::Label, cx);
            }
            return;
        }
        let Ok(changes) = self.changes(cx) else { return };
        let commands: Vec<&str> = changes.iter().flatten().map(Change::recorded).collect();
        let Some(first) = commands.first() else {
            lines.push(Line::of([Span::new(
                format!("– {}", cx.lang.t("dialog.nothing_to_do")),
                Tone::Muted,
            )]));
            return;
        };
        lines.push(Line::default());
        push_words(lines, "$ ", first, Tone::Label, cx);
        if commands.len() > 1 {
            let more = (commands.len() - 1).to_string();
            lines.push(Line::of([Span::new(
                format!("  {}", cx.lang.f("dialog.more_commands", &[("count", &more)])),
                Tone::Muted,
            )]));
        }
    }

    /// What the server says would come of it.
    fn push_trial(&self, lines: &mut Vec<Line>, cx: &LayerCx) {
        if self.run.is_some() {
            return;
        }
        match &self.trial.said {
            Some(Ok(diff)) if diff.is_empty() => {
                lines.push(Line::of([Span::new(
                    format!("– {}", cx.lang.t("dialog.no_difference")),
                    Tone::Muted,
                )]));
            }
            Some(Ok(diff)) => {
                lines.push(Line::default());
                lines.extend(diff.iter().cloned());
            }
            Some(Err(trouble)) => {
                lines.push(Line::default());
                let text = cx.lang.f("dialog.would_fail", &[("why", &cx.lang.trouble(trouble))]);
                push_words(lines, "! ", &text, Tone::Warn, cx);
            }
            None if self.trial.is_under_way() => {
                lines.push(Line::of([Span::new(
                    format!("… {}", cx.lang.t("dialog.trying")),
                    Tone::Muted,
                )]));
            }
            None => {}
        }
    }
}

/// A text of several words over as many lines as it needs.
pub fn push_words(lines: &mut Vec<Line>, mark: &'static str, text: &str, tone: Tone, cx: &LayerCx) {
    let room = cx.space.width.saturating_sub(text_width(mark)).max(10);
    let words = wrap::words(text, room);
    for (at, line) in words.iter().take(TALL).enumerate() {
        let head = if at == 0 {
            mark.to_string()
        } else {
            " ".repeat(usize::from(text_width(mark)))
        };
        lines.push(Line::of([
            Span::new(head, tone),
            Span::new(clean(line).into_owned(), tone),
        ]));
    }
}

/// The controls, labels below each other, and where the cursor stands.
pub fn control_lines(form: &Form, wrong: Option<&str>) -> (Vec<Line>, Option<(u16, u16)>) {
    let widest = form
        .controls
        .iter()
        .map(|control| text_width(&control.label))
        .max()
        .unwrap_or(0);
    let mut cursor = None;
    let mut lines = Vec::new();
    for (at, control) in form.controls.iter().enumerate() {
        let focused = at == form.focus();
        if matches!(control.id.as_str(), NAME | SURE) {
            lines.push(Line::default());
        }
        if focused {
            cursor =
                column(control).map(|column| (widest + 4 + column, u16::try_from(lines.len()).unwrap_or(u16::MAX)));
        }
        let gap = " ".repeat(usize::from(widest - text_width(&control.label)) + 2);
        let tone = match (wrong == Some(control.id.as_str()), focused) {
            (true, _) => Tone::Error,
            (_, true) => Tone::Accent,
            _ => Tone::Label,
        };
        let mark = if focused { "▸ " } else { "  " };
        let mut spans = vec![Span::new(format!("{mark}{}{gap}", control.label), tone)];
        spans.extend(value_spans(control, focused));
        if !control.note.is_empty() {
            spans.push(Span::new(format!("   {}", clean(&control.note)), Tone::Muted));
        }
        lines.push(Line::of(spans));
    }
    (lines, cursor)
}

fn column(control: &Control) -> Option<u16> {
    match &control.value {
        Value::Text(field, _) | Value::Number(field, ..) => Some(field.column()),
        Value::Secret(field) => u16::try_from(field.text().chars().count()).ok(),
        Value::Choice(..) | Value::Switch(_) => None,
    }
}

fn value_spans(control: &Control, focused: bool) -> Vec<Span> {
    match &control.value {
        Value::Text(field, _) | Value::Number(field, ..) => {
            let rest = control.completion().filter(|_| focused).unwrap_or_default();
            let blank = if field.text().is_empty() && !focused { "–" } else { "" };
            vec![
                Span::plain(field.text().to_string()),
                Span::new(format!("{blank}{}", clean(rest)), Tone::Muted),
            ]
        }
        Value::Secret(field) => vec![Span::plain("•".repeat(field.text().chars().count()))],
        Value::Choice(options, at) => {
            let mut spans = Vec::new();
            for (place, (_, shown)) in options.iter().enumerate() {
                let shown = clean(shown);
                spans.push(if place == *at {
                    Span::new(format!("‹{shown}› "), if focused { Tone::Accent } else { Tone::Plain })
                } else {
                    Span::new(format!(" {shown}  "), Tone::Muted)
                });
            }
            spans
        }
        Value::Switch(on) => {
            let mark = if *on { "[✓]" } else { "[ ]" };
            vec![Span::new(mark, if *on { Tone::Good } else { Tone::Muted })]
        }
    }
}
