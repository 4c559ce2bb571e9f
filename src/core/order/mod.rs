//! The visible order of a table's rows, rebuilt only when rows, filter or sort changed.

mod arrange;
mod groups;
mod moves;
mod names;
mod verdicts;

use std::cmp::Ordering;

use self::moves::Moves;
use self::names::Names;
use self::verdicts::Verdicts;
use super::clock::Clock;
use super::filter::{Filter, Sieve};
use super::store::{Row, Table};
use super::view::{AnyView, SortKey};

/// By which column, in which direction.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sort {
    /// The column, as the view counts them.
    pub column: usize,
    /// The largest first.
    pub descending: bool,
}

/// How many rows a filter looks at in one go: about two milliseconds of work, so that no key waits for all rows.
const SLICE: usize = 8_000;

/// As how many rows one counts for which the text of all its cells has to be made.
const SLOW: usize = 3;

/// The order of a table's rows: all of them sorted, and those that the filter takes.
#[derive(Default)]
pub struct Order {
    names: Names,
    sorted: Vec<u32>,
    visible: Vec<u32>,
    built: Option<(u64, Option<Sort>)>,
    filtered: Option<Filter>,
    /// The rows that the filter has still to look at, the next one last.
    rest: Vec<u32>,
    verdicts: Verdicts,
}

impl Order {
    /// The visible rows, as places in the table.
    pub fn visible(&self) -> &[u32] {
        &self.visible
    }

    /// Of each row, by its place in the table, whether it is visible.
    pub fn mask(&self) -> Vec<bool> {
        let mut mask = vec![false; self.sorted.len()];
        for at in &self.visible {
            if let Some(is_visible) = mask.get_mut(*at as usize) {
                *is_visible = true;
            }
        }
        mask
    }

    /// Whether the filter has not looked at all rows yet: the next refresh goes on.
    pub fn is_filtering(&self) -> bool {
        !self.rest.is_empty()
    }

    /// The rows are shown by another view: all is to be made anew but the order of their names.
    pub fn forget_view(&mut self) {
        let names = std::mem::take(&mut self.names);
        *self = Self {
            names,
            ..Self::default()
        };
    }

    /// Brings the order up to date, a filter that is slow only as far as one slice. Answers whether it was rebuilt.
    pub fn refresh(
        &mut self,
        table: &Table,
        view: &dyn AnyView,
        sort: Option<Sort>,
        filter: &Filter,
        clock: &Clock,
    ) -> bool {
        let wanted = (table.generation(), sort);
        let sorted = self.built != Some(wanted);
        let is_resorted = self
            .built
            .is_some_and(|(generation, _)| sorted && generation == wanted.0);
        if sorted {
            self.sort(table, view, sort);
            self.built = Some(wanted);
        }
        let earlier = self.filtered.as_ref();
        let is_same = earlier.is_some_and(|earlier| earlier.text() == filter.text());
        if is_same && !sorted && self.rest.is_empty() {
            return false;
        }
        if is_same && is_resorted && self.rest.is_empty() {
            self.reorder();
            return true;
        }
        // What was looked at before is known by heart, so that changes of a few rows need no slices.
        let slice = if is_same && self.rest.is_empty() {
            usize::MAX
        } else {
            SLICE
        };
        if sorted || !is_same {
            let narrows = !sorted && earlier.is_some_and(|earlier| filter.narrows(earlier));
            self.begin(narrows);
            if !is_same || self.verdicts.are_old(clock) {
                self.verdicts.clear(clock);
            }
            self.filtered = Some(filter.clone());
        }
        self.go_on(table, &mut Sieve::new(filter, view, clock), filter, slice);
        true
    }

    /// The visible rows, as they are sorted now.
    fn reorder(&mut self) {
        let is_taken = self.mask();
        self.visible.clear();
        let taken = self
            .sorted
            .iter()
            .filter(|at| is_taken.get(**at as usize) == Some(&true));
        self.visible.extend(taken);
    }

    /// All rows are to be looked at, or those that were visible and those that were not looked at yet.
    fn begin(&mut self, narrows: bool) {
        if narrows {
            self.rest.extend(self.visible.drain(..).rev());
        } else {
            self.visible.clear();
            self.rest.clear();
            self.rest.extend(self.sorted.iter().rev());
        }
    }

    /// Looks at the rows that are left, as many as a slice has that need a closer look.
    fn go_on(&mut self, table: &Table, sieve: &mut Sieve, filter: &Filter, slice: usize) {
        if filter.is_all() {
            self.visible.extend(self.rest.drain(..).rev());
            return;
        }
        let (rows, slow) = (table.rows(), filter.is_slow());
        let mut looked = 0;
        while looked < slice {
            let Some(at) = self.rest.pop() else { return };
            let Some(row) = rows.get(at as usize) else { continue };
            let known = if slow { self.verdicts.of(at, &row.object) } else { None };
            let taken = known.unwrap_or_else(|| sieve.takes(&*row.object));
            if known.is_none() {
                looked += if slow { SLOW } else { 1 };
            }
            if slow && known.is_none() {
                self.verdicts.note(at, &row.object, taken);
            }
            if taken {
                self.visible.push(at);
            }
        }
    }

    fn sort(&mut self, table: &Table, view: &dyn AnyView, sort: Option<Sort>) {
        self.names.refresh(table);
        let Some(sort) = sort else {
            self.sorted.clear();
            self.sorted.extend_from_slice(self.names.sorted());
            return;
        };
        let built = self.built.filter(|(_, built)| *built == Some(sort));
        match built.and_then(|(generation, _)| Moves::since(table, generation)) {
            Some(moves) => moves.apply(&mut self.sorted, |a, b| compare(table.rows(), view, sort, a, b)),
            None => self.sorted = by_column(table.rows(), &self.names, view, sort),
        }
    }
}

/// The order of two rows by a column, and by their names where that says nothing.
fn compare(rows: &[Row], view: &dyn AnyView, sort: Sort, a: u32, b: u32) -> Ordering {
    let (Some(left), Some(right)) = (rows.get(a as usize), rows.get(b as usize)) else {
        return Ordering::Equal;
    };
    let (x, y) = (
        view.sort(&*left.object, sort.column),
        view.sort(&*right.object, sort.column),
    );
    x.table_order(&y, sort.descending)
        .then_with(|| names::compare(rows, a, b))
}

/// The places of all rows by a column.
fn by_column(rows: &[Row], names: &Names, view: &dyn AnyView, sort: Sort) -> Vec<u32> {
    let is_name = |row: &Row| matches!(view.sort(&*row.object, sort.column), SortKey::Name(_));
    if rows.first().is_some_and(is_name)
        && let Some(order) = names.alone(rows, sort.descending)
    {
        return order;
    }
    let keys = rows.iter().map(|row| view.sort(&*row.object, sort.column));
    names.settle(sort.descending, keys)
}

#[cfg(test)]
mod tests;
