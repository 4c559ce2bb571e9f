//! The visible order of a table's rows, rebuilt only when rows, filter or sort changed.

use std::cmp::Ordering;
use std::sync::Arc;

use super::clock::Clock;
use super::filter::{Filter, Sieve};
use super::store::Table;
use super::view::{AnyView, Shared, SortKey, natural, number};

/// By which column, in which direction.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sort {
    /// The column, as the view counts them.
    pub column: usize,
    /// The largest first.
    pub descending: bool,
}

/// How many rows a slow filter looks at in one go: about two milliseconds of work, so that no key waits for all rows.
const SLICE: usize = 3_000;

/// How long what a slow filter said of a row holds, in seconds: its cells may change by time alone.
const HOLDS: i64 = 10;

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

/// What a slow filter said of the rows, by their places.
#[derive(Default)]
struct Verdicts {
    said: Vec<Option<(Shared, bool)>>,
    since: i64,
}

impl Verdicts {
    /// Of this very object; nothing where another stands in its place now.
    fn of(&self, at: u32, object: &Shared) -> Option<bool> {
        let (known, taken) = self.said.get(at as usize)?.as_ref()?;
        Arc::ptr_eq(known, object).then_some(*taken)
    }

    fn note(&mut self, at: u32, object: &Shared, taken: bool) {
        let at = at as usize;
        if self.said.len() <= at {
            self.said.resize(at + 1, None);
        }
        if let Some(said) = self.said.get_mut(at) {
            *said = Some((object.clone(), taken));
        }
    }

    fn clear(&mut self, clock: &Clock) {
        self.said = Vec::new();
        self.since = clock.now.as_second();
    }
}

impl Order {
    /// The visible rows, as places in the table.
    pub fn visible(&self) -> &[u32] {
        &self.visible
    }

    /// Whether the filter has not looked at all rows yet: the next refresh goes on.
    pub fn is_filtering(&self) -> bool {
        !self.rest.is_empty()
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
        if sorted {
            self.sort(table, view, sort);
            self.built = Some(wanted);
        }
        let earlier = self.filtered.as_ref();
        let is_same = earlier.is_some_and(|earlier| earlier.text() == filter.text());
        if is_same && !sorted && self.rest.is_empty() {
            return false;
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
            if !is_same || clock.now.as_second() - self.verdicts.since >= HOLDS {
                self.verdicts.clear(clock);
            }
            self.filtered = Some(filter.clone());
        }
        self.go_on(table, &mut Sieve::new(filter, view, clock), filter, slice);
        true
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
            if slow && known.is_none() {
                looked += 1;
                self.verdicts.note(at, &row.object, taken);
            }
            if taken {
                self.visible.push(at);
            }
        }
    }

    fn sort(&mut self, table: &Table, view: &dyn AnyView, sort: Option<Sort>) {
        if self
            .built
            .is_none_or(|(generation, _)| generation != table.generation())
        {
            self.names.sort(table);
        }
        self.sorted.clear();
        let Some(sort) = sort else {
            self.sorted.extend_from_slice(&self.names.sorted);
            return;
        };
        let mut keyed: Vec<(Rank, u32)> = Vec::with_capacity(self.names.sorted.len());
        let mut texts: Vec<SortKey> = Vec::with_capacity(self.names.sorted.len());
        // In the order of the names, so that a place among them settles what else is equal.
        for (at, place) in self.names.sorted.iter().enumerate() {
            let row = table.rows().get(*place as usize);
            let key = row.map_or(SortKey::None, |row| view.sort(&*row.object, sort.column));
            keyed.push((Rank::of(&key, sort.descending), u32::try_from(at).unwrap_or(u32::MAX)));
            texts.push(key);
        }
        let whole = |a: u32, b: u32| match (texts.get(a as usize), texts.get(b as usize)) {
            (Some(x), Some(y)) => x.table_order(y, sort.descending),
            _ => Ordering::Equal,
        };
        keyed.sort_unstable_by(|(a, x), (b, y)| a.cmp(b).then_with(|| whole(*x, *y)).then(x.cmp(y)));
        let places = keyed.iter().filter_map(|(_, at)| self.names.sorted.get(*at as usize));
        self.sorted.extend(places);
    }
}

/// The rows by namespace and name: the order where no other is asked for, and what settles all others.
#[derive(Default)]
struct Names {
    sorted: Vec<u32>,
}

impl Names {
    fn sort(&mut self, table: &Table) {
        let rows = table.rows();
        let count = u32::try_from(rows.len()).unwrap_or(u32::MAX);
        // Places of the last order that are still there come first: what is nearly sorted sorts fast.
        if self.sorted.len() > rows.len() {
            self.sorted.retain(|at| *at < count);
        }
        self.sorted
            .extend(u32::try_from(self.sorted.len()).unwrap_or(u32::MAX)..count);
        let name = |at: &u32| rows.get(*at as usize).map(|row| (row.object.meta(), row.object.kind()));
        self.sorted.sort_by(|a, b| match (name(a), name(b)) {
            (Some((a, kind)), Some((b, other))) => a
                .namespace
                .as_deref()
                .cmp(&b.namespace.as_deref())
                .then_with(|| natural(&a.name, &b.name))
                .then_with(|| kind.cmp(other)),
            _ => Ordering::Equal,
        });
    }
}

/// The beginning of a key's order, as bytes that compare as the keys do: most pairs need no closer look. What is not
/// known comes last in either direction.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Rank {
    unknown: bool,
    bytes: [u8; 23],
}

impl Rank {
    fn of(key: &SortKey, descending: bool) -> Self {
        let mut bytes = [0; 23];
        match key {
            SortKey::None => return Self { unknown: true, bytes },
            SortKey::Number(number) => put(&mut bytes, number_bits(*number).to_be_bytes()),
            SortKey::Age(time) => put(&mut bytes, (!(time.as_nanosecond() as u128 ^ (1 << 127))).to_be_bytes()),
            SortKey::Text(text) => put_natural(&mut bytes, text),
        }
        if descending {
            bytes.iter_mut().for_each(|byte| *byte = !*byte);
        }
        Self { unknown: false, bytes }
    }
}

fn put(bytes: &mut [u8; 23], from: impl IntoIterator<Item = u8>) {
    bytes.iter_mut().zip(from).for_each(|(to, byte)| *to = byte);
}

/// Bits that compare as `f64::total_cmp` does.
fn number_bits(number: f64) -> u64 {
    let bits = number.to_bits();
    if bits >> 63 == 1 { !bits } else { bits | 1 << 63 }
}

/// Text as [`natural`] orders it: before the digits of a number stands how many there are.
fn put_natural(bytes: &mut [u8; 23], text: &str) {
    let mut from = text.as_bytes();
    let mut to = bytes.iter_mut();
    let mut push = |byte: u8| to.next().map(|place| *place = byte);
    while let Some((byte, rest)) = from.split_first() {
        if !byte.is_ascii_digit() {
            if push(*byte).is_none() {
                return;
            }
            from = rest;
            continue;
        }
        let (digits, rest) = number(from);
        let head = [b'0', u8::try_from(digits.len()).unwrap_or(u8::MAX)];
        if head.iter().chain(digits).any(|byte| push(*byte).is_none()) {
            return;
        }
        from = rest;
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn key() -> impl Strategy<Value = SortKey> {
        prop_oneof![
            "[0a.-]{0,3}[0-9]{0,12}[a.b]{0,4}[0-9]{0,30}".prop_map(SortKey::text),
            Just(SortKey::None),
        ]
    }

    fn figure() -> impl Strategy<Value = SortKey> {
        prop_oneof![
            any::<f64>()
                .prop_filter("a number", |n| !n.is_nan())
                .prop_map(SortKey::Number),
            (-9i64..9).prop_map(SortKey::count),
            Just(SortKey::None)
        ]
    }

    fn moment() -> impl Strategy<Value = SortKey> {
        let time = (-9_999_999i64..9_999_999, 0i32..3)
            .prop_map(|(second, nano)| SortKey::age(crate::core::clock::Time::new(second, nano).ok()));
        prop_oneof![time, Just(SortKey::None)]
    }

    proptest! {
        #[test]
        fn ranks_never_say_otherwise_than_keys(
            (a, b) in prop_oneof![(key(), key()), (figure(), figure()), (moment(), moment())], descending: bool
        ) {
            let (rank, whole) = (Rank::of(&a, descending).cmp(&Rank::of(&b, descending)), a.table_order(&b, descending));
            prop_assert!(rank == Ordering::Equal || rank == whole, "{a:?} {b:?}: {rank:?}, {whole:?}");
        }
    }
}
