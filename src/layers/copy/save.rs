//! Where a table is saved: asks for the file's name, and proposes one.

use crate::core::command::Command;
use crate::core::effect::Effect;
use crate::core::event::{Size, TaskId};
use crate::core::field::Field;
use crate::core::key::{Code, Key};
use crate::core::layer::{Input, Layer, LayerCx, Next, Place, Sheet};
use crate::core::notice::Notice;
use crate::core::outcome::Outcome;
use crate::core::store::Store;
use crate::core::text::{Line, Span, Tone};
use crate::layers::dialog::push_words;

/// How large it is at most.
const SIZE: Size = Size { width: 90, height: 6 };

/// Saves a text under a name that is asked for.
pub struct Save {
    field: Field,
    text: String,
    task: Option<TaskId>,
    wrong: Option<String>,
}

impl Save {
    /// Asks where to save a text.
    pub fn new(name: &str, text: String) -> Self {
        Self {
            field: Field::new(name),
            text,
            task: None,
            wrong: None,
        }
    }

    fn accept(&mut self, cx: &LayerCx) -> Next {
        let name = self.field.text().trim().to_string();
        if self.task.is_some() || name.is_empty() {
            return Next::Done;
        }
        let task = cx.ids.task();
        self.task = Some(task);
        let text = self.text.clone().into_bytes().into();
        Next::Effects(vec![Effect::Save(task, name, text)])
    }
}

impl Layer for Save {
    fn keys(&self) -> &'static str {
        "dialog"
    }

    fn place(&self) -> Place {
        Place::Over(SIZE)
    }

    fn takes_text(&self) -> bool {
        true
    }

    fn input(&mut self, input: &Input, cx: &LayerCx) -> Next {
        match input {
            Input::Command(Command::Enter) | Input::Key(Key { code: Code::Enter, .. }) => self.accept(cx),
            Input::Command(Command::Back) | Input::Key(Key { code: Code::Esc, .. }) => Next::Close,
            Input::Command(Command::Quit | Command::Help | Command::Redraw | Command::Mouse) => Next::Ignored,
            input => {
                if self.task.is_none() && self.field.edit(input) {
                    self.wrong = None;
                }
                Next::Done
            }
        }
    }

    fn done(&mut self, task: TaskId, outcome: &Outcome, cx: &LayerCx) -> Next {
        if self.task != Some(task) {
            return Next::Ignored;
        }
        self.task = None;
        match outcome {
            Outcome::Saved(path) => {
                let text = cx.lang.f("notice.saved", &[("path", path)]);
                Next::Many(vec![Next::Close, Next::Notice(Notice::good(text))])
            }
            Outcome::Failed(trouble) => {
                self.wrong = Some(cx.lang.trouble(trouble));
                Next::Done
            }
            _ => Next::Done,
        }
    }

    fn tasks(&self) -> Vec<TaskId> {
        self.task.into_iter().collect()
    }

    fn is_ready(&self, _store: &Store) -> bool {
        self.task.is_none()
    }

    fn sheet(&self, cx: &LayerCx) -> Sheet {
        let label = format!("{}  ", cx.lang.t("copy.file"));
        let column = crate::core::store::text_width(&label) + self.field.column();
        let mut lines = vec![Line::of([
            Span::new(label, Tone::Label),
            Span::plain(self.field.text().to_string()),
        ])];
        lines.push(Line::default());
        match &self.wrong {
            Some(wrong) => push_words(&mut lines, "✗ ", wrong, Tone::Error, cx),
            None => lines.push(Line::of([Span::new(cx.lang.t("copy.enter"), Tone::Muted)])),
        }
        Sheet {
            title: Line::of([Span::new(cx.lang.t("copy.save_title"), Tone::Title)]),
            lines,
            cursor: Some((column, 0)),
            ..Sheet::default()
        }
    }
}
