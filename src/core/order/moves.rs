//! What became of the rows of a table since an order of them was made: where most stand as they stood, only those that
//! changed are put in their places anew.

use std::cmp::Ordering;

use crate::core::store::{Step, Table};

/// Where more than one row in so many changed, the order is as soon made anew.
const SHARE: usize = 8;

/// What became of the rows of a table.
pub(super) struct Moves<'a> {
    /// The places of rows that were dropped, one time after the other.
    drops: Vec<&'a [u32]>,
    /// The places of the rows that are new or have changed, as they are now.
    changed: Vec<u32>,
    /// How many rows there are now.
    count: usize,
}

impl<'a> Moves<'a> {
    /// Since a generation of the table; nothing where the order is to be made anew.
    pub(super) fn since(table: &'a Table, generation: u64) -> Option<Self> {
        Self::gather(table, generation, true)
    }

    /// The same for an order by names, in which a row stands where it stood whatever becomes of its object.
    pub(super) fn of_names_since(table: &'a Table, generation: u64) -> Option<Self> {
        Self::gather(table, generation, false)
    }

    fn gather(table: &'a Table, generation: u64, with_set: bool) -> Option<Self> {
        let (mut drops, mut changed) = (Vec::new(), Vec::new());
        for step in table.steps_since(generation)? {
            match step {
                Step::Added(at) => changed.push(*at),
                Step::Set(at) if with_set => changed.push(*at),
                Step::Set(_) => {}
                Step::Dropped(places) => {
                    drop_places(&mut changed, places);
                    drops.push(&**places);
                }
            }
        }
        changed.sort_unstable();
        changed.dedup();
        let count = table.rows().len();
        (changed.len() <= count / SHARE).then_some(Self { drops, changed, count })
    }

    /// Brings an order up to date.
    pub(super) fn apply(&self, order: &mut Vec<u32>, compare: impl Fn(u32, u32) -> Ordering) {
        for places in &self.drops {
            drop_places(order, places);
        }
        if self.changed.is_empty() {
            return;
        }
        let mut is_changed = vec![false; self.count];
        for at in &self.changed {
            if let Some(is_changed) = is_changed.get_mut(*at as usize) {
                *is_changed = true;
            }
        }
        order.retain(|at| is_changed.get(*at as usize) == Some(&false));
        let mut changed = self.changed.clone();
        changed.sort_unstable_by(|a, b| compare(*a, *b));
        let mut merged = Vec::with_capacity(self.count);
        let mut rest = &**order;
        for at in changed {
            let (before, after) = rest.split_at(rest.partition_point(|known| compare(*known, at) == Ordering::Less));
            merged.extend_from_slice(before);
            merged.push(at);
            rest = after;
        }
        merged.extend_from_slice(rest);
        *order = merged;
    }
}

/// Takes places that were dropped out of an order; those behind them moved up.
fn drop_places(order: &mut Vec<u32>, dropped: &[u32]) {
    order.retain_mut(|at| match dropped.binary_search(at) {
        Ok(_) => false,
        Err(before) => {
            *at -= u32::try_from(before).unwrap_or(0);
            true
        }
    });
}
