//! A view with more columns than its own. Labels are part of every row; annotations and JSONPaths are read of the whole
//! object when it is decoded, and only the texts that come of it are kept.

use std::any::Any;
use std::sync::Arc;

use serde_json::Value;

use super::clock::Clock;
use super::columns::{Asked, UserColumn, title};
use super::derived::Derivation;
use super::join::Joining;
use super::jump::Jump;
use super::order::Sort;
use super::resource::Resource;
use super::text::Tone;
use super::view::{AnyView, Cell, ColumnMeta, Object, Shared, SortKey, Tier, ViewRef, Width};
use crate::model::{DecodeError, Health, Istr, JsonPath, Meta, mask};

/// What columns read of a whole object.
#[derive(Clone, Debug)]
pub struct Readings {
    is_secret: bool,
    what: Vec<Reading>,
}

#[derive(Clone, Debug)]
enum Reading {
    Path(JsonPath),
    Annotation(String),
}

impl Readings {
    /// The row with what the columns show of the object.
    pub fn extend(&self, row: Shared, raw: &str) -> Shared {
        let texts = self.read(raw);
        Arc::new(ExtendedRow { row, texts })
    }

    fn read(&self, raw: &str) -> Box<[Istr]> {
        let mut object: Value = serde_json::from_str(raw).unwrap_or_default();
        if self.is_secret {
            // The items of a list do not say what they are.
            if let Some(fields) = object.as_object_mut() {
                fields.insert("kind".to_string(), "Secret".into());
            }
            object = mask::hidden(&object, &Default::default());
        }
        let texts = self.what.iter().map(|what| match what {
            Reading::Path(path) => path.text(&object),
            Reading::Annotation(key) => annotation(&object, key),
        });
        texts.map(|text| Istr::new(&text)).collect()
    }
}

fn annotation(object: &Value, key: &str) -> String {
    let all = object.pointer("/metadata/annotations");
    let text = all.and_then(|all| all.get(key)).and_then(Value::as_str);
    text.unwrap_or_default().to_string()
}

/// A row with texts of more columns.
struct ExtendedRow {
    row: Shared,
    texts: Box<[Istr]>,
}

impl Object for ExtendedRow {
    fn meta(&self) -> &Meta {
        self.row.meta()
    }

    fn health(&self) -> Health {
        self.row.health()
    }

    fn kind(&self) -> &str {
        self.row.kind()
    }

    fn texts(&self) -> &[Istr] {
        &self.texts
    }
}

fn extended(row: &dyn Object) -> Option<&ExtendedRow> {
    (row as &dyn Any).downcast_ref()
}

/// The row without the texts of more columns: what a view knows.
pub fn plain(row: &Shared) -> Shared {
    extended(&**row).map_or(row, |extended| &extended.row).clone()
}

/// The row without the texts of more columns, where it is only looked at.
pub fn inner(row: &dyn Object) -> &dyn Object {
    extended(row).map_or(row, |extended| &*extended.row)
}

/// What a column shows of a row.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Shows {
    /// A text that was read of the whole object.
    Text(usize),
    /// A label.
    Label(String),
    /// All labels.
    Labels,
}

struct Extra {
    title: String,
    shows: Shows,
}

/// A view with more columns.
struct Extended {
    view: ViewRef,
    columns: Vec<Extra>,
}

/// The view with more columns: a person's own, annotations, labels, and all labels last, as kubectl has them. And what has
/// to be read of whole objects for it.
pub fn extend(view: ViewRef, own: &[UserColumn], asked: &Asked) -> (ViewRef, Option<Arc<Readings>>) {
    let (mut columns, mut what) = (Vec::new(), Vec::new());
    let mut read = |title: String, reading: Reading| {
        let shows = Shows::Text(what.len());
        what.push(reading);
        columns.push(Extra { title, shows });
    };
    own.iter()
        .for_each(|column| read(column.title.clone(), Reading::Path(column.path.clone())));
    asked
        .annotations
        .iter()
        .for_each(|key| read(title(key), Reading::Annotation(key.clone())));
    let label = |key: &String| Extra {
        title: title(key),
        shows: Shows::Label(key.clone()),
    };
    columns.extend(asked.labels.iter().map(label));
    columns.extend(asked.show_labels.then(|| Extra {
        title: "LABELS".to_string(),
        shows: Shows::Labels,
    }));
    if columns.is_empty() {
        return (view, None);
    }
    let resource = view.resource();
    let is_secret = resource.group.is_empty() && resource.plural == "secrets";
    let readings = (!what.is_empty()).then(|| Arc::new(Readings { is_secret, what }));
    (ViewRef::Found(Arc::new(Extended { view, columns })), readings)
}

impl Extended {
    /// A column that is not the view's own.
    fn extra(&self, column: usize) -> Option<&Extra> {
        self.columns.get(column.checked_sub(self.view.width())?)
    }

    fn text(&self, shows: &Shows, row: &dyn Object) -> String {
        match shows {
            Shows::Text(at) => {
                let text = row.texts().get(*at);
                text.map(ToString::to_string).unwrap_or_default()
            }
            Shows::Label(key) => row.meta().labels.get(key).unwrap_or_default().to_string(),
            Shows::Labels => row.meta().labels.format(),
        }
    }
}

impl AnyView for Extended {
    fn resource(&self) -> &Resource {
        self.view.resource()
    }

    fn aliases(&self) -> &'static [&'static str] {
        self.view.aliases()
    }

    fn width(&self) -> usize {
        self.view.width() + self.columns.len()
    }

    fn column(&self, index: usize) -> Option<ColumnMeta<'_>> {
        let Some(extra) = self.extra(index) else {
            return self.view.column(index);
        };
        Some(ColumnMeta {
            title: &extra.title,
            width: match extra.shows {
                Shows::Labels => Width::Rest,
                Shows::Text(_) | Shows::Label(_) => Width::Fit(40),
            },
            tier: Tier::Always,
        })
    }

    fn decode(&self, raw: &str) -> Result<Shared, DecodeError> {
        self.view.decode(raw)
    }

    fn cell(&self, row: &dyn Object, column: usize, clock: &Clock) -> Cell {
        let Some(extra) = self.extra(column) else {
            return self.view.cell(inner(row), column, clock);
        };
        let text = self.text(&extra.shows, row);
        let tone = if text == "<none>" { Tone::Muted } else { Tone::Plain };
        Cell::toned(text, tone)
    }

    fn sort(&self, row: &dyn Object, column: usize) -> SortKey {
        let Some(extra) = self.extra(column) else {
            return self.view.sort(inner(row), column);
        };
        let text = self.text(&extra.shows, row);
        if text.is_empty() || text == "<none>" {
            SortKey::None
        } else {
            SortKey::text(text)
        }
    }

    fn default_sort(&self) -> Option<Sort> {
        self.view.default_sort()
    }

    fn enter(&self, row: &dyn Object) -> Option<Jump> {
        self.view.enter(inner(row))
    }

    fn derived(&self) -> Option<&Derivation> {
        self.view.derived()
    }

    fn joined(&self) -> Option<&Joining> {
        self.view.joined()
    }

    fn plain(&self) -> Option<&ViewRef> {
        Some(&self.view)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::views::REGISTRY;

    const SECRET: &str = r#"{"metadata":{"name":"db","labels":{"app":"shop","a/tier":"db"},"annotations":{"team":"a",
        "kubectl.kubernetes.io/last-applied-configuration":"hunter2"}},"data":{"password":"aHVudGVyMg=="},"type":"Opaque"}"#;

    fn cells(view: &str, own: &[(&str, &str)], asked: &Asked, raw: &str) -> Vec<(String, String)> {
        let own: Vec<UserColumn> = own
            .iter()
            .map(|(title, path)| UserColumn {
                title: title.to_string(),
                path: path.parse().unwrap(),
            })
            .collect();
        let known = REGISTRY.view(view).unwrap();
        let width = known.width();
        let (view, readings) = extend(known.clone(), &own, asked);
        let row = known.decode(raw).unwrap();
        let row = readings.map_or(row.clone(), |readings| readings.extend(row, raw));
        assert_eq!(plain(&row).meta().name, row.meta().name);
        let clock = Clock::at(jiff::Timestamp::UNIX_EPOCH);
        (width..view.width())
            .map(|at| {
                let column = view.column(at).unwrap();
                (column.title.to_string(), view.cell(&*row, at, &clock).text.into_owned())
            })
            .collect()
    }

    #[test]
    fn labels_annotations_and_paths_stand_behind_the_views_own_columns() {
        let asked = Asked {
            show_labels: true,
            labels: vec!["a/tier".to_string(), "none".to_string()],
            annotations: vec!["team".to_string()],
        };
        let told = cells("secrets", &[("KIND", ".type"), ("NO", ".no")], &asked, SECRET);
        let wanted = [
            ("KIND", "Opaque"),
            ("NO", "<none>"),
            ("TEAM", "a"),
            ("TIER", "db"),
            ("NONE", ""),
            ("LABELS", "a/tier=db,app=shop"),
        ];
        assert_eq!(told, wanted.map(|(title, text)| (title.to_string(), text.to_string())));
    }

    #[test]
    fn what_a_secret_holds_never_comes_through() {
        let asked = Asked {
            annotations: vec!["kubectl.kubernetes.io/last-applied-configuration".to_string()],
            ..Asked::default()
        };
        let paths = [
            ("A", ".data.password"),
            ("B", ".data"),
            ("C", "..*"),
            ("D", ".metadata"),
        ];
        let told = format!("{:?}", cells("secrets", &paths, &asked, SECRET));
        assert!(told.contains("•••• (7 bytes)"), "{told}");
        assert!(!told.contains("aHVudGVyMg") && !told.contains("hunter2"), "{told}");
    }
}
