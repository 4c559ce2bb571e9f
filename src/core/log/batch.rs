//! Lines on their way from a session to its layer: one text for all of them, and what is known of each.

use super::level::Level;
use super::stamp::Nanos;

/// What is known of a line besides its text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LineMeta {
    /// When it was written.
    pub time: Nanos,
    /// How long its text is, in bytes.
    pub length: u32,
    /// How many bytes of it were cut off.
    pub cut: u32,
    /// How serious it is.
    pub level: Level,
    /// Whether the text has colours in it.
    pub coloured: bool,
}

/// Some lines of one log, in their order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Batch {
    text: String,
    lines: Vec<LineMeta>,
}

impl Batch {
    /// How many lines.
    pub fn len(&self) -> usize {
        self.lines.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.lines.is_empty()
    }

    /// How many bytes of text.
    pub fn bytes(&self) -> usize {
        self.text.len()
    }

    /// Puts a line behind the others: `write` writes its text and says whether it has colours.
    pub fn push(&mut self, time: Nanos, cut: usize, write: impl FnOnce(&mut String) -> bool) {
        let from = self.text.len();
        let coloured = write(&mut self.text);
        let text = self.text.get(from..).unwrap_or_default();
        let level = if coloured {
            super::level::of(&super::sieve::bare(text))
        } else {
            super::level::of(text)
        };
        self.lines.push(LineMeta {
            time,
            length: u32::try_from(text.len()).unwrap_or(u32::MAX),
            cut: u32::try_from(cut).unwrap_or(u32::MAX),
            level,
            coloured,
        });
    }

    /// Drops all lines but the first so many.
    pub fn truncate(&mut self, lines: usize) {
        self.lines.truncate(lines);
    }

    /// The lines with their texts.
    pub fn iter(&self) -> impl Iterator<Item = (&LineMeta, &str)> {
        let mut at = 0;
        self.lines.iter().map(move |meta| {
            let end = at + meta.length as usize;
            let text = self.text.get(at..end).unwrap_or_default();
            at = end;
            (meta, text)
        })
    }
}
