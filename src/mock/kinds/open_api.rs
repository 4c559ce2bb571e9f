//! What OpenAPI documents say beyond types and descriptions: the whole names of types, how lists and maps are merged, what
//! is taken for what is not given, and the types that only operations need. `scripts/open_api.py` writes the file.

use std::collections::HashMap;
use std::sync::OnceLock;

use serde_json::{Value, json};

/// Where a document keeps its schemas.
pub const REFERENCE: &str = "#/components/schemas/";

/// What the file tells.
#[derive(Debug, Default)]
struct Told {
    /// Each type of `types.txt`: its package and what its fields are marked with; its own marks have no name.
    types: HashMap<&'static str, (&'static str, HashMap<&'static str, &'static str>)>,
    /// The descriptions of a list, its items and its metadata, by the list's whole name.
    lists: HashMap<&'static str, [&'static str; 3]>,
    /// Schemas by whole name.
    others: HashMap<&'static str, &'static str>,
}

fn told() -> &'static Told {
    static TOLD: OnceLock<Told> = OnceLock::new();
    TOLD.get_or_init(|| read(include_str!("open_api.txt")))
}

fn read(text: &'static str) -> Told {
    let mut told = Told::default();
    for line in text.lines() {
        let mut parts = line.split('\t');
        let mut next = || parts.next().unwrap_or_default();
        match (next(), next()) {
            ("T", name) => {
                let package = next();
                let fields = parts.filter_map(|field| field.split_once(' ')).collect();
                told.types.insert(name, (package, fields));
            }
            ("L", name) => drop(told.lists.insert(name, [next(), next(), next()])),
            (_, name) => drop(told.others.insert(name, next())),
        }
    }
    told
}

/// The whole name of a type of `types.txt`: `io.k8s.api.core.v1.Pod`.
#[must_use]
pub fn whole_name(name: &str) -> String {
    let last = name.rsplit('.').next().unwrap_or(name);
    match told().types.get(name) {
        Some((package, _)) => format!("{package}.{last}"),
        None => name.to_owned(),
    }
}

/// The descriptions of a list, its items and its metadata; none for what is no list of a built-in kind.
#[must_use]
pub fn list(whole: &str) -> Option<[&'static str; 3]> {
    told().lists.get(whole).copied()
}

/// The schema of a type that only operations need.
#[must_use]
pub fn other(whole: &str) -> Option<Value> {
    serde_json::from_str(told().others.get(whole)?).ok()
}

/// Marks a field's schema, or with an empty name that of its type, with what the document says of it besides.
pub fn mark(of: &str, field: &str, schema: &mut Value) {
    let marks = told().types.get(of).and_then(|(_, fields)| fields.get(field));
    for mark in marks.copied().unwrap_or_default().split(' ') {
        let Some((name, value)) = mark.split_once('=') else {
            continue;
        };
        let parsed = || serde_json::from_str::<Value>(value).unwrap_or_default();
        match name {
            "list" => schema["x-kubernetes-list-type"] = value.into(),
            "keys" => schema["x-kubernetes-list-map-keys"] = value.split(',').collect(),
            "patch" => schema["x-kubernetes-patch-strategy"] = value.into(),
            "key" => schema["x-kubernetes-patch-merge-key"] = value.into(),
            "map" => schema["x-kubernetes-map-type"] = value.into(),
            "default" => schema["default"] = parsed(),
            "required" => schema["required"] = value.split(',').collect(),
            "unions" => schema["x-kubernetes-unions"] = parsed(),
            "is" => put_shape(schema, parsed()),
            _ => {}
        }
    }
}

/// A schema of another shape, under the description that was there.
fn put_shape(schema: &mut Value, shape: Value) {
    let about = schema["description"].take();
    *schema = shape;
    if !about.is_null() {
        schema["description"] = about;
    }
    refer(schema);
}

/// Beside a reference nothing else may stand: then it is the only one of several that must all hold.
pub fn refer(schema: &mut Value) {
    let Some(map) = schema.as_object_mut().filter(|map| map.len() > 1) else {
        return;
    };
    if let Some(reference) = map.shift_remove("$ref") {
        map.insert("allOf".to_owned(), json!([{"$ref": reference}]));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn types_have_their_whole_names() {
        for (name, whole) in [
            ("Pod", "io.k8s.api.core.v1.Pod"),
            ("events.v1.Event", "io.k8s.api.events.v1.Event"),
            ("ObjectMeta", "io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta"),
            ("Nobody", "Nobody"),
        ] {
            assert_eq!(whole_name(name), whole);
        }
    }

    #[test]
    fn fields_are_marked_as_the_server_marks_them() {
        let cases = [
            (
                "Container",
                "ports",
                json!({"type": "array", "x-kubernetes-list-type": "map", "x-kubernetes-list-map-keys": ["containerPort", "protocol"],
                    "x-kubernetes-patch-strategy": "merge", "x-kubernetes-patch-merge-key": "containerPort"}),
            ),
            ("Container", "name", json!({"type": "array", "default": ""})),
            (
                "LabelSelector",
                "",
                json!({"type": "array", "x-kubernetes-map-type": "atomic"}),
            ),
            ("Container", "image", json!({"type": "array"})),
        ];
        for (of, field, expected) in cases {
            let mut schema = json!({"type": "array"});
            mark(of, field, &mut schema);
            assert_eq!(schema, expected, "{of}.{field}");
        }
    }

    #[test]
    fn every_type_of_the_file_can_be_read() {
        for name in told().others.keys() {
            assert!(other(name).is_some(), "{name}");
        }
        assert!(list("io.k8s.api.core.v1.PodList").is_some());
    }
}
