//! The visible order of a table's rows, rebuilt only when rows, filter or sort changed.

use super::clock::Clock;
use super::filter::{Filter, Sieve};
use super::store::Table;
use super::view::{AnyView, SortKey, natural};

/// By which column, in which direction.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sort {
    /// The column, as the view counts them.
    pub column: usize,
    /// The largest first.
    pub descending: bool,
}

/// The order of a table's rows: all of them sorted, and those that the filter takes.
#[derive(Default)]
pub struct Order {
    sorted: Vec<u32>,
    visible: Vec<u32>,
    built: Option<(u64, Option<Sort>)>,
    filtered: Option<(u64, Filter)>,
}

impl Order {
    /// The visible rows, as places in the table.
    pub fn visible(&self) -> &[u32] {
        &self.visible
    }

    /// Brings the order up to date. Answers whether it was rebuilt.
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
        if sorted {
            self.sort(table, view, sort);
            self.built = Some(wanted);
        }
        let known = self.filtered.as_ref().filter(|_| !sorted);
        if known.is_some_and(|(_, earlier)| earlier.text() == filter.text()) {
            return false;
        }
        let from_visible = known.is_some_and(|(_, earlier)| filter.narrows(earlier));
        let source = if from_visible {
            std::mem::take(&mut self.visible)
        } else {
            self.sorted.clone()
        };
        let mut sieve = Sieve::new(filter, view, clock);
        let rows = table.rows();
        self.visible = source;
        if !filter.is_all() {
            self.visible
                .retain(|at| rows.get(*at as usize).is_some_and(|row| sieve.takes(&*row.object)));
        }
        self.filtered = Some((table.generation(), filter.clone()));
        true
    }

    fn sort(&mut self, table: &Table, view: &dyn AnyView, sort: Option<Sort>) {
        let rows = table.rows();
        let count = u32::try_from(rows.len()).unwrap_or(u32::MAX);
        // Places of the last order that are still there come first: what is nearly sorted sorts fast.
        if self.sorted.len() > rows.len() {
            self.sorted.retain(|at| *at < count);
        }
        self.sorted
            .extend(u32::try_from(self.sorted.len()).unwrap_or(u32::MAX)..count);
        let name = |at: &u32| rows.get(*at as usize).map(|row| (row.object.meta(), row.object.kind()));
        let by_name = |a: &u32, b: &u32| match (name(a), name(b)) {
            (Some((a, kind)), Some((b, other))) => a
                .namespace
                .as_deref()
                .cmp(&b.namespace.as_deref())
                .then_with(|| natural(&a.name, &b.name))
                .then_with(|| kind.cmp(other)),
            _ => std::cmp::Ordering::Equal,
        };
        let Some(sort) = sort else {
            self.sorted.sort_by(by_name);
            return;
        };
        let key = |at: u32| {
            rows.get(at as usize)
                .map_or(SortKey::None, |row| view.sort(&*row.object, sort.column))
        };
        let mut keyed: Vec<(SortKey, u32)> = self.sorted.iter().map(|at| (key(*at), *at)).collect();
        keyed.sort_by(|(a, x), (b, y)| a.table_order(b, sort.descending).then_with(|| by_name(x, y)));
        self.sorted.clear();
        self.sorted.extend(keyed.into_iter().map(|(_, at)| at));
    }
}
