//! Logs of containers, merged by time and followed.

mod ask;
mod line;
mod name;
mod of;
mod sheet;
mod source;
mod sources;
mod switches;
mod waits;
mod window;
mod write;

use self::ask::{Ask, Question};
use self::line::Pen;
use self::of::Finder;
pub use self::of::Of;
use self::source::State;
use self::sources::Sources;
pub use self::switches::Run;
use self::switches::{Fold, Names, Stamps, Switches};
use self::window::Window;
use crate::core::command::Command;
use crate::core::effect::Effect;
use crate::core::event::{TaskId, WatchId};
use crate::core::jump::Scope;
use crate::core::layer::{Input, Layer, LayerCx, Next, Place, Sheet};
use crate::core::log::stamp::Nanos;
use crate::core::log::{Filter, Journal, Key};
use crate::core::outcome::Outcome;
use crate::core::session::{Chunk, Extent, SessionId};
use crate::core::store::Store;
use crate::core::text::clean;

/// The logs of the pods that a label selector takes.
pub fn open(scope: &Scope, labels: &str) -> Box<dyn Layer> {
    Box::new(Logs::new(
        vec![Of::Labels(scope.clone(), labels.to_string())],
        Run::Present,
    ))
}

/// How much is searched and filtered in one go, in bytes: a few milliseconds.
const WORK: usize = 2 << 20;

/// How long is waited for first lines before the view counts as settled, in milliseconds.
const SETTLE: u64 = 400;

/// How far the sideways keys move, in cells.
const SIDEWAYS: usize = 8;

/// Around how many lines the context key goes, one after the other.
const CONTEXTS: [usize; 4] = [0, 1, 3, 10];

/// A view of logs.
pub struct Logs {
    finders: Vec<Finder>,
    sources: Sources,
    short: Vec<String>,
    switches: Switches,
    journal: Journal,
    window: Window,
    asked: Option<Ask>,
    refused: Vec<String>,
    worker: Option<TaskId>,
    settling: Option<TaskId>,
    settled: bool,
}

impl Logs {
    /// A view of the logs of these.
    pub fn new(of: Vec<Of>, run: Run) -> Self {
        Self {
            finders: of.into_iter().map(Finder::new).collect(),
            sources: Sources::default(),
            short: Vec::new(),
            switches: Switches {
                run,
                ..Switches::default()
            },
            journal: Journal::new(crate::core::log::MEMORY),
            window: Window::new(),
            asked: None,
            refused: Vec::new(),
            worker: None,
            settling: None,
            settled: false,
        }
    }

    fn pen<'a>(&'a self, cx: &LayerCx) -> Pen<'a> {
        Pen {
            switches: &self.switches,
            sources: &self.sources.all,
            short: &self.short,
            search: self.journal.search(),
            clock: cx.clock,
            width: usize::from(cx.space.width),
            left: self.window.left,
        }
    }

    /// How many rows of lines are seen.
    fn height(&self, cx: &LayerCx) -> usize {
        usize::from(cx.space.height).saturating_sub(usize::from(self.asked.is_some()))
    }

    /// Brings the sources in line with the pods.
    fn sync(&mut self, cx: &LayerCx) -> Vec<Effect> {
        let mut effects: Vec<Effect> = self.finders.iter_mut().flat_map(|finder| finder.refresh(cx)).collect();
        let before = self.sources.all.len();
        effects.extend(self.sources.sync(&self.finders, &self.switches, &mut self.journal, cx));
        if self.sources.all.len() != before {
            self.short = name::short(&self.sources.all);
        }
        effects
    }

    /// Begins anew with what is switched now.
    fn restart(&mut self, cx: &LayerCx) -> Next {
        let mut effects: Vec<Effect> = self.sources.sessions().into_iter().map(Effect::Close).collect();
        self.sources = Sources::default();
        self.journal.clear();
        self.refused.clear();
        self.window.follow();
        effects.extend(self.sync(cx));
        Next::Effects(effects)
    }

    /// Goes on searching and filtering; what is left is done a moment later, so that keys come in between.
    fn work(&mut self, cx: &LayerCx) -> Next {
        let more = self.journal.work(self.window.around(), WORK);
        if more && self.worker.is_none() {
            let task = cx.ids.task();
            self.worker = Some(task);
            return Next::Effects(vec![Effect::Wake(task, 1)]);
        }
        Next::Done
    }

    fn show_hit(&mut self, from: Option<Key>, forward: bool, cx: &LayerCx) {
        let Some(spot) = self.journal.next_hit(from, forward) else {
            return;
        };
        let mut window = self.window;
        window.show(spot, &self.journal, &self.pen(cx), self.height(cx));
        self.window = window;
    }

    fn scroll(&mut self, by: isize, cx: &LayerCx) -> Next {
        let mut window = self.window;
        window.scroll(by, &self.journal, &self.pen(cx), self.height(cx));
        self.window = window;
        Next::Done
    }

    fn stay(&mut self, cx: &LayerCx) {
        let mut window = self.window;
        window.stay(&self.journal, &self.pen(cx), self.height(cx));
        self.window = window;
    }

    fn moved(&mut self, command: Command, cx: &LayerCx) -> Option<Next> {
        let page = isize::try_from(self.height(cx).max(1)).unwrap_or(isize::MAX);
        Some(match command {
            Command::Up => self.scroll(-1, cx),
            Command::Down => self.scroll(1, cx),
            Command::PageUp => self.scroll(1 - page, cx),
            Command::PageDown => self.scroll(page - 1, cx),
            Command::HalfUp => self.scroll(-page / 2, cx),
            Command::HalfDown => self.scroll(page / 2, cx),
            Command::Top => {
                self.window.top(&self.journal);
                Next::Done
            }
            Command::Bottom => {
                self.window.follow();
                Next::Done
            }
            Command::Left => {
                self.window.left = self.window.left.saturating_sub(SIDEWAYS);
                Next::Done
            }
            Command::Right if !self.switches.wrap => {
                self.window.left += SIDEWAYS;
                Next::Done
            }
            Command::Follow if self.window.is_following() => {
                self.stay(cx);
                Next::Done
            }
            Command::Follow => {
                self.window.follow();
                Next::Done
            }
            _ => return None,
        })
    }

    fn switched(&mut self, command: Command) -> Option<Next> {
        let switches = &mut self.switches;
        match command {
            Command::Wrap => {
                switches.wrap = !switches.wrap;
                self.window.left = 0;
            }
            Command::FullScreen => switches.whole = !switches.whole,
            Command::Timestamps => {
                switches.stamps = match switches.stamps {
                    Stamps::Off => Stamps::Server,
                    Stamps::Server => Stamps::Relative,
                    Stamps::Relative => Stamps::Off,
                }
            }
            Command::Names => {
                switches.names = match switches.names {
                    Names::Short => Names::Whole,
                    Names::Whole => Names::Off,
                    Names::Off => Names::Short,
                }
            }
            Command::Fields => {
                switches.fold = match switches.fold {
                    Fold::Raw => Fold::Folded,
                    Fold::Folded => Fold::Unfolded,
                    Fold::Unfolded => Fold::Raw,
                }
            }
            _ => return None,
        }
        Some(Next::Done)
    }

    /// What begins the log anew.
    fn chosen(&mut self, command: Command, cx: &LayerCx) -> Option<Next> {
        let minutes = match command {
            Command::Since1m => 1,
            Command::Since5m => 5,
            Command::Since15m => 15,
            Command::Since1h => 60,
            Command::SinceAll => 0,
            Command::Previous => {
                self.switches.run = match self.switches.run {
                    Run::Present => Run::Previous,
                    Run::Previous => Run::Both,
                    Run::Both => Run::Present,
                };
                return Some(self.restart(cx));
            }
            _ => return None,
        };
        let since = cx.clock.now.checked_sub(jiff::SignedDuration::from_mins(minutes)).ok();
        self.switches.since = since.filter(|_| minutes > 0);
        self.switches.extent = Extent::All;
        Some(self.restart(cx))
    }

    fn asks(&mut self, command: Command, cx: &LayerCx) -> Option<Next> {
        Some(match command {
            Command::Search => self.ask(Question::Search, ""),
            Command::Filter => {
                let text = self.journal.filter().text().to_string();
                self.ask(Question::Filter, &text)
            }
            Command::Since => self.ask(Question::Since, ""),
            Command::Template => {
                let text = self.switches.template.clone();
                self.ask(Question::Template, &text)
            }
            Command::Save | Command::SaveAll => {
                let question = if command == Command::Save {
                    Question::Save
                } else {
                    Question::SaveAll
                };
                let name = self.file_name(cx);
                self.ask(question, &name)
            }
            Command::Copy => self.copy(cx),
            Command::Pager => self.page(cx),
            _ => return None,
        })
    }

    fn found(&mut self, command: Command, cx: &LayerCx) -> Next {
        match command {
            Command::SearchNext | Command::SearchPrevious => {
                let from = self.window.now.or_else(|| self.window.around());
                self.show_hit(from, command == Command::SearchNext, cx);
                self.work(cx)
            }
            Command::Context => {
                let mut filter = self.journal.filter().clone();
                let at = CONTEXTS.iter().position(|known| *known == filter.context).unwrap_or(0);
                filter.context = CONTEXTS.get((at + 1) % CONTEXTS.len()).copied().unwrap_or(0);
                self.journal.set_filter(filter);
                self.work(cx)
            }
            Command::Back if self.journal.search().is_some() => {
                self.journal.set_search(None);
                self.window.now = None;
                self.work(cx)
            }
            Command::Back if !self.journal.filter().is_empty() => {
                self.journal.set_filter(Filter::default());
                self.work(cx)
            }
            Command::Back if self.switches.whole => {
                self.switches.whole = false;
                Next::Done
            }
            Command::Back => Next::Close,
            _ => Next::Ignored,
        }
    }

    fn command(&mut self, command: Command, cx: &LayerCx) -> Next {
        self.moved(command, cx)
            .or_else(|| self.switched(command))
            .or_else(|| self.chosen(command, cx))
            .or_else(|| self.asks(command, cx))
            .unwrap_or_else(|| self.found(command, cx))
    }

    /// The first answer of all: a moment later the view counts as settled, whether there were lines or not.
    fn answers(&mut self, cx: &LayerCx) -> Next {
        if self.settled || self.settling.is_some() {
            return Next::Done;
        }
        let task = cx.ids.task();
        self.settling = Some(task);
        Next::Effects(vec![Effect::Wake(task, SETTLE)])
    }
}

impl Layer for Logs {
    fn keys(&self) -> &'static str {
        if self.asked.is_some() { "input" } else { "logs" }
    }

    fn place(&self) -> Place {
        if self.switches.whole { Place::Whole } else { Place::Full }
    }

    fn takes_text(&self) -> bool {
        self.asked.is_some()
    }

    fn open(&mut self, cx: &LayerCx) -> Next {
        self.journal = Journal::new(cx.log_memory);
        Next::Effects(self.finders.iter_mut().flat_map(|finder| finder.open(cx)).collect())
    }

    fn input(&mut self, input: &Input, cx: &LayerCx) -> Next {
        if self.asked.is_some() {
            return self.answer(input, cx);
        }
        match input {
            Input::Command(command) => self.command(*command, cx),
            Input::Key(_) | Input::Paste(_) | Input::Click(_) => Next::Ignored,
        }
    }

    fn refresh(&mut self, cx: &LayerCx) -> Next {
        let effects = self.sync(cx);
        if effects.is_empty() && self.switches.stamps != Stamps::Relative {
            return Next::Ignored;
        }
        Next::Effects(effects)
    }

    fn stream(&mut self, session: SessionId, chunk: Chunk, cx: &LayerCx) -> Next {
        let Some(at) = self.sources.of(session) else {
            return Next::Ignored;
        };
        let now = Nanos::try_from(cx.clock.now.as_nanosecond()).unwrap_or(Nanos::MAX);
        if let Chunk::Ended(Some(why)) = &chunk {
            let name = self.sources.all.get(at).map(|source| source.name()).unwrap_or_default();
            let args = [("name", &*clean(&name)), ("why", &*cx.lang.what(why))];
            self.refused.push(cx.lang.f("logs.refused", &args));
        }
        let state = match chunk {
            Chunk::Open | Chunk::Forward(_) => State::Live,
            Chunk::Paused => State::Paused,
            Chunk::Broken(why) => State::Broken(why),
            Chunk::Out(_) | Chunk::Copied(_) => State::Live,
            Chunk::Exited(_) | Chunk::Ended(_) => {
                self.sources.ended(at, now, &mut self.journal, cx);
                State::Ended
            }
            Chunk::Log(batch) => {
                self.journal.take(u16::try_from(at).unwrap_or(u16::MAX - 1), &batch);
                State::Live
            }
        };
        if let Some(source) = self.sources.all.get_mut(at) {
            source.state = state;
        }
        Next::Many(vec![self.work(cx), self.answers(cx)])
    }

    fn done(&mut self, task: TaskId, outcome: &Outcome, cx: &LayerCx) -> Next {
        if self.settling == Some(task) {
            (self.settling, self.settled) = (None, true);
            return Next::Done;
        }
        if self.worker == Some(task) && *outcome == Outcome::Rested {
            self.worker = None;
            return self.work(cx);
        }
        Next::Ignored
    }

    fn uses(&self, command: Command) -> bool {
        command != Command::Context || !self.journal.filter().is_empty()
    }

    fn watches(&self) -> Vec<WatchId> {
        self.finders.iter().flat_map(Finder::watches).collect()
    }

    fn tasks(&self) -> Vec<TaskId> {
        self.worker.into_iter().chain(self.settling).collect()
    }

    fn sessions(&self) -> Vec<SessionId> {
        self.sources.sessions()
    }

    fn owns(&self, session: SessionId) -> bool {
        self.sources.of(session).is_some()
    }

    fn is_ready(&self, store: &Store) -> bool {
        let known = self.finders.iter().all(|finder| finder.is_ready(store));
        let asked = self.sources.all.iter().any(|source| source.state == State::Asked);
        known && !asked && !self.journal.is_behind() && (self.settled || self.sources.all.is_empty())
    }

    fn sheet(&self, cx: &LayerCx) -> Sheet {
        self.page_of(cx)
    }
}
