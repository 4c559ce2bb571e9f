//! What a view is: a resource, columns declared once, and where Enter leads.

use std::any::Any;
use std::borrow::Cow;
use std::cmp::Ordering;
use std::ops::Deref;
use std::sync::Arc;

use super::clock::{Clock, Time};
use super::derived::Derivation;
use super::join::Joining;
use super::jump::Jump;
use super::order::Sort;
use super::resource::Resource;
use super::text::Tone;
use crate::model::{DecodeError, Health, Istr, Meta, Projection};

/// A row's content: a slim projection of an object, or a whole one.
pub trait Object: Any + Send + Sync {
    /// The object's metadata, as far as it is kept.
    fn meta(&self) -> &Meta;
    /// How it fares, for the row's tone.
    fn health(&self) -> Health;
    /// What tells it apart from others of its namespace and name in a table of several kinds; empty where there is one.
    fn kind(&self) -> &str {
        ""
    }
    /// What columns besides the view's own read of the whole object, in their order.
    fn texts(&self) -> &[Istr] {
        &[]
    }
}

impl<K: Projection> Object for K {
    fn meta(&self) -> &Meta {
        Projection::meta(self)
    }

    fn health(&self) -> Health {
        Projection::health(self)
    }
}

/// A row that can be shared between the store and whoever looks at it.
pub type Shared = Arc<dyn Object>;

/// What a column shows of a row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cell {
    /// kubectl's text, to the letter.
    pub text: Cow<'static, str>,
    /// What it means.
    pub tone: Tone,
}

impl Cell {
    /// A cell of ordinary text.
    pub fn plain(text: impl Into<Cow<'static, str>>) -> Self {
        Self::toned(text, Tone::Plain)
    }

    /// A cell of text in a tone.
    pub fn toned(text: impl Into<Cow<'static, str>>, tone: Tone) -> Self {
        Self {
            text: text.into(),
            tone,
        }
    }

    /// A number.
    pub fn number(number: i64) -> Self {
        Self::plain(number.to_string())
    }

    /// The text, or a muted `<none>` where there is none.
    pub fn or_none(text: &str) -> Self {
        if text.is_empty() {
            Self::toned("<none>", Tone::Muted)
        } else {
            Self::plain(text.to_string())
        }
    }
}

/// What a column sorts by. Texts are borrowed from the row where they stand in it: a table has many rows, and all of them
/// are asked at once.
#[derive(Clone, Debug, PartialEq)]
pub enum SortKey<'a> {
    /// Nothing known: always last.
    None,
    /// A number: counts, bytes, ratios.
    Number(f64),
    /// A point in time; the column shows its distance from now, so that young sorts first.
    Age(Time),
    /// Text, by runs of digits as numbers (`web-2` before `web-10`).
    Text(Cow<'a, str>),
    /// The object's own name, ordered as text. A column that says so for one row says so for all: tables keep their rows in
    /// the order of their names.
    Name(&'a str),
}

impl<'a> SortKey<'a> {
    /// Text as a key.
    pub fn text(text: impl Into<Cow<'a, str>>) -> Self {
        Self::Text(text.into())
    }

    /// An age as a key.
    pub fn age(time: Option<Time>) -> Self {
        time.map_or(Self::None, Self::Age)
    }

    /// A count as a key. Counts beyond 2^53 lose their last digits, which no cluster reaches.
    pub fn count(count: i64) -> Self {
        Self::Number(count as f64)
    }

    /// What stands in a text or a name.
    pub(super) fn as_text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            Self::Name(name) => Some(name),
            _ => None,
        }
    }

    /// The order of two keys, ascending. Numbers come before ages, and ages before texts.
    pub fn order(&self, other: &Self) -> Ordering {
        match (self, other) {
            (Self::Number(a), Self::Number(b)) => a.total_cmp(b),
            (Self::Age(a), Self::Age(b)) => b.cmp(a),
            _ => match (self.as_text(), other.as_text()) {
                (Some(a), Some(b)) => natural(a, b),
                _ => self.class().cmp(&other.class()),
            },
        }
    }

    /// The place of this kind of key among the others, where a column has several: nothing is last.
    pub(super) fn class(&self) -> u8 {
        match self {
            Self::Number(_) => 1,
            Self::Age(_) => 2,
            Self::Text(_) | Self::Name(_) => 3,
            Self::None => u8::MAX,
        }
    }

    /// The order of two keys in a table, where nothing is last in either direction.
    pub fn table_order(&self, other: &Self, descending: bool) -> Ordering {
        match (self, other) {
            (Self::None, Self::None) => Ordering::Equal,
            (Self::None, _) => Ordering::Greater,
            (_, Self::None) => Ordering::Less,
            _ if descending => other.order(self),
            _ => self.order(other),
        }
    }
}

/// Text order in which runs of digits count as numbers.
pub fn natural(a: &str, b: &str) -> Ordering {
    let (mut left, mut right) = (a.as_bytes(), b.as_bytes());
    while let (Some(&x), Some(&y)) = (left.first(), right.first()) {
        if x.is_ascii_digit() && y.is_ascii_digit() {
            let (m, rest_left) = number(left);
            let (n, rest_right) = number(right);
            let order = m.len().cmp(&n.len()).then_with(|| m.cmp(n));
            if order != Ordering::Equal {
                return order;
            }
            (left, right) = (rest_left, rest_right);
        } else if x == y {
            (left, right) = (left.get(1..).unwrap_or_default(), right.get(1..).unwrap_or_default());
        } else {
            return x.cmp(&y);
        }
    }
    left.len().cmp(&right.len()).then_with(|| a.cmp(b))
}

/// The leading digits without leading zeros, and what follows them.
pub(super) fn number(bytes: &[u8]) -> (&[u8], &[u8]) {
    let end = bytes
        .iter()
        .position(|byte| !byte.is_ascii_digit())
        .unwrap_or(bytes.len());
    let (run, rest) = bytes.split_at(end);
    let zeros = run.iter().take_while(|byte| **byte == b'0').count();
    (run.get(zeros..).unwrap_or_default(), rest)
}

/// When a column is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tier {
    /// Always.
    Always,
    /// In wide tables only, as with `kubectl -o wide`.
    Wide,
}

/// How wide a column is, in cells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Width {
    /// As wide as its widest text, at most this.
    Fit(u16),
    /// As wide as its widest text, with room for a mark (`✗`, `!`, `…`) before it.
    Marked(u16),
    /// An age: texts of at most six characters that change all the time.
    Age,
    /// Always so wide, and never cut: numbers, bars and sparklines.
    Exact(u16),
    /// What the other columns leave; for long messages.
    Rest,
}

/// A column, declared once.
pub struct Column<K: 'static> {
    /// kubectl's title, in capitals.
    pub title: &'static str,
    /// How wide.
    pub width: Width,
    /// When it is shown.
    pub tier: Tier,
    /// What it shows.
    pub cell: fn(&K, &Clock) -> Cell,
    /// What it sorts by.
    pub sort: fn(&K) -> SortKey<'_>,
}

impl<K: Object> Column<K> {
    /// What is known of it without a row.
    pub(super) fn meta(&self) -> ColumnMeta<'_> {
        ColumnMeta {
            title: self.title,
            width: self.width,
            tier: self.tier,
        }
    }

    /// The cell of a row whose kind is forgotten: empty where it is of another kind, or where there is no such column.
    pub(super) fn cell_of(columns: &[Self], row: &dyn Object, index: usize, clock: &Clock) -> Cell {
        match (columns.get(index), (row as &dyn Any).downcast_ref::<K>()) {
            (Some(column), Some(row)) => (column.cell)(row, clock),
            _ => Cell::plain(""),
        }
    }

    /// What a row whose kind is forgotten sorts by.
    pub(super) fn sort_of<'a>(columns: &[Self], row: &'a dyn Object, index: usize) -> SortKey<'a> {
        match (columns.get(index), (row as &dyn Any).downcast_ref::<K>()) {
            (Some(column), Some(row)) => (column.sort)(row),
            _ => SortKey::None,
        }
    }
}

/// A view on one resource.
pub struct View<K: 'static> {
    /// What is watched.
    pub resource: Resource,
    /// Other names it opens by, besides those of the resource.
    pub aliases: &'static [&'static str],
    /// Its columns, as `kubectl get` orders them. The first is the name.
    pub columns: &'static [Column<K>],
    /// How a row is read from an object's JSON.
    pub decode: fn(&str) -> Result<K, DecodeError>,
    /// The sort it opens with; by name where nothing is said.
    pub sort: Option<Sort>,
    /// Where Enter leads from a row.
    pub enter: fn(&K) -> Option<Jump>,
}

/// A column without its kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ColumnMeta<'a> {
    /// kubectl's title, in capitals.
    pub title: &'a str,
    /// How wide.
    pub width: Width,
    /// When it is shown.
    pub tier: Tier,
}

/// A view whose kind of row is forgotten: what registries hold. A row of another kind gives empty answers.
pub trait AnyView: Send + Sync {
    /// What is watched.
    fn resource(&self) -> &Resource;
    /// Other names it opens by.
    fn aliases(&self) -> &'static [&'static str];
    /// How many columns there are, wide ones included.
    fn width(&self) -> usize;
    /// What is known of a column without a row.
    fn column(&self, index: usize) -> Option<ColumnMeta<'_>>;
    /// Reads a row from an object's JSON.
    fn decode(&self, raw: &str) -> Result<Shared, DecodeError>;
    /// A cell of a row.
    fn cell(&self, row: &dyn Object, column: usize, clock: &Clock) -> Cell;
    /// What a column of a row sorts by.
    fn sort<'a>(&self, row: &'a dyn Object, column: usize) -> SortKey<'a>;
    /// The sort it opens with.
    fn default_sort(&self) -> Option<Sort>;
    /// Where Enter leads from a row.
    fn enter(&self, row: &dyn Object) -> Option<Jump>;
    /// How its rows come from objects, where they are parts of them.
    fn derived(&self) -> Option<&Derivation> {
        None
    }
    /// The view that it adds columns to, where it is such a one.
    fn base(&self) -> Option<&ViewRef> {
        None
    }
    /// How its rows come from several watches, where they do.
    fn joined(&self) -> Option<&Joining> {
        None
    }
    /// The view without the columns that were asked for besides its own.
    fn plain(&self) -> Option<&ViewRef> {
        None
    }
}

impl<K: Object> AnyView for View<K> {
    fn resource(&self) -> &Resource {
        &self.resource
    }

    fn aliases(&self) -> &'static [&'static str] {
        self.aliases
    }

    fn width(&self) -> usize {
        self.columns.len()
    }

    fn column(&self, index: usize) -> Option<ColumnMeta<'_>> {
        self.columns.get(index).map(Column::meta)
    }

    fn decode(&self, raw: &str) -> Result<Shared, DecodeError> {
        Ok(Arc::new((self.decode)(raw)?))
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

    fn enter(&self, row: &dyn Object) -> Option<Jump> {
        (row as &dyn Any).downcast_ref::<K>().and_then(self.enter)
    }
}

/// The view that a table is drawn with.
#[derive(Clone)]
pub enum ViewRef {
    /// One that is known when konn is built.
    Known(&'static dyn AnyView),
    /// One of a resource that discovery found; its rows come as tables.
    Found(Arc<dyn AnyView>),
}

impl Deref for ViewRef {
    type Target = dyn AnyView;

    fn deref(&self) -> &Self::Target {
        match self {
            Self::Known(view) => *view,
            Self::Found(view) => &**view,
        }
    }
}

/// Several views on one screen under one name, such as `storage`.
pub struct Group {
    /// The names it opens by.
    pub names: &'static [&'static str],
    /// Its views by plural, top to bottom.
    pub views: &'static [&'static str],
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_count_as_numbers() {
        let mut names = ["web-10", "web-2", "web-02", "api", "web", "web-2a"];
        names.sort_by(|a, b| natural(a, b));
        assert_eq!(names, ["api", "web", "web-02", "web-2", "web-2a", "web-10"]);
    }

    #[test]
    fn nothing_is_last_in_both_directions() {
        let (none, one, two) = (SortKey::None, SortKey::Number(1.0), SortKey::Number(2.0));
        assert_eq!(none.table_order(&one, false), Ordering::Greater);
        assert_eq!(none.table_order(&one, true), Ordering::Greater);
        assert_eq!(one.table_order(&two, true), Ordering::Greater);
    }
}
