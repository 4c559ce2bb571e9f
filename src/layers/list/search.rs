//! Searching in a list: hits are entries, and what matched is shown in them.

use regex::Regex;

use super::Entry;
use crate::core::command::Command;
use crate::core::field::Field;
use crate::core::key::{Code, Key};
use crate::core::lang::Lang;
use crate::core::layer::Input;
use crate::core::text::{Line, Span, Tone};
use crate::layers::text::search::{expression, highlight};

/// What is searched, and where it was found.
#[derive(Default)]
pub struct Search {
    typing: Option<Field>,
    wanted: Option<Regex>,
    hits: Vec<usize>,
}

impl Search {
    /// Begins to take what is typed.
    pub fn begin(&mut self) {
        self.typing = Some(Field::default());
    }

    /// Whether it is being typed.
    pub fn is_typing(&self) -> bool {
        self.typing.is_some()
    }

    /// Whether something is searched.
    pub fn is_on(&self) -> bool {
        self.wanted.is_some()
    }

    /// Searches nothing any more.
    pub fn end(&mut self) {
        *self = Self::default();
    }

    /// Input while it is being typed. Answers whether it was used.
    pub fn typed(&mut self, input: &Input) -> bool {
        match input {
            Input::Command(Command::Enter) | Input::Key(Key { code: Code::Enter, .. }) => {
                self.typing = None;
                self.wanted = self.wanted.take().filter(|_| !self.hits.is_empty());
            }
            Input::Command(Command::Back) | Input::Key(Key { code: Code::Esc, .. }) => self.end(),
            Input::Command(Command::Quit | Command::Help | Command::Redraw | Command::Mouse) => return false,
            _ => {
                if let Some(field) = &mut self.typing
                    && field.edit(input)
                {
                    self.wanted = expression(field.text());
                }
            }
        }
        true
    }

    /// Looks for it in all entries.
    pub fn find(&mut self, entries: &[Entry]) {
        self.hits.clear();
        if let Some(wanted) = &self.wanted {
            let hits = entries.iter().enumerate();
            let hits = hits.filter(|(_, entry)| wanted.is_match(&entry.line.text()));
            self.hits.extend(hits.map(|(at, _)| at));
        }
    }

    /// The first hit from an entry on, else the first of all.
    pub fn first(&self, from: usize) -> Option<usize> {
        let after = self.hits.iter().find(|hit| **hit >= from);
        after.or(self.hits.first()).copied()
    }

    /// The hit after an entry, around the end; the entry itself where there is none.
    pub fn next(&self, from: usize) -> usize {
        self.first(from + 1).unwrap_or(from)
    }

    /// The hit before an entry, around the beginning.
    pub fn previous(&self, from: usize) -> usize {
        let before = self.hits.iter().rev().find(|hit| **hit < from);
        before.or(self.hits.last()).copied().unwrap_or(from)
    }

    /// A line with what matched.
    pub fn shown(&self, line: &Line, now: bool) -> Line {
        match &self.wanted {
            Some(wanted) => highlight(line, wanted, now),
            None => line.clone(),
        }
    }

    /// The line that it is typed into, and the column of the cursor.
    pub fn line(&self) -> Option<(Line, u16)> {
        let field = self.typing.as_ref()?;
        let line = Line::of([Span::new("/", Tone::Accent), Span::plain(field.text().to_string())]);
        Some((line, field.column() + 1))
    }

    /// Which of how many hits is chosen.
    pub fn info(&self, chosen: usize, lang: &Lang) -> Vec<Span> {
        if !self.is_on() {
            return Vec::new();
        }
        let at = self.hits.iter().position(|hit| *hit == chosen).map_or(0, |at| at + 1);
        let (at, count) = (at.to_string(), self.hits.len().to_string());
        let text = lang.f("text.hits", &[("at", &at), ("count", &count)]);
        vec![Span::new(format!("{text}   "), Tone::Accent)]
    }
}
