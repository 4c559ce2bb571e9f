//! Which part of the log is seen: its end, which is followed, or a place that stays where it is while more comes.

use super::line::Pen;
use crate::core::log::{Journal, Key, Spot};
use crate::core::text::Line;

/// Which part of the log is seen.
#[derive(Clone, Copy, Debug)]
pub struct Window {
    /// The first line that is seen, and how many of its rows are above; none where the end is followed.
    top: Option<(Key, usize)>,
    /// How many cells of long lines are left out, at their left.
    pub left: usize,
    /// Where the search stands.
    pub now: Option<Key>,
}

/// A row of the screen, by its line and its place among that line's rows.
type Row = (Spot, usize);

impl Window {
    /// At the end.
    pub fn new() -> Self {
        Self {
            top: None,
            left: 0,
            now: None,
        }
    }

    /// Whether the end is followed.
    pub fn is_following(&self) -> bool {
        self.top.is_none()
    }

    /// Follows the end.
    pub fn follow(&mut self) {
        self.top = None;
    }

    /// Stays where it is.
    pub fn stay(&mut self, journal: &Journal, pen: &Pen, height: usize) {
        if let Some(row) = self.first(journal, pen, height) {
            self.put(journal, row);
        }
    }

    /// The key of the first line that is seen; none at the end.
    pub fn around(&self) -> Option<Key> {
        self.top.map(|(key, _)| key)
    }

    /// How many lines stand below those that are seen.
    pub fn below(&self, journal: &Journal, pen: &Pen, height: usize) -> usize {
        if self.top.is_none() {
            return 0;
        }
        let last = self
            .rows(journal, pen, height)
            .last()
            .map(|(spot, _)| journal.rank(*spot) + 1);
        journal.shown_count().saturating_sub(last.unwrap_or(0))
    }

    /// What is seen.
    pub fn lines(&self, journal: &Journal, pen: &Pen, height: usize) -> Vec<Line> {
        let mut lines = Vec::with_capacity(height);
        let mut of: Option<(Spot, Vec<Line>)> = None;
        for (spot, at) in self.rows(journal, pen, height) {
            if of.as_ref().is_none_or(|(known, _)| *known != spot) {
                of = Some((spot, rows(journal, pen, spot, self.now)));
            }
            lines.extend(of.as_ref().and_then(|(_, rows)| rows.get(at)).cloned());
        }
        lines
    }

    /// Moves by so many rows. At the end the log is followed again.
    pub fn scroll(&mut self, by: isize, journal: &Journal, pen: &Pen, height: usize) {
        let Some(mut row) = self.first(journal, pen, height) else {
            return;
        };
        let bottom = bottom(journal, pen, height);
        for _ in 0..by.unsigned_abs() {
            let next = if by < 0 {
                above(journal, pen, row)
            } else {
                below(journal, pen, row)
            };
            match next {
                Some(next) => row = next,
                None => break,
            }
            if by > 0 && bottom.is_some_and(|bottom| row >= bottom) {
                return self.follow();
            }
        }
        self.put(journal, row);
    }

    /// To the first line.
    pub fn top(&mut self, journal: &Journal) {
        if let Some(spot) = journal.first() {
            self.put(journal, (spot, 0));
        }
    }

    /// Shows a line, in the upper third where it is not seen yet.
    pub fn show(&mut self, spot: Spot, journal: &Journal, pen: &Pen, height: usize) {
        let seen = self.rows(journal, pen, height).iter().any(|(seen, _)| *seen == spot);
        self.now = journal.line(spot).map(|(entry, _)| entry.key);
        if seen {
            return self.stay(journal, pen, height);
        }
        let mut row = (spot, 0);
        for _ in 0..height / 3 {
            row = above(journal, pen, row).unwrap_or(row);
        }
        self.put(journal, row);
    }

    fn put(&mut self, journal: &Journal, (spot, at): Row) {
        self.top = journal.line(spot).map(|(entry, _)| (entry.key, at));
    }

    /// The first row that is seen.
    fn first(&self, journal: &Journal, pen: &Pen, height: usize) -> Option<Row> {
        let bottom = bottom(journal, pen, height)?;
        let Some((key, at)) = self.top else { return Some(bottom) };
        let spot = journal.seek(key)?;
        let same = journal.line(spot).is_some_and(|(entry, _)| entry.key == key);
        let at = if same {
            at.min(count(journal, pen, spot).saturating_sub(1))
        } else {
            0
        };
        // Nothing is left empty below the end.
        Some((spot, at).min(bottom))
    }

    fn rows(&self, journal: &Journal, pen: &Pen, height: usize) -> Vec<Row> {
        let first = self.first(journal, pen, height);
        std::iter::successors(first, |row| below(journal, pen, *row))
            .take(height)
            .collect()
    }
}

/// The row from which on the rest fills the screen.
fn bottom(journal: &Journal, pen: &Pen, height: usize) -> Option<Row> {
    let spot = journal.last()?;
    let mut row = (spot, count(journal, pen, spot).saturating_sub(1));
    for _ in 1..height {
        match above(journal, pen, row) {
            Some(next) => row = next,
            None => break,
        }
    }
    Some(row)
}

fn above(journal: &Journal, pen: &Pen, (spot, at): Row) -> Option<Row> {
    match at.checked_sub(1) {
        Some(at) => Some((spot, at)),
        None => {
            let spot = journal.before(spot)?;
            Some((spot, count(journal, pen, spot).saturating_sub(1)))
        }
    }
}

fn below(journal: &Journal, pen: &Pen, (spot, at): Row) -> Option<Row> {
    if at + 1 < count(journal, pen, spot) {
        return Some((spot, at + 1));
    }
    journal.after(spot).map(|spot| (spot, 0))
}

/// How many rows a line takes.
fn count(journal: &Journal, pen: &Pen, spot: Spot) -> usize {
    if pen.is_single() {
        return 1;
    }
    rows(journal, pen, spot, None).len()
}

fn rows(journal: &Journal, pen: &Pen, spot: Spot, now: Option<Key>) -> Vec<Line> {
    let Some((entry, text)) = journal.line(spot) else {
        return Vec::new();
    };
    pen.rows(entry, text, now == Some(entry.key))
}
