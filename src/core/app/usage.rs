//! What rows use: polls that run while something on the screen shows it, and the columns that do.

use std::sync::Arc;

use super::App;
use crate::core::effect::Effect;
use crate::core::event::WatchId;
use crate::core::jump::Scope;
use crate::core::metrics::{self, Feed, Metrics, Wants};
use crate::core::notice::Notice;
use crate::core::order::Sort;
use crate::core::screen::Section;
use crate::core::store::Delta;
use crate::core::view::{Shared, ViewRef};
use crate::core::watch::{Decoder, WatchSpec};
use crate::model::{DecodeError, Measured, decode};

/// The column of the cores in use: it stands behind the name.
const BUSIEST: usize = 1;

/// The numbers, and the polls that bring them.
#[derive(Default)]
pub(super) struct Usage {
    metrics: Arc<Metrics>,
    nodes: Option<WatchId>,
    pods: Option<(Scope, WatchId)>,
    /// Whether it was said already that they do not come.
    told: bool,
}

fn read(raw: &str) -> Result<Shared, DecodeError> {
    decode::<Measured>(raw).map(|measured| Arc::new(measured) as Shared)
}

impl App {
    /// What nodes and pods use, as far as something on the screen asked.
    pub fn metrics(&self) -> &Metrics {
        &self.usage.metrics
    }

    /// Whether metrics tell of the rows of the table that is open.
    pub fn has_usage(&self) -> bool {
        let told_of = |section: &Section| (self.registry.usage)(&section.view, &self.usage.metrics).is_some();
        self.screen().is_some_and(|screen| screen.sections.iter().any(told_of))
    }

    /// Whether nothing that is shown waits for numbers.
    pub(super) fn is_measured(&self) -> bool {
        let metrics = &self.usage.metrics;
        let settled = |asked: bool, feed: &Feed| !asked || feed.is_settled();
        settled(self.usage.nodes.is_some(), &metrics.nodes) && settled(self.usage.pods.is_some(), &metrics.pods)
    }

    /// Another cluster: its numbers are others.
    pub(super) fn forget_usage(&mut self) {
        self.usage = Usage::default();
    }

    /// Columns of usage on and off.
    pub(super) fn toggle_usage(&mut self) {
        let Some(screen) = self.screen() else { return };
        let wanted = !screen.usage;
        if wanted && !self.has_usage() {
            let text = self.lang.t("notice.no_usage");
            return self.say(Notice::warn(text));
        }
        self.usage.told = false;
        if let Some(screen) = self.screens.get_mut(self.at) {
            screen.usage = wanted;
            screen.skip = 0;
        }
        let screen = self.screens.get(self.at).into_iter();
        let before: Vec<ViewRef> = screen
            .flat_map(|screen| &screen.sections)
            .map(|section| section.view.clone())
            .collect();
        self.show_usage();
        let (store, clock) = (&mut self.store, &self.clock);
        let sections = self
            .screens
            .get(self.at)
            .into_iter()
            .flat_map(|screen| &screen.sections);
        for (section, before) in sections.zip(before) {
            if let Some(table) = section.watch.and_then(|watch| store.get_mut(watch)) {
                table.widen_from(&*before, &*section.view, clock);
            }
        }
        self.refresh();
    }

    /// A table that was opened for what its rows use begins with the busiest.
    pub(super) fn sort_by_usage(&mut self) {
        let Some(screen) = self.screens.get_mut(self.at).filter(|screen| screen.jump.usage) else {
            return;
        };
        for section in screen
            .sections
            .iter_mut()
            .filter(|section| section.view.base().is_some())
        {
            section.sort = Some(Sort {
                column: BUSIEST,
                descending: true,
            });
        }
        self.refresh();
    }

    /// Gives the table's views the numbers as they are now, or takes them away.
    pub(super) fn show_usage(&mut self) {
        let Some(screen) = self.screens.get_mut(self.at) else {
            return;
        };
        for section in &mut screen.sections {
            let base = section.view.base().cloned();
            let with = screen
                .usage
                .then(|| (self.registry.usage)(&section.view, &self.usage.metrics));
            if let Some(view) = with.flatten().or(base) {
                change(section, view);
            }
        }
    }

    /// Opens the polls for what the screen shows, and closes those for what it shows no more.
    pub(super) fn poll_usage(&mut self) {
        let wants = self.wants();
        if wants.nodes != self.usage.nodes.is_some() {
            let effect = match self.usage.nodes.take() {
                Some(id) => Effect::Unwatch(id),
                None => {
                    let id = self.ids.watch();
                    self.usage.nodes = Some(id);
                    Effect::Watch(id, spec(&metrics::NODES, Scope::All))
                }
            };
            self.effects.push(effect);
            turn(&mut Arc::make_mut(&mut self.usage.metrics).nodes, wants.nodes);
        }
        if wants.pods.as_ref() != self.usage.pods.as_ref().map(|(scope, _)| scope) {
            let before = self.usage.pods.take();
            self.effects.extend(before.map(|(_, id)| Effect::Unwatch(id)));
            turn(&mut Arc::make_mut(&mut self.usage.metrics).pods, wants.pods.is_some());
            if let Some(scope) = wants.pods {
                let id = self.ids.watch();
                self.effects
                    .push(Effect::Watch(id, spec(&metrics::PODS, scope.clone())));
                self.usage.pods = Some((scope, id));
            }
        }
    }

    /// What the table that is open shows, and what the layers on top of it show.
    fn wants(&self) -> Wants {
        let layers = self.layers.iter().map(|layer| layer.metrics());
        let screen = self.screen().filter(|screen| screen.usage);
        let sections = screen.into_iter().flat_map(|screen| &screen.sections);
        let of = |section: &Section| match (section.view.base(), section.view.resource().plural.as_ref()) {
            (None, _) => Wants::default(),
            (Some(_), "nodes") => Wants {
                nodes: true,
                pods: None,
            },
            (Some(_), _) => Wants {
                nodes: false,
                pods: Some(section.spec.scope.clone()),
            },
        };
        sections.map(of).chain(layers).fold(Wants::default(), Wants::and)
    }

    /// Takes in what a poll brought. Answers whether it was one.
    pub(super) fn measured(&mut self, id: WatchId, deltas: &[Delta]) -> bool {
        let nodes = self.usage.nodes == Some(id);
        if !nodes && self.usage.pods.as_ref().is_none_or(|(_, own)| *own != id) {
            return false;
        }
        let metrics = Arc::make_mut(&mut self.usage.metrics);
        let feed = if nodes { &mut metrics.nodes } else { &mut metrics.pods };
        let first = feed.turn() == 0;
        if feed.fold(deltas) {
            self.begin_on_top(first);
            self.tell_of_metrics();
            self.show_usage();
            self.dirty = true;
            self.refresh();
        }
        true
    }

    /// The first numbers sort a table anew: the cursor that nobody moved stays on top.
    fn begin_on_top(&mut self, first: bool) {
        if let Some(screen) = self.screens.get_mut(self.at).filter(|screen| screen.usage)
            && first
            && screen.cursor == 0
        {
            screen.held = None;
        }
    }

    /// Says once that no numbers come, and how they would: a table has no room for it.
    fn tell_of_metrics(&mut self) {
        let Some(why) = self.usage.metrics.trouble().cloned() else {
            return;
        };
        if self.usage.told || !self.layers.is_empty() || why.kind.is_connection() {
            return;
        }
        self.usage.told = true;
        let text = self.lang.no_metrics(&why);
        self.say(Notice::warn(text));
    }
}

fn spec(resource: &crate::core::resource::Resource, scope: Scope) -> WatchSpec {
    WatchSpec::all(resource.clone(), scope, Decoder::Part(read))
}

fn turn(feed: &mut Feed, on: bool) {
    feed.rest();
    if on {
        feed.ask();
    }
}

/// Another view in place of a section's; it stays sorted by the same column, where that is still there.
fn change(section: &mut Section, view: ViewRef) {
    let (before, after) = (section.view.width(), view.width());
    section.sort = match section.sort {
        Some(sort) if sort.column > 0 && after > before => Some(Sort {
            column: sort.column + (after - before),
            ..sort
        }),
        Some(sort) if sort.column > before.saturating_sub(after) => Some(Sort {
            column: sort.column - before.saturating_sub(after),
            ..sort
        }),
        Some(sort) if sort.column > 0 && before > after => view.default_sort(),
        kept => kept,
    };
    section.order.forget_view();
    section.view = view;
}
