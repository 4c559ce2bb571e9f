//! The rows by namespace and name: the order where no other is asked for, and what settles all others.

use std::cmp::Ordering;
use std::collections::BTreeMap;

use super::arrange::arrange;
use super::moves::Moves;
use crate::core::store::{Row, Table};
use crate::core::view::{SortKey, natural};

/// The rows by namespace and name, and by name alone.
#[derive(Default)]
pub(super) struct Names {
    sorted: Vec<u32>,
    /// By name alone, kept once the table is complete and if its rows are of several namespaces: made when rows come, so that
    /// no key waits for it.
    alone: Vec<u32>,
    built: Option<u64>,
}

impl Names {
    /// The places of the rows in their order.
    pub(super) fn sorted(&self) -> &[u32] {
        &self.sorted
    }

    /// The places of the rows by name alone, those of the same name by namespace and kind in either direction; nothing where
    /// that order is not kept.
    pub(super) fn alone(&self, rows: &[Row], descending: bool) -> Option<Vec<u32>> {
        let order = if is_of_one_namespace(rows, &self.sorted) {
            &self.sorted
        } else {
            &self.alone
        };
        if order.len() != rows.len() {
            return None;
        }
        if !descending {
            return Some(order.clone());
        }
        // Read as the rows lie in memory.
        let names: Vec<&str> = rows.iter().map(|row| &*row.object.meta().name).collect();
        let name = |at: &u32| names.get(*at as usize);
        let same = order.chunk_by(|a, b| name(a) == name(b));
        Some(same.rev().flatten().copied().collect())
    }

    /// The places of the rows by these keys, told as the rows lie in memory; names settle what is equal.
    pub(super) fn settle<'a>(&self, descending: bool, keys: impl Iterator<Item = SortKey<'a>>) -> Vec<u32> {
        let order = arrange(self.sorted.len(), descending, self.ranks().into_iter().zip(keys));
        let places = order.into_iter().filter_map(|rank| self.sorted.get(rank as usize));
        places.copied().collect()
    }

    /// Where each row stands in the order, by its place in the table.
    fn ranks(&self) -> Vec<u32> {
        let mut ranks = vec![0; self.sorted.len()];
        for (rank, at) in (0u32..).zip(&self.sorted) {
            if let Some(place) = ranks.get_mut(*at as usize) {
                *place = rank;
            }
        }
        ranks
    }

    /// Brings the orders up to date.
    pub(super) fn refresh(&mut self, table: &Table) {
        let generation = table.generation();
        if self.built == Some(generation) {
            return;
        }
        let rows = table.rows();
        let moves = self.built.and_then(|built| Moves::of_names_since(table, built));
        match &moves {
            Some(moves) => moves.apply(&mut self.sorted, |a, b| compare(rows, a, b)),
            None => self.sorted = sort(rows),
        }
        match moves {
            _ if !table.is_complete() || is_of_one_namespace(rows, &self.sorted) => self.alone.clear(),
            Some(moves) if !self.alone.is_empty() => moves.apply(&mut self.alone, |a, b| compare_alone(rows, a, b)),
            _ => self.alone = self.settle(false, rows.iter().map(|row| SortKey::Name(&row.object.meta().name))),
        }
        self.built = Some(generation);
    }
}

/// Whether all rows, sorted by their namespaces, are of the same one.
fn is_of_one_namespace(rows: &[Row], sorted: &[u32]) -> bool {
    let namespace = |at: Option<&u32>| Some(rows.get(*at? as usize)?.object.meta().namespace.as_deref());
    namespace(sorted.first()) == namespace(sorted.last())
}

/// The order of two rows by name, namespace and kind.
fn compare_alone(rows: &[Row], a: u32, b: u32) -> Ordering {
    let name = |at: u32| rows.get(at as usize).map_or("", |row| &*row.object.meta().name);
    natural(name(a), name(b)).then_with(|| compare(rows, a, b))
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
