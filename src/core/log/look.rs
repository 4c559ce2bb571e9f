//! Which lines of a journal are shown and hit: brought up to date block by block, so that nobody waits for all of them.

use regex::Regex;

use super::block::{Entry, Key};
use super::journal::Journal;
use super::lens::Filter;

/// The place of a line that is shown: its block, and its place among those shown there. Good until the journal changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Spot {
    block: usize,
    at: usize,
}

impl Journal {
    /// What is shown.
    pub fn filter(&self) -> &Filter {
        &self.filter
    }

    /// What is searched.
    pub fn search(&self) -> Option<&Regex> {
        self.search.as_ref()
    }

    /// Shows other lines. They are found by [`Self::work`].
    pub fn set_filter(&mut self, filter: Filter) {
        self.filter = filter;
        self.look += 1;
    }

    /// Searches for something else. It is found by [`Self::work`].
    pub fn set_search(&mut self, search: Option<Regex>) {
        self.search = search;
        self.look += 1;
    }

    /// Looks at so many bytes of lines that have not been looked at since filter or search changed, those around a line
    /// first. Answers whether more are left.
    pub fn work(&mut self, around: Option<Key>, bytes: usize) -> bool {
        let centre = around.map_or(self.blocks.len(), |key| self.block_of(key));
        let mut done = 0;
        while done < bytes {
            let stale = self
                .blocks
                .iter()
                .enumerate()
                .filter(|(_, block)| block.looked != self.look);
            let Some((at, _)) = stale.min_by_key(|(at, _)| at.abs_diff(centre)) else {
                return false;
            };
            done += self.look_at(at);
        }
        self.blocks.iter().any(|block| block.looked != self.look)
    }

    /// Whether some lines have not been looked at since filter or search changed.
    pub fn is_behind(&self) -> bool {
        self.blocks.iter().any(|block| block.looked != self.look)
    }

    fn block_of(&self, key: Key) -> usize {
        let after = self
            .blocks
            .partition_point(|block| block.entries().first().is_none_or(|first| first.key <= key));
        after.saturating_sub(1)
    }

    /// Looks at the lines of a block. Answers how much that was, in bytes.
    fn look_at(&mut self, at: usize) -> usize {
        let Some(block) = self.blocks.get_mut(at) else { return 1 };
        block.looked = self.look;
        let bytes = 64 + block.judge(&self.filter, self.search.as_ref());
        self.show_around(at);
        bytes
    }

    /// A block's lines are others now: so may be what is shown of it, and of its neighbours for their context.
    fn show_around(&mut self, at: usize) {
        self.show(at);
        if self.filter.context > 0 && !self.filter.is_empty() {
            if let Some(before) = at.checked_sub(1) {
                self.show(before);
            }
            self.show(at + 1);
        }
    }

    /// Finds which lines of a block are shown: those that the filter takes, and those near them.
    fn show(&mut self, at: usize) {
        let context = if self.filter.is_empty() { 0 } else { self.filter.context };
        let taken = |block: usize| {
            let block = self.blocks.get(block);
            block
                .filter(|block| block.looked == self.look)
                .map(|block| block.entries())
        };
        let Some(entries) = taken(at) else { return };
        // How far the last line that was taken is behind, and the next one ahead.
        let before = at.checked_sub(1).and_then(taken).unwrap_or_default();
        let mut behind = before
            .iter()
            .rev()
            .position(|entry| entry.taken)
            .unwrap_or(usize::MAX - 1);
        let mut near: Vec<bool> = Vec::with_capacity(entries.len());
        for entry in entries {
            behind = if entry.taken { 0 } else { behind.saturating_add(1) };
            near.push(behind <= context);
        }
        if context > 0 {
            let after = taken(at + 1).unwrap_or_default();
            let mut ahead = after.iter().position(|entry| entry.taken).unwrap_or(usize::MAX - 1);
            for (entry, near) in entries.iter().zip(&mut near).rev() {
                ahead = if entry.taken { 0 } else { ahead.saturating_add(1) };
                *near |= ahead <= context;
            }
        }
        let shown = near.iter().enumerate().filter(|(_, near)| **near);
        let shown: Vec<u16> = shown.filter_map(|(place, _)| u16::try_from(place).ok()).collect();
        let hits = shown.iter().filter_map(|place| entries.get(usize::from(*place)));
        let hits = hits.filter(|entry| entry.hit).count();
        if let Some(block) = self.blocks.get_mut(at) {
            block.shown = shown;
            block.hits = u32::try_from(hits).unwrap_or(u32::MAX);
        }
    }

    /// The lines that are shown of a block; none while it has not been looked at.
    fn shown(&self, block: usize) -> &[u16] {
        let block = self.blocks.get(block);
        let block = block.filter(|block| block.looked == self.look);
        block.map(|block| block.shown.as_slice()).unwrap_or_default()
    }

    /// How many lines are shown.
    pub fn shown_count(&self) -> usize {
        (0..self.blocks.len()).map(|block| self.shown(block).len()).sum()
    }

    /// How many of the lines that are shown have what is searched.
    pub fn hit_count(&self) -> usize {
        let looked = self.blocks.iter().filter(|block| block.looked == self.look);
        looked.map(|block| block.hits as usize).sum()
    }

    /// How many lines are shown before this one.
    pub fn rank(&self, spot: Spot) -> usize {
        let before: usize = (0..spot.block).map(|block| self.shown(block).len()).sum();
        before + spot.at
    }

    /// How many hits stand before this line.
    pub fn hit_rank(&self, spot: Spot) -> usize {
        let looked = self
            .blocks
            .iter()
            .take(spot.block)
            .filter(|block| block.looked == self.look);
        let before: usize = looked.map(|block| block.hits as usize).sum();
        let own = (0..spot.at).filter(|at| self.is_hit(Spot { at: *at, ..spot })).count();
        before + own
    }

    /// The line at a place.
    pub fn line(&self, spot: Spot) -> Option<(&Entry, &str)> {
        let place = self.shown(spot.block).get(spot.at)?;
        let block = self.blocks.get(spot.block)?;
        let entry = block.entries().get(usize::from(*place))?;
        Some((entry, block.text(entry)))
    }

    /// The first line that is shown.
    pub fn first(&self) -> Option<Spot> {
        let block = (0..self.blocks.len()).find(|block| !self.shown(*block).is_empty())?;
        Some(Spot { block, at: 0 })
    }

    /// The last line that is shown.
    pub fn last(&self) -> Option<Spot> {
        self.last_before(self.blocks.len())
    }

    fn last_before(&self, end: usize) -> Option<Spot> {
        let block = (0..end).rev().find(|block| !self.shown(*block).is_empty())?;
        let at = self.shown(block).len() - 1;
        Some(Spot { block, at })
    }

    /// The line that is shown after this one.
    pub fn after(&self, spot: Spot) -> Option<Spot> {
        if spot.at + 1 < self.shown(spot.block).len() {
            return Some(Spot {
                at: spot.at + 1,
                ..spot
            });
        }
        let block = (spot.block + 1..self.blocks.len()).find(|block| !self.shown(*block).is_empty())?;
        Some(Spot { block, at: 0 })
    }

    /// The line that is shown before this one.
    pub fn before(&self, spot: Spot) -> Option<Spot> {
        match spot.at.checked_sub(1) {
            Some(at) => Some(Spot { at, ..spot }),
            None => self.last_before(spot.block),
        }
    }

    /// The first line that is shown at this key or after it; else the last.
    pub fn seek(&self, key: Key) -> Option<Spot> {
        let block = self.block_of(key);
        let entries = self.blocks.get(block)?.entries();
        let shown = self.shown(block);
        let at = shown.partition_point(|place| entries.get(usize::from(*place)).is_some_and(|entry| entry.key < key));
        if at < shown.len() {
            return Some(Spot { block, at });
        }
        let next = (block + 1..self.blocks.len()).find(|block| !self.shown(*block).is_empty());
        next.map(|block| Spot { block, at: 0 }).or_else(|| self.last())
    }

    fn is_hit(&self, spot: Spot) -> bool {
        self.line(spot).is_some_and(|(entry, _)| entry.hit)
    }

    /// The next hit after a line, or before it; around the end where there is none. What has not been looked at yet is.
    pub fn next_hit(&mut self, from: Option<Key>, forward: bool) -> Option<Spot> {
        self.search.as_ref()?;
        let count = self.blocks.len();
        let start = from.map_or(if forward { 0 } else { count.saturating_sub(1) }, |key| {
            self.block_of(key)
        });
        // The block of the line is looked at twice: beyond the line first, and up to it last.
        for step in 0..=count {
            let at = if forward {
                (start + step) % count.max(1)
            } else {
                (start + count - step % count.max(1)) % count.max(1)
            };
            if self.blocks.get(at).is_some_and(|block| block.looked != self.look) {
                self.look_at(at);
            }
            if self.blocks.get(at).is_none_or(|block| block.hits == 0) {
                continue;
            }
            let spots = (0..self.shown(at).len()).map(|place| Spot { block: at, at: place });
            let mut hits: Vec<Spot> = spots.filter(|spot| self.is_hit(*spot)).collect();
            if let (0, Some(from)) = (step, from) {
                hits.retain(|spot| {
                    let key = self.line(*spot).map(|(entry, _)| entry.key);
                    key.is_some_and(|key| if forward { key > from } else { key < from })
                });
            }
            let hit = if forward { hits.first() } else { hits.last() };
            if let Some(hit) = hit {
                return Some(*hit);
            }
        }
        None
    }
}
