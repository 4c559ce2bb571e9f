//! A text that does not change: a revision's template, or how two differ.

use crate::core::layer::LayerCx;
use crate::core::text::Line;
use crate::layers::text::Content;

/// A text that does not change.
pub struct Page {
    /// Its title.
    pub title: Line,
    /// Its lines.
    pub lines: Vec<Line>,
}

impl Content for Page {
    fn title(&self, _cx: &LayerCx) -> Line {
        self.title.clone()
    }

    fn lines(&self) -> &[Line] {
        &self.lines
    }
}
