//! For tests: what a real API server printed of real objects.

use jiff::Timestamp;
use serde_json::Value;

use super::{Projection, decode_value};

/// Holds the texts of `cells` against those recorded in `tests/fixtures/corpus/<kind>.json`, at the time of the recording.
pub(super) fn agrees<K: Projection>(kind: &str, cells: impl Fn(&K, Timestamp) -> Vec<String>) {
    let path = format!("{}/tests/fixtures/corpus/{kind}.json", env!("CARGO_MANIFEST_DIR"));
    let corpus: Value = serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
    let now: Timestamp = corpus["at"].as_str().unwrap().parse().unwrap();
    let rows = corpus["rows"].as_array().unwrap();
    assert!(!rows.is_empty());
    let mut differences = Vec::new();
    for row in rows {
        let object = &row["object"];
        assert_eq!(object["kind"], K::KIND);
        let recorded: Vec<String> = row["cells"].as_array().unwrap().iter().map(text).collect();
        let own = cells(&decode_value::<K>(object).unwrap(), now);
        if own != recorded {
            differences.push(format!("recorded {recorded:?}\n     own {own:?}"));
        }
    }
    assert!(differences.is_empty(), "{}", differences.join("\n"));
}

/// A cell as kubectl's table printer writes it: strings as they are, else as Go's `fmt.Sprint`, nothing for null.
fn text(cell: &Value) -> String {
    match cell {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}
