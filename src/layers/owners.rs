//! The owners of an object to choose from, where there are several.

use super::list::{Entries, Entry};
use crate::core::effect::Effect;
use crate::core::event::WatchId;
use crate::core::layer::LayerCx;
use crate::core::store::Store;
use crate::core::text::{Line, Span, Tone, clean};
use crate::relations::Reference;

/// The owners of an object.
pub struct Owners {
    title: String,
    entries: Vec<Entry>,
}

impl Owners {
    /// The owners of the object that is called so.
    pub fn new(title: String, owners: Vec<Reference>) -> Self {
        let entry = |owner: Reference| {
            let text = format!("{}/{}", owner.resource.singular(), owner.name);
            Entry {
                line: Line::plain(clean(&text).into_owned()),
                key: text,
                opens: Some(owner),
            }
        };
        Self {
            title,
            entries: owners.into_iter().map(entry).collect(),
        }
    }
}

impl Entries for Owners {
    fn refresh(&mut self, _cx: &LayerCx) -> (bool, Vec<Effect>) {
        (false, Vec::new())
    }

    fn title(&self, cx: &LayerCx) -> Line {
        let name = clean(&self.title).into_owned();
        Line::of([
            Span::new(format!("{} ", cx.lang.t("related.owners")), Tone::Title),
            Span::new(name, Tone::Accent),
        ])
    }

    fn entries(&self) -> &[Entry] {
        &self.entries
    }

    fn watches(&self) -> Vec<WatchId> {
        Vec::new()
    }

    fn is_ready(&self, _store: &Store) -> bool {
        true
    }
}
