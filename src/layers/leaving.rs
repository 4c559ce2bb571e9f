//! Asks before something ends that still runs.

use crate::core::command::Command;
use crate::core::event::Size;
use crate::core::key::{Code, Key};
use crate::core::layer::{Input, Layer, LayerCx, Next, Place, Sheet};
use crate::core::text::{Line, Span, Tone, clean};
use crate::core::wrap;

/// How large it is at most.
const SIZE: Size = Size { width: 64, height: 5 };

/// The question. Nothing ends unless the person chooses so.
struct Leaving {
    /// The line that does it.
    line: String,
    count: usize,
    sure: bool,
}

/// Asks whether to do what a line does, with which so many things end.
pub fn open(line: &str, count: usize) -> Box<dyn Layer> {
    Box::new(Leaving {
        line: line.to_string(),
        count,
        sure: false,
    })
}

impl Layer for Leaving {
    fn keys(&self) -> &'static str {
        "dialog"
    }

    fn place(&self) -> Place {
        Place::Over(SIZE)
    }

    fn input(&mut self, input: &Input, _cx: &LayerCx) -> Next {
        match input {
            Input::Command(Command::Enter) if self.sure => Next::Many(vec![Next::Close, Next::Line(self.line.clone())]),
            Input::Command(Command::Enter | Command::Back) => Next::Close,
            Input::Command(
                Command::Left | Command::Right | Command::Up | Command::Down | Command::Complete | Command::Mark,
            ) => {
                self.sure = !self.sure;
                Next::Done
            }
            // Keys of a keymap of a person's own that does not know dialogs.
            Input::Key(Key { code: Code::Esc, .. }) => Next::Close,
            // Asked again to leave: it is asked already.
            Input::Command(Command::Quit) => Next::Done,
            _ => Next::Ignored,
        }
    }

    fn uses(&self, command: Command) -> bool {
        command != Command::Copy
    }

    fn sheet(&self, cx: &LayerCx) -> Sheet {
        let text = cx.lang.f("shell.leaving", &[("count", &self.count.to_string())]);
        let mut lines: Vec<Line> = wrap::words(&clean(&text), cx.space.width)
            .into_iter()
            .map(Line::plain)
            .collect();
        lines.push(Line::default());
        for (key, sure) in [("shell.stay", false), ("shell.leave", true)] {
            let (mark, tone) = if self.sure == sure {
                ("▌ ", Tone::Accent)
            } else {
                ("  ", Tone::Plain)
            };
            lines.push(Line::of([
                Span::new(mark, Tone::Accent),
                Span::new(cx.lang.t(key), tone),
            ]));
        }
        Sheet {
            title: Line::of([Span::new(cx.lang.t("shell.leaving_title"), Tone::Title)]),
            lines,
            ..Sheet::default()
        }
    }
}
