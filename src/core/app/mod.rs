//! The application: all state, and the one function that changes it.

mod aside;
pub mod changes;
mod columns;
mod debug_pods;
mod discover;
mod follow;
mod forwards;
mod keys;
mod lingering;
mod links;
mod mouse;
mod navigate;
mod preview;
mod sessions;
mod table;
mod targets;
mod usage;

pub use preview::Preview;

use changes::Subject;

use super::access::Access;
use super::catalog::Catalog;
use super::clock::{Clock, Time};
use super::columns::UserColumns;
use super::effect::Effect;
use super::event::{Event, Size, TaskId};
use super::forward::{Forwards, Kept};
use super::history::History;
use super::ids::Ids;
use super::jump::Scope;
use super::key::Key;
use super::keymap::Keymap;
use super::lang::Lang;
use super::layer::{Layer, LayerCx, Next, Place};
use super::layout::{self, Lines};
use super::link::Link;
use super::notice::Notice;
use super::policy::Policy;
use super::registry::Registry;
use super::screen::{Screen, Section};
use super::session::SessionId;
use super::store::{Row, Store};

/// How long a notice stays in the footer, in seconds.
const NOTICE_SECONDS: i64 = 8;

/// What is settled before the application starts.
pub struct Setup {
    /// All views, groups and actions.
    pub registry: &'static Registry,
    /// The keymap.
    pub keymap: Keymap,
    /// The texts.
    pub lang: Lang,
    /// The size of the screen.
    pub size: Size,
    /// The time.
    pub now: Time,
    /// The namespaces to begin with; those of the context where none are given.
    pub scope: Option<Scope>,
    /// The line to begin with, as typed into the palette.
    pub line: String,
    /// What may be done where.
    pub policy: Policy,
    /// Whether the mouse is taken.
    pub mouse: bool,
    /// Columns of a person's own.
    pub columns: UserColumns,
    /// How much memory each view of logs may take, in bytes.
    pub log_memory: usize,
    /// Forwards of a person's own.
    pub forwards: Vec<Kept>,
}

/// The application.
pub struct App {
    /// All views, groups and actions.
    pub registry: &'static Registry,
    /// The views by name: the registry's, and what discovery found in the cluster that is open.
    pub catalog: Catalog,
    /// The keymap.
    pub keymap: Keymap,
    /// The texts.
    pub lang: Lang,
    /// The time.
    pub clock: Clock,
    /// The size of the screen.
    pub size: Size,
    /// The connection.
    pub link: Link,
    /// What the watches brought.
    pub store: Store,
    /// The history of tables.
    pub screens: Vec<Screen>,
    /// Where in the history we are.
    pub at: usize,
    /// What lies on top of the table, the last one topmost.
    pub layers: Vec<Box<dyn Layer>>,
    /// Layers that were laid aside while something runs in them, the oldest first.
    pub aside: Vec<Box<dyn Layer>>,
    /// What the last thing did, and when.
    pub notice: Option<(Notice, Time)>,
    /// Keys that began something.
    pub pending: Vec<Key>,
    /// What may be done where.
    pub policy: Policy,
    /// What the person may do.
    pub access: Access,
    /// What this session changed.
    pub history: History,
    /// The forwards that were started.
    pub forwards: Forwards,
    /// The forwards that the configuration keeps.
    pub kept: Vec<Kept>,
    /// Whether the mouse is taken.
    pub mouse: bool,
    /// The namespaces that new tables open with.
    pub scope: Scope,
    /// The pane beside the table, while it is open.
    pub preview: Option<Preview>,
    /// How much memory each view of logs may take, in bytes.
    pub log_memory: usize,
    /// The context that is being opened, if one is.
    pub switching: Option<String>,
    usage: usage::Usage,
    columns: UserColumns,
    ids: Ids,
    line: String,
    asked_scope: Option<Scope>,
    scope_before: Option<Scope>,
    seen: u64,
    sought: Option<discover::Sought>,
    discovering: bool,
    discover_again: bool,
    discovered_at: Option<Time>,
    filtering: Option<TaskId>,
    resting: Option<TaskId>,
    asked_for: Option<Subject>,
    lingering: Vec<lingering::Deletion>,
    debug_pods: debug_pods::DebugPods,
    dirty: bool,
    effects: Vec<Effect>,
}

impl App {
    /// An application that is not connected yet.
    pub fn new(setup: Setup) -> Self {
        Self {
            registry: setup.registry,
            catalog: Catalog::new(setup.registry),
            keymap: setup.keymap,
            lang: setup.lang,
            clock: Clock::at(setup.now),
            size: setup.size,
            link: Link::default(),
            store: Store::default(),
            screens: Vec::new(),
            at: 0,
            layers: Vec::new(),
            aside: Vec::new(),
            notice: None,
            pending: Vec::new(),
            policy: setup.policy,
            access: Access::default(),
            history: History::default(),
            forwards: Forwards::default(),
            kept: setup.forwards,
            mouse: setup.mouse,
            log_memory: setup.log_memory,
            scope: setup.scope.clone().unwrap_or_default(),
            preview: None,
            switching: None,
            usage: usage::Usage::default(),
            columns: setup.columns,
            ids: Ids::default(),
            line: setup.line,
            asked_scope: setup.scope,
            scope_before: None,
            seen: 0,
            sought: None,
            discovering: false,
            discover_again: false,
            discovered_at: None,
            filtering: None,
            resting: None,
            asked_for: None,
            lingering: Vec::new(),
            debug_pods: Default::default(),
            dirty: true,
            effects: Vec::new(),
        }
    }

    /// Takes in what happened, and answers what to do about it, in order.
    pub fn update(&mut self, event: Event) -> Vec<Effect> {
        match event {
            Event::Key(key) => self.key(key),
            Event::Mouse(mouse) => self.mouse(mouse),
            Event::Paste(text) => self.paste(text),
            Event::Resize(size) => self.resize(size),
            Event::Tick(now) => self.tick(now),
            Event::Watch(id, deltas) => self.watched(id, deltas),
            Event::Done(task, outcome) => self.done(task, &outcome),
            Event::Stream(session, chunk) => self.streamed(session, chunk),
            Event::Link(event) => self.linked(event),
            Event::DebugPodsLeft(pods) => self.debug_pods_left(pods),
        }
        self.follow_cursor();
        self.ask_rights();
        self.go_on_filtering();
        self.poll_usage();
        self.sweep_debug_pods();
        std::mem::take(&mut self.effects)
    }

    /// Whether something on the screen has changed since this was asked last.
    pub fn take_dirty(&mut self) -> bool {
        std::mem::take(&mut self.dirty)
    }

    /// The table that is open.
    pub fn screen(&self) -> Option<&Screen> {
        self.screens.get(self.at)
    }

    fn screen_mut(&mut self) -> Option<&mut Screen> {
        self.screens.get_mut(self.at)
    }

    /// The row under the cursor, with its section.
    pub fn selected(&self) -> Option<(&Section, &Row)> {
        self.screen()?.selected(&self.store)
    }

    /// The session that has the whole terminal, while one has.
    pub fn lent(&self) -> Option<SessionId> {
        self.layers.last()?.lends()
    }

    /// How the lines of the screen are used.
    pub fn lines(&self) -> Lines {
        layout::lines(self.size)
    }

    /// How many lines the body of the table has.
    pub fn body_height(&self) -> usize {
        let stacked = self.screen().is_some_and(Screen::is_stacked);
        usize::from(self.split().table.height).saturating_sub(usize::from(!stacked))
    }

    /// Whether the screen is too small to draw on.
    pub fn is_too_small(&self) -> bool {
        self.size.width < layout::SMALLEST.width || self.size.height < layout::SMALLEST.height
    }

    /// Whether everything that is shown has its data: nothing more comes but changes.
    pub fn is_settled(&self) -> bool {
        let complete = |section: &Section| section.table(&self.store).is_some_and(super::store::Table::is_complete);
        let tables = self.screen().is_some_and(|screen| screen.sections.iter().all(complete));
        tables
            && !self.screen().is_some_and(Screen::is_filtering)
            && self.is_preview_settled()
            && self.is_measured()
            && self.switching.is_none()
            && self.sought.is_none()
            && self.layers.iter().all(|layer| layer.is_ready(&self.store))
    }

    /// Whether it is still being asked what the cluster serves.
    pub fn is_discovering(&self) -> bool {
        self.discovering
    }

    /// Where keys are looked up.
    pub fn place(&self) -> &'static str {
        self.layers.last().map_or("table", |layer| layer.keys())
    }

    /// What a layer may know.
    pub fn layer_cx(&self, layer: &dyn Layer) -> LayerCx<'_> {
        self.cx_in(self.space(layer.place()))
    }

    /// What a layer may know that has this space.
    fn cx_in(&self, space: Size) -> LayerCx<'_> {
        LayerCx {
            store: &self.store,
            registry: self.registry,
            catalog: &self.catalog,
            keymap: &self.keymap,
            lang: &self.lang,
            link: &self.link,
            metrics: self.metrics(),
            clock: self.clock,
            ids: &self.ids,
            log_memory: self.log_memory,
            protected: self.is_protected(),
            history: &self.history,
            forwards: &self.forwards,
            kept: &self.kept,
            aside: &self.aside,
            space,
        }
    }

    /// The space for a layer's lines.
    pub fn space(&self, place: Place) -> Size {
        let lines = self.lines();
        match place {
            Place::Full => Size {
                width: self.size.width.saturating_sub(2),
                height: lines.height,
            },
            Place::Whole => self.size,
            Place::Over(most) => Size {
                width: most.width.min(self.size.width.saturating_sub(6)),
                height: most.height.min(lines.height.saturating_sub(4)),
            },
            Place::Title => Size {
                width: self.size.width,
                height: 1,
            },
        }
    }

    /// Says something in the footer.
    pub fn say(&mut self, notice: Notice) {
        self.notice = Some((notice, self.clock.now));
        self.dirty = true;
    }

    fn resize(&mut self, size: Size) {
        self.size = size;
        self.dirty = true;
        self.refresh();
        let height = self.body_height();
        if let Some(screen) = self.screen_mut() {
            screen.scroll(height);
        }
    }

    fn tick(&mut self, now: Time) {
        self.clock = Clock::at(now);
        if self
            .notice
            .as_ref()
            .is_some_and(|(_, since)| now.as_second() - since.as_second() >= NOTICE_SECONDS)
        {
            self.notice = None;
            self.dirty = true;
        }
        for table in self.store.tables_mut() {
            self.dirty |= table.calm(now);
        }
        self.refresh();
        let seen = self.fingerprint();
        self.dirty |= seen != self.seen;
        self.seen = seen;
    }

    /// Brings the order of the rows and the layers up to date.
    fn refresh(&mut self) {
        let height = self.body_height();
        let (store, clock) = (&self.store, &self.clock);
        if let Some(screen) = self.screens.get_mut(self.at) {
            screen.refresh(store, clock, height);
        }
        self.layers_do(|layer, cx| layer.refresh(cx));
        self.refresh_preview();
    }

    /// Lets every layer do something, the lowest first, and carries out what comes of it.
    fn layers_do(&mut self, mut act: impl FnMut(&mut dyn Layer, &LayerCx) -> Next) {
        let mut layers = std::mem::take(&mut self.layers);
        let mut nexts = Vec::new();
        for layer in &mut layers {
            let cx = self.layer_cx(&**layer);
            nexts.push(act(&mut **layer, &cx));
        }
        self.layers = layers;
        for next in nexts.into_iter().filter(|next| !matches!(next, Next::Ignored)) {
            self.dirty = true;
            self.follow(next);
        }
    }

    /// A number that changes when a visible cell changes by time alone.
    fn fingerprint(&self) -> u64 {
        use std::hash::{DefaultHasher, Hash, Hasher};
        let mut hasher = DefaultHasher::new();
        if let super::link::LinkState::Lost { since, .. } = &self.link.state {
            (self.clock.now.as_second() - since.as_second()).hash(&mut hasher);
        }
        let Some(screen) = self.screen() else {
            return hasher.finish();
        };
        for line in screen.offset..screen.offset + self.body_height() {
            let super::screen::BodyLine::Row(section, place) = screen.line_at(line) else {
                continue;
            };
            let Some(row) = screen.row(&self.store, section, place) else {
                continue;
            };
            let Some(section) = screen.sections.get(section) else {
                continue;
            };
            for column in 0..section.view.width() {
                section
                    .view
                    .cell(&*row.object, column, &self.clock)
                    .text
                    .hash(&mut hasher);
            }
        }
        hasher.finish()
    }
}
