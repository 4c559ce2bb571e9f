//! Views whose rows are parts of objects: one object of the cluster, several rows, such as the containers of a pod.

use super::clock::Clock;
use super::jump::Jump;
use super::order::Sort;
use super::resource::Resource;
use super::view::{AnyView, Cell, Column, ColumnMeta, Object, Shared, SortKey};
use super::whole::Whole;
use crate::model::DecodeError;

/// How rows come from objects.
pub struct Derivation {
    /// The view of the objects, by its plural: what is watched.
    pub of: &'static str,
    /// The rows of an object, from its JSON. Their uids begin with the object's uid and a slash.
    pub rows: fn(&str) -> Result<Vec<Shared>, DecodeError>,
    /// The object of a row, as a row of its own view: what verbs work on.
    pub owner: fn(&dyn Object) -> Option<Shared>,
}

/// A view on parts of objects.
pub struct Derived<K: 'static> {
    /// The names that it opens by. No API serves it: it has no version.
    pub resource: Resource,
    /// Its columns. The first is the name.
    pub columns: &'static [Column<K>],
    /// The sort it opens with.
    pub sort: Option<Sort>,
    /// Where its rows come from.
    pub derivation: Derivation,
}

impl<K: Object> AnyView for Derived<K> {
    fn resource(&self) -> &Resource {
        &self.resource
    }

    fn aliases(&self) -> &'static [&'static str] {
        &[]
    }

    fn width(&self) -> usize {
        self.columns.len()
    }

    fn column(&self, index: usize) -> Option<ColumnMeta<'_>> {
        self.columns.get(index).map(Column::meta)
    }

    /// An object is no row of it: it is read whole, and its cells are empty.
    fn decode(&self, raw: &str) -> Result<Shared, DecodeError> {
        Whole::read(raw)
    }

    fn cell(&self, row: &dyn Object, column: usize, clock: &Clock) -> Cell {
        Column::cell_of(self.columns, row, column, clock)
    }

    fn sort<'a>(&self, row: &'a dyn Object, column: usize) -> SortKey<'a> {
        Column::sort_of(self.columns, row, column)
    }

    fn default_sort(&self) -> Option<Sort> {
        self.sort
    }

    fn enter(&self, _row: &dyn Object) -> Option<Jump> {
        None
    }

    fn derived(&self) -> Option<&Derivation> {
        Some(&self.derivation)
    }
}
