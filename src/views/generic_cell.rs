//! The cells of a server's table, as kubectl writes them: Go's `fmt.Sprint` of a JSON value, nothing for null.

use serde_json::Value;

use super::common::{key, text};
use crate::core::view::{Cell, SortKey};
use crate::model::number_text;

/// A cell of a server's table.
#[derive(Clone, Debug, PartialEq)]
pub enum TableCell {
    /// Nothing.
    Null,
    /// A number, and as what it is written.
    Number(f64, Box<str>),
    /// Any other value, as it is written.
    Text(Box<str>),
}

impl From<Value> for TableCell {
    fn from(value: Value) -> Self {
        match value {
            Value::Null => Self::Null,
            Value::String(text) => Self::Text(text.into()),
            Value::Number(number) => {
                let text = number_text(&number);
                Self::Number(number.as_f64().unwrap_or_default(), text.into())
            }
            other => Self::Text(sprint(&other).into()),
        }
    }
}

impl TableCell {
    /// What is drawn.
    pub fn cell(&self) -> Cell {
        match self {
            Self::Null => Cell::plain(""),
            Self::Number(_, written) => Cell::plain(written.to_string()),
            Self::Text(written) => text(written),
        }
    }
}

/// What a cell sorts by: numbers and durations by their size.
pub fn sort_key(cell: &TableCell) -> SortKey<'_> {
    match cell {
        TableCell::Null => SortKey::None,
        TableCell::Number(number, _) => SortKey::Number(*number),
        TableCell::Text(text) => seconds(text).map_or_else(|| key(&**text), SortKey::Number),
    }
}

/// A duration as kubectl writes them (`4d15h`, `83m`), in seconds. Bare numbers are none.
fn seconds(text: &str) -> Option<f64> {
    let mut total = 0.0;
    let mut rest = text;
    while !rest.is_empty() {
        let end = rest.find(|ch: char| !ch.is_ascii_digit())?;
        let (number, tail) = rest.split_at_checked(end)?;
        let unit = match tail.chars().next()? {
            's' => 1.0,
            'm' => 60.0,
            'h' => 3600.0,
            'd' => 86_400.0,
            'y' => 31_536_000.0,
            _ => return None,
        };
        total += number.parse::<f64>().ok()? * unit;
        rest = tail.get(1..)?;
    }
    (!text.is_empty()).then_some(total)
}

/// A value inside a list or an object, where null is written too.
fn sprint(value: &Value) -> String {
    match value {
        Value::Null => "<nil>".to_string(),
        Value::Bool(flag) => flag.to_string(),
        Value::Number(number) => number_text(number),
        Value::String(text) => text.clone(),
        Value::Array(items) => {
            let items: Vec<String> = items.iter().map(sprint).collect();
            format!("[{}]", items.join(" "))
        }
        Value::Object(fields) => {
            let mut fields: Vec<String> = fields
                .iter()
                .map(|(name, value)| format!("{name}:{}", sprint(value)))
                .collect();
            fields.sort();
            format!("map[{}]", fields.join(" "))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn cells_read_as_go_prints_them() {
        for (value, text) in [
            (json!(null), ""),
            (json!("True"), "True"),
            (json!(true), "true"),
            (json!(3), "3"),
            (json!(-3), "-3"),
            (json!(1.5), "1.5"),
            (json!(2.0), "2"),
            (json!(1e21), "1e+21"),
            (json!(0.00001), "1e-05"),
            (json!(["a", 1, null]), "[a 1 <nil>]"),
            (json!({"b": 1, "a": [true]}), "map[a:[true] b:1]"),
        ] {
            assert_eq!(TableCell::from(value.clone()).cell().text, text, "{value}");
        }
    }

    #[test]
    fn numbers_and_durations_sort_by_their_size() {
        for (value, key) in [
            (json!(10), SortKey::Number(10.0)),
            (json!("83m"), SortKey::Number(4980.0)),
            (json!("4d15h"), SortKey::Number(399_600.0)),
            (json!("12"), SortKey::text("12")),
            (json!("m"), SortKey::text("m")),
            (json!("5x"), SortKey::text("5x")),
            (json!(""), SortKey::None),
            (json!("<none>"), SortKey::None),
            (json!(null), SortKey::None),
        ] {
            assert_eq!(sort_key(&TableCell::from(value.clone())), key, "{value}");
        }
    }
}
