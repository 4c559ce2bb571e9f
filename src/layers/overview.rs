//! One screen of a cluster or of namespaces: nodes and their room, workloads by health, quotas, the latest warnings. Live.

mod facts;
mod grid;
mod nodes;
mod text;

use super::text::{Content, Refreshed, TextLayer, is_due};
use crate::core::effect::Effect;
use crate::core::event::WatchId;
use crate::core::jump::Scope;
use crate::core::layer::{Layer, LayerCx};
use crate::core::metrics::{Feed, Wants};
use crate::core::store::{Store, Table};
use crate::core::text::{Line, Span, Tone};
use crate::core::watch::{Decoder, WatchSpec};

/// The views whose rows are counted, by plural.
pub(super) const WORKLOADS: [&str; 6] = ["deployments", "statefulsets", "daemonsets", "jobs", "cronjobs", "pods"];

/// The overview.
pub struct Overview {
    scope: Scope,
    /// Each view's plural and its watch.
    watches: Vec<(&'static str, WatchId)>,
    seen: u64,
    drawn: i64,
    width: u16,
    lines: Vec<Line>,
}

/// The overview of these namespaces.
pub fn open(scope: &Scope) -> Box<dyn Layer> {
    Box::new(TextLayer::new(Overview {
        scope: scope.clone(),
        watches: Vec::new(),
        seen: 0,
        drawn: 0,
        width: 0,
        lines: Vec::new(),
    }))
}

impl Overview {
    /// The rows of a view, as far as they have come.
    pub(super) fn table<'a>(&self, plural: &str, cx: &'a LayerCx) -> Option<&'a Table> {
        let found = self.watches.iter().find(|(known, _)| *known == plural);
        found.and_then(|(_, watch)| cx.store.get(*watch))
    }
}

impl Content for Overview {
    fn open(&mut self, cx: &LayerCx) -> Vec<Effect> {
        let mut effects = Vec::new();
        for plural in WORKLOADS.into_iter().chain(["nodes", "resourcequotas", "events"]) {
            let Some(view) = cx.registry.view(plural) else { continue };
            let resource = view.resource().clone();
            let scope = if resource.namespaced {
                self.scope.clone()
            } else {
                Scope::All
            };
            let warnings = (plural == "events").then(|| "type=Warning".to_string());
            let spec = WatchSpec {
                fields: warnings,
                ..WatchSpec::all(resource, scope, Decoder::Row(view))
            };
            let watch = cx.ids.watch();
            self.watches.push((plural, watch));
            effects.push(Effect::Watch(watch, spec));
        }
        effects
    }

    fn refresh(&mut self, cx: &LayerCx) -> Refreshed {
        let tables = self.watches.iter().filter_map(|(_, watch)| cx.store.get(*watch));
        let numbers = [&cx.metrics.nodes, &cx.metrics.pods].map(Feed::turn);
        let seen = tables.map(Table::generation).chain(numbers).fold(0, u64::wrapping_add);
        if seen == self.seen && self.width == cx.space.width && !is_due(self.drawn, &cx.clock) {
            return Refreshed::default();
        }
        (self.seen, self.drawn, self.width) = (seen, cx.clock.now.as_second(), cx.space.width);
        let lines = text::lines(self, cx);
        let changed = lines != std::mem::replace(&mut self.lines, lines.clone());
        Refreshed {
            changed,
            effects: Vec::new(),
        }
    }

    fn title(&self, cx: &LayerCx) -> Line {
        let scope = match &self.scope {
            Scope::All => cx.link.identity.cluster.clone(),
            Scope::Namespaces(names) => names.join(", "),
        };
        Line::of([
            Span::new(cx.lang.t("overview.title"), Tone::Title),
            Span::new(format!(" {scope}"), Tone::Accent),
        ])
    }

    fn points(&self) -> bool {
        false
    }

    fn lines(&self) -> &[Line] {
        &self.lines
    }

    fn watches(&self) -> Vec<WatchId> {
        self.watches.iter().map(|(_, watch)| *watch).collect()
    }

    fn metrics(&self) -> Wants {
        match &self.scope {
            Scope::All => Wants {
                nodes: true,
                pods: None,
            },
            scope => Wants {
                nodes: false,
                pods: Some(scope.clone()),
            },
        }
    }

    fn is_ready(&self, store: &Store) -> bool {
        let settled = |table: &Table| table.is_complete() || table.has_failed();
        let ready = |(_, watch): &(_, WatchId)| store.get(*watch).is_some_and(settled);
        !self.watches.is_empty() && self.watches.iter().all(ready)
    }
}
