//! What a shell looks like: its frame says what runs where, and which key leaves it.

use super::{End, Phase, Shell, What};
use crate::core::layer::{LayerCx, Sheet};
use crate::core::request::shell;
use crate::core::store::text_width;
use crate::core::text::{Line, Span, Tone, clean};

impl Shell {
    /// `pod/container`.
    pub(super) fn name(&self) -> String {
        let name = match &self.container {
            Some(container) => format!("{}/{container}", self.pod.name),
            None => self.pod.name.clone(),
        };
        clean(&name).into_owned()
    }

    /// What runs, in a word or as a command.
    fn what(&self, cx: &LayerCx) -> String {
        match &self.what {
            What::Shell => cx.lang.t("shell.shell"),
            What::Main => cx.lang.t("shell.attach"),
            What::Debug { node: false } => cx.lang.t("shell.debug"),
            What::Debug { node: true } => cx.lang.t("shell.node"),
            What::Command(words) => {
                let words: Vec<String> = words.iter().map(|word| shell(word)).collect();
                clean(&words.join(" ")).into_owned()
            }
        }
    }

    /// As a line of the list of shells.
    pub(super) fn label(&self, cx: &LayerCx) -> Line {
        let namespace = self.pod.namespace.clone().unwrap_or_default();
        let mut line = Line::of([
            Span::new(self.name(), Tone::Accent),
            Span::new(format!("  {}", clean(&namespace)), Tone::Muted),
            Span::plain(format!("  {}", self.what(cx))),
        ]);
        if let Phase::Ended(end) = &self.phase {
            line.spans
                .push(Span::new(format!("  {}", self.end_text(end, cx)), tone(end)));
        }
        line
    }

    /// How it ended, in words.
    pub(super) fn end_text(&self, end: &End, cx: &LayerCx) -> String {
        match end {
            End::Code(code, reason) => {
                let signal = code.checked_sub(128).and_then(signal);
                let known = [signal, reason.as_deref()];
                let why: Vec<String> = known.into_iter().flatten().map(|why| clean(why).into_owned()).collect();
                let args = [("code", &*code.to_string()), ("why", &*why.join(", "))];
                cx.lang
                    .f(if why.is_empty() { "shell.code" } else { "shell.code_why" }, &args)
            }
            End::Untold => cx.lang.t("shell.untold"),
            End::Trouble(trouble) => cx.lang.what(trouble),
        }
    }

    pub(super) fn page(&self, cx: &LayerCx) -> Sheet {
        let namespace = self.pod.namespace.clone().unwrap_or_default();
        let title = Line::of([
            Span::new(self.what(cx), Tone::Title),
            Span::new(format!("  {}", self.name()), Tone::Accent),
            Span::new(format!("  {}", clean(&namespace)), Tone::Muted),
        ]);
        let (lines, chosen, cursor) = match &self.phase {
            Phase::Asked(_) => (Vec::new(), None, None),
            Phase::Waiting(_, wait) => {
                let container = self.container.as_deref().unwrap_or_default();
                (super::debug::lines(container, wait, cx), None, None)
            }
            Phase::Choosing(..) => {
                let (lines, chosen) = self.chooser(cx);
                (lines, chosen, None)
            }
            Phase::Running(_) => (self.seen(cx), None, self.screen.cursor()),
            Phase::Over(_) => (self.screen.lines(), None, None),
            Phase::Ended(end) => (self.last(end, cx), None, None),
        };
        Sheet {
            title,
            info: self.info(cx),
            lines,
            chosen,
            cursor,
        }
    }

    /// The screen. A program that was attached to wrote its prompt before: it writes it again when it is asked.
    fn seen(&self, cx: &LayerCx) -> Vec<Line> {
        let mut lines = self.screen.lines();
        let attached = matches!(self.what, What::Main | What::Debug { .. });
        if let (true, true, false, Some(last)) = (attached && self.stdin, self.open, self.heard, lines.last_mut()) {
            *last = Line::of([Span::new(cx.lang.t("shell.quiet"), Tone::Muted)]);
        }
        lines
    }

    /// At the right of the title: how it goes, and the key that leaves.
    fn info(&self, cx: &LayerCx) -> Line {
        let mut spans = Vec::new();
        match &self.phase {
            Phase::Running(_) => {
                if self.screen.scrolled() > 0 {
                    let count = self.screen.scrolled().to_string();
                    let text = cx.lang.f("shell.scrolled", &[("count", &count)]);
                    spans.push(Span::new(format!("{text}   "), Tone::Busy));
                } else if !self.open {
                    spans.push(Span::new(format!("{}   ", cx.lang.t("shell.starting")), Tone::Busy));
                }
                let key = cx.keymap.key_of("shell", "detach").unwrap_or_else(|| "^]".to_string());
                spans.push(Span::new(key, Tone::Key));
                spans.push(Span::new(format!(" {}", cx.lang.t("hint.detach")), Tone::Muted));
            }
            Phase::Over(_) => spans.push(Span::new(cx.lang.t("shell.over"), Tone::Busy)),
            Phase::Ended(end) => {
                let text = match end {
                    End::Code(..) | End::Untold => self.end_text(end, cx),
                    End::Trouble(_) => cx.lang.t("shell.failed"),
                };
                spans.push(Span::new(text, tone(end)));
            }
            Phase::Asked(_) | Phase::Waiting(..) | Phase::Choosing(..) => {}
        }
        Line::of(spans)
    }

    /// What stood on the screen at the end, and why it ended where that is no code.
    fn last(&self, end: &End, cx: &LayerCx) -> Vec<Line> {
        let mut lines = self.screen.lines();
        if let End::Trouble(trouble) = end {
            let height = usize::from(cx.space.height);
            let mut said = vec![Line::default()];
            for (at, text) in [cx.lang.what(trouble), cx.lang.todo(trouble)].into_iter().enumerate() {
                let tone = if at == 0 { Tone::Error } else { Tone::Plain };
                let wrapped = crate::core::wrap::words(&text, cx.space.width);
                said.extend(wrapped.into_iter().map(|text| Line::of([Span::new(text, tone)])));
            }
            while lines.last().is_some_and(|line| line.text().trim().is_empty()) {
                lines.pop();
            }
            if lines.is_empty() {
                said.remove(0);
            }
            let room = height.saturating_sub(said.len());
            lines.drain(..lines.len().saturating_sub(room));
            lines.extend(said);
        }
        lines
    }

    fn chooser(&self, cx: &LayerCx) -> (Vec<Line>, Option<usize>) {
        let Phase::Choosing(choices, chosen) = &self.phase else {
            return (Vec::new(), None);
        };
        let head = Line::of([Span::new(cx.lang.t("shell.choose"), Tone::Muted)]);
        let wide = choices
            .iter()
            .map(|choice| text_width(&clean(&choice.name)))
            .max()
            .unwrap_or(0);
        let line = |choice: &super::Choice| {
            let name = clean(&choice.name).into_owned();
            let pad = " ".repeat(usize::from(wide.saturating_sub(text_width(&name))) + 2);
            let mut spans = vec![
                Span::new(format!("{name}{pad}"), Tone::Accent),
                Span::plain(clean(&choice.image).into_owned()),
            ];
            if !choice.runs {
                spans.push(Span::new(format!("  {}", cx.lang.t("shell.not_running")), Tone::Warn));
            }
            Line::of(spans)
        };
        let lines = [head, Line::default()].into_iter();
        let seen = choices.iter().skip(self.top).map(line);
        (lines.chain(seen).collect(), Some((chosen + 2).saturating_sub(self.top)))
    }
}

fn tone(end: &End) -> Tone {
    match end {
        End::Code(0, _) => Tone::Good,
        End::Untold => Tone::Muted,
        End::Code(..) | End::Trouble(_) => Tone::Error,
    }
}

/// The signals that end programs, by their numbers on Linux.
fn signal(number: i32) -> Option<&'static str> {
    Some(match number {
        1 => "SIGHUP",
        2 => "SIGINT",
        3 => "SIGQUIT",
        6 => "SIGABRT",
        9 => "SIGKILL",
        11 => "SIGSEGV",
        13 => "SIGPIPE",
        15 => "SIGTERM",
        _ => return None,
    })
}
