//! What verbs work on: the row under the cursor and the marked rows, as objects of the cluster.

use super::App;
use crate::core::action::{Cx, Target};
use crate::core::extended::plain;
use crate::core::join::Joining;
use crate::core::registry::Registry;
use crate::core::screen::{Screen, Section};
use crate::core::store::Row;
use crate::core::view::{Shared, ViewRef};
use crate::core::watch::{Source, WatchSpec};

/// How many marked rows are looked at where it is only shown which verbs can be used.
const GLANCE: usize = 64;

impl App {
    /// What a verb may know.
    pub fn action_cx(&self) -> Cx<'_> {
        self.cx_of(usize::MAX)
    }

    /// What a verb may know while it is only shown whether it can be used: of many marked rows some, so that no frame waits
    /// for all of them. What is started looks at all.
    pub fn glance(&self) -> Cx<'_> {
        self.cx_of(GLANCE)
    }

    fn cx_of(&self, most: usize) -> Cx<'_> {
        let marked = self.screen().map(|screen| self.marked(screen, most));
        let marked = marked.unwrap_or_default();
        Cx {
            selected: self
                .selected()
                .filter(|(_, row)| !row.is_gone())
                .map(|(section, row)| target(section, row, self.registry)),
            marked,
            scope: self.screen().map_or(&self.scope, |screen| &screen.scope),
            catalog: &self.catalog,
            link: &self.link,
            lang: &self.lang,
            clock: self.clock,
            ids: &self.ids,
            read_only: self.is_read_only(),
            protected: self.is_protected(),
            access: &self.access,
            screen: self.screen(),
            store: &self.store,
        }
    }

    fn marked(&self, screen: &Screen, most: usize) -> Vec<Target> {
        let mut targets = Vec::new();
        for section in screen.sections.iter().filter(|_| !screen.marks.is_empty()) {
            let Some(table) = section.table(&self.store) else {
                continue;
            };
            // From the marks to the rows: far fewer than the other way.
            let mut is_marked = vec![false; table.rows().len()];
            for object in screen.marks.iter().take(most) {
                let Some(at) = table.find(&**object) else { continue };
                let row = table.rows().get(at).filter(|row| !row.is_gone());
                if let Some(is_marked) = is_marked.get_mut(at) {
                    *is_marked |= row.is_some_and(|row| row.object.meta().uid == object.meta().uid);
                }
            }
            let visible = section.order.visible().iter().map(|at| *at as usize);
            let visible = visible.filter(|at| is_marked.get(*at) == Some(&true));
            let marked = visible.filter_map(|at| table.rows().get(at));
            targets.extend(marked.map(|row| target(section, row, self.registry)));
        }
        if targets.iter().all(|target| target.parts.is_empty()) {
            return targets;
        }
        // Parts of one object are one target.
        let mut merged: Vec<Target> = Vec::new();
        let mut seen = std::collections::HashMap::new();
        for target in targets {
            let at = *seen.entry(target.row.meta().uid.clone()).or_insert(merged.len());
            match merged.get_mut(at) {
                Some(known) => known.parts.extend(target.parts),
                None => merged.push(target),
            }
        }
        merged
    }
}

/// The object of a row.
pub(super) fn target(section: &Section, row: &Row, registry: &Registry) -> Target {
    let resource = match &section.spec {
        WatchSpec {
            source: Source::Cluster(resource),
            ..
        } => Some(resource.clone()),
        WatchSpec {
            source: Source::Contexts | Source::Resources | Source::Joined,
            ..
        } => None,
    };
    let own = plain(&row.object);
    let owner = section.view.derived().and_then(|derivation| {
        let view = registry.view(derivation.of)?;
        Some((view, (derivation.owner)(&*own)?))
    });
    let parts = owner.iter().map(|_| own.clone()).collect();
    let (view, row) = owner.unwrap_or_else(|| (section.plain().clone(), own));
    match view.joined() {
        Some(joining) => joined(joining, &view, row),
        None => Target {
            view,
            resource,
            row,
            parts,
        },
    }
}

/// The object of a row that is made of several watches, as a row of its own view.
fn joined(joining: &Joining, view: &ViewRef, row: Shared) -> Target {
    let object =
        (joining.object)(&*row).and_then(|(feed, object)| Some((joining.feeds.get(feed)?.view.clone(), object)));
    match object {
        Some((view, row)) => {
            let resource = Some(view.resource().clone());
            Target {
                view,
                resource,
                row,
                parts: Vec::new(),
            }
        }
        None => Target {
            view: view.clone(),
            resource: joining.resource.cloned(),
            row,
            parts: Vec::new(),
        },
    }
}
