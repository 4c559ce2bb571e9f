//! The rows by namespace and name: the order where no other is asked for, and what settles all others.

use std::cmp::Ordering;
use std::collections::BTreeMap;

use super::arrange::arrange;
use super::moves::Moves;
use crate::core::store::{Row, Table};
use crate::core::view::{SortKey, natural};

/// The rows by namespace and name.
#[derive(Default)]
pub(super) struct Names {
    sorted: Vec<u32>,
    built: Option<u64>,
}

impl Names {
    /// The places of the rows in their order.
    pub(super) fn sorted(&self) -> &[u32] {
        &self.sorted
    }

    /// Where each row stands in that order, by its place in the table.
    pub(super) fn ranks(&self) -> Vec<u32> {
        let mut ranks = vec![0; self.sorted.len()];
        for (rank, at) in (0u32..).zip(&self.sorted) {
            if let Some(place) = ranks.get_mut(*at as usize) {
                *place = rank;
            }
        }
        ranks
    }

    /// Brings the order up to date.
    pub(super) fn refresh(&mut self, table: &Table) {
        let generation = table.generation();
        if self.built == Some(generation) {
            return;
        }
        let rows = table.rows();
        match self.built.and_then(|built| Moves::since(table, built)) {
            Some(moves) => moves.apply(&mut self.sorted, |a, b| compare(rows, a, b)),
            None => self.sorted = sort(rows),
        }
        self.built = Some(generation);
    }
}

/// The order of two rows by namespace, name and kind.
pub(super) fn compare(rows: &[Row], a: u32, b: u32) -> Ordering {
    let (Some(a), Some(b)) = (rows.get(a as usize), rows.get(b as usize)) else {
        return Ordering::Equal;
    };
    let (left, right) = (a.object.meta(), b.object.meta());
    let namespaces = left.namespace.as_deref().cmp(&right.namespace.as_deref());
    namespaces
        .then_with(|| natural(&left.name, &right.name))
        .then_with(|| a.object.kind().cmp(b.object.kind()))
}

fn sort(rows: &[Row]) -> Vec<u32> {
    let mut places: Vec<u32> = (0u32..).zip(rows).map(|(at, _)| at).collect();
    let row = |at: &u32| rows.get(*at as usize).map(|row| &row.object);
    if rows.iter().any(|row| !row.object.kind().is_empty()) {
        // Those of the same name stay as they come.
        places.sort_by_key(|at| row(at).map(|object| object.kind()));
    }
    let mut namespaces: BTreeMap<Option<&str>, Vec<u32>> = BTreeMap::new();
    for at in places {
        let namespace = row(&at).and_then(|object| object.meta().namespace.as_deref());
        namespaces.entry(namespace).or_default().push(at);
    }
    let mut sorted = Vec::with_capacity(rows.len());
    for named in namespaces.into_values() {
        let name = |at: &u32| row(at).map_or(SortKey::None, |object| SortKey::text(&*object.meta().name));
        let order = arrange(named.len(), false, (0u32..).zip(named.iter().map(name)));
        sorted.extend(order.into_iter().filter_map(|at| named.get(at as usize)));
    }
    sorted
}
