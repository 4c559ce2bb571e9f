//! An object with its owners, what it owns and what it refers to, down to containers: live.

mod grow;
mod limbs;
mod state;

use super::answers::Watches;
use super::list::{Entries, Entry, ListLayer};
use super::subject::{Known, Subject};
use crate::core::effect::Effect;
use crate::core::event::WatchId;
use crate::core::layer::{Layer, LayerCx};
use crate::core::reference::Reference;
use crate::core::store::Store;
use crate::core::text::Line;

/// The tree of an object that something names.
pub fn open(reference: &Reference) -> Box<dyn Layer> {
    Box::new(ListLayer::new(Tree::new(Subject::named(reference))))
}

/// The tree of an object.
pub struct Tree {
    subject: Subject,
    watches: Watches,
    states: state::States,
    entries: Vec<Entry>,
}

impl Tree {
    /// The tree of this object.
    pub fn new(subject: Subject) -> Self {
        Self {
            subject,
            watches: Watches::default(),
            states: state::States::default(),
            entries: Vec::new(),
        }
    }
}

impl Entries for Tree {
    fn refresh(&mut self, cx: &LayerCx) -> (bool, Vec<Effect>) {
        if !self.watches.is_due(cx) {
            return (false, Vec::new());
        }
        let answers = self.watches.answers(cx);
        let known = self.subject.known(&answers);
        let entries = match known {
            Known::There(object) => grow::tree(&self.subject.reference, object, &answers, &mut self.states, cx),
            other => vec![Entry::note(Subject::note(&other, cx))],
        };
        let wanted = answers.wanted();
        let effects = self.watches.settle(wanted, cx);
        let changed = entries != self.entries;
        self.entries = entries;
        (changed, effects)
    }

    fn title(&self, cx: &LayerCx) -> Line {
        self.subject.title(cx.lang.t("related.tree"))
    }

    fn entries(&self) -> &[Entry] {
        &self.entries
    }

    fn watches(&self) -> Vec<WatchId> {
        self.watches.ids()
    }

    fn is_ready(&self, store: &Store) -> bool {
        self.watches.is_ready(store)
    }
}
