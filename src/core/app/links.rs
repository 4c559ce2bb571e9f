//! The connection: opening a cluster, losing it, finding it again.

use super::App;
use crate::core::catalog::Catalog;
use crate::core::effect::Effect;
use crate::core::event::WatchId;
use crate::core::jump::Scope;
use crate::core::link::{Identity, Link, LinkEvent, LinkState};
use crate::core::notice::Notice;
use crate::core::store::{Delta, Store};
use crate::core::view::ViewRef;

impl App {
    pub(super) fn linked(&mut self, event: LinkEvent) {
        self.dirty = true;
        match event {
            LinkEvent::Opened(identity) => self.opened(identity),
            LinkEvent::Refused(trouble) => {
                self.switching = None;
                let text = self.trouble(&trouble);
                self.say(Notice::error(text));
            }
            LinkEvent::Version(version) => {
                self.link.version = Some(version);
                self.link.state = LinkState::Live;
                self.discover_if_missing();
            }
            LinkEvent::Discovered(discovery) => self.discovered(discovery),
            LinkEvent::Lost(why) => {
                let since = match self.link.state {
                    LinkState::Lost { since, .. } => since,
                    _ => self.clock.now,
                };
                self.link.state = LinkState::Lost { since, why };
            }
            LinkEvent::Warning(text) => self.say(Notice::warn(text)),
        }
    }

    /// Switches to a context. The one that is open stays until the other answers for itself.
    pub(super) fn open_context(&mut self, name: String) {
        self.effects.push(Effect::Connect(name.clone()));
        let text = self.lang.f("notice.opening", &[("context", &name)]);
        self.switching = Some(name);
        self.say(Notice::good(text));
    }

    /// Another cluster is open: nothing of the one before is left.
    fn opened(&mut self, identity: Identity) {
        let line = match (self.switching.take(), self.screen()) {
            // The same view, if it is one of the cluster's; never the selection of one object of the old cluster.
            (Some(_), Some(screen)) if screen.jump.view != "contexts" => screen.jump.view.clone(),
            (Some(_), Some(_)) => "pods".to_string(),
            _ => self.line.clone(),
        };
        let first = self.screens.is_empty();
        self.store = Store::default();
        self.catalog = Catalog::new(self.registry);
        self.sought = None;
        self.filtering = None;
        // The runtime asks by itself when a connection begins.
        self.discovering = true;
        self.discover_again = false;
        self.discovered_at = None;
        self.screens.clear();
        self.layers.clear();
        self.aside.clear();
        self.forget_preview();
        self.forget_changes();
        self.forwards = Default::default();
        self.debug_pods = Default::default();
        self.forget_usage();
        self.pending.clear();
        self.at = 0;
        let own = identity.namespace.as_ref().map_or(Scope::All, Scope::one);
        self.scope = self.asked_scope.clone().filter(|_| first).unwrap_or(own);
        self.scope_before = None;
        self.link = Link {
            identity,
            version: None,
            state: LinkState::Connecting,
        };
        self.line(&line);
        if self.screens.is_empty() && self.sought.is_none() {
            // The line meant nothing: its notice stays, and there is something to look at.
            let notice = self.notice.take();
            self.line("pods");
            self.notice = notice;
        }
    }

    pub(super) fn watched(&mut self, id: WatchId, mut deltas: Vec<Delta>) {
        if self.measured(id, &deltas) {
            return;
        }
        let joined = self.store.joined_of(id);
        let section = self
            .screens
            .iter_mut()
            .flat_map(|screen| &mut screen.sections)
            .find(|section| section.watch == Some(joined.unwrap_or(id)));
        let view = section.map(|section| {
            for view in deltas.iter_mut().filter_map(named_columns) {
                section.show(view.clone());
                *view = section.view.clone();
            }
            section.view.clone()
        });
        let Some(table) = self.store.get_mut(id) else { return };
        let was_lost = matches!(self.link.state, LinkState::Lost { .. });
        for delta in &deltas {
            match delta {
                Delta::Apply(_) | Delta::Parted(..) | Delta::Live(_) | Delta::Listed(_) => {
                    self.link.state = LinkState::Live
                }
                Delta::Stale(_, why)
                    if why.kind.is_connection() && !matches!(self.link.state, LinkState::Lost { .. }) =>
                {
                    self.link.state = LinkState::Lost {
                        since: self.clock.now,
                        why: why.clone(),
                    };
                }
                _ => {}
            }
        }
        let defines = view
            .as_ref()
            .is_some_and(|view| view.resource().kind == "CustomResourceDefinition");
        let defines = defines && table.is_complete() && deltas.iter().any(is_change);
        match (joined, &view) {
            (Some(of), Some(view)) => self.store.fold_feed(of, id, deltas, &**view, &self.clock),
            _ => table.fold(deltas, view.as_deref(), &self.clock),
        }
        // What is defined anew is served a moment later; definitions say so by a change of their own.
        if defines {
            self.discover();
        }
        if was_lost && self.link.state == LinkState::Live {
            self.discover_if_missing();
        }
        self.dirty = true;
        self.refresh();
    }
}

fn named_columns(delta: &mut Delta) -> Option<&mut ViewRef> {
    match delta {
        Delta::View(view) => Some(view),
        _ => None,
    }
}

fn is_change(delta: &Delta) -> bool {
    matches!(delta, Delta::Apply(_) | Delta::Delete(_))
}
