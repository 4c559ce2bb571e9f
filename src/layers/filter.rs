//! The filter's line: filters as it is typed, keeps the last filter that was understood.

use crate::core::command::Command;
use crate::core::field::Field;
use crate::core::filter::Filter;
use crate::core::key::{Code, Key};
use crate::core::layer::{Input, Layer, LayerCx, Next, Place, Sheet};
use crate::core::text::{Line, Span, Tone};

/// The filter's line.
struct FilterLine {
    field: Field,
    before: String,
    wrong: Option<String>,
}

/// The filter's line, with the present filter.
pub fn open(text: &str) -> Box<dyn Layer> {
    Box::new(FilterLine {
        field: Field::new(text),
        before: text.to_string(),
        wrong: None,
    })
}

impl FilterLine {
    fn apply(&mut self) -> Next {
        match Filter::parse(self.field.text()) {
            Ok(filter) => {
                self.wrong = None;
                Next::Filter(filter)
            }
            Err(why) => {
                self.wrong = Some(why);
                Next::Done
            }
        }
    }
}

impl Layer for FilterLine {
    fn keys(&self) -> &'static str {
        "input"
    }

    fn place(&self) -> Place {
        Place::Title
    }

    fn takes_text(&self) -> bool {
        true
    }

    fn input(&mut self, input: &Input, _cx: &LayerCx) -> Next {
        match input {
            Input::Command(Command::Enter) | Input::Key(Key { code: Code::Enter, .. }) => Next::Close,
            Input::Command(Command::Back) | Input::Key(Key { code: Code::Esc, .. }) => {
                let before = Filter::parse(&self.before).unwrap_or_default();
                Next::Many(vec![Next::Filter(before), Next::Close])
            }
            // The list can be walked while the filter is typed.
            Input::Command(command @ (Command::Up | Command::Down | Command::PageUp | Command::PageDown)) => {
                Next::Command(*command)
            }
            input if self.field.edit(input) => self.apply(),
            Input::Command(Command::Quit | Command::Help | Command::Redraw | Command::Mouse) => Next::Ignored,
            _ => Next::Done,
        }
    }

    fn sheet(&self, cx: &LayerCx) -> Sheet {
        let title = Line::of([Span::new("/", Tone::Accent), Span::plain(self.field.text().to_string())]);
        let info = match &self.wrong {
            Some(why) => Line::of([Span::new(
                format!("✗ {}", cx.lang.f("filter.invalid", &[("why", why)])),
                Tone::Error,
            )]),
            None => Line::of([Span::new(cx.lang.t("filter.hint"), Tone::Muted)]),
        };
        Sheet {
            title,
            info,
            cursor: Some((self.field.column() + 1, 0)),
            ..Sheet::default()
        }
    }
}
