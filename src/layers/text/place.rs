//! Where one is in a text: the cursor, the window around it, folds, and the links to move between.

use unicode_width::UnicodeWidthStr;

use super::outline::Outline;
use super::{TextLayer, wrap};
use crate::core::layer::LayerCx;
use crate::core::reference::Reference;
use crate::core::text::{Line, Span};

impl TextLayer {
    /// The lines are others, or stand otherwise: the cursor stays on its line, and where the window was, it stays.
    pub(super) fn lay_out(&mut self, cx: &LayerCx) {
        let (first, line) = (self.rows.get(self.top).map(|row| row.line), self.line());
        let held = line.and_then(|line| self.outline.id(line));
        self.width = cx.space.width;
        self.height = usize::from(cx.space.height);
        self.outline = Outline::of(self.content.lines());
        let moved = held.and_then(|id| self.outline.line_of(id)).or(line);
        self.flow();
        if let Some(first) = first {
            self.top = self.row_of(first);
        }
        match self.content.cursor() {
            Some(line) => (self.top, self.at, self.link) = (0, self.row_of(line), 0),
            None => self.at = moved.map_or(0, |line| self.row_of(line)),
        }
        self.find();
        self.settle();
    }

    /// The rows of all lines that are not hidden.
    fn flow(&mut self) {
        let hidden = self.outline.hidden(&self.folded);
        let width = self.wrapped.then_some(usize::from(self.width));
        let mut rows = wrap::pieces(self.content.lines(), width);
        rows.retain(|row| !hidden.get(row.line).copied().unwrap_or_default());
        self.rows = rows;
    }

    /// The line under the cursor.
    pub(super) fn line(&self) -> Option<usize> {
        self.rows.get(self.at).map(|row| row.line)
    }

    /// The row of a line; where it is hidden, of the one that it is folded into.
    fn row_of(&self, line: usize) -> usize {
        let row = self.rows.partition_point(|row| row.line < line);
        let is_there = self.rows.get(row).is_some_and(|found| found.line == line);
        if is_there { row } else { row.saturating_sub(1) }
    }

    /// How many rows are seen.
    pub(super) fn page(&self) -> usize {
        self.height.saturating_sub(usize::from(self.typing.is_some()))
    }

    /// Keeps the cursor within the text and the window around the cursor, and makes the lines that are seen.
    pub(super) fn settle(&mut self) {
        let (page, count) = (self.page(), self.rows.len());
        self.at = self.at.min(count.saturating_sub(1));
        if !self.content.points() {
            self.at = self.top.min(count.saturating_sub(page.min(count)));
            self.top = self.at;
        }
        if page > 0 && self.at >= self.top + page {
            self.top = self.at + 1 - page;
        }
        self.top = self.top.min(self.at).min(count.saturating_sub(page.min(count)));
        self.draw();
    }

    /// Moves the cursor to a row.
    pub(super) fn walk(&mut self, to: usize) {
        (self.at, self.link) = (to, 0);
        if !self.content.points() {
            self.top = to;
        }
        self.settle();
    }

    /// Moves window and cursor by so many rows.
    pub(super) fn leap(&mut self, rows: isize) {
        self.top = self.top.saturating_add_signed(rows);
        self.walk(self.at.saturating_add_signed(rows));
    }

    /// Shows a line with the cursor on it, unfolded where it was hidden.
    pub(super) fn show(&mut self, line: usize) {
        let mut hidden = false;
        for id in self.outline.around(line) {
            hidden |= self.folded.remove(&id);
        }
        if hidden {
            self.flow();
        }
        let row = self.row_of(line);
        if row < self.top || row >= self.top + self.page() {
            self.top = row.saturating_sub(self.height / 3);
        }
        (self.at, self.link) = (row, 0);
        self.settle();
    }

    /// Folds what belongs to the line under the cursor, or what it belongs to; unfolds it where it is folded.
    pub(super) fn fold(&mut self) {
        let head = self.line().and_then(|line| self.outline.head_of(line));
        let Some((head, id)) = head.and_then(|head| Some((head, self.outline.id(head)?))) else {
            return;
        };
        if !self.folded.remove(&id) {
            self.folded.insert(id);
        }
        self.flow();
        let row = self.row_of(head);
        self.walk(row);
    }

    /// Folds all sections; unfolds everything where all are folded.
    pub(super) fn fold_all(&mut self) {
        let all = self.outline.outermost(self.content.lines());
        let line = self.line().unwrap_or_default();
        if all.iter().all(|id| self.folded.contains(id)) {
            self.folded.clear();
        } else {
            self.folded.extend(all);
        }
        self.flow();
        let row = self.row_of(line);
        self.walk(row);
    }

    /// The object that Enter follows.
    pub(super) fn target(&self) -> Option<&Reference> {
        let line = self.content.lines().get(self.line()?)?;
        let link = line.links().nth(self.link).or_else(|| line.links().last());
        link.map(AsRef::as_ref)
    }

    /// Moves to the next link or the one before, around the ends.
    pub(super) fn step_link(&mut self, forward: bool) {
        let mut lines: Vec<usize> = self.rows.iter().map(|row| row.line).collect();
        lines.dedup();
        let count = |line: &usize| self.content.lines().get(*line).map_or(0, |line| line.links().count());
        let links = lines.iter().flat_map(|line| (0..count(line)).map(|nth| (*line, nth)));
        let links: Vec<(usize, usize)> = links.collect();
        let Some(here) = self.line().map(|line| (line, self.link)) else {
            return;
        };
        let next = if forward {
            links.iter().find(|link| **link > here).or(links.first())
        } else {
            links.iter().rev().find(|link| **link < here).or(links.last())
        };
        if let Some((line, nth)) = next.copied() {
            self.show(line);
            self.link = nth;
            self.bring_into_view(line);
            self.settle();
        }
    }

    /// Scrolls to the side until the link is seen.
    fn bring_into_view(&mut self, line: usize) {
        let Some(line) = self.content.lines().get(line).filter(|_| !self.wrapped) else {
            return;
        };
        let Some((from, to)) = columns(line, self.link) else {
            return;
        };
        let width = usize::from(self.width);
        if to > self.left + width {
            self.left = to.saturating_sub(width).min(from);
        } else if from < self.left {
            self.left = if to <= width { 0 } else { from };
        }
    }
}

/// Where the nth link of a line stands, in cells.
fn columns(line: &Line, nth: usize) -> Option<(usize, usize)> {
    let mut at = 0;
    let ends = line.spans.iter().map(|span: &Span| {
        let from = at;
        at += span.text.width();
        (span, from, at)
    });
    let mut links = ends.filter(|(span, _, _)| span.link.is_some());
    links.nth(nth).map(|(_, from, to)| (from, to))
}
