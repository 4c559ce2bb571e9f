//! What a manifest's layer looks like: an object a line, below it what would change.

use super::Manifest;
use super::object::{Live, Object};
use crate::core::layer::LayerCx;
use crate::core::manifest::Act;
use crate::core::text::{Line, Span, Tone, clean};
use crate::core::trouble::TroubleKind;
use crate::layers::dialog::{State, control_lines, push_words};

impl Manifest {
    /// Makes the lines anew.
    pub(super) fn lay_out(&mut self, cx: &LayerCx) {
        let mut lines = vec![self.place_line(cx)];
        let mut cursor = None;
        if let Some(trouble) = &self.failed {
            push_words(&mut lines, "✗ ", &cx.lang.trouble(trouble), Tone::Error, cx);
        } else if !self.is_resolved {
            lines.push(busy(cx.lang.t("manifest.loading")));
        } else {
            lines.push(Line::of([Span::new(format!("$ {}", self.command()), Tone::Label)]));
            lines.push(Line::default());
            self.push_broken(&mut lines, cx);
            for at in 0..self.objects.len() {
                self.push_object(&mut lines, at, cx);
            }
            if self.objects.is_empty() && self.broken.is_empty() {
                lines.push(Line::of([Span::new(cx.lang.t("manifest.nothing"), Tone::Muted)]));
            }
            lines.push(Line::default());
            cursor = self.push_form(&mut lines, cx);
        }
        self.window.set(lines, cursor);
    }

    fn place_line(&self, cx: &LayerCx) -> Line {
        let context = clean(&cx.link.identity.context).into_owned();
        let mut spans = vec![
            Span::new(format!("{} ", cx.lang.t("dialog.context")), Tone::Muted),
            Span::plain(context),
            Span::new(format!("   {} ", cx.lang.t("manifest.namespace")), Tone::Muted),
            Span::plain(clean(&self.namespace).into_owned()),
        ];
        if cx.protected {
            spans.push(Span::new(
                format!("   ! {}", cx.lang.t("header.protected")),
                Tone::Error,
            ));
        }
        Line::of(spans)
    }

    /// The documents that are no objects, by file, number and line.
    fn push_broken(&self, lines: &mut Vec<Line>, cx: &LayerCx) {
        for (path, trouble) in &self.unread {
            let text = format!("{path}: {}", cx.lang.trouble(trouble));
            push_words(lines, "✗ ", &text, Tone::Error, cx);
        }
        for broken in &self.broken {
            let (number, line) = (broken.place.number.to_string(), broken.place.line.to_string());
            let args = [
                ("path", broken.place.path.as_str()),
                ("number", &number),
                ("line", &line),
                ("why", &broken.bad.why),
            ];
            let place = cx.lang.f("manifest.place", &args);
            let why = cx.lang.f(&format!("manifest.wrong.{}", broken.bad.id), &args);
            push_words(lines, "✗ ", &format!("{place}: {why}"), Tone::Error, cx);
        }
    }

    fn push_object(&self, lines: &mut Vec<Line>, at: usize, cx: &LayerCx) {
        let Some(object) = self.objects.get(at) else { return };
        let state = self.run.as_ref().and_then(|run| run.states().nth(at));
        let (mark, tone, word) = match state {
            Some(State::Waiting) => ("◌", Tone::Muted, "waiting"),
            Some(State::Running(..)) => ("…", Tone::Busy, "running"),
            Some(State::Done) => ("✓", Tone::Good, done_word(self.act, object)),
            Some(State::Failed(_)) => ("✗", Tone::Error, "failed"),
            Some(State::Nothing) => ("–", Tone::Muted, nothing_word(self.act)),
            None => self.expected(object),
        };
        let namespace = object.namespace.as_deref().map(|name| format!("  {}", clean(name)));
        lines.push(Line::of([
            Span::new(format!("{mark} "), tone),
            Span::new(clean(&object.full_name()).into_owned(), Tone::Accent),
            Span::new(namespace.unwrap_or_default(), Tone::Muted),
            Span::new(format!("  {}", cx.lang.t(&format!("manifest.{word}"))), tone),
        ]));
        match (state, &object.live, &object.trial) {
            (Some(State::Failed(trouble)), ..) => {
                push_words(lines, "    ", &cx.lang.trouble(trouble), Tone::Error, cx);
            }
            (Some(_), ..) => {}
            (None, Live::Failed(trouble), _) | (None, _, Some(Err(trouble))) => {
                push_words(lines, "    ", &cx.lang.trouble(trouble), Tone::Error, cx);
            }
            (None, _, Some(Ok(diff))) => lines.extend(diff.iter().map(indented)),
            (None, ..) => {}
        }
    }

    /// What would become of an object.
    fn expected(&self, object: &Object) -> (&'static str, Tone, &'static str) {
        match (self.act, &object.live, &object.trial) {
            (_, Live::Unasked, _) => ("…", Tone::Busy, "asking"),
            (_, Live::Failed(_), _) => ("✗", Tone::Error, "unreadable"),
            (Act::Delete, Live::Missing, _) => ("–", Tone::Muted, "missing"),
            (Act::Delete, Live::There(_), _) => ("·", Tone::Warn, "to_delete"),
            (_, _, None) => ("…", Tone::Busy, "asking"),
            (_, _, Some(Err(trouble))) if trouble.kind == TroubleKind::Conflict => ("!", Tone::Warn, "conflict"),
            (_, _, Some(Err(_))) => ("✗", Tone::Error, "refused"),
            (_, Live::Missing, Some(Ok(_))) => ("+", Tone::Good, "to_create"),
            _ if object.is_same() => ("–", Tone::Muted, "same"),
            _ => ("~", Tone::Warn, "to_change"),
        }
    }

    /// What a person decides. Answers where they type.
    fn push_form(&self, lines: &mut Vec<Line>, cx: &LayerCx) -> Option<(u16, u16)> {
        if self.is_asking() {
            lines.push(busy(cx.lang.t("manifest.asking_all")));
            return None;
        }
        if self.run.as_ref().is_some_and(|run| !run.is_over()) {
            return None;
        }
        let above = u16::try_from(lines.len()).unwrap_or(u16::MAX);
        let mut typed = None;
        if let Some(form) = &self.form {
            let (controls, cursor) = control_lines(form, None);
            typed = cursor.map(|(x, y)| (x, y.saturating_add(above)));
            lines.extend(controls);
        }
        if let Some(wrong) = &self.wrong {
            push_words(lines, "✗ ", wrong, Tone::Error, cx);
        }
        let key = match (self.act, self.run.is_some(), self.nothing_to_do()) {
            (_, true, _) => "manifest.close",
            (Act::Diff, ..) => "manifest.close",
            (_, _, true) => "manifest.nothing_to_do",
            (Act::Apply, ..) => "manifest.enter_apply",
            (Act::Delete, ..) => "manifest.enter_delete",
        };
        lines.push(Line::of([Span::new(cx.lang.t(key), Tone::Muted)]));
        typed
    }
}

fn busy(text: String) -> Line {
    Line::of([Span::new(format!("… {text}"), Tone::Busy)])
}

fn indented(line: &Line) -> Line {
    let head = std::iter::once(Span::plain("    "));
    Line::of(head.chain(line.spans.iter().cloned()))
}

fn done_word(act: Act, object: &Object) -> &'static str {
    match (act, &object.live) {
        (Act::Delete, _) => "deleted",
        (_, Live::Missing) => "created",
        _ if object.is_same() => "same",
        _ => "changed",
    }
}

fn nothing_word(act: Act) -> &'static str {
    match act {
        Act::Delete => "missing",
        _ => "left_out",
    }
}
