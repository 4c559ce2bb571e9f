//! What lies on top of a table, and what comes of an input.
//!
//! A layer is a trait, so that the layers' own files can stand above the core; it says what it shows as lines of
//! toned text, so that drawing one is drawing all.

use super::action::{ActionRef, Target};
use super::catalog::Catalog;
use super::clock::Clock;
use super::command::Command;
use super::effect::Effect;
use super::event::{Size, TaskId, WatchId};
use super::filter::Filter;
use super::forward::{Forwards, Kept};
use super::history::History;
use super::ids::Ids;
use super::jump::Jump;
use super::key::{Code, Key, Mouse};
use super::keymap::Keymap;
use super::lang::Lang;
use super::link::Link;
use super::metrics::{Metrics, Wants};
use super::notice::Notice;
use super::outcome::Outcome;
use super::registry::Registry;
use super::session::{Chunk, SessionId};
use super::store::Store;
use super::text::Line;

/// What comes of an input.
pub enum Next {
    /// It was used, and nothing follows.
    Done,
    /// It means nothing here; whoever lies below may use it.
    Ignored,
    /// Close this layer.
    Close,
    /// Put a layer on top.
    Push(Box<dyn Layer>),
    /// Open a table.
    Go(Jump),
    /// Do what a line means that was typed into the palette.
    Line(String),
    /// Start a verb on the rows.
    Start(ActionRef),
    /// Start a verb on an object, whatever rows there are.
    StartOn(ActionRef, Box<Target>),
    /// Do what a command means, as if its key had been pressed on the table.
    Command(Command),
    /// Filter the table.
    Filter(Filter),
    /// Say something in the footer.
    Notice(Notice),
    /// Lay this layer aside: what runs in it goes on, and the list of shells has it.
    Aside,
    /// Put a layer on top again that was laid aside, by its session.
    Resume(SessionId),
    /// End a layer that was laid aside, by its session.
    Drop(SessionId),
    /// Have these carried out.
    Effects(Vec<Effect>),
    /// All of these, in order.
    Many(Vec<Next>),
}

/// Where one goes who leaves what is open.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Leaving {
    /// Out of konn.
    Konn,
    /// To another context.
    Context(String),
}

/// An input, as a layer gets it.
#[derive(Clone, Debug)]
pub enum Input {
    /// A command that a key is bound to.
    Command(Command),
    /// A key that no command is bound to.
    Key(Key),
    /// Text that was pasted.
    Paste(String),
    /// A click on a line of the layer, from 0.
    Click(usize),
}

impl Input {
    /// Whether it is Enter, whatever that is bound to.
    pub fn is_enter(&self) -> bool {
        let enter = Key::plain(Code::Enter);
        matches!(self, Self::Command(Command::Enter)) || matches!(self, Self::Key(key) if *key == enter)
    }
}

/// What an input to a layer may lead to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Acts {
    /// It changes nothing in a cluster.
    Not,
    /// It may change the cluster that is open.
    Somewhere,
    /// It may change objects that were chosen among the rows of the table.
    OnRows,
}

/// What a layer may know.
pub struct LayerCx<'a> {
    /// What the watches brought.
    pub store: &'a Store,
    /// The registries.
    pub registry: &'static Registry,
    /// The views by name, those of discovery included.
    pub catalog: &'a Catalog,
    /// The keymap.
    pub keymap: &'a Keymap,
    /// The texts.
    pub lang: &'a Lang,
    /// The connection.
    pub link: &'a Link,
    /// What nodes and pods use, as far as something asked: see [`Layer::metrics`].
    pub metrics: &'a Metrics,
    /// The time.
    pub clock: Clock,
    /// Names for watches and calls.
    pub ids: &'a Ids,
    /// How much memory a view of logs may take, in bytes.
    pub log_memory: usize,
    /// Whether what destroys asks for the object's name here.
    pub protected: bool,
    /// What this session changed.
    pub history: &'a History,
    /// The forwards that were started.
    pub forwards: &'a Forwards,
    /// The forwards that the configuration keeps, for all contexts.
    pub kept: &'a [Kept],
    /// The layers that were laid aside, the oldest first.
    pub aside: &'a [Box<dyn Layer>],
    /// The space that the layer has for its lines.
    pub space: Size,
}

/// Where a layer lies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// In place of the table.
    Full,
    /// On the whole screen, without the frame's own lines.
    Whole,
    /// Over the middle of the table, at most this large.
    Over(Size),
    /// In the line above the table, where the filter stands.
    Title,
}

/// What a layer shows.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sheet {
    /// What it is.
    pub title: Line,
    /// How much of it is seen, and the like; at the right.
    pub info: Line,
    /// Its lines, from the first that is seen.
    pub lines: Vec<Line>,
    /// The line that is chosen, among `lines`.
    pub chosen: Option<usize>,
    /// Where a person types: column and line, among `lines`; in the title for a layer in the title.
    pub cursor: Option<(u16, u16)>,
}

/// What runs in a layer.
#[derive(Clone, Debug, PartialEq)]
pub struct Running {
    /// Its session.
    pub session: SessionId,
    /// What it is, as a line of a list.
    pub line: Line,
    /// Whether it came to its end.
    pub is_over: bool,
}

/// Something on top of a table.
pub trait Layer {
    /// Where its keys are looked up in the keymap.
    fn keys(&self) -> &'static str;
    /// Where it lies.
    fn place(&self) -> Place;
    /// Whether characters are typed into it rather than looked up.
    fn takes_text(&self) -> bool {
        false
    }
    /// Whether all keys are its own but those that its own place in the keymap binds: what runs in it gets them.
    fn takes_all(&self) -> bool {
        false
    }
    /// Whether a text of the person's stands in it that would be lost with it.
    fn holds_text(&self) -> bool {
        false
    }
    /// The mouse, with its place in the layer's lines. Where it means nothing, clicks and the wheel do what they do
    /// everywhere.
    fn mouse(&mut self, _mouse: Mouse, _cx: &LayerCx) -> Next {
        Next::Ignored
    }
    /// What runs in it and ends with it. Leaving konn asks while there is any.
    fn running(&self, _cx: &LayerCx) -> Option<Running> {
        None
    }
    /// What to do when it is put on top.
    fn open(&mut self, _cx: &LayerCx) -> Next {
        Next::Done
    }
    /// An input.
    fn input(&mut self, input: &Input, cx: &LayerCx) -> Next;
    /// What an input may lead to: what changes something waits while another context is being opened, and over rows that
    /// may be others by now.
    fn acts(&self, _input: &Input) -> Acts {
        Acts::Not
    }
    /// Rows, time or size have changed.
    fn refresh(&mut self, _cx: &LayerCx) -> Next {
        Next::Done
    }
    /// A call came to its end.
    fn done(&mut self, _task: TaskId, _outcome: &Outcome, _cx: &LayerCx) -> Next {
        Next::Ignored
    }
    /// A session of this layer brought something. It is drawn soon after; only what follows is answered.
    fn stream(&mut self, _session: SessionId, _chunk: Chunk, _cx: &LayerCx) -> Next {
        Next::Ignored
    }
    /// Whether a command means anything to it.
    fn uses(&self, _command: Command) -> bool {
        true
    }
    /// The watches it has open: closed with it.
    fn watches(&self) -> Vec<WatchId> {
        Vec::new()
    }
    /// The calls it waits for: given up with it.
    fn tasks(&self) -> Vec<TaskId> {
        Vec::new()
    }
    /// The sessions it has open: closed with it.
    fn sessions(&self) -> Vec<SessionId> {
        Vec::new()
    }
    /// Whether a session is one of its own.
    fn owns(&self, session: SessionId) -> bool {
        self.sessions().contains(&session)
    }
    /// What of the metrics it shows: asked for while it is open.
    fn metrics(&self) -> Wants {
        Wants::default()
    }
    /// The debug pod that it needs: its namespace and name. The pod is deleted once no layer needs it.
    fn holds(&self) -> Option<(&str, &str)> {
        None
    }
    /// The session that it has lent the whole terminal to: its output goes there, and nothing else is drawn.
    fn lends(&self) -> Option<SessionId> {
        None
    }
    /// What a terminal has to be told to show what stands on the screen of the session that it is lent to.
    fn replay(&self) -> String {
        String::new()
    }
    /// Whether it has all that it wants to show.
    fn is_ready(&self, _store: &Store) -> bool {
        true
    }
    /// What it shows.
    fn sheet(&self, cx: &LayerCx) -> Sheet;
}
