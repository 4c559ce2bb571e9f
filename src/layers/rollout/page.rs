//! A text that does not change: a revision's template, or how two differ.

use crate::core::effect::Effect;
use crate::core::event::WatchId;
use crate::core::layer::LayerCx;
use crate::core::store::Store;
use crate::core::text::Line;
use crate::layers::text::{Content, Refreshed};

/// A text that does not change.
pub struct Page {
    /// Its title.
    pub title: Line,
    /// Its lines.
    pub lines: Vec<Line>,
}

impl Content for Page {
    fn open(&mut self, _cx: &LayerCx) -> Vec<Effect> {
        Vec::new()
    }

    fn refresh(&mut self, _cx: &LayerCx) -> Refreshed {
        Refreshed::default()
    }

    fn title(&self, _cx: &LayerCx) -> Line {
        self.title.clone()
    }

    fn lines(&self) -> &[Line] {
        &self.lines
    }

    fn watches(&self) -> Vec<WatchId> {
        Vec::new()
    }

    fn is_ready(&self, _store: &Store) -> bool {
        true
    }
}
