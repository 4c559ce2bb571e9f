//! A text over the whole body: scrolls, wraps, is searched and copied, and stays live.

mod search;
mod wrap;

pub use search::highlight;
pub use wrap::{cut, pieces};

use regex::Regex;

use crate::core::clock::Clock;
use crate::core::command::Command;
use crate::core::effect::Effect;
use crate::core::event::{TaskId, WatchId};
use crate::core::field::Field;
use crate::core::key::{Code, Key};
use crate::core::layer::{Input, Layer, LayerCx, Next, Place, Sheet};
use crate::core::outcome::Outcome;
use crate::core::store::Store;
use crate::core::text::{Line, Span, Tone};

/// What a text layer shows: the text, and how it is kept up to date.
pub trait Content {
    /// What to ask for when the text is opened.
    fn open(&mut self, cx: &LayerCx) -> Vec<Effect>;
    /// Looks whether what the text is made of has changed. Answers what more to ask for.
    fn refresh(&mut self, cx: &LayerCx) -> Refreshed;
    /// The title, such as `pod/web-0`.
    fn title(&self, cx: &LayerCx) -> Line;
    /// The lines, plain or toned.
    fn lines(&self) -> &[Line];
    /// Tones lines before they are seen, where that costs too much for all of them.
    fn tone(&mut self, _from: usize, _count: usize) -> Option<Vec<Line>> {
        None
    }
    /// A command that only this text knows. Answers whether it was used, and what to do.
    fn command(&mut self, _command: Command, _cx: &LayerCx) -> Option<Vec<Effect>> {
        None
    }
    /// Whether a command is one that only this text knows.
    fn knows(&self, _command: Command) -> bool {
        false
    }
    /// A call came to its end. Answers whether it was this text's.
    fn done(&mut self, _task: TaskId, _outcome: &Outcome) -> bool {
        false
    }
    /// The watches that it has open.
    fn watches(&self) -> Vec<WatchId>;
    /// Whether all that it wants to show has come.
    fn is_ready(&self, store: &Store) -> bool;
}

/// What came of a look at what a text is made of.
#[derive(Default)]
pub struct Refreshed {
    /// Whether the lines are others now.
    pub changed: bool,
    /// What more to ask for.
    pub effects: Vec<Effect>,
}

/// A text over the whole body.
pub struct TextLayer {
    content: Box<dyn Content>,
    rows: Vec<wrap::Piece>,
    wrapped: bool,
    width: u16,
    height: usize,
    top: usize,
    left: usize,
    typing: Option<Field>,
    search: Option<Regex>,
    hits: Vec<usize>,
    hit: usize,
    window: Vec<Line>,
}

impl TextLayer {
    /// A layer that shows this content.
    pub fn new(content: impl Content + 'static) -> Self {
        Self {
            content: Box::new(content),
            rows: Vec::new(),
            wrapped: false,
            width: 0,
            height: 0,
            top: 0,
            left: 0,
            typing: None,
            search: None,
            hits: Vec::new(),
            hit: 0,
            window: Vec::new(),
        }
    }

    /// The lines are others, or stand otherwise: where the first that is seen was, it stays.
    fn lay_out(&mut self, cx: &LayerCx) {
        let first = self.rows.get(self.top).map(|piece| piece.line);
        self.width = cx.space.width;
        self.height = usize::from(cx.space.height);
        self.rows = wrap::pieces(self.content.lines(), self.wrapped.then_some(usize::from(self.width)));
        if let Some(first) = first {
            self.top = self
                .rows
                .iter()
                .position(|piece| piece.line >= first)
                .unwrap_or(self.rows.len());
        }
        self.find(cx);
        self.settle();
    }

    /// Looks for what is searched in all lines.
    fn find(&mut self, _cx: &LayerCx) {
        self.hits = match &self.search {
            Some(search) => search::lines(self.content.lines(), search),
            None => Vec::new(),
        };
        self.hit = self.hit.min(self.hits.len().saturating_sub(1));
    }

    /// Keeps the window within the text, and makes the lines that are seen.
    fn settle(&mut self) {
        let page = self.height.saturating_sub(usize::from(self.typing.is_some()));
        self.top = self.top.min(self.rows.len().saturating_sub(page.min(self.rows.len())));
        let seen = self
            .rows
            .get(self.top..(self.top + page).min(self.rows.len()))
            .unwrap_or_default()
            .to_vec();
        let (first, last) = match (seen.first(), seen.last()) {
            (Some(first), Some(last)) => (first.line, last.line),
            _ => (0, 0),
        };
        let toned = self.content.tone(first, last + 1 - first);
        let lines = self.content.lines();
        let now = self.hits.get(self.hit).copied();
        self.window = seen
            .iter()
            .filter_map(|piece| {
                let toned = toned.as_ref().and_then(|toned| toned.get(piece.line - first));
                let line = toned.or_else(|| lines.get(piece.line))?;
                let line = match &self.search {
                    Some(search) => search::highlight(line, search, now == Some(piece.line)),
                    None => line.clone(),
                };
                Some(wrap::cut(&line, piece.from + self.left, piece.width))
            })
            .collect();
    }

    fn scroll(&mut self, to: usize) {
        self.top = to;
        self.settle();
    }

    fn show_hit(&mut self) {
        let Some(line) = self.hits.get(self.hit).copied() else {
            return;
        };
        let row = self.rows.iter().position(|piece| piece.line == line).unwrap_or(0);
        if row < self.top || row >= self.top + self.height {
            self.top = row.saturating_sub(self.height / 3);
        }
        self.settle();
    }

    fn step(&mut self, forward: bool) -> Next {
        if self.hits.is_empty() {
            return Next::Done;
        }
        let count = self.hits.len();
        self.hit = if forward {
            (self.hit + 1) % count
        } else {
            (self.hit + count - 1) % count
        };
        self.show_hit();
        Next::Done
    }

    /// What was typed is searched at once; the first hit at or below the window is shown.
    fn search(&mut self, cx: &LayerCx) {
        let text = self
            .typing
            .as_ref()
            .map(|field| field.text().to_string())
            .unwrap_or_default();
        self.search = search::expression(&text);
        self.find(cx);
        let first = self.rows.get(self.top).map_or(0, |piece| piece.line);
        self.hit = self.hits.iter().position(|line| *line >= first).unwrap_or(0);
        self.show_hit();
        self.settle();
    }

    fn typed(&mut self, input: &Input, cx: &LayerCx) -> Next {
        match input {
            Input::Command(Command::Enter) | Input::Key(Key { code: Code::Enter, .. }) => {
                self.typing = None;
                if self.hits.is_empty() {
                    self.search = None;
                }
            }
            Input::Command(Command::Back) | Input::Key(Key { code: Code::Esc, .. }) => {
                self.typing = None;
                self.search = None;
                self.hits.clear();
            }
            Input::Command(Command::Quit | Command::Help | Command::Redraw | Command::Mouse) => return Next::Ignored,
            _ => {
                if self.typing.as_mut().is_some_and(|field| field.edit(input)) {
                    self.search(cx);
                }
            }
        }
        self.settle();
        Next::Done
    }

    fn command(&mut self, command: Command, cx: &LayerCx) -> Next {
        let page = self.height.max(1);
        match command {
            Command::Up => self.scroll(self.top.saturating_sub(1)),
            Command::Down => self.scroll(self.top + 1),
            Command::PageUp => self.scroll(self.top.saturating_sub(page)),
            Command::PageDown => self.scroll(self.top + page),
            Command::HalfUp => self.scroll(self.top.saturating_sub(page / 2)),
            Command::HalfDown => self.scroll(self.top + page / 2),
            Command::Top => self.scroll(0),
            Command::Bottom => self.scroll(self.rows.len()),
            Command::Left => {
                self.left = self.left.saturating_sub(8);
                self.settle();
            }
            Command::Right if !self.wrapped => {
                self.left += 8;
                self.settle();
            }
            Command::Wrap => {
                self.wrapped = !self.wrapped;
                self.left = 0;
                self.lay_out(cx);
            }
            Command::Search | Command::Filter => {
                self.typing = Some(Field::default());
                self.settle();
            }
            Command::SearchNext => return self.step(true),
            Command::SearchPrevious => return self.step(false),
            Command::Copy => {
                let text: Vec<String> = self.content.lines().iter().map(Line::text).collect();
                return Next::Effects(vec![Effect::Copy(cx.ids.task(), text.join("\n") + "\n")]);
            }
            Command::Back if self.search.is_some() => {
                self.search = None;
                self.hits.clear();
                self.settle();
            }
            Command::Back => return Next::Close,
            command => match self.content.command(command, cx) {
                Some(effects) => {
                    self.lay_out(cx);
                    return Next::Effects(effects);
                }
                None => return Next::Ignored,
            },
        }
        Next::Done
    }

    fn info(&self, cx: &LayerCx) -> Line {
        let mut spans = Vec::new();
        if self.search.is_some() {
            let at = (self.hit + usize::from(!self.hits.is_empty())).to_string();
            let text = cx
                .lang
                .f("text.hits", &[("at", &at), ("count", &self.hits.len().to_string())]);
            spans.push(Span::new(format!("{text}   "), Tone::Accent));
        }
        let bottom = (self.top + self.height).min(self.rows.len());
        let percent = (bottom * 100).checked_div(self.rows.len()).unwrap_or(100);
        spans.push(Span::new(
            format!("{}/{} {percent}%", bottom, self.rows.len()),
            Tone::Muted,
        ));
        Line::of(spans)
    }
}

impl Layer for TextLayer {
    fn keys(&self) -> &'static str {
        if self.typing.is_some() { "input" } else { "text" }
    }

    fn place(&self) -> Place {
        Place::Full
    }

    fn takes_text(&self) -> bool {
        self.typing.is_some()
    }

    fn open(&mut self, cx: &LayerCx) -> Next {
        let mut effects = self.content.open(cx);
        effects.extend(self.content.refresh(cx).effects);
        self.lay_out(cx);
        Next::Effects(effects)
    }

    fn input(&mut self, input: &Input, cx: &LayerCx) -> Next {
        if self.typing.is_some() {
            return self.typed(input, cx);
        }
        match input {
            Input::Command(command) => self.command(*command, cx),
            Input::Key(_) | Input::Paste(_) | Input::Click(_) => Next::Ignored,
        }
    }

    fn refresh(&mut self, cx: &LayerCx) -> Next {
        let refreshed = self.content.refresh(cx);
        let moved = self.width != cx.space.width || self.height != usize::from(cx.space.height);
        if refreshed.changed || moved {
            self.lay_out(cx);
        } else if refreshed.effects.is_empty() {
            return Next::Ignored;
        }
        Next::Effects(refreshed.effects)
    }

    fn done(&mut self, task: TaskId, outcome: &Outcome, cx: &LayerCx) -> Next {
        if self.content.done(task, outcome) {
            self.lay_out(cx);
            return Next::Done;
        }
        Next::Ignored
    }

    fn uses(&self, command: Command) -> bool {
        command != Command::ManagedFields || self.content.knows(command)
    }

    fn watches(&self) -> Vec<WatchId> {
        self.content.watches()
    }

    fn is_ready(&self, store: &Store) -> bool {
        self.content.is_ready(store)
    }

    fn sheet(&self, cx: &LayerCx) -> Sheet {
        let mut sheet = Sheet {
            title: self.content.title(cx),
            info: self.info(cx),
            lines: self.window.clone(),
            ..Sheet::default()
        };
        if let Some(field) = &self.typing {
            sheet.lines.resize(self.height.saturating_sub(1), Line::default());
            sheet.lines.push(Line::of([
                Span::new("/", Tone::Accent),
                Span::plain(field.text().to_string()),
            ]));
            let line = u16::try_from(sheet.lines.len()).unwrap_or(1).saturating_sub(1);
            sheet.cursor = Some((field.column() + 1, line));
        }
        sheet
    }
}

/// How old what is shown may be before it is made anew for its ages, in seconds.
pub const AGES: i64 = 1;

/// Whether a second has passed since `last`.
pub fn is_due(last: i64, clock: &Clock) -> bool {
    (clock.now.as_second() - last).abs() >= AGES
}
