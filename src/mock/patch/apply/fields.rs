//! Sets of fields: the leaves of an object, and `fieldsV1`, the form in which `managedFields` keeps them.

use std::collections::BTreeSet;

use serde_json::{Map, Value};

use super::typing::{List, Typing};

/// One step of a path into an object.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Step {
    /// A field of a map.
    Field(String),
    /// The element of a list with these keys, as a JSON object.
    Key(String),
    /// The element of a set with this value, as JSON.
    Value(String),
}

/// A set of paths.
pub type Fields = BTreeSet<Vec<Step>>;

/// Metadata that nobody owns.
const SYSTEM: [&str; 10] = [
    "name",
    "namespace",
    "uid",
    "resourceVersion",
    "generation",
    "creationTimestamp",
    "deletionTimestamp",
    "deletionGracePeriodSeconds",
    "managedFields",
    "selfLink",
];

/// The key of an element, as a JSON object.
pub fn element_key(element: &Value, keys: &[&str]) -> String {
    let value = |key: &str| match &element[key] {
        Value::Null if key == "protocol" => "TCP".into(),
        other => other.clone(),
    };
    let mut map: Map<String, Value> = keys.iter().map(|key| ((*key).to_owned(), value(key))).collect();
    map.sort_keys();
    Value::Object(map).to_string()
}

/// The fields that an object sets.
#[must_use]
pub fn leaves(typing: Typing<'_>, object: &Value) -> Fields {
    let mut found = Fields::new();
    for (name, value) in object.as_object().into_iter().flatten() {
        if matches!(name.as_str(), "kind" | "apiVersion" | "status") {
            continue;
        }
        let inside = typing.field(name);
        if name == "metadata" {
            for (field, value) in value
                .as_object()
                .into_iter()
                .flatten()
                .filter(|(field, _)| !SYSTEM.contains(&field.as_str()))
            {
                let path = vec![Step::Field("metadata".to_owned()), Step::Field(field.clone())];
                walk(inside, ("metadata", field), value, path, &mut found);
            }
            continue;
        }
        walk(inside, ("", name), value, vec![Step::Field(name.clone())], &mut found);
    }
    found
}

/// The fields of an object's status.
#[must_use]
pub fn status_leaves(typing: Typing<'_>, object: &Value) -> Fields {
    let mut found = Fields::new();
    let path = vec![Step::Field("status".to_owned())];
    walk(typing.field("status"), ("", "of"), &object["status"], path, &mut found);
    found
}

/// `typing` is the type of the value, `parent` and `name` are those of its field.
fn walk(typing: Typing<'_>, (parent, name): (&str, &str), value: &Value, path: Vec<Step>, found: &mut Fields) {
    match value {
        Value::Object(map) if !map.is_empty() && !typing.is_atomic(name) => {
            for (field, value) in map {
                let path = step(&path, Step::Field(field.clone()));
                walk(typing.field(field), (name, field), value, path, found);
            }
        }
        Value::Array(list) => match typing.list(parent, name) {
            List::Whole => drop(found.insert(path)),
            List::Set => found.extend(list.iter().map(|value| step(&path, Step::Value(value.to_string())))),
            List::Keyed(keys) => {
                for element in list {
                    let path = step(&path, Step::Key(element_key(element, &keys)));
                    for (field, value) in element.as_object().into_iter().flatten() {
                        let inside = typing.element().field(field);
                        let path = step(&path, Step::Field(field.clone()));
                        walk(inside, (name, field), value, path, found);
                    }
                    found.insert(path);
                }
            }
        },
        _ => drop(found.insert(path)),
    }
}

fn step(path: &[Step], next: Step) -> Vec<Step> {
    path.iter().cloned().chain([next]).collect()
}

/// A path as messages write it: `.spec.containers[name="c"].image`.
#[must_use]
pub fn shown(path: &[Step]) -> String {
    let text = |step: &Step| match step {
        Step::Field(name) => format!(".{name}"),
        Step::Value(value) => format!("[={value}]"),
        Step::Key(key) => {
            let key: Map<String, Value> = serde_json::from_str(key).unwrap_or_default();
            let parts: Vec<String> = key.iter().map(|(name, value)| format!("{name}={value}")).collect();
            format!("[{}]", parts.join(","))
        }
    };
    path.iter().map(text).collect()
}

/// The set as `fieldsV1`.
#[must_use]
pub fn write(fields: &Fields) -> Value {
    let mut root = Value::Object(Map::new());
    let mut paths = fields.iter().peekable();
    while let Some(path) = paths.next() {
        // Paths are in order: what lies inside a path follows it at once.
        let around = paths.peek().is_some_and(|next| next.starts_with(path));
        insert(&mut root, path, around);
    }
    root
}

/// `around`: something inside the path is owned besides the path itself.
fn insert(at: &mut Value, path: &[Step], around: bool) {
    let Value::Object(map) = at else { return };
    let Some((step, rest)) = path.split_first() else { return };
    let name = match step {
        Step::Field(name) => format!("f:{name}"),
        Step::Key(key) => format!("k:{key}"),
        Step::Value(value) => format!("v:{value}"),
    };
    let next = map.entry(name).or_insert_with(|| Value::Object(Map::new()));
    let marked = rest.is_empty() && (around || matches!(step, Step::Key(_)));
    if let (true, Value::Object(inside)) = (marked, &mut *next) {
        inside.insert(".".to_owned(), Value::Object(Map::new()));
    }
    insert(next, rest, around);
}

/// The set that `fieldsV1` says.
#[must_use]
pub fn read(value: &Value) -> Fields {
    let mut found = Fields::new();
    descend(value, Vec::new(), &mut found);
    found
}

fn descend(value: &Value, path: Vec<Step>, found: &mut Fields) {
    let Some(map) = value.as_object() else { return };
    if !path.is_empty() && (map.is_empty() || map.contains_key(".")) {
        found.insert(path.clone());
    }
    for (name, value) in map {
        let next = match name.split_once(':') {
            Some(("f", name)) => Step::Field(name.to_owned()),
            Some(("k", key)) => Step::Key(key.to_owned()),
            Some(("v", value)) => Step::Value(value.to_owned()),
            _ => continue,
        };
        descend(value, step(&path, next), found);
    }
}
