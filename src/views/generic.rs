//! Any resource with the columns that the server prints it with: rows come as `Table`s of `meta.k8s.io/v1`.
//!
//! Cells read as kubectl's table printer writes them (`printRows` in cli-runtime's tableprinter.go). Before the server
//! has named its columns, and where it answers with plain objects, name and age are shown.

use std::any::Any;
use std::sync::Arc;

use super::generic_cell::{TableCell, sort_key};
use crate::core::clock::Clock;
use crate::core::jump::Jump;
use crate::core::order::Sort;
use crate::core::resource::Resource;
use crate::core::text::Tone;
use crate::core::view::{AnyView, Cell, ColumnMeta, Object, Shared, SortKey, Tier, ViewRef, Width};
use crate::model::{DecodeError, Health, Meta, Projection, decode};

/// A row of a server's table.
#[derive(Clone, Debug, Default)]
pub struct TableRow {
    meta: Meta,
    cells: Box<[TableCell]>,
}

impl Object for TableRow {
    fn meta(&self) -> &Meta {
        &self.meta
    }

    fn health(&self) -> Health {
        if self.meta.deleting.is_some() {
            Health::Busy
        } else {
            Health::Neutral
        }
    }
}

/// The part of an object that every kind has.
#[derive(Clone, Debug, Default, serde::Deserialize)]
#[serde(default)]
struct Bare {
    metadata: Option<Meta>,
}

impl Projection for Bare {
    const KIND: &'static str = "object";

    fn meta(&self) -> &Meta {
        static NONE: std::sync::LazyLock<Meta> = std::sync::LazyLock::new(Meta::default);
        self.metadata.as_ref().unwrap_or(&NONE)
    }
}

impl TableRow {
    /// A row of a table: its cells, and the JSON of the object that the server sent with it.
    ///
    /// # Errors
    /// [`DecodeError`] where the object is no JSON object: without one nobody knows whose the cells are.
    pub fn read(cells: Vec<serde_json::Value>, object: &str) -> Result<Shared, DecodeError> {
        let bare: Bare = decode(object)?;
        Ok(Arc::new(Self {
            meta: bare.metadata.unwrap_or_default(),
            cells: cells.into_iter().map(TableCell::from).collect(),
        }))
    }
}

/// A column as the server defines it (`TableColumnDefinition`).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Definition {
    /// The title, as the server spells it.
    pub name: String,
    /// The OpenAPI format; `name` for the column of the name.
    pub format: String,
    /// What the column shows; of a custom resource's column without a description: its JSONPath.
    pub description: String,
    /// Other than 0 for columns of wide tables only.
    pub priority: i64,
}

impl From<&serde_json::Value> for Definition {
    /// What is missing or of the wrong type reads as empty: a column stays in its place.
    fn from(value: &serde_json::Value) -> Self {
        let text = |name: &str| {
            value
                .get(name)
                .and_then(serde_json::Value::as_str)
                .unwrap_or_default()
                .to_string()
        };
        Self {
            name: text("name"),
            format: text("format"),
            description: text("description"),
            priority: value
                .get("priority")
                .and_then(serde_json::Value::as_i64)
                .unwrap_or_default(),
        }
    }
}

/// What a column shows of a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Shows {
    /// The object's name.
    Name,
    /// How old the object is now; the server's cell is as old as the row.
    Age,
    /// A cell of the server's.
    Cell(usize),
}

struct GenericColumn {
    title: String,
    width: Width,
    tier: Tier,
    shows: Shows,
}

impl GenericColumn {
    fn new(title: &str, width: Width, shows: Shows) -> Self {
        Self {
            title: title.to_string(),
            width,
            tier: Tier::Always,
            shows,
        }
    }

    fn defined(at: usize, definition: &Definition) -> Self {
        let is_age = is_age(definition);
        Self {
            title: definition.name.to_uppercase(),
            width: match definition.format.as_str() {
                _ if is_age => Width::Age,
                "name" => Width::Fit(80),
                _ => Width::Fit(60),
            },
            tier: if definition.priority == 0 {
                Tier::Always
            } else {
                Tier::Wide
            },
            shows: if is_age { Shows::Age } else { Shows::Cell(at) },
        }
    }
}

/// Whether a column is the age of the object itself: named so, and said to be of its `creationTimestamp`.
fn is_age(definition: &Definition) -> bool {
    definition.name.eq_ignore_ascii_case("age")
        && definition
            .description
            .to_ascii_lowercase()
            .contains("creationtimestamp")
}

/// A resource with the server's columns.
struct Generic {
    resource: Resource,
    columns: Vec<GenericColumn>,
}

/// The view of a resource whose columns nobody has named yet.
pub fn unnamed(resource: &Resource) -> ViewRef {
    let columns = vec![
        GenericColumn::new("NAME", Width::Fit(80), Shows::Name),
        GenericColumn::new("AGE", Width::Age, Shows::Age),
    ];
    ViewRef::Found(Arc::new(Generic {
        resource: resource.clone(),
        columns,
    }))
}

/// The view of a resource with the columns that the server named.
pub fn view(resource: &Resource, definitions: &[Definition]) -> ViewRef {
    if definitions.is_empty() {
        return unnamed(resource);
    }
    let columns = definitions
        .iter()
        .enumerate()
        .map(|(at, one)| GenericColumn::defined(at, one))
        .collect();
    ViewRef::Found(Arc::new(Generic {
        resource: resource.clone(),
        columns,
    }))
}

impl Generic {
    fn at<'a>(&self, row: &'a dyn Object, column: usize) -> Option<(Shows, &'a TableRow)> {
        let row = (row as &dyn Any).downcast_ref::<TableRow>()?;
        Some((self.columns.get(column)?.shows, row))
    }
}

impl AnyView for Generic {
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
        self.columns.get(index).map(|column| ColumnMeta {
            title: &column.title,
            width: column.width,
            tier: column.tier,
        })
    }

    fn decode(&self, raw: &str) -> Result<Shared, DecodeError> {
        TableRow::read(Vec::new(), raw)
    }

    fn cell(&self, row: &dyn Object, column: usize, clock: &Clock) -> Cell {
        match self.at(row, column) {
            Some((Shows::Name, row)) => Cell::plain(row.meta.name.to_string()),
            Some((Shows::Age, row)) => Cell::toned(row.meta.age_text(clock.now), Tone::Muted),
            Some((Shows::Cell(at), row)) => row.cells.get(at).map_or_else(|| Cell::plain(""), TableCell::cell),
            None => Cell::plain(""),
        }
    }

    fn sort<'a>(&self, row: &'a dyn Object, column: usize) -> SortKey<'a> {
        match self.at(row, column) {
            Some((Shows::Name, row)) => SortKey::Name(&row.meta.name),
            Some((Shows::Age, row)) => SortKey::age(row.meta.created),
            Some((Shows::Cell(at), row)) => row.cells.get(at).map_or(SortKey::None, sort_key),
            None => SortKey::None,
        }
    }

    fn default_sort(&self) -> Option<Sort> {
        None
    }

    fn enter(&self, _row: &dyn Object) -> Option<Jump> {
        None
    }
}
