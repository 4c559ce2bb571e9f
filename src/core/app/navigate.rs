//! From table to table: opening, going back, and which watches stay open.

use super::App;
use super::discover::Sought;
use crate::core::effect::Effect;
use crate::core::event::WatchId;
use crate::core::extended::extend;
use crate::core::filter::Filter;
use crate::core::join::Feed;
use crate::core::jump::{Jump, Scope};
use crate::core::notice::Notice;
use crate::core::order::Order;
use crate::core::registry::Registry;
use crate::core::screen::{Screen, Section};
use crate::core::view::ViewRef;
use crate::core::watch::{Decoder, Source, WatchSpec};
use crate::model::Selector;

/// How many tables before and after the one on screen keep their watches, so that Esc finds them as they are now.
const WARM: usize = 2;

/// How many tables the history keeps.
const HISTORY: usize = 50;

impl App {
    /// Opens a table.
    pub(super) fn go(&mut self, jump: Jump) {
        if let Some(context) = jump.context {
            return self.leave(crate::core::layer::Leaving::Context(context));
        }
        if self.keeps_text() {
            return;
        }
        let views = self.catalog.views_named(&jump.view);
        if views.is_empty() {
            return self.look_for(Sought::Jump(jump));
        }
        self.sought = None;
        let filter = match Filter::parse(jump.filter.as_deref().unwrap_or_default()) {
            Ok(filter) => filter,
            Err(why) => {
                let text = self.lang.f("filter.invalid", &[("why", &why)]);
                self.say(Notice::error(text));
                Filter::default()
            }
        };
        let scope = jump.scope.clone().unwrap_or_else(|| self.scope.clone());
        if jump.adopt {
            self.scope_before = Some(std::mem::replace(&mut self.scope, scope.clone()));
        }
        while !self.layers.is_empty() {
            self.close_layer();
        }
        let screen = self.new_screen(jump, scope, views, filter);
        self.cut_history();
        self.screens.push(screen);
        self.at = self.screens.len() - 1;
        self.arrive();
        self.sort_by_usage();
        self.say_left_out();
    }

    /// What lies ahead in the history is gone once another way is taken; so is what lies far behind.
    fn cut_history(&mut self) {
        while self.screens.len() > self.at + 1 {
            self.cool(self.screens.len() - 1);
            self.screens.pop();
        }
        while self.screens.len() >= HISTORY {
            self.cool(0);
            self.screens.remove(0);
        }
    }

    /// Esc: clears what is in the way, then returns to the table before.
    pub(super) fn back(&mut self) {
        let Some(screen) = self.screen_mut() else { return };
        if !screen.marks.is_empty() {
            screen.marks.clear();
        } else if !screen.filter.text().is_empty() {
            self.filter(Filter::default());
        } else {
            self.walk(-1);
        }
    }

    /// Walks the history.
    pub(super) fn walk(&mut self, steps: isize) {
        let Some(at) = self.at.checked_add_signed(steps).filter(|at| *at < self.screens.len()) else {
            let text = self.lang.t(if steps < 0 { "notice.first" } else { "notice.last" });
            return self.say(Notice::warn(text));
        };
        self.at = at;
        self.arrive();
    }

    /// The table at the present place of the history is on screen: its watches run, those far away stop.
    fn arrive(&mut self) {
        for at in 0..self.screens.len() {
            if at.abs_diff(self.at) > WARM {
                self.cool(at);
            }
        }
        if let Some(screen) = self.screens.get_mut(self.at) {
            for section in screen.sections.iter_mut().filter(|section| section.watch.is_none()) {
                let id = self.ids.watch();
                section.watch = Some(id);
                section.order = Order::default();
                if let Some(joining) = section.view.joined() {
                    let feeds: Vec<WatchId> = section.feeds.iter().map(|_| self.ids.watch()).collect();
                    let labels = screen
                        .jump
                        .labels
                        .as_deref()
                        .and_then(|text| Selector::parse(text).ok());
                    let watches = feeds.iter().copied().zip(section.feeds.iter().cloned());
                    self.effects.extend(watches.map(|(id, spec)| Effect::Watch(id, spec)));
                    self.store.join(id, feeds, (joining.joiner)(), labels);
                    continue;
                }
                self.store.open(id);
                if section.spec.source.is_watched() {
                    self.effects.push(Effect::Watch(id, section.spec.clone()));
                }
            }
        }
        self.show_usage();
        self.fill_resources();
        self.dirty = true;
        self.refresh();
    }

    /// Stops the watches of a table in the history.
    fn cool(&mut self, at: usize) {
        let Some(screen) = self.screens.get_mut(at) else { return };
        for section in &mut screen.sections {
            if let Some(id) = section.watch.take() {
                let feeds = self.store.feeds(id).iter().copied();
                self.effects.extend(feeds.map(Effect::Unwatch));
                self.store.close(id);
                if section.spec.source.is_watched() {
                    self.effects.push(Effect::Unwatch(id));
                }
            }
        }
    }

    /// Enter: down into the row, or into all marked rows where they lead to the same table.
    pub(super) fn enter(&mut self) {
        let cx = self.action_cx();
        // Verbs on a part work on its object, but what lies below the object is what is on the screen.
        let part = self
            .selected()
            .is_some_and(|(section, _)| section.view.derived().is_some());
        let jumps: Vec<Option<Jump>> = cx
            .targets()
            .iter()
            .map(|target| target.view.enter(&*target.row).filter(|_| !part))
            .collect();
        let Some(first) = jumps.first().cloned() else { return };
        let Some(mut jump) = first else {
            // Nothing lies below: the object itself is what there is to see.
            if let Some(describe) = self.registry.action("describe") {
                self.follow(crate::core::layer::Next::Start(describe));
            }
            return;
        };
        for other in jumps.into_iter().skip(1).flatten() {
            match merge(&jump, &other) {
                Some(merged) => jump = merged,
                None => return self.say(Notice::warn(self.lang.t("notice.one_at_a_time"))),
            }
        }
        if let Some(screen) = self.screen_mut() {
            screen.marks.clear();
        }
        self.go(jump);
    }

    /// All namespaces, or back to those before.
    pub(super) fn all_namespaces(&mut self) {
        let scope = match (&self.scope, self.scope_before.clone()) {
            (Scope::All, Some(before)) if before != Scope::All => before,
            (Scope::All, _) => {
                let own = self
                    .link
                    .identity
                    .namespace
                    .clone()
                    .unwrap_or_else(|| "default".to_string());
                Scope::one(own)
            }
            (Scope::Namespaces(_), _) => Scope::All,
        };
        self.rescope(scope);
    }
}

/// One table for two jumps that differ in their namespaces only.
fn merge(one: &Jump, other: &Jump) -> Option<Jump> {
    let (Some(Scope::Namespaces(a)), Some(Scope::Namespaces(b))) = (&one.scope, &other.scope) else {
        return None;
    };
    if one.view != other.view || one.labels != other.labels || one.fields != other.fields || one.context.is_some() {
        return None;
    }
    let mut names = a.clone();
    names.extend(b.iter().filter(|name| !a.contains(name)).cloned());
    Some(Jump {
        scope: Some(Scope::Namespaces(names)),
        ..one.clone()
    })
}

/// What the rows of a view are read from, and how.
fn source(view: &ViewRef, registry: &Registry) -> (Source, Decoder) {
    if view.joined().is_some() {
        return (Source::Joined, Decoder::of(view));
    }
    let whole = view.derived().and_then(|derivation| registry.view(derivation.of));
    match whole {
        Some(whole) => (Source::of(whole.resource()), Decoder::Parts(view.clone())),
        None => (Source::of(view.resource()), Decoder::of(view)),
    }
}

/// The watches that the rows of a view are made of, where they are several.
fn feeds(view: &ViewRef, scope: &Scope, jump: &Jump) -> Vec<WatchSpec> {
    let spec = |feed: &Feed| {
        let asked = jump.labels.as_deref().filter(|_| feed.is_selected);
        let labels: Vec<&str> = feed.labels.into_iter().chain(asked).collect();
        WatchSpec {
            labels: (!labels.is_empty()).then(|| labels.join(",")),
            fields: feed.fields.map(str::to_string),
            ..WatchSpec::all(
                feed.view.resource().clone(),
                scope.clone(),
                Decoder::Row(feed.view.clone()),
            )
        }
    };
    let joining = view.joined().into_iter();
    joining.flat_map(|joining| joining.feeds).map(spec).collect()
}

impl App {
    fn section(&self, view: ViewRef, scope: &Scope, jump: &Jump) -> Section {
        let resource = view.resource();
        let (source, decoder) = source(&view, self.registry);
        let scope = if resource.namespaced { scope.clone() } else { Scope::All };
        let (own, asked, _) = self.columns_of(&view, &jump.columns);
        let mut feeds = feeds(&view, &scope, jump);
        let sort = view.default_sort();
        let (view, readings) = extend(view, &own, &asked);
        feeds.iter_mut().for_each(|feed| feed.readings.clone_from(&readings));
        let spec = WatchSpec {
            source,
            scope,
            name: None,
            labels: jump.labels.clone(),
            fields: jump.fields.clone(),
            decoder,
            readings,
        };
        Section {
            sort,
            view,
            spec,
            watch: None,
            order: Order::default(),
            feeds,
            asked,
            own,
            is_left_out: false,
        }
    }

    fn new_screen(&self, jump: Jump, scope: Scope, views: Vec<ViewRef>, filter: Filter) -> Screen {
        // Parts of several objects: which object each belongs to is told by a wide column.
        let wide = jump.fields.is_none() && views.iter().any(|view| view.derived().is_some());
        let usage = jump.usage;
        let section = |view| self.section(view, &scope, &jump);
        Screen {
            sought: jump.on.clone(),
            sections: views.into_iter().map(section).collect(),
            scope,
            jump,
            filter,
            wide,
            usage,
            marks: Default::default(),
            cursor: 0,
            offset: 0,
            skip: 0,
            held: None,
        }
    }
}
