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
        Self {
            spec,
            columns: Mutex::default(),
        }
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
        let made = if change.what == "DELETED" {
            Delta::Delete
        } else {
            Delta::Apply
        };
        let raw = change.object.get();
        if matches!(self.spec.decoder, Decoder::Table)
            && let Some(table) = table::Table::read(raw)
        {
            return self.table(table.columns.as_ref(), table.rows.iter().flatten(), made);
        }
        self.rows(raw, None, change.what == "DELETED")
    }

    /// An object as rows: one, but for an object of which parts are shown.
    fn rows(&self, raw: &str, list: Option<(&str, &str)>, gone: bool) -> Vec<Delta> {
        let made = if gone { Delta::Delete } else { Delta::Apply };
        let Decoder::Parts(view) = &self.spec.decoder else {
            let read = self.object(raw, list).map(|row| self.extended(row, raw));
            return vec![row(read, made)];
        };
        let Some(derivation) = view.derived() else {
            return Vec::new();
        };
        match (derivation.rows)(raw) {
            Ok(rows) if gone => rows.into_iter().map(Delta::Delete).collect(),
            Ok(rows) => {
                let rows: Vec<Shared> = rows.into_iter().map(|row| self.extended(row, raw)).collect();
                let of = rows
                    .first()
                    .and_then(|row| row.meta().uid.parts())
                    .map_or("", |(of, _)| of);
                vec![Delta::Parted(of.into(), rows)]
            }
            Err(error) => vec![Delta::Broken(error.to_string())],
        }
    }

    /// The row with what columns read of the whole object.
    fn extended(&self, row: Shared, raw: &str) -> Shared {
        match &self.spec.readings {
            Some(readings) => readings.extend(row, raw),
            None => row,
        }
    }

    fn object(&self, raw: &str, list: Option<(&str, &str)>) -> Result<Shared, DecodeError> {
        match (&self.spec.decoder, list) {
            (Decoder::Row(view) | Decoder::Parts(view), _) => view.decode(raw),
            (Decoder::Table, _) => TableRow::read(Vec::new(), raw),
            (Decoder::Whole, Some((kind, api_version))) => Whole::read_item(raw, kind, api_version),
            (Decoder::Whole, None) => Whole::read(raw),
            (Decoder::Part(read), _) => read(raw),
        }
    }

    fn table<'a>(
        &self,
        columns: Option<&Value>,
        rows: impl Iterator<Item = &'a &'a RawValue>,
        made: fn(Shared) -> Delta,
    ) -> Vec<Delta> {
        let mut deltas: Vec<Delta> = self.named(columns).into_iter().collect();
        let read = |raw: &str| table::row(raw).map(|(row, object)| self.extended(row, object));
        deltas.extend(rows.map(|raw| row(read(raw.get()), made)));
        deltas
    }

    /// The view of the columns, where they are named and are others than before.
    fn named(&self, columns: Option<&Value>) -> Option<Delta> {
        let Source::Cluster(resource) = &self.spec.source else {
            return None;
        };
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::core::clock::{Clock, Time};
    use crate::core::jump::Scope;
    use crate::core::resource::Resource;

    const TABLE: &str = r#"{"kind":"Table","metadata":{"resourceVersion":"7"},
        "columnDefinitions":[{"name":"Name","format":"name"},{"name":"Size","priority":1}],
        "rows":[{"cells":["a",2],"object":{"metadata":{"name":"a","uid":"u"}}},{"cells":["b"]},7]}"#;

    fn reader() -> Reader {
        let resource = Resource::known("example.com", "v1", "Widget", "widgets", &[], true);
        Reader::new(Arc::new(WatchSpec::all(resource, Scope::All, Decoder::Table)))
    }

    fn told(deltas: &[Delta]) -> Vec<String> {
        let cut = |delta: &Delta| {
            format!("{delta:?}")
                .split(" of ")
                .next()
                .unwrap_or_default()
                .chars()
                .take(14)
                .collect()
        };
        deltas.iter().map(cut).collect()
    }

    #[test]
    fn columns_are_told_once_and_may_be_missing_later() {
        let reader = reader();
        let page: Page = serde_json::from_str(TABLE).unwrap();
        assert_eq!(
            told(&reader.page(&page)),
            ["View(widgets)", "Apply(a)", "Broken(this ro", "Broken(this ro"]
        );
        for columns in ["null", "[]"] {
            let object = format!(
                r#"{{"kind":"Table","columnDefinitions":{columns},"rows":[{{"cells":["a",3],"object":{{"metadata":{{"name":"a"}}}}}}]}}"#
            );
            let line = format!(r#"{{"type":"DELETED","object":{object}}}"#);
            let change: Change = serde_json::from_str(&line).unwrap();
            assert_eq!(told(&reader.change(&change)), ["Delete(a)"]);
        }
    }

    #[test]
    fn plain_objects_show_name_and_age() {
        let raw =
            r#"{"kind":"WidgetList","items":[{"metadata":{"name":"a","creationTimestamp":"1970-01-01T00:00:00Z"}}]}"#;
        let page: Page = serde_json::from_str(raw).unwrap();
        let deltas = reader().page(&page);
        let [Delta::Apply(row)] = deltas.as_slice() else {
            panic!("{deltas:?}")
        };
        let resource = Resource::known("example.com", "v1", "Widget", "widgets", &[], true);
        let view = generic::unnamed(&resource);
        let clock = Clock::at(Time::from_second(60).unwrap());
        let cells: Vec<_> = (0..view.width()).map(|at| view.cell(&**row, at, &clock).text).collect();
        assert_eq!(cells, ["a", "60s"]);
    }
}
