//! What a person types in a view of logs, in its last line.

use super::super::logs::Logs;
use super::switches;
use crate::core::command::Command;
use crate::core::field::Field;
use crate::core::key::{Code, Key};
use crate::core::layer::{Input, LayerCx, Next};
use crate::core::log::{Filter, lens};
use crate::core::store::text_width;
use crate::core::text::{Line, Span, Tone};

/// What is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Question {
    /// What to search.
    Search,
    /// Which lines to show.
    Filter,
    /// From when on, or how many lines.
    Since,
    /// The template for fields.
    Template,
    /// The name of a file for what is shown.
    Save,
    /// The name of a file for all of it.
    SaveAll,
}

/// A question, and what has been typed so far.
pub struct Ask {
    pub(super) question: Question,
    pub(super) field: Field,
    wrong: Option<String>,
    before: String,
}

impl Ask {
    /// A question with an answer to start with.
    pub fn new(question: Question, text: &str) -> Self {
        Self {
            question,
            field: Field::new(text),
            wrong: None,
            before: text.to_string(),
        }
    }

    /// The line that it is typed in, and where the cursor stands in it.
    pub fn line(&self, cx: &LayerCx) -> (Line, u16) {
        let lead = match self.question {
            Question::Search => "/".to_string(),
            Question::Filter => format!("{} ", cx.lang.t("logs.ask_filter")),
            Question::Since => format!("{} ", cx.lang.t("logs.ask_since")),
            Question::Template => format!("{} ", cx.lang.t("logs.ask_template")),
            Question::Save => format!("{} ", cx.lang.t("logs.ask_save")),
            Question::SaveAll => format!("{} ", cx.lang.t("logs.ask_save_all")),
        };
        let hint = match self.question {
            Question::Filter => cx.lang.t("logs.ask_filter_hint"),
            Question::Since => cx.lang.t("logs.ask_since_hint"),
            Question::Template => cx.lang.t("logs.ask_template_hint"),
            Question::Search | Question::Save | Question::SaveAll => String::new(),
        };
        let after = match &self.wrong {
            Some(wrong) => Span::new(format!("   ✗ {wrong}"), Tone::Error),
            None => Span::new(format!("   {hint}"), Tone::Muted),
        };
        let column = text_width(&lead) + self.field.column();
        let line = Line::of([
            Span::new(lead, Tone::Accent),
            Span::plain(self.field.text().to_string()),
            after,
        ]);
        (line, column)
    }
}

impl Logs {
    pub(super) fn ask(&mut self, question: Question, text: &str) -> Next {
        self.asked = Some(Ask::new(question, text));
        Next::Done
    }

    /// An input while something is asked.
    pub(super) fn answer(&mut self, input: &Input, cx: &LayerCx) -> Next {
        let Some(ask) = &mut self.asked else {
            return Next::Ignored;
        };
        match input {
            Input::Command(Command::Enter) | Input::Key(Key { code: Code::Enter, .. }) => self.answered(cx),
            Input::Command(Command::Back) | Input::Key(Key { code: Code::Esc, .. }) => self.undone(cx),
            Input::Command(Command::Quit | Command::Help | Command::Redraw | Command::Mouse) => Next::Ignored,
            input if ask.field.edit(input) => self.typed(cx),
            _ => Next::Done,
        }
    }

    /// Search and filter show what they find at once.
    fn typed(&mut self, cx: &LayerCx) -> Next {
        let Some(ask) = &mut self.asked else {
            return Next::Ignored;
        };
        ask.wrong = None;
        let text = ask.field.text().to_string();
        match ask.question {
            Question::Search => {
                self.journal.set_search(lens::search(&text));
                self.show_hit(self.window.around(), true, cx);
                self.work(cx)
            }
            Question::Filter => self.filter(&text, cx),
            _ => Next::Done,
        }
    }

    fn filter(&mut self, text: &str, cx: &LayerCx) -> Next {
        match Filter::parse(text, self.journal.filter().context) {
            Ok(filter) => {
                self.journal.set_filter(filter);
                self.work(cx)
            }
            Err(why) => {
                let wrong = cx.lang.f("logs.wrong_filter", &[("why", &why)]);
                if let Some(ask) = &mut self.asked {
                    ask.wrong = Some(wrong);
                }
                Next::Done
            }
        }
    }

    fn answered(&mut self, cx: &LayerCx) -> Next {
        let Some(ask) = self.asked.take() else {
            return Next::Ignored;
        };
        let text = ask.field.text().trim().to_string();
        match ask.question {
            Question::Search => {
                if text.is_empty() {
                    self.journal.set_search(None);
                }
                self.work(cx)
            }
            Question::Filter => Next::Done,
            Question::Template => {
                self.switches.template = text;
                Next::Done
            }
            Question::Since => match switches::since(&text, cx.clock.now) {
                Some((since, extent)) => {
                    (self.switches.since, self.switches.extent) = (since, extent);
                    self.restart(cx)
                }
                None => {
                    let wrong = cx.lang.f("logs.wrong_since", &[("text", &text)]);
                    self.asked = Some(Ask {
                        wrong: Some(wrong),
                        ..ask
                    });
                    Next::Done
                }
            },
            Question::Save | Question::SaveAll if text.is_empty() => Next::Done,
            Question::Save | Question::SaveAll => self.save(text, ask.question == Question::SaveAll, cx),
        }
    }

    /// Escape: as it was before.
    fn undone(&mut self, cx: &LayerCx) -> Next {
        let Some(ask) = self.asked.take() else {
            return Next::Ignored;
        };
        match ask.question {
            Question::Search => {
                self.journal.set_search(None);
                self.window.now = None;
                self.work(cx)
            }
            Question::Filter => self.filter(&ask.before, cx),
            _ => Next::Done,
        }
    }
}
