//! The shells that are open, and those that ended while nobody looked.

use crate::core::command::Command;
use crate::core::layer::{Input, Layer, LayerCx, Next, Place, Running, Sheet};
use crate::core::text::{Line, Span, Tone};

/// The list.
#[derive(Default)]
struct Shells {
    chosen: usize,
    top: usize,
}

/// The list of shells, the newest first.
pub fn open() -> Box<dyn Layer> {
    Box::new(Shells::default())
}

fn running(cx: &LayerCx) -> Vec<Running> {
    cx.aside.iter().rev().filter_map(|layer| layer.running(cx)).collect()
}

impl Shells {
    fn walk(&mut self, to: usize, count: usize, cx: &LayerCx) -> Next {
        let height = usize::from(cx.space.height).max(1);
        self.chosen = to.min(count.saturating_sub(1));
        self.top = self.top.clamp((self.chosen + 1).saturating_sub(height), self.chosen);
        Next::Done
    }

    fn accept(&self, all: &[Running]) -> Next {
        match all.get(self.chosen) {
            Some(chosen) => Next::Many(vec![Next::Close, Next::Resume(chosen.session)]),
            None => Next::Done,
        }
    }
}

impl Layer for Shells {
    fn keys(&self) -> &'static str {
        "list"
    }

    fn place(&self) -> Place {
        Place::Full
    }

    fn input(&mut self, input: &Input, cx: &LayerCx) -> Next {
        let all = running(cx);
        let (count, page) = (all.len(), usize::from(cx.space.height).max(1));
        match input {
            Input::Command(Command::Enter) => self.accept(&all),
            Input::Command(Command::Back) => Next::Close,
            Input::Command(Command::End) => match all.get(self.chosen) {
                Some(chosen) => Next::Drop(chosen.session),
                None => Next::Done,
            },
            Input::Command(Command::Up) => self.walk(self.chosen.saturating_sub(1), count, cx),
            Input::Command(Command::Down) => self.walk(self.chosen + 1, count, cx),
            Input::Command(Command::PageUp) => self.walk(self.chosen.saturating_sub(page), count, cx),
            Input::Command(Command::PageDown) => self.walk(self.chosen + page, count, cx),
            Input::Command(Command::Top) => self.walk(0, count, cx),
            Input::Command(Command::Bottom) => self.walk(count, count, cx),
            Input::Click(line) if line + self.top == self.chosen => self.accept(&all),
            Input::Click(line) => self.walk(line + self.top, count, cx),
            _ => Next::Ignored,
        }
    }

    fn refresh(&mut self, cx: &LayerCx) -> Next {
        let count = running(cx).len();
        self.walk(self.chosen, count, cx);
        Next::Ignored
    }

    fn uses(&self, command: Command) -> bool {
        !matches!(command, Command::Search | Command::Copy)
    }

    fn sheet(&self, cx: &LayerCx) -> Sheet {
        let all = running(cx);
        let line = |running: &Running| {
            let (mark, tone) = if running.is_over {
                ("◌ ", Tone::Muted)
            } else {
                ("● ", Tone::Good)
            };
            let mut line = running.line.clone();
            line.spans.insert(0, Span::new(mark, tone));
            line
        };
        let mut lines: Vec<Line> = all.iter().skip(self.top).map(line).collect();
        let chosen = (!all.is_empty()).then(|| self.chosen.min(all.len() - 1).saturating_sub(self.top));
        if lines.is_empty() {
            lines.push(Line::of([Span::new(cx.lang.t("shell.none"), Tone::Muted)]));
        }
        Sheet {
            title: Line::of([Span::new(cx.lang.t("shell.list"), Tone::Title)]),
            info: Line::of([Span::new(all.len().to_string(), Tone::Muted)]),
            lines,
            chosen,
            cursor: None,
        }
    }
}
