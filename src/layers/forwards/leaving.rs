//! The question before forwards and shells end, because one leaves konn or goes to another context.

use crate::core::command::Command;
use crate::core::effect::Effect;
use crate::core::event::Size;
use crate::core::key::{Code, Key};
use crate::core::layer::{Input, Layer, LayerCx, Leaving, Next, Place, Sheet};
use crate::core::text::{Line, Span, Tone, clean};

/// How many forwards are named.
const NAMED: usize = 6;

/// The question before forwards, and so many shells, end. The first answer is to stay.
pub fn leaving(to: Leaving, shells: usize) -> Box<dyn Layer> {
    Box::new(Question {
        to,
        shells,
        leaves: false,
        named: 0,
    })
}

struct Question {
    to: Leaving,
    shells: usize,
    leaves: bool,
    /// How many lines name forwards.
    named: usize,
}

impl Question {
    fn answer(&self, cx: &LayerCx) -> Next {
        if !self.leaves {
            return Next::Close;
        }
        match &self.to {
            Leaving::Konn => Next::Many(vec![Next::Close, Next::Line("quit!".to_string())]),
            Leaving::Context(name) => {
                let ends = cx.forwards.all().iter().map(|forward| Effect::Close(forward.id));
                let ends = Next::Effects(ends.collect());
                Next::Many(vec![Next::Close, ends, Next::Line(format!("ctx! {name}"))])
            }
        }
    }

    fn answers(&self, cx: &LayerCx) -> [Line; 2] {
        let leave = match self.to {
            Leaving::Konn => "forwards.leave",
            Leaving::Context(_) => "forwards.switch",
        };
        [("forwards.stay", false), (leave, true)].map(|(key, leaves)| {
            let chosen = self.leaves == leaves;
            let tone = if chosen { Tone::Accent } else { Tone::Plain };
            let mark = if chosen { "▸ " } else { "  " };
            Line::of([Span::new(format!("{mark}{}", cx.lang.t(key)), tone)])
        })
    }
}

impl Layer for Question {
    fn keys(&self) -> &'static str {
        "dialog"
    }

    fn place(&self) -> Place {
        Place::Over(Size {
            width: 70,
            height: u16::try_from(self.named + 3).unwrap_or(u16::MAX),
        })
    }

    fn open(&mut self, cx: &LayerCx) -> Next {
        self.named = cx.forwards.open().count().min(NAMED + 1) + usize::from(self.shells > 0);
        Next::Done
    }

    fn input(&mut self, input: &Input, cx: &LayerCx) -> Next {
        match input {
            Input::Command(Command::Up | Command::Down | Command::Left | Command::Right | Command::Complete)
            | Input::Command(Command::Mark) => self.leaves = !self.leaves,
            Input::Command(Command::Enter) | Input::Key(Key { code: Code::Enter, .. }) => return self.answer(cx),
            Input::Command(Command::Back) | Input::Key(Key { code: Code::Esc, .. }) => return Next::Close,
            // It is asked already: what runs does not end by a key that is held too long.
            Input::Command(Command::Quit) => {}
            _ => {}
        }
        Next::Done
    }

    fn sheet(&self, cx: &LayerCx) -> Sheet {
        let open: Vec<_> = cx.forwards.open().collect();
        let mut lines: Vec<Line> = open
            .iter()
            .take(NAMED)
            .map(|forward| {
                let text = format!("· {} → {}", forward.local(), forward.spec.target());
                Line::of([Span::plain(clean(&text).into_owned())])
            })
            .collect();
        if open.len() > NAMED {
            let more = (open.len() - NAMED).to_string();
            let text = cx.lang.f("dialog.more", &[("count", &more)]);
            lines.push(Line::of([Span::new(text, Tone::Muted)]));
        }
        if self.shells > 0 {
            let text = cx.lang.f("shell.leaving", &[("count", &self.shells.to_string())]);
            lines.push(Line::of([Span::plain(format!("· {text}"))]));
        }
        lines.push(Line::default());
        lines.extend(self.answers(cx));
        let count = open.len().to_string();
        let title = if open.is_empty() {
            cx.lang.t("shell.leaving_title")
        } else {
            cx.lang.f("forwards.end", &[("count", &count)])
        };
        Sheet {
            title: Line::of([Span::new(title, Tone::Warn)]),
            lines,
            ..Sheet::default()
        }
    }
}
