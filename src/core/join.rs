//! Views whose rows are made of the rows of several watches, such as workloads of controllers and their pods.

use std::any::Any;

use super::clock::Clock;
use super::columns::Besides;
use super::jump::Jump;
use super::order::Sort;
use super::resource::Resource;
use super::store::{Change, Delta};
use super::view::{AnyView, Cell, Column, ColumnMeta, Object, Shared, SortKey, ViewRef};
use super::whole::Whole;
use crate::model::DecodeError;

/// A watch that a joined table is made of.
pub struct Feed {
    /// The view that its objects are read as.
    pub view: ViewRef,
    /// A label selector that holds for all of them.
    pub labels: Option<&'static str>,
    /// A field selector that holds for all of them.
    pub fields: Option<&'static str>,
    /// Whether the server applies the label selector that the table was opened with: not to what only adds to rows.
    pub is_selected: bool,
}

/// How rows come from several watches.
pub struct Joining {
    /// What is watched.
    pub feeds: &'static [Feed],
    /// What joins them, empty.
    pub joiner: fn() -> Box<dyn Joiner>,
    /// The object of a row, and the feed that it is of: what verbs work on. Nothing where they work on the row itself.
    pub object: fn(&dyn Object) -> Option<(usize, Shared)>,
    /// The resource of rows that verbs work on themselves.
    pub resource: Option<&'static Resource>,
    /// What its rows can show besides the view's own columns.
    pub besides: Besides,
}

/// Makes rows of what several watches bring, a few at a time: only those that a change touches.
pub trait Joiner {
    /// Takes in what changed in a feed.
    fn take(&mut self, feed: usize, changes: Vec<Change>);
    /// The rows that are others, or gone, since this was asked last.
    fn rows(&mut self) -> Vec<Delta>;
}

/// A view on rows made of several watches.
pub struct Joined<K: 'static> {
    /// The names that it opens by. No API serves it: it has no version.
    pub resource: Resource,
    /// Its columns. The first is the name.
    pub columns: &'static [Column<K>],
    /// The sort it opens with; by name where nothing is said.
    pub sort: Option<Sort>,
    /// Where its rows come from.
    pub joining: Joining,
    /// Where Enter leads from a row that verbs work on itself.
    pub enter: fn(&K) -> Option<Jump>,
}

impl<K: Object> AnyView for Joined<K> {
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

    fn sort(&self, row: &dyn Object, column: usize) -> SortKey {
        Column::sort_of(self.columns, row, column)
    }

    fn default_sort(&self) -> Option<Sort> {
        self.sort
    }

    fn enter(&self, row: &dyn Object) -> Option<Jump> {
        (row as &dyn Any).downcast_ref::<K>().and_then(self.enter)
    }

    fn joined(&self) -> Option<&Joining> {
        Some(&self.joining)
    }
}
