//! A line of text that a person types.

use tui_input::{Input as Text, InputRequest};

use super::command::Command;
use super::key::{Code, Key};
use super::layer::Input;
use super::store::text_width;
use super::text::clean;

/// A line of text with a cursor.
#[derive(Clone, Debug, Default)]
pub struct Field(Text);

impl Field {
    /// With a text to start with; the cursor stands behind it.
    pub fn new(text: &str) -> Self {
        Self(Text::new(text.to_string()))
    }

    /// What was typed.
    pub fn text(&self) -> &str {
        self.0.value()
    }

    /// The cursor's column, in cells from the beginning of the text.
    pub fn column(&self) -> u16 {
        let before: String = self.0.value().chars().take(self.0.cursor()).collect();
        text_width(&before)
    }

    /// Whether the cursor stands behind the text.
    pub fn at_end(&self) -> bool {
        self.0.cursor() >= self.0.value().chars().count()
    }

    /// Edits the text. Answers whether the input was an edit.
    pub fn edit(&mut self, input: &Input) -> bool {
        let request = match input {
            Input::Paste(text) => {
                for ch in clean(text).replace('⏎', " ").chars() {
                    self.0.handle(InputRequest::InsertChar(ch));
                }
                return true;
            }
            Input::Key(Key {
                code: Code::Char(ch),
                ctrl: false,
                ..
            }) => InputRequest::InsertChar(*ch),
            Input::Key(Key {
                code: Code::Backspace, ..
            }) => InputRequest::DeletePrevChar,
            Input::Key(Key { code: Code::Delete, .. }) => InputRequest::DeleteNextChar,
            Input::Key(Key {
                code: Code::Left,
                ctrl: false,
                ..
            }) => InputRequest::GoToPrevChar,
            Input::Key(Key {
                code: Code::Right,
                ctrl: false,
                ..
            }) => InputRequest::GoToNextChar,
            Input::Key(Key { code: Code::Left, .. }) => InputRequest::GoToPrevWord,
            Input::Key(Key { code: Code::Right, .. }) => InputRequest::GoToNextWord,
            Input::Key(Key { code: Code::Home, .. }) | Input::Command(Command::LineStart) => InputRequest::GoToStart,
            Input::Key(Key { code: Code::End, .. }) | Input::Command(Command::LineEnd) => InputRequest::GoToEnd,
            Input::Command(Command::DeleteWord) => InputRequest::DeletePrevWord,
            Input::Command(Command::DeleteLine) => InputRequest::DeleteLine,
            _ => return false,
        };
        self.0.handle(request);
        true
    }
}
