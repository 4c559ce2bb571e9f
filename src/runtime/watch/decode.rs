//! From the server's bytes to rows, object by object, so that a malformed one costs no other.

use std::sync::{Arc, Mutex, PoisonError};

use serde::Deserialize;
use serde_json::Value;
use serde_json::value::RawValue;

use super::table;
use crate::core::store::Delta;
use crate::core::view::Shared;
use crate::core::watch::{Decoder, Source, WatchSpec};
use crate::core::whole::Whole;
use crate::model::DecodeError;
use crate::views::generic::{self, Definition, TableRow};

/// A page of a list.
#[derive(Deserialize)]
pub struct Page<'a> {
    /// `PodList`; items do not say what they are. `Table` where that was asked for and can be given.
    #[serde(default)]
    pub kind: String,
    /// The API version of the items too.
    #[serde(default, rename = "apiVersion")]
    pub api_version: String,
    /// Where the list stands.
    #[serde(default)]
    pub metadata: ListMeta,
    /// The objects, not read yet. Go servers write an empty list as null at times.
    #[serde(borrow, default)]
    items: Option<Vec<&'a RawValue>>,
    /// A table's rows, not read yet.
    #[serde(borrow, default)]
    rows: Option<Vec<&'a RawValue>>,
    /// A table's columns; later pages may leave them out.
    #[serde(default, rename = "columnDefinitions")]
    columns: Option<Value>,
}

/// Where a list stands.
#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct ListMeta {
    /// The version of the whole list.
    pub resource_version: String,
    /// Names the next page; empty on the last.
    #[serde(rename = "continue")]
    pub token: Option<String>,
}

/// A line of a watch.
#[derive(Deserialize)]
pub struct Change<'a> {
    /// `ADDED`, `MODIFIED`, `DELETED`, `BOOKMARK` or `ERROR`.
    #[serde(rename = "type")]
    pub what: String,
    /// The object, not read yet.
    #[serde(borrow)]
    pub object: &'a RawValue,
}

impl Change<'_> {
    /// The version of the object.
    pub fn version(&self) -> Option<String> {
        let versioned: Versioned = serde_json::from_str(self.object.get()).ok()?;
        Some(versioned.metadata.resource_version).filter(|version| !version.is_empty())
    }
}

/// The version of an object of which only parts are kept.
#[derive(Deserialize)]
struct Versioned {
    #[serde(default)]
    metadata: ListMeta,
}

/// Reads what one watch brings, and remembers the columns that its tables have.
pub struct Reader {
    spec: Arc<WatchSpec>,
    columns: Mutex<Vec<Definition>>,
}

impl Reader {
    /// A reader that knows no columns yet.
    pub fn new(spec: Arc<WatchSpec>) -> Self {
        Self { spec, columns: Mutex::default() }
    }

    /// The rows of a page.
    pub fn page(&self, page: &Page) -> Vec<Delta> {
        if matches!(self.spec.decoder, Decoder::Table) && page.kind == table::KIND {
            return self.table(page.columns.as_ref(), page.rows.iter().flatten(), Delta::Apply);
        }
        let items = page.items.iter().flatten();
        let list = Some((page.kind.as_str(), page.api_version.as_str()));
        items.flat_map(|item| self.rows(item.get(), list, false)).collect()
    }

    /// A change as rows: one, but for a table that has more.
    pub fn change(&self, change: &Change) -> Vec<Delta> {
        let made = if change.what == "DELETED" { Delta::Delete } else { Delta::Apply };
        let raw = change.object.get();
        if matches!(self.spec.decoder, Decoder::Table) {
            if let Some(table) = table::Table::read(raw) {
                return self.table(table.columns.as_ref(), table.rows.iter().flatten(), made);
            }
        }
        self.rows(raw, None, change.what == "DELETED")
    }

    /// An object as rows: one, but for an object of which parts are shown.
    fn rows(&self, raw: &str, list: Option<(&str, &str)>, gone: bool) -> Vec<Delta> {
        let made = if gone { Delta::Delete } else { Delta::Apply };
        let Decoder::Parts(view) = &self.spec.decoder else { return vec![row(self.object(raw, list), made)] };
        let Some(derivation) = view.derived() else { return Vec::new() };
        match (derivation.rows)(raw) {
            Ok(rows) if gone => rows.into_iter().map(Delta::Delete).collect(),
            Ok(rows) => {
                let of = rows.first().and_then(|row| row.meta().uid.split_once('/')).map_or("", |(of, _)| of);
                vec![Delta::Parted(of.into(), rows)]
            }
            Err(error) => vec![Delta::Broken(error.to_string())],
        }
    }

    fn object(&self, raw: &str, list: Option<(&str, &str)>) -> Result<Shared, DecodeError> {
        match (&self.spec.decoder, list) {
            (Decoder::Row(view) | Decoder::Parts(view), _) => view.decode(raw),
            (Decoder::Table, _) => TableRow::read(Vec::new(), raw),
            (Decoder::Whole, Some((kind, api_version))) => Whole::read_item(raw, kind, api_version),
            (Decoder::Whole, None) => Whole::read(raw),
        }
    }

    fn table<'a>(
        &self,
        columns: Option<&Value>,
        rows: impl Iterator<Item = &'a &'a RawValue>,
        made: fn(Shared) -> Delta,
    ) -> Vec<Delta> {
        let mut deltas: Vec<Delta> = self.named(columns).into_iter().collect();
        deltas.extend(rows.map(|raw| row(table::row(raw.get()), made)));
        deltas
    }

    /// The view of the columns, where they are named and are others than before.
    fn named(&self, columns: Option<&Value>) -> Option<Delta> {
        let Source::Cluster(resource) = &self.spec.source else { return None };
        let definitions: Vec<Definition> = columns?.as_array()?.iter().map(Definition::from).collect();
        let mut known = self.columns.lock().unwrap_or_else(PoisonError::into_inner);
        if definitions.is_empty() || *known == definitions {
            return None;
        }
        *known = definitions;
        Some(Delta::View(generic::view(resource, &known)))
    }
}

fn row<E: std::fmt::Display>(read: Result<Shared, E>, made: impl Fn(Shared) -> Delta) -> Delta {
    match read {
        Ok(object) => made(object),
        Err(error) => Delta::Broken(error.to_string()),
    }
}
