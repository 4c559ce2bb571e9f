//! A text over the whole body: scrolls, wraps, is searched and copied, and stays live.

mod outline;
mod place;
pub(super) mod search;
mod window;
mod wrap;

use std::collections::HashSet;

use regex::Regex;

use self::outline::Outline;
pub use self::search::highlight;
pub use self::wrap::{cut, pieces};
use super::open;
use crate::core::clock::Clock;
use crate::core::command::Command;
use crate::core::effect::Effect;
use crate::core::event::{TaskId, WatchId};
use crate::core::field::Field;
use crate::core::key::{Code, Key};
use crate::core::layer::{Input, Layer, LayerCx, Next, Place, Sheet};
use crate::core::metrics::Wants;
use crate::core::outcome::Outcome;
use crate::core::store::Store;
use crate::core::text::{Line, Span, Tone};

/// What a text layer shows: the text, and how it is kept up to date.
pub trait Content {
    /// What to ask for when the text is opened.
    fn open(&mut self, _cx: &LayerCx) -> Vec<Effect> {
        Vec::new()
    }
    /// Looks whether what the text is made of has changed. Answers what more to ask for.
    fn refresh(&mut self, _cx: &LayerCx) -> Refreshed {
        Refreshed::default()
    }
    /// The title, such as `pod/web-0`.
    fn title(&self, cx: &LayerCx) -> Line;
    /// The lines, plain or toned.
    fn lines(&self) -> &[Line];
    /// Tones lines before they are seen, where that costs too much for all of them.
    fn tone(&mut self, _from: usize, _count: usize) -> Option<Vec<Line>> {
        None
    }
    /// A command that this text knows, with the line under the cursor. Answers what follows where it was used.
    fn command(&mut self, _command: Command, _line: usize, _cx: &LayerCx) -> Option<Next> {
        None
    }
    /// Where the cursor goes now, at the top of the window; asked once after each change.
    fn cursor(&mut self) -> Option<usize> {
        None
    }
    /// Whether a command means something to this text that it does not mean to every text.
    fn knows(&self, _command: Command) -> bool {
        false
    }
    /// Whether a cursor stands in it; else it is only scrolled.
    fn points(&self) -> bool {
        true
    }
    /// A call came to its end. Answers whether it was this text's.
    fn done(&mut self, _task: TaskId, _outcome: &Outcome, _cx: &LayerCx) -> bool {
        false
    }
    /// The calls that it waits for.
    fn tasks(&self) -> Vec<TaskId> {
        Vec::new()
    }
    /// The watches that it has open.
    fn watches(&self) -> Vec<WatchId> {
        Vec::new()
    }
    /// What of the metrics it shows.
    fn metrics(&self) -> Wants {
        Wants::default()
    }
    /// Whether all that it wants to show has come.
    fn is_ready(&self, _store: &Store) -> bool {
        true
    }
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
    outline: Outline,
    folded: HashSet<u64>,
    /// The row under the cursor.
    at: usize,
    /// Which of the links in the cursor's line Enter follows.
    link: usize,
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
            outline: Outline::default(),
            folded: HashSet::new(),
            at: 0,
            link: 0,
            top: 0,
            left: 0,
            typing: None,
            search: None,
            hits: Vec::new(),
            hit: 0,
            window: Vec::new(),
        }
    }

    /// Looks for what is searched in all lines.
    fn find(&mut self) {
        self.hits = match &self.search {
            Some(search) => search::lines(self.content.lines(), search),
            None => Vec::new(),
        };
        self.hit = self.hit.min(self.hits.len().saturating_sub(1));
    }

    fn show_hit(&mut self) {
        match self.hits.get(self.hit).copied() {
            Some(line) => self.show(line),
            None => self.settle(),
        }
    }

    fn step(&mut self, forward: bool) {
        let count = self.hits.len();
        if count > 0 {
            self.hit = (self.hit + if forward { 1 } else { count - 1 }) % count;
            self.show_hit();
        }
    }

    /// What was typed is searched at once; the first hit at or below the window is shown.
    fn search(&mut self) {
        let text = self
            .typing
            .as_ref()
            .map(|field| field.text().to_string())
            .unwrap_or_default();
        self.search = search::expression(&text);
        self.find();
        let first = self.rows.get(self.top).map_or(0, |piece| piece.line);
        self.hit = self.hits.iter().position(|line| *line >= first).unwrap_or(0);
        self.show_hit();
    }

    fn typed(&mut self, input: &Input) -> Next {
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
                    self.search();
                }
            }
        }
        self.settle();
        Next::Done
    }

    fn command(&mut self, command: Command, cx: &LayerCx) -> Next {
        if self.moves(command) {
            return Next::Done;
        }
        match command {
            Command::Wrap => {
                self.wrapped = !self.wrapped;
                self.left = 0;
                self.lay_out(cx);
            }
            Command::Search | Command::Filter => {
                self.typing = Some(Field::default());
                self.settle();
            }
            Command::SearchNext => self.step(true),
            Command::SearchPrevious => self.step(false),
            Command::Copy => {
                let text: Vec<String> = self.content.lines().iter().map(Line::text).collect();
                return Next::Effects(vec![Effect::Copy(cx.ids.task(), text.join("\n") + "\n")]);
            }
            Command::Back if self.search.is_some() => {
                self.search = None;
                self.hits.clear();
                self.settle();
            }
            command => return self.own(command, cx),
        }
        Next::Done
    }

    /// Whether the command moves cursor or window, or folds.
    fn moves(&mut self, command: Command) -> bool {
        let page = self.page().max(1).cast_signed();
        match command {
            Command::Up => self.walk(self.at.saturating_sub(1)),
            Command::Down => self.walk(self.at + 1),
            Command::PageUp => self.leap(-page),
            Command::PageDown => self.leap(page),
            Command::HalfUp => self.leap(-(page / 2)),
            Command::HalfDown => self.leap(page / 2),
            Command::Top => self.walk(0),
            Command::Bottom => self.walk(self.rows.len()),
            Command::Left if self.left > 0 => {
                self.left = self.left.saturating_sub(8);
                self.settle();
            }
            Command::Right if !self.wrapped && !self.content.knows(Command::Right) => {
                self.left += 8;
                self.settle();
            }
            Command::Fold => self.fold(),
            Command::FoldAll => self.fold_all(),
            Command::LinkNext => self.step_link(true),
            Command::LinkPrevious => self.step_link(false),
            _ => return false,
        }
        true
    }

    /// What the content makes of a command; what any text makes of it where that is nothing.
    fn own(&mut self, command: Command, cx: &LayerCx) -> Next {
        let line = self.line().unwrap_or_default();
        if let Some(next) = self.content.command(command, line, cx) {
            self.lay_out(cx);
            return next;
        }
        match command {
            Command::Back => Next::Close,
            Command::Enter => match self.target() {
                Some(reference) => open::describe(reference, cx.catalog),
                None => {
                    self.fold();
                    Next::Done
                }
            },
            Command::LinkTable => self
                .target()
                .map_or(Next::Done, |target| open::open(target, cx.catalog)),
            Command::Left => Next::Done,
            _ => Next::Ignored,
        }
    }

    /// A click puts the cursor there; a click where it is does what Enter does.
    fn click(&mut self, line: usize, cx: &LayerCx) -> Next {
        let row = self.top + line;
        if row == self.at {
            return self.command(Command::Enter, cx);
        }
        if row < self.rows.len() {
            self.walk(row);
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
            return self.typed(input);
        }
        match input {
            Input::Command(command) => self.command(*command, cx),
            // Keymaps of a person's own that do not know links yet can still follow them.
            Input::Key(Key { code: Code::Enter, .. }) => self.command(Command::Enter, cx),
            Input::Click(line) => self.click(*line, cx),
            Input::Key(_) | Input::Paste(_) => Next::Ignored,
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
        if self.content.done(task, outcome, cx) {
            self.lay_out(cx);
            return Next::Done;
        }
        Next::Ignored
    }

    fn uses(&self, command: Command) -> bool {
        let has_links = || self.content.lines().iter().any(|line| line.links().next().is_some());
        match command {
            Command::Fold | Command::FoldAll => self.outline.has_heads(),
            Command::LinkNext | Command::LinkPrevious | Command::LinkTable => has_links(),
            Command::Enter => has_links() || self.content.knows(command),
            Command::ManagedFields | Command::Reveal | Command::Explain | Command::Parent => {
                self.content.knows(command)
            }
            _ => true,
        }
    }

    fn watches(&self) -> Vec<WatchId> {
        self.content.watches()
    }

    fn metrics(&self) -> Wants {
        self.content.metrics()
    }

    fn tasks(&self) -> Vec<TaskId> {
        self.content.tasks()
    }

    fn is_ready(&self, store: &Store) -> bool {
        self.content.is_ready(store)
    }

    fn sheet(&self, cx: &LayerCx) -> Sheet {
        let mut sheet = Sheet {
            title: self.content.title(cx),
            info: self.info(cx),
            lines: self.window.clone(),
            chosen: (self.content.points() && !self.window.is_empty()).then(|| self.at.saturating_sub(self.top)),
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
