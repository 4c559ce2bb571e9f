//! The server's own tables (`Table` of `meta.k8s.io/v1`): how they are asked for and read.

use serde::Deserialize;
use serde_json::Value;
use serde_json::value::RawValue;

use crate::core::view::Shared;
use crate::views::generic::TableRow;

/// What is accepted: a table, and plain objects from a server that makes none.
pub const ACCEPT: &str = "application/json;as=Table;v=v1;g=meta.k8s.io,application/json";

/// The kind of a table.
pub const KIND: &str = "Table";

/// The table that is the object of a watch's event: mostly one row.
#[derive(Deserialize)]
pub struct Table<'a> {
    #[serde(default)]
    kind: String,
    /// The columns; events after the first leave them out.
    #[serde(default, rename = "columnDefinitions")]
    pub columns: Option<Value>,
    /// The rows, not read yet.
    #[serde(borrow, default)]
    pub rows: Option<Vec<&'a RawValue>>,
}

impl<'a> Table<'a> {
    /// Reads a table; none where it is something else.
    pub fn read(raw: &'a str) -> Option<Self> {
        let table: Self = serde_json::from_str(raw).ok()?;
        (table.kind == KIND).then_some(table)
    }
}

#[derive(Deserialize)]
struct Row<'a> {
    #[serde(default)]
    cells: Option<Vec<Value>>,
    #[serde(borrow, default)]
    object: Option<&'a RawValue>,
}

/// Why a row could not be read.
#[derive(Debug, thiserror::Error)]
pub enum RowError {
    /// It is no row.
    #[error("this row of a table cannot be read: {0}")]
    Row(#[from] serde_json::Error),
    /// Nobody knows whose it is.
    #[error("this row of a table names no object")]
    Nameless,
    /// Its object cannot be read.
    #[error(transparent)]
    Object(#[from] crate::model::DecodeError),
}

/// Reads a row, and the JSON of its object.
pub fn row(raw: &str) -> Result<(Shared, &str), RowError> {
    let row: Row = serde_json::from_str(raw)?;
    let object = row.object.ok_or(RowError::Nameless)?;
    let read = TableRow::read(row.cells.unwrap_or_default(), object.get())?;
    Ok((read, object.get()))
}

/// The version that a bookmark tells: the table's, or that of its one row.
pub fn bookmark(object: &Value) -> Option<&str> {
    let at = |path: &str| {
        object
            .pointer(path)
            .and_then(Value::as_str)
            .filter(|version| !version.is_empty())
    };
    at("/metadata/resourceVersion").or_else(|| at("/rows/0/object/metadata/resourceVersion"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn rows_without_an_object_are_broken_and_cells_may_be_missing() {
        assert!(row(r#"{"cells":["a"],"object":null}"#).is_err());
        assert!(row(r#"{"cells":["a"]}"#).is_err());
        assert!(row("7").is_err());
        let (read, _) = row(r#"{"cells":null,"object":{"metadata":{"name":"a","labels":[]}}}"#).unwrap();
        assert_eq!(&*read.meta().name, "a");
    }

    #[test]
    fn bookmarks_tell_their_version_in_either_place() {
        assert_eq!(bookmark(&json!({"metadata": {"resourceVersion": "7"}})), Some("7"));
        let row =
            json!({"metadata": {"resourceVersion": ""}, "rows": [{"object": {"metadata": {"resourceVersion": "8"}}}]});
        assert_eq!(bookmark(&row), Some("8"));
        assert_eq!(bookmark(&json!({})), None);
    }
}
