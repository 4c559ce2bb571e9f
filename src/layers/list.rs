//! A list of objects over the whole body: a cursor that stays on its object, Enter that opens, lines that are live.

mod search;

use self::search::Search;
use super::open::open;
use crate::core::command::Command;
use crate::core::effect::Effect;
use crate::core::event::WatchId;
use crate::core::key::{Code, Key};
use crate::core::layer::{Input, Layer, LayerCx, Next, Place, Sheet};
use crate::core::store::Store;
use crate::core::text::{Line, Span, Tone};
use crate::relations::Reference;

/// A line of a list.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Entry {
    /// What it says.
    pub line: Line,
    /// What Enter opens.
    pub opens: Option<Reference>,
    /// What tells it apart from the other lines as long as the list is open.
    pub key: String,
}

impl Entry {
    /// A line that opens nothing.
    pub fn note(line: Line) -> Self {
        let key = line.text();
        Self { line, opens: None, key }
    }
}

/// What a list shows, and how it is kept up to date.
pub trait Entries {
    /// Looks whether what the list is made of has changed. Answers whether the entries are others now, and what more
    /// to ask for.
    fn refresh(&mut self, cx: &LayerCx) -> (bool, Vec<Effect>);
    /// The title.
    fn title(&self, cx: &LayerCx) -> Line;
    /// The line above the entries, where there is one.
    fn head(&self) -> Option<&Line> {
        None
    }
    /// The entries.
    fn entries(&self) -> &[Entry];
    /// A command on the entry at a place that only these entries know. Answers what follows, where they know it.
    fn command(&mut self, _command: Command, _at: usize, _cx: &LayerCx) -> Option<Next> {
        None
    }
    /// Whether a command is one that only these entries know.
    fn knows(&self, _command: Command) -> bool {
        false
    }
    /// The watches that it has open.
    fn watches(&self) -> Vec<WatchId>;
    /// Whether all that it wants to show has come.
    fn is_ready(&self, store: &Store) -> bool;
}

/// A list over the whole body.
pub struct ListLayer {
    entries: Box<dyn Entries>,
    chosen: usize,
    held: String,
    top: usize,
    height: usize,
    /// Whether a person moved the cursor: until then it stays on top while entries come.
    moved: bool,
    search: Search,
}

impl ListLayer {
    /// A layer that lists these.
    pub fn new(entries: impl Entries + 'static) -> Self {
        Self {
            entries: Box::new(entries),
            chosen: 0,
            held: String::new(),
            top: 0,
            height: 0,
            moved: false,
            search: Search::default(),
        }
    }

    /// The entries are others, or fewer are seen: the cursor stays on its entry.
    fn settle(&mut self, cx: &LayerCx) {
        self.height = self.room(cx);
        self.search.find(self.entries.entries());
        // Notes come and go: only objects are followed.
        let is_held = |entry: &Entry| entry.opens.is_some() && entry.key == self.held;
        let held = self.entries.entries().iter().position(is_held).filter(|_| self.moved);
        self.walk(held.unwrap_or(self.chosen));
    }

    /// How many lines there are for entries: without the head, and the line that a search is typed into.
    fn room(&self, cx: &LayerCx) -> usize {
        let taken = usize::from(self.entries.head().is_some()) + usize::from(self.search.is_typing());
        usize::from(cx.space.height).saturating_sub(taken)
    }

    /// Input while a search is typed: the first hit from the cursor on is chosen at once.
    fn typed(&mut self, input: &Input, cx: &LayerCx) -> Next {
        if !self.search.typed(input) {
            return Next::Ignored;
        }
        self.settle(cx);
        if let Some(hit) = self.search.first(self.chosen) {
            self.walk(hit);
        }
        Next::Done
    }

    fn walk(&mut self, to: usize) {
        let count = self.entries.entries().len();
        self.chosen = to.min(count.saturating_sub(1));
        let key = self.entries.entries().get(self.chosen).map(|entry| entry.key.clone());
        self.held = key.unwrap_or_default();
        self.top = self.top.min(self.chosen);
        if self.height > 0 && self.chosen >= self.top + self.height {
            self.top = self.chosen + 1 - self.height;
        }
        self.top = self.top.min(count.saturating_sub(self.height.min(count)));
    }

    fn accept(&mut self, cx: &LayerCx) -> Next {
        if let Some(next) = self.entries.command(Command::Enter, self.chosen, cx) {
            return next;
        }
        let chosen = self.entries.entries().get(self.chosen);
        match chosen.and_then(|entry| entry.opens.as_ref()) {
            Some(reference) => open(reference, cx.catalog),
            None => Next::Done,
        }
    }

    fn command(&mut self, command: Command, cx: &LayerCx) -> Next {
        self.moved = true;
        let page = self.height.max(1);
        match command {
            Command::Up => self.walk(self.chosen.saturating_sub(1)),
            Command::Down => self.walk(self.chosen + 1),
            Command::PageUp => self.walk(self.chosen.saturating_sub(page)),
            Command::PageDown => self.walk(self.chosen + page),
            Command::HalfUp => self.walk(self.chosen.saturating_sub(page / 2)),
            Command::HalfDown => self.walk(self.chosen + page / 2),
            Command::Top => self.walk(0),
            Command::Bottom => self.walk(usize::MAX),
            Command::Enter => return self.accept(cx),
            Command::Search | Command::Filter => {
                self.search.begin();
                self.settle(cx);
            }
            Command::SearchNext => self.walk(self.search.next(self.chosen)),
            Command::SearchPrevious => self.walk(self.search.previous(self.chosen)),
            Command::Back if self.search.is_on() => self.search.end(),
            Command::Back => return Next::Close,
            Command::Copy => {
                let lines = self.entries.entries().iter().map(|entry| entry.line.text());
                let text: Vec<String> = lines.map(|line| line.trim_end().to_string()).collect();
                return Next::Effects(vec![Effect::Copy(cx.ids.task(), text.join("\n") + "\n")]);
            }
            command => {
                let next = self.entries.command(command, self.chosen, cx);
                self.settle(cx);
                return next.unwrap_or(Next::Ignored);
            }
        }
        Next::Done
    }

    /// A click chooses, a click on what is chosen opens.
    fn click(&mut self, line: usize, cx: &LayerCx) -> Next {
        let head = usize::from(self.entries.head().is_some());
        let Some(at) = line.checked_sub(head).map(|line| line + self.top) else {
            return Next::Done;
        };
        if at == self.chosen {
            return self.accept(cx);
        }
        self.moved = true;
        if at < self.entries.entries().len() {
            self.walk(at);
        }
        Next::Done
    }
}

impl Layer for ListLayer {
    fn keys(&self) -> &'static str {
        if self.search.is_typing() { "input" } else { "list" }
    }

    fn takes_text(&self) -> bool {
        self.search.is_typing()
    }

    fn place(&self) -> Place {
        Place::Full
    }

    fn open(&mut self, cx: &LayerCx) -> Next {
        let (_, effects) = self.entries.refresh(cx);
        self.settle(cx);
        Next::Effects(effects)
    }

    fn input(&mut self, input: &Input, cx: &LayerCx) -> Next {
        if self.search.is_typing() {
            return self.typed(input, cx);
        }
        match input {
            Input::Command(command) => self.command(*command, cx),
            // Keymaps of a person's own that do not know lists yet can still leave and open.
            Input::Key(Key { code: Code::Enter, .. }) => self.command(Command::Enter, cx),
            Input::Key(Key { code: Code::Esc, .. }) => self.command(Command::Back, cx),
            Input::Key(Key { code: Code::Up, .. }) => self.command(Command::Up, cx),
            Input::Key(Key { code: Code::Down, .. }) => self.command(Command::Down, cx),
            Input::Click(line) => self.click(*line, cx),
            Input::Key(_) | Input::Paste(_) => Next::Ignored,
        }
    }

    fn refresh(&mut self, cx: &LayerCx) -> Next {
        let (changed, effects) = self.entries.refresh(cx);
        let moved = self.height != self.room(cx);
        if changed || moved {
            self.settle(cx);
        } else if effects.is_empty() {
            return Next::Ignored;
        }
        Next::Effects(effects)
    }

    fn uses(&self, command: Command) -> bool {
        command != Command::Mark || self.entries.knows(command)
    }

    fn watches(&self) -> Vec<WatchId> {
        self.entries.watches()
    }

    fn is_ready(&self, store: &Store) -> bool {
        self.entries.is_ready(store)
    }

    fn sheet(&self, cx: &LayerCx) -> Sheet {
        let head = self.entries.head().cloned();
        let above = usize::from(head.is_some());
        let entries = self.entries.entries();
        let seen = entries.iter().enumerate().skip(self.top).take(self.height);
        let seen = seen.map(|(at, entry)| self.search.shown(&entry.line, at == self.chosen));
        let mut lines: Vec<Line> = head.into_iter().chain(seen).collect();
        let chosen = (!entries.is_empty()).then(|| self.chosen.saturating_sub(self.top) + above);
        let cursor = self.search.line().map(|(line, column)| {
            lines.resize(self.height + above, Line::default());
            lines.push(line);
            (column, u16::try_from(self.height + above).unwrap_or(u16::MAX))
        });
        let mut info = self.search.info(self.chosen, cx.lang);
        let at = format!("{}/{}", (self.chosen + 1).min(entries.len()), entries.len());
        info.push(Span::new(at, Tone::Muted));
        Sheet {
            title: self.entries.title(cx),
            info: Line::of(info),
            chosen,
            lines,
            cursor,
        }
    }
}
