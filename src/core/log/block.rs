//! A run of lines that follow each other: one text for all of them, and a few bytes for each.

use regex::Regex;

use super::lens::Filter;
use super::level::Level;
use super::sieve::bare;
use super::stamp::Nanos;

/// How many lines a block has at most.
pub const LINES: usize = 1024;

/// How much text a block has at most, in bytes, unless one line alone is longer.
pub const BYTES: usize = 128 << 10;

/// Where a line stands among all: by its time, and by when it came.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Key {
    /// When it was written.
    pub time: Nanos,
    /// The how manieth it came.
    pub id: u64,
}

/// A line that is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Where it stands.
    pub key: Key,
    /// Whose line it is; [`MARK`] for konn's own.
    pub source: u16,
    /// How serious it is.
    pub level: Level,
    /// Whether its text has colours.
    pub coloured: bool,
    /// Whether the filter takes it by itself, not for its neighbours.
    pub taken: bool,
    /// Whether what is searched is in it.
    pub hit: bool,
    /// How many bytes were cut off it.
    pub cut: u32,
    start: u32,
    length: u32,
}

/// The source of lines that konn itself puts between the others.
pub const MARK: u16 = u16::MAX;

/// What is known of a line that is to be kept.
#[derive(Clone, Copy, Debug)]
pub struct New {
    /// Where it will stand.
    pub key: Key,
    /// Whose line it is.
    pub source: u16,
    /// How serious it is.
    pub level: Level,
    /// Whether its text has colours.
    pub coloured: bool,
    /// How many bytes were cut off it.
    pub cut: u32,
}

/// A run of lines.
#[derive(Clone, Debug, Default)]
pub struct Block {
    text: String,
    entries: Vec<Entry>,
    /// The lines that are shown, by their places.
    pub(super) shown: Vec<u16>,
    /// How many of these have what is searched.
    pub(super) hits: u32,
    /// With which filter and search its lines were last looked at.
    pub(super) looked: u64,
}

impl Block {
    /// The lines.
    pub fn entries(&self) -> &[Entry] {
        &self.entries
    }

    /// A block without lines.
    pub(super) fn begin(looked: u64) -> Self {
        Self {
            looked,
            ..Self::default()
        }
    }

    /// Looks at the last line, which came behind all others.
    pub(super) fn judge_last(&mut self, place: usize, text: &str, filter: &Filter, search: Option<&Regex>) {
        let Some(entry) = self.entries.get_mut(place) else {
            return;
        };
        judge(entry, text, filter, search);
        if entry.taken {
            self.hits += u32::from(entry.hit);
            self.shown.push(u16::try_from(place).unwrap_or(u16::MAX));
        }
    }

    /// Looks at all lines: whether the filter takes each by itself, and whether the search hits it. Answers how much text
    /// that was, in bytes.
    pub(super) fn judge(&mut self, filter: &Filter, search: Option<&Regex>) -> usize {
        let all = &self.text;
        for entry in &mut self.entries {
            let start = entry.start as usize;
            let text = all.get(start..start + entry.length as usize).unwrap_or_default();
            judge(entry, text, filter, search);
        }
        all.len()
    }

    /// The text of a line.
    pub fn text(&self, entry: &Entry) -> &str {
        text(&self.text, entry)
    }

    /// How much memory it takes, in bytes.
    pub fn memory(&self) -> usize {
        self.text.capacity() + self.entries.capacity() * size_of::<Entry>() + self.shown.capacity() * 2
    }

    /// Whether no other line fits in.
    pub fn is_full(&self) -> bool {
        self.entries.len() >= LINES || self.text.len() >= BYTES
    }

    /// The place of the first line of this key or a later one.
    pub fn place(&self, key: Key) -> usize {
        self.entries.partition_point(|entry| entry.key < key)
    }

    /// Puts a line in. Answers its place.
    pub(super) fn insert(&mut self, new: New, text: &str) -> usize {
        let entry = Entry {
            key: new.key,
            source: new.source,
            level: new.level,
            coloured: new.coloured,
            cut: new.cut,
            taken: false,
            hit: false,
            start: u32::try_from(self.text.len()).unwrap_or(u32::MAX),
            length: u32::try_from(text.len()).unwrap_or(u32::MAX),
        };
        self.text.push_str(text);
        let place = match self.entries.last() {
            Some(last) if last.key > new.key => self.place(new.key),
            _ => self.entries.len(),
        };
        self.entries.insert(place, entry);
        place
    }

    /// Gives the later half of its lines to a block of their own.
    pub(super) fn split(&mut self) -> Self {
        let at = self.entries.len() / 2;
        let later = self.entries.split_off(at);
        let part = |entries: Vec<Entry>| {
            // Nobody has looked at it yet.
            let mut block = Self::begin(0);
            for entry in entries {
                let start = u32::try_from(block.text.len()).unwrap_or(u32::MAX);
                block.text.push_str(text(&self.text, &entry));
                block.entries.push(Entry { start, ..entry });
            }
            block
        };
        let (earlier, later) = (part(std::mem::take(&mut self.entries)), part(later));
        *self = earlier;
        later
    }

    /// Nothing more comes to its end: gives back what it reserved for that.
    pub(super) fn close(&mut self) {
        self.text.shrink_to_fit();
        self.entries.shrink_to_fit();
    }
}

fn text<'a>(all: &'a str, entry: &Entry) -> &'a str {
    let start = entry.start as usize;
    all.get(start..start + entry.length as usize).unwrap_or_default()
}

/// Looks whether the filter takes a line by itself, and whether the search hits it. Marks are always shown.
fn judge(entry: &mut Entry, text: &str, filter: &Filter, search: Option<&Regex>) {
    entry.taken = entry.source == MARK || filter.takes(text, entry.coloured);
    entry.hit = search.is_some_and(|search| {
        if entry.coloured {
            search.is_match(&bare(text))
        } else {
            search.is_match(text)
        }
    });
}
