//! Every cell that a real API server printed beside its object, printed again.

use std::path::Path;

use serde_json::Value;

use super::{cells, columns};
use crate::mock::kinds::Registry;

fn corpus() -> Vec<(String, Value)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/corpus");
    let read = |path: std::path::PathBuf| {
        let name = path.file_stem()?.to_str()?.to_owned();
        path.extension().filter(|extension| *extension == "json")?;
        Some((name, serde_json::from_str(&std::fs::read_to_string(path).ok()?).ok()?))
    };
    std::fs::read_dir(folder)
        .unwrap()
        .filter_map(|entry| read(entry.ok()?.path()))
        .collect()
}

#[test]
fn cells_are_those_of_a_real_server() {
    let kinds = Registry::default();
    let corpus = corpus();
    for (_, table) in corpus.iter().filter(|(name, _)| name == "customresourcedefinition") {
        table["rows"]
            .as_array()
            .unwrap()
            .iter()
            .for_each(|row| kinds.define(&row["object"]));
    }
    assert!(corpus.len() > 30, "the corpus is incomplete");
    let mut wrong = Vec::new();
    for (name, table) in &corpus {
        let now = table["at"].as_str().unwrap().parse().unwrap();
        for row in table["rows"].as_array().unwrap() {
            let object = &row["object"];
            let kind = kinds
                .of_object(object["apiVersion"].as_str().unwrap(), object["kind"].as_str().unwrap())
                .unwrap();
            let printed = cells(&kind, object, now);
            if printed != row["cells"] {
                wrong.push(format!("{name}: {} instead of {}", printed, row["cells"]));
            }
            let titles: Vec<(Value, bool)> = columns(&kind)
                .as_array()
                .unwrap()
                .iter()
                .map(|column| (column["name"].clone(), column["priority"] != 0))
                .collect();
            let expected: Vec<(Value, bool)> = table["columns"]
                .as_array()
                .unwrap()
                .iter()
                .map(|column| (column["name"].clone(), column["wide"] == true))
                .collect();
            assert_eq!(titles, expected, "{name}");
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
