//! The API's types as OpenAPI schemas: what `types.txt` says of their fields, with the words of `descriptions.txt`.

use std::collections::HashMap;
use std::sync::OnceLock;

use serde_json::{Map, Value, json};

use super::Kind;
use super::table::BUILT_IN;
use super::types::{root_of, types};

/// What is said of a type and of its fields. `scripts/descriptions.py` writes the file and says how it is to be read.
#[derive(Debug, Default)]
struct Told {
    about: &'static str,
    fields: HashMap<&'static str, Field>,
}

/// What is said of a field.
#[derive(Clone, Copy, Debug)]
struct Field {
    required: bool,
    about: &'static str,
    /// The only values that are allowed, of the field or in its list or map, with commas between; empty if any is.
    values: &'static str,
}

fn told() -> &'static HashMap<&'static str, Told> {
    static TOLD: OnceLock<HashMap<&'static str, Told>> = OnceLock::new();
    TOLD.get_or_init(|| read(include_str!("descriptions.txt")))
}

fn read(text: &'static str) -> HashMap<&'static str, Told> {
    let (mut all, mut of) = (HashMap::<_, Told>::new(), "");
    for line in text.lines() {
        let mut parts = line.split('\t');
        let (name, second) = (parts.next().unwrap_or_default(), parts.next().unwrap_or_default());
        if name.is_empty() {
            let field = Field {
                required: second.ends_with('!'),
                about: parts.next().unwrap_or_default(),
                values: parts.next().unwrap_or_default(),
            };
            let fields = &mut all.entry(of).or_default().fields;
            fields.insert(second.trim_end_matches('!'), field);
        } else {
            of = name;
            all.entry(of).or_default().about = second;
        }
    }
    all
}

/// The text of an escaped description.
fn plain(escaped: &str) -> String {
    let mut text = String::with_capacity(escaped.len());
    let mut letters = escaped.chars();
    while let Some(letter) = letters.next() {
        text.push(match letter {
            '\\' => match letters.next() {
                Some('n') => '\n',
                Some('t') => '\t',
                other => other.unwrap_or('\\'),
            },
            letter => letter,
        });
    }
    text
}

fn describe(schema: &mut Value, about: &str) {
    if !about.is_empty() {
        schema["description"] = plain(about).into();
    }
}

/// Adds the OpenAPI schemas of a kind and of every type that it needs; the kind's own is named by the kind.
pub fn schemas(kind: &Kind, found: &mut Map<String, Value>) {
    let mut waiting = vec![root_of(kind)];
    while let Some(name) = waiting.pop() {
        let root = name == root_of(kind);
        let shown = if root { kind.kind.as_str() } else { name };
        if found.contains_key(shown) {
            continue;
        }
        if let Some(plain) = leaf(name) {
            found.insert(shown.to_owned(), plain);
            continue;
        }
        let Some(fields) = types().get(name) else { continue };
        waiting.extend(fields.values().filter_map(|kind| reference(kind)));
        let typed = fields.contains_key("metadata") && (root || BUILT_IN.iter().any(|row| row.kind == name));
        let own = fields.iter().map(|(field, kind)| (*field, *kind));
        let own = own.chain([("apiVersion", "s"), ("kind", "s")].into_iter().filter(|_| typed));
        found.insert(shown.to_owned(), object(name, own.collect()));
    }
}

/// The schema of a type with fields.
fn object(name: &str, mut fields: Vec<(&str, &str)>) -> Value {
    fields.sort_unstable();
    let told = told().get(name);
    let of = |field: &str| told.and_then(|told| told.fields.get(field)).copied();
    let required: Vec<&str> = fields
        .iter()
        .map(|(field, _)| *field)
        .filter(|field| of(field).is_some_and(|it| it.required))
        .collect();
    let mut properties = Map::new();
    for (field, kind) in &fields {
        let mut property = schema(kind);
        if let Some(told) = of(field) {
            describe(&mut property, told.about);
            if !told.values.is_empty() {
                limit(&mut property, told.values.split(',').collect());
            }
        }
        properties.insert((*field).to_owned(), property);
    }
    let mut object = json!({"type": "object", "properties": properties});
    describe(&mut object, told.map_or("", |told| told.about));
    if !required.is_empty() {
        object["required"] = required.into();
    }
    object
}

/// Allows only these values: of the field, or of what its list or map holds.
fn limit(property: &mut Value, values: Value) {
    let inner = ["items", "additionalProperties"]
        .into_iter()
        .find(|part| property.get(part).is_some());
    match inner {
        Some(part) => property[part]["enum"] = values,
        None => property["enum"] = values,
    }
}

/// The schema of a type without fields that has a name; none for types with fields.
fn leaf(name: &str) -> Option<Value> {
    let mut schema = match name {
        "Time" | "MicroTime" => json!({"type": "string", "format": "date-time"}),
        "Quantity" => json!({"oneOf": [{"type": "string"}, {"type": "number"}]}),
        "IntOrString" => json!({"format": "int-or-string", "oneOf": [{"type": "integer"}, {"type": "string"}]}),
        _ => return None,
    };
    describe(&mut schema, told().get(name).map_or("", |told| told.about));
    Some(schema)
}

/// The named type that a field's type is or is made of.
fn reference(kind: &'static str) -> Option<&'static str> {
    match kind.trim_start_matches(['[', '{']) {
        "q" => Some("Quantity"),
        "t" => Some("Time"),
        "u" => Some("MicroTime"),
        "x" => Some("IntOrString"),
        other => other.strip_prefix('@'),
    }
}

fn schema(kind: &str) -> Value {
    if let Some(element) = kind.strip_prefix('[') {
        return json!({"type": "array", "items": schema(element)});
    }
    if let Some(element) = kind.strip_prefix('{') {
        return json!({"type": "object", "additionalProperties": schema(element)});
    }
    let to = |name: &str| json!({"allOf": [{"$ref": format!("#/components/schemas/{name}")}]});
    match kind {
        "s" => json!({"type": "string"}),
        "b" => json!({"type": "boolean"}),
        "i" => json!({"type": "integer", "format": "int32"}),
        "l" => json!({"type": "integer", "format": "int64"}),
        "f" => json!({"type": "number", "format": "double"}),
        "y" => json!({"type": "string", "format": "byte"}),
        "q" => to("Quantity"),
        "t" => to("Time"),
        "u" => to("MicroTime"),
        "x" => to("IntOrString"),
        other => other.strip_prefix('@').map_or_else(|| json!({"type": "object"}), to),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mock::kinds::Registry;

    #[test]
    fn types_say_what_their_fields_are_for() {
        let pods = Registry::default().find("", "v1", "pods").unwrap();
        let mut found = Map::new();
        schemas(&pods, &mut found);
        let container = &found["Container"];
        assert_eq!(
            container["description"],
            "A single application container that you want to run within a pod."
        );
        assert_eq!(container["required"], json!(["name"]));
        let policy = &container["properties"]["imagePullPolicy"];
        assert_eq!(policy["enum"], json!(["Always", "IfNotPresent", "Never"]));
        let about = policy["description"].as_str().unwrap();
        assert!(
            about.contains("\n\nPossible enum values:\n - `\"Always\"` means that"),
            "{about}"
        );
        assert_eq!(
            found["ResourceRequirements"]["properties"]["limits"]["additionalProperties"]["allOf"][0]["$ref"],
            "#/components/schemas/Quantity"
        );
        assert!(found["Quantity"]["oneOf"].is_array() && found["Time"]["format"] == "date-time");
        let version = found["Pod"]["properties"]["apiVersion"]["description"]
            .as_str()
            .unwrap();
        assert!(
            version.starts_with("APIVersion defines the versioned schema"),
            "{version}"
        );
    }

    #[test]
    fn nearly_every_type_is_described() {
        let silent: Vec<_> = types()
            .keys()
            .filter(|name| told().get(*name).is_none_or(|told| told.fields.is_empty()))
            .collect();
        assert!(silent.len() <= 1, "{silent:?}");
    }
}
