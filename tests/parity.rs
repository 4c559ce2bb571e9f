//! Every view against what a real API server printed: for each object of `tests/fixtures/corpus`, konn's view must draw the
//! recorded cells, the wide ones included, at the time of the recording.
//!
//! A cell that is no string reads as kubectl's table printer writes it: numbers and booleans as Go prints them, nothing for
//! null. Control characters cannot be drawn, so both sides pass `clean` before they are compared: a line break of an event's
//! message becomes the same `⏎` on both.

#![allow(clippy::unwrap_used, reason = "a panic in a test is the report")]

use std::path::PathBuf;

use konn::core::clock::Clock;
use konn::core::resource::Resource;
use konn::core::text::clean;
use konn::core::view::{Tier, ViewRef};
use konn::views::REGISTRY;
use konn::views::generic::{self, Definition, TableRow};
use serde_json::Value;

/// One recorded kind.
#[derive(Clone)]
struct Corpus {
    file: String,
    content: Value,
}

impl Corpus {
    fn all() -> Vec<Self> {
        let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/corpus");
        let mut files: Vec<PathBuf> = std::fs::read_dir(folder)
            .unwrap()
            .map(|entry| entry.unwrap().path())
            .collect();
        files.retain(|path| path.extension().is_some_and(|extension| extension == "json"));
        files.sort();
        files.iter().map(Self::read).collect()
    }

    fn read(path: &PathBuf) -> Self {
        Self {
            file: path.file_name().unwrap().to_string_lossy().into_owned(),
            content: serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap(),
        }
    }

    fn clock(&self) -> Clock {
        Clock::at(self.content["at"].as_str().unwrap().parse().unwrap())
    }

    fn rows(&self) -> &[Value] {
        self.content["rows"].as_array().unwrap()
    }

    /// Titles as kubectl writes them, and whether the column is a wide one.
    fn columns(&self) -> Vec<(String, bool)> {
        let column = |column: &Value| (column["name"].as_str().unwrap().to_uppercase(), column["wide"] == true);
        self.content["columns"].as_array().unwrap().iter().map(column).collect()
    }

    /// The view of the kind; `None` for kinds that only discovery knows.
    fn view(&self) -> Option<ViewRef> {
        let object = &self.rows()[0]["object"];
        let (kind, version) = (object["kind"].as_str().unwrap(), object["apiVersion"].as_str().unwrap());
        let views = REGISTRY.views.iter().cloned();
        views
            .into_iter()
            .find(|view| view.resource().kind == kind && view.resource().api_version() == version)
    }
}

/// A recorded cell as kubectl writes it, without what cannot be drawn.
fn recorded(cell: &Value) -> String {
    match cell {
        Value::Null => String::new(),
        Value::String(text) => clean(text).into_owned(),
        other => other.to_string(),
    }
}

fn drawn(view: &ViewRef, object: &Value, clock: &Clock) -> Vec<String> {
    let row = view.decode(&object.to_string()).unwrap();
    (0..view.width())
        .map(|column| clean(&view.cell(&*row, column, clock).text).into_owned())
        .collect()
}

#[test]
fn every_view_draws_what_the_server_printed() {
    let mut differences = Vec::new();
    let mut compared = 0;
    for corpus in Corpus::all() {
        let Some(view) = corpus.view() else { continue };
        for row in corpus.rows() {
            let cells: Vec<String> = row["cells"].as_array().unwrap().iter().map(recorded).collect();
            let own = drawn(&view, &row["object"], &corpus.clock());
            compared += 1;
            if own != cells {
                differences.push(format!("{}\n  recorded {cells:?}\n     drawn {own:?}", corpus.file));
            }
        }
    }
    assert!(compared > 100, "only {compared} objects were compared");
    assert!(
        differences.is_empty(),
        "{} objects differ:\n{}",
        differences.len(),
        differences.join("\n")
    );
}

#[test]
fn every_view_has_the_servers_columns() {
    for corpus in Corpus::all() {
        let Some(view) = corpus.view() else { continue };
        let own: Vec<_> = (0..view.width())
            .filter_map(|index| view.column(index))
            .map(|column| (column.title.to_owned(), column.tier == Tier::Wide))
            .collect();
        assert_eq!(own, corpus.columns(), "{}", corpus.file);
    }
}

#[test]
fn every_recorded_kind_but_the_custom_one_has_a_view() {
    let without: Vec<_> = Corpus::all()
        .into_iter()
        .filter(|corpus| corpus.view().is_none())
        .map(|own| own.file)
        .collect();
    assert_eq!(without, ["widget.json"]);
}

#[test]
fn no_two_views_answer_to_one_name() {
    for (i, view) in REGISTRY.views.iter().enumerate() {
        let resource = view.resource();
        let names = resource
            .short
            .iter()
            .map(|short| short.to_string())
            .chain([resource.plural.to_string(), resource.singular()]);
        for name in names.chain(view.aliases().iter().map(|alias| (*alias).to_owned())) {
            let other = REGISTRY
                .views
                .iter()
                .enumerate()
                .find(|(j, other)| *j != i && other.resource().answers_to(&name));
            assert!(other.is_none(), "{name} names {} and another", resource.plural);
        }
    }
}

#[test]
fn rows_of_nothing_are_drawn_and_sorted_without_fail() {
    // konn's own rows, of no version, come from no cluster.
    for view in REGISTRY.views.iter().filter(|view| !view.resource().version.is_empty()) {
        for json in [
            "{}",
            r#"{"metadata":null,"spec":null,"status":null}"#,
            r#"{"metadata":7,"spec":[],"status":"x"}"#,
        ] {
            let row = view.decode(json).unwrap();
            for column in 0..view.width() {
                view.cell(&*row, column, &Clock::at(konn::core::clock::Time::UNIX_EPOCH));
                view.sort(&*row, column);
            }
            view.enter(&*row);
        }
    }
}

#[test]
fn enter_leads_to_a_view() {
    let mut jumps = 0;
    for corpus in Corpus::all() {
        let Some(view) = corpus.view() else { continue };
        // A CustomResourceDefinition leads to what only discovery knows.
        if view.resource().kind == "CustomResourceDefinition" {
            continue;
        }
        for row in corpus.rows() {
            let row = view.decode(&row["object"].to_string()).unwrap();
            let Some(jump) = view.enter(&*row) else { continue };
            jumps += 1;
            assert!(
                !REGISTRY.views_named(&jump.view).is_empty(),
                "{}: {jump:?}",
                corpus.file
            );
        }
    }
    assert!(jumps > 30, "only {jumps} rows lead anywhere");
}

/// The recorded columns as the server defines them. `told` says of an age that it is the object's own, as the server does.
fn definitions(corpus: &Corpus, told: bool) -> Vec<Definition> {
    let definition = |column: &Value| {
        let name = column["name"].as_str().unwrap();
        Definition {
            name: name.to_string(),
            format: if name == "Name" { "name" } else { "" }.to_string(),
            description: if told && name == "Age" {
                "CreationTimestamp is a timestamp"
            } else {
                ""
            }
            .to_string(),
            priority: i64::from(column["wide"] == true),
        }
    };
    corpus.content["columns"]
        .as_array()
        .unwrap()
        .iter()
        .map(definition)
        .collect()
}

#[test]
fn every_recorded_kind_reads_the_same_through_the_servers_own_columns() {
    let mut compared = 0;
    for (corpus, told) in Corpus::all()
        .into_iter()
        .flat_map(|corpus| [(corpus.clone(), false), (corpus, true)])
    {
        let resource = Resource::known("example.com", "v1", "Thing", "things", &[], true);
        let view = generic::view(&resource, &definitions(&corpus, told));
        let titles: Vec<_> = (0..view.width())
            .filter_map(|index| view.column(index))
            .map(|column| (column.title.to_owned(), column.tier == Tier::Wide))
            .collect();
        assert_eq!(titles, corpus.columns(), "{}", corpus.file);
        for row in corpus.rows() {
            let cells = row["cells"].as_array().unwrap().clone();
            let wanted: Vec<String> = cells.iter().map(recorded).collect();
            let row = TableRow::read(cells, &row["object"].to_string()).unwrap();
            let own: Vec<String> = (0..view.width())
                .map(|column| clean(&view.cell(&*row, column, &corpus.clock()).text).into_owned())
                .collect();
            assert_eq!(own, wanted, "{}", corpus.file);
            compared += 1;
        }
    }
    assert!(compared > 200, "only {compared} rows were compared");
}
