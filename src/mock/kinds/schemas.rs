//! The API's types as OpenAPI schemas: what `types.txt` says of their fields, with the words of `descriptions.txt`.

use std::collections::HashMap;
use std::sync::OnceLock;

use serde_json::{Map, Value, json};

use super::open_api::{self, REFERENCE};
use super::table::BUILT_IN;
use super::types::{root_of, types};
use super::{Kind, package};

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

/// The type of `types.txt` that a kind is served as.
fn type_of(kind: &Kind) -> String {
    let group = package(&kind.group);
    let exact = format!("{group}.{}.{}", kind.version, kind.kind);
    if types().contains_key(exact.as_str()) {
        return exact;
    }
    root_of(kind).to_owned()
}

/// The whole name of a kind's type, as documents name it: `io.k8s.api.core.v1.Pod`, `com.example.v1.Widget`.
#[must_use]
pub fn name_of(kind: &Kind) -> String {
    if kind.custom.is_some() {
        let mut parts: Vec<&str> = kind.group.split('.').collect();
        parts.reverse();
        return format!("{}.{}.{}", parts.join("."), kind.version, kind.kind);
    }
    let whole = open_api::whole_name(&type_of(kind));
    if whole.contains('.') {
        return whole;
    }
    let group = package(&kind.group);
    format!("io.k8s.api.{group}.{}.{}", kind.version, kind.kind)
}

/// Adds the schemas of the types of these whole names that are not there yet, and of every type that they need.
pub fn schemas(mut waiting: Vec<String>, found: &mut Map<String, Value>) {
    let mut short: HashMap<String, &str> = HashMap::new();
    let named = types().keys().copied().chain(LEAVES);
    short.extend(named.map(|name| (open_api::whole_name(name), name)));
    while let Some(whole) = waiting.pop() {
        if found.contains_key(&whole) {
            continue;
        }
        let schema = short.get(&whole).and_then(|name| leaf(name).or_else(|| typed(name)));
        let Some(schema) = schema.or_else(|| list(&whole)).or_else(|| other(&whole)) else {
            continue;
        };
        references(&schema, &mut waiting);
        found.insert(whole, schema);
    }
}

/// The whole names of the types that a schema refers to.
pub fn references(schema: &Value, found: &mut Vec<String>) {
    match schema {
        Value::Object(map) => {
            let to = map.get("$ref").and_then(Value::as_str);
            found.extend(to.and_then(|to| to.strip_prefix(REFERENCE)).map(str::to_owned));
            map.values().for_each(|value| references(value, found));
        }
        Value::Array(list) => list.iter().for_each(|value| references(value, found)),
        _ => {}
    }
}

fn typed(name: &str) -> Option<Value> {
    let (name, fields) = types().get_key_value(name)?;
    let kind = name.rsplit('.').next().unwrap_or(name);
    let root = fields.contains_key("metadata") && BUILT_IN.iter().any(|row| row.kind == kind);
    let own = fields.iter().map(|(field, kind)| (*field, *kind));
    let own = own.chain([("apiVersion", "s"), ("kind", "s")].into_iter().filter(|_| root));
    Some(object(name, own.collect()))
}

/// What is said of every object's version and kind.
#[must_use]
pub fn type_fields() -> [(&'static str, Value); 2] {
    ["apiVersion", "kind"].map(|field| {
        let mut schema = json!({"type": "string"});
        let about = told().get("Pod").and_then(|told| told.fields.get(field));
        describe(&mut schema, about.map_or("", |field| field.about));
        (field, schema)
    })
}

/// The schema of a list of a kind.
fn list(whole: &str) -> Option<Value> {
    let [about, items, metadata] = open_api::list(whole)?;
    let item = whole.strip_suffix("List")?;
    let meta = format!("{REFERENCE}io.k8s.apimachinery.pkg.apis.meta.v1.ListMeta");
    let [version, kind] = type_fields();
    let mut schema = json!({"type": "object", "required": ["items"], "properties": {
        "apiVersion": version.1,
        "items": {"type": "array", "items": {"$ref": format!("{REFERENCE}{item}")}},
        "kind": kind.1,
        "metadata": {"allOf": [{"$ref": meta}], "default": {}},
    }});
    describe(&mut schema, about);
    describe(&mut schema["properties"]["items"], items);
    describe(&mut schema["properties"]["metadata"], metadata);
    Some(schema)
}

fn other(whole: &str) -> Option<Value> {
    let mut schema = open_api::other(whole)?;
    if let Some(properties) = schema.get_mut("properties").and_then(Value::as_object_mut) {
        for (field, told) in type_fields() {
            if let Some(property) = properties.get_mut(field).filter(|it| it.get("description").is_none()) {
                *property = told;
            }
        }
    }
    Some(schema)
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
        open_api::mark(name, field, &mut property);
        open_api::refer(&mut property);
        properties.insert((*field).to_owned(), property);
    }
    let mut object = json!({"type": "object", "properties": properties});
    describe(&mut object, told.map_or("", |told| told.about));
    if !required.is_empty() {
        object["required"] = required.into();
    }
    open_api::mark(name, "", &mut object);
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

/// The types without fields that have a name.
const LEAVES: [&str; 5] = ["FieldsV1", "IntOrString", "MicroTime", "Quantity", "Time"];

/// The schema of a type without fields that has a name; none for types with fields.
fn leaf(name: &str) -> Option<Value> {
    let mut schema = match name {
        "Time" | "MicroTime" => json!({"type": "string", "format": "date-time"}),
        "Quantity" => json!({"oneOf": [{"type": "string"}, {"type": "number"}]}),
        "IntOrString" => json!({"format": "int-or-string", "oneOf": [{"type": "integer"}, {"type": "string"}]}),
        "FieldsV1" => json!({"type": "object"}),
        _ => return None,
    };
    describe(&mut schema, told().get(name).map_or("", |told| told.about));
    Some(schema)
}

fn schema(kind: &str) -> Value {
    if let Some(element) = kind.strip_prefix('[') {
        return json!({"type": "array", "items": schema(element)});
    }
    if let Some(element) = kind.strip_prefix('{') {
        return json!({"type": "object", "additionalProperties": schema(element)});
    }
    let to = |name: &str| json!({"$ref": format!("{REFERENCE}{}", open_api::whole_name(name))});
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
        assert_eq!(name_of(&pods), "io.k8s.api.core.v1.Pod");
        schemas(vec![name_of(&pods)], &mut found);
        let of = |name: &str| &found[&open_api::whole_name(name)];
        let container = of("Container");
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
            of("ResourceRequirements")["properties"]["limits"]["additionalProperties"]["$ref"],
            "#/components/schemas/io.k8s.apimachinery.pkg.api.resource.Quantity"
        );
        assert!(of("Quantity")["oneOf"].is_array() && of("Time")["format"] == "date-time");
        assert_eq!(of("ContainerPort")["properties"]["protocol"]["default"], "TCP");
        let version = of("Pod")["properties"]["apiVersion"]["description"].as_str().unwrap();
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
