//! konn's own editor, for where no other can be run: plain lines, a cursor, nothing else.

use crate::core::command::Command;
use crate::core::key::{Code, Key};
use crate::core::layer::{Input, LayerCx, Sheet};
use crate::core::store::text_width;
use crate::core::text::{Line, Span, Tone, clean};

/// What Tab types.
const TAB: &str = "  ";

/// Lines of text with a cursor.
pub struct Buffer {
    lines: Vec<Vec<char>>,
    row: usize,
    column: usize,
    top: usize,
}

impl Buffer {
    /// A text, with the cursor on the first line that is no comment.
    pub fn new(text: &str) -> Self {
        let mut lines: Vec<Vec<char>> = text.lines().map(|line| line.chars().collect()).collect();
        if lines.is_empty() {
            lines.push(Vec::new());
        }
        let row = lines.iter().position(|line| line.first() != Some(&'#')).unwrap_or(0);
        Self {
            lines,
            row,
            column: 0,
            top: 0,
        }
    }

    /// The text as it is now.
    pub fn text(&self) -> String {
        let mut out = String::new();
        for line in &self.lines {
            out.extend(line);
            out.push('\n');
        }
        out
    }

    fn line(&mut self) -> Option<&mut Vec<char>> {
        self.lines.get_mut(self.row)
    }

    fn join(&mut self, rest: Vec<char>) {
        if let Some(line) = self.line() {
            line.extend(rest);
        }
    }

    fn width(&self) -> usize {
        self.lines.get(self.row).map_or(0, Vec::len)
    }

    /// Takes an input; `page` is how many lines are seen.
    pub fn input(&mut self, input: &Input, page: usize) {
        let page = page.max(1);
        match input {
            Input::Key(Key {
                code: Code::Char(ch),
                ctrl: false,
                ..
            }) => self.insert(&ch.to_string()),
            Input::Paste(text) => self.insert(text),
            Input::Command(Command::Enter) | Input::Key(Key { code: Code::Enter, .. }) => self.insert("\n"),
            Input::Command(Command::Complete) => self.insert(TAB),
            Input::Key(Key {
                code: Code::Backspace, ..
            }) => self.backspace(),
            Input::Key(Key { code: Code::Delete, .. }) => self.delete(),
            Input::Key(Key { code: Code::Left, .. }) => self.left(),
            Input::Key(Key { code: Code::Right, .. }) => self.right(),
            Input::Key(Key { code: Code::Home, .. }) | Input::Command(Command::LineStart) => self.column = 0,
            Input::Key(Key { code: Code::End, .. }) | Input::Command(Command::LineEnd) => self.column = self.width(),
            Input::Command(Command::Up) => self.go(self.row.saturating_sub(1)),
            Input::Command(Command::Down) => self.go(self.row + 1),
            Input::Command(Command::PageUp) => self.go(self.row.saturating_sub(page)),
            Input::Command(Command::PageDown) => self.go(self.row + page),
            Input::Command(Command::DeleteLine) => self.delete_line(),
            _ => {}
        }
        self.top = self.top.min(self.row).max((self.row + 1).saturating_sub(page));
    }

    fn go(&mut self, row: usize) {
        self.row = row.min(self.lines.len().saturating_sub(1));
        self.column = self.column.min(self.width());
    }

    fn insert(&mut self, text: &str) {
        for ch in text.replace("\r\n", "\n").replace('\r', "\n").chars() {
            let column = self.column.min(self.width());
            if ch == '\n' {
                let rest = self.line().map(|line| line.split_off(column)).unwrap_or_default();
                self.lines.insert((self.row + 1).min(self.lines.len()), rest);
                (self.row, self.column) = (self.row + 1, 0);
            } else if let Some(line) = self.line() {
                line.insert(column, ch);
                self.column = column + 1;
            }
        }
    }

    fn backspace(&mut self) {
        if self.column > 0 {
            let column = self.column - 1;
            if let Some(line) = self.line().filter(|line| column < line.len()) {
                line.remove(column);
            }
            self.column = column;
        } else if self.row > 0 {
            let rest = self.lines.remove(self.row);
            self.row -= 1;
            self.column = self.width();
            self.join(rest);
        }
    }

    fn delete(&mut self) {
        let column = self.column;
        if column < self.width() {
            if let Some(line) = self.line() {
                line.remove(column);
            }
        } else if self.row + 1 < self.lines.len() {
            let rest = self.lines.remove(self.row + 1);
            self.join(rest);
        }
    }

    fn delete_line(&mut self) {
        if self.lines.len() > 1 {
            self.lines.remove(self.row);
        } else if let Some(line) = self.line() {
            line.clear();
        }
        self.go(self.row);
    }

    fn left(&mut self) {
        if self.column > 0 {
            self.column -= 1;
        } else if self.row > 0 {
            self.row -= 1;
            self.column = self.width();
        }
    }

    fn right(&mut self) {
        if self.column < self.width() {
            self.column += 1;
        } else if self.row + 1 < self.lines.len() {
            (self.row, self.column) = (self.row + 1, 0);
        }
    }

    /// What is seen of it.
    pub fn sheet(&self, title: Line, cx: &LayerCx) -> Sheet {
        let (width, height) = (usize::from(cx.space.width), usize::from(cx.space.height));
        let before: String = self
            .lines
            .get(self.row)
            .into_iter()
            .flatten()
            .take(self.column)
            .collect();
        // What is typed stays in sight: the lines move to the left together.
        let cells = usize::from(text_width(&clean(&before)));
        let skip = (cells + 1).saturating_sub(width);
        let line = |line: &Vec<char>| {
            let text: String = line.iter().collect();
            let tone = if text.starts_with('#') {
                Tone::Muted
            } else {
                Tone::Plain
            };
            let shown: String = clean(&text).chars().skip(skip).collect();
            Line::of([Span::new(shown, tone)])
        };
        let at = format!(
            "{}/{}   {}",
            self.row + 1,
            self.lines.len(),
            cx.lang.t("dialog.edit.keys")
        );
        Sheet {
            title,
            info: Line::of([Span::new(at, Tone::Muted)]),
            lines: self.lines.iter().skip(self.top).take(height).map(line).collect(),
            cursor: Some((
                u16::try_from(cells - skip.min(cells)).unwrap_or(u16::MAX),
                u16::try_from(self.row.saturating_sub(self.top)).unwrap_or(u16::MAX),
            )),
            ..Sheet::default()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn press(buffer: &mut Buffer, keys: &str) {
        for name in keys.split(' ') {
            let input = match name {
                "up" => Input::Command(Command::Up),
                "down" => Input::Command(Command::Down),
                "enter" => Input::Command(Command::Enter),
                "tab" => Input::Command(Command::Complete),
                name => Input::Key(Key::parse(name).unwrap()),
            };
            buffer.input(&input, 10);
        }
    }

    #[test]
    fn keys_edit_the_text() {
        for (keys, text) in [
            ("x", "# c\nxab\ncd\n"),
            ("end x enter y", "# c\nabx\ny\ncd\n"),
            ("end delete", "# c\nabcd\n"),
            ("down backspace", "# c\nabcd\n"),
            ("right delete", "# c\na\ncd\n"),
            ("up up backspace left left x", "x# c\nab\ncd\n"),
            ("down down end backspace", "# c\nab\nc\n"),
            ("tab", "# c\n  ab\ncd\n"),
        ] {
            let mut buffer = Buffer::new("# c\nab\ncd\n");
            press(&mut buffer, keys);
            assert_eq!(buffer.text(), text, "{keys}");
        }
        let mut buffer = Buffer::new("");
        buffer.input(&Input::Paste("a: 1\r\nb: 2".into()), 10);
        assert_eq!(buffer.text(), "a: 1\nb: 2\n");
    }
}
