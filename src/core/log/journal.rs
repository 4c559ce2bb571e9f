//! The lines of several logs merged by time, within a bound of memory: the oldest go first.
//!
//! Lines are kept in blocks in the order of their keys. New lines mostly come behind the last; one that is older than
//! that costs the insertion into its block. What the filter takes and where the search hits is kept with each block, and
//! brought up to date block by block, those near what is seen first.

use std::collections::VecDeque;

use regex::Regex;

use super::batch::Batch;
use super::block::{Block, Entry, Key, MARK, New};
use super::lens::Filter;
use super::level::Level;
use super::stamp::Nanos;

/// The memory of a journal where nothing is said, in bytes.
pub const MEMORY: usize = 64 << 20;

/// The lines of several logs.
#[derive(Clone, Debug)]
pub struct Journal {
    pub(super) blocks: VecDeque<Block>,
    pub(super) filter: Filter,
    pub(super) search: Option<Regex>,
    /// The number of the present filter and search: blocks with another one must be looked at again.
    pub(super) look: u64,
    limit: usize,
    memory: usize,
    next: u64,
    lines: usize,
    dropped: u64,
    last: Vec<Nanos>,
}

impl Journal {
    /// An empty journal that takes at most so many bytes.
    pub fn new(limit: usize) -> Self {
        Self {
            blocks: VecDeque::new(),
            filter: Filter::default(),
            search: None,
            look: 1,
            limit: limit.max(1 << 20),
            memory: 0,
            next: 0,
            lines: 0,
            dropped: 0,
            last: Vec::new(),
        }
    }

    /// How many lines it has.
    pub fn len(&self) -> usize {
        self.lines
    }

    /// Whether it has no line.
    pub fn is_empty(&self) -> bool {
        self.lines == 0
    }

    /// How many lines had to go for newer ones.
    pub fn dropped(&self) -> u64 {
        self.dropped
    }

    /// How much memory it takes, in bytes.
    pub fn memory(&self) -> usize {
        self.memory
    }

    /// Takes the lines of a source in.
    pub fn take(&mut self, source: u16, batch: &Batch) {
        for (meta, text) in batch.iter() {
            let new = New {
                key: Key {
                    time: self.monotone(source, meta.time),
                    id: self.next,
                },
                source,
                level: meta.level,
                coloured: meta.coloured,
                cut: meta.cut,
            };
            self.put(new, text);
        }
        self.shrink();
    }

    /// Puts a line of konn's own between the others.
    pub fn mark(&mut self, time: Nanos, level: Level, text: &str) {
        let key = Key { time, id: self.next };
        let new = New {
            key,
            source: MARK,
            level,
            coloured: false,
            cut: 0,
        };
        self.put(new, text);
        self.shrink();
    }

    /// A source's lines stay in their order, even where their times do not.
    fn monotone(&mut self, source: u16, time: Nanos) -> Nanos {
        let source = usize::from(source);
        if self.last.len() <= source {
            self.last.resize(source + 1, Nanos::MIN);
        }
        match self.last.get_mut(source) {
            Some(last) => {
                *last = time.max(*last);
                *last
            }
            None => time,
        }
    }

    fn put(&mut self, new: New, text: &str) {
        self.next += 1;
        self.lines += 1;
        let at = self.home(new.key);
        let Some(block) = self.blocks.get_mut(at) else { return };
        let before = block.memory();
        let last = block.entries().last().is_none_or(|last| last.key < new.key);
        let place = block.insert(new, text);
        // The usual case touches no other line; else the block is looked at again.
        if block.looked == self.look && last && (self.filter.context == 0 || self.filter.is_empty()) {
            block.judge_last(place, text, &self.filter, self.search.as_ref());
        } else {
            block.looked = 0;
        }
        self.memory = (self.memory + block.memory()).saturating_sub(before);
    }

    /// The block that a line belongs in; a full one is divided, or another one begun.
    fn home(&mut self, key: Key) -> usize {
        let after = self
            .blocks
            .partition_point(|block| block.entries().first().is_none_or(|first| first.key <= key));
        let at = after.saturating_sub(1);
        let is_last = at + 1 >= self.blocks.len();
        match self.blocks.get_mut(at) {
            None => self.begin(),
            Some(block) if !block.is_full() => at,
            Some(block) if is_last && block.entries().last().is_none_or(|last| last.key <= key) => {
                let before = block.memory();
                block.close();
                self.memory = (self.memory + block.memory()).saturating_sub(before);
                self.begin()
            }
            Some(block) => {
                let before = block.memory();
                let later = block.split();
                self.memory = (self.memory + block.memory() + later.memory()).saturating_sub(before);
                let belongs = later.entries().first().is_some_and(|first| first.key <= key);
                self.blocks.insert(at + 1, later);
                at + usize::from(belongs)
            }
        }
    }

    fn begin(&mut self) -> usize {
        self.blocks.push_back(Block::begin(self.look));
        self.blocks.len() - 1
    }

    /// The oldest lines go where there are too many.
    fn shrink(&mut self) {
        while self.memory > self.limit && self.blocks.len() > 1 {
            let Some(block) = self.blocks.pop_front() else { return };
            self.memory = self.memory.saturating_sub(block.memory());
            self.lines -= block.entries().len();
            self.dropped += block.entries().len() as u64;
        }
    }

    /// Forgets all lines.
    pub fn clear(&mut self) {
        self.blocks.clear();
        self.last.clear();
        (self.memory, self.lines, self.dropped) = (0, 0, 0);
    }

    /// All lines in their order.
    pub fn iter(&self) -> impl Iterator<Item = (&Entry, &str)> {
        self.blocks
            .iter()
            .flat_map(|block| block.entries().iter().map(|entry| (entry, block.text(entry))))
    }
}

#[cfg(test)]
#[path = "journal_tests.rs"]
mod tests;
