//! Tables: each kind's columns and cells, as the API server prints them.

mod column;
mod text;

use jiff::Timestamp;
use serde_json::{Value, json};

use super::kinds::Kind;

pub use column::Column;

/// How a kind prints: its columns, and the cells of one object.
#[derive(Clone, Copy, Debug)]
pub struct Printer {
    /// The columns.
    pub columns: &'static [Column],
    /// The cells, one for each column.
    pub cells: fn(&Value, Timestamp) -> Vec<Value>,
}

/// Kinds without a printer of their own show name and creation.
const PLAIN: Printer = Printer {
    columns: column::CREATED_AT,
    cells: plain,
};

fn plain(object: &Value, _: Timestamp) -> Vec<Value> {
    let metadata = &object["metadata"];
    vec![metadata["name"].clone(), metadata["creationTimestamp"].clone()]
}

fn printer(kind: &Kind) -> Printer {
    let _ = kind;
    PLAIN
}

/// A table's `columnDefinitions`.
#[must_use]
pub fn columns(kind: &Kind) -> Value {
    printer(kind).columns.iter().map(Column::definition).collect()
}

/// The cells of one object.
#[must_use]
pub fn cells(kind: &Kind, object: &Value, now: Timestamp) -> Value {
    Value::Array((printer(kind).cells)(object, now))
}

/// A row's `conditions`: finished pods are marked, so that clients can dim them.
#[must_use]
pub fn row_conditions(kind: &Kind, object: &Value) -> Value {
    let phase = object["status"]["phase"].as_str().unwrap_or_default();
    if kind.table != "pods" || !matches!(phase, "Succeeded" | "Failed") {
        return Value::Null;
    }
    let message = match phase {
        "Succeeded" => "The pod has completed successfully.",
        _ => "The pod failed.",
    };
    json!([{"type": "Completed", "status": "True", "reason": phase, "message": message}])
}
