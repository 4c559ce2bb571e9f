//! What a server's OpenAPI v3 says of a field, as `kubectl explain` tells it.

use serde_json::{Map, Value};

/// How many references to other types are followed before a schema is taken to lead in circles.
const DEEPEST: usize = 64;

/// A field, or a whole kind, explained.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Explanation {
    /// The API group; empty for the core group.
    pub group: String,
    /// The version.
    pub version: String,
    /// The kind.
    pub kind: String,
    /// The fields on the way from the kind, this one last; empty for the kind itself.
    pub path: Vec<String>,
    /// The first field of those asked for that does not exist: the one around it is explained.
    pub missing: Option<String>,
    /// Its type, such as `[]Container`; empty for the kind itself.
    pub r#type: String,
    /// The values that it may have, where they are few.
    pub values: Vec<String>,
    /// What it is.
    pub description: String,
    /// Where more is told: a description and an address.
    pub docs: Option<(String, String)>,
    /// The fields below it.
    pub fields: Vec<FieldText>,
}

/// A field below the one that is explained.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FieldText {
    /// Its name.
    pub name: String,
    /// Its type.
    pub r#type: String,
    /// Whether an object must have it.
    pub required: bool,
    /// The values that it may have, where they are few.
    pub values: Vec<String>,
    /// What it is.
    pub description: String,
    /// Where more is told: a description and an address.
    pub docs: Option<(String, String)>,
}

/// The types of one group and version, by name, as the document's `components.schemas` has them.
#[derive(Clone, Debug, Default)]
pub struct Schemas(pub Map<String, Value>);

impl Schemas {
    /// What the fields at `path` below a kind are; of those that do not exist, what is around them. `None` where the
    /// document does not know the kind.
    pub fn explain(&self, (group, version, kind): (&str, &str, &str), path: &[String]) -> Option<Explanation> {
        let is_kind = |schema: &&Value| {
            let named = list(schema, "x-kubernetes-group-version-kind").iter();
            let mut named = named.map(|one| (text(one, "group"), text(one, "version"), text(one, "kind")));
            named.any(|named| named == (group, version, kind))
        };
        let root = self.0.values().find(is_kind)?;
        let mut known = path.len();
        let (schema, field) = loop {
            let walked = path.get(..known).unwrap_or_default();
            match self.walk(root, walked, None, &mut Vec::new(), 0) {
                Some(found) => break found,
                None => known = known.checked_sub(1)?,
            }
        };
        let mut description = String::new();
        self.describe(schema, &mut description, 0);
        Some(Explanation {
            group: group.to_string(),
            version: version.to_string(),
            kind: kind.to_string(),
            path: path.get(..known).unwrap_or_default().to_vec(),
            missing: path.get(known).cloned(),
            r#type: field.map(|field| self.type_of(field, 0)).unwrap_or_default(),
            values: field.map(values).unwrap_or_default(),
            description: description.trim_end().to_string(),
            docs: docs(schema),
            fields: self.fields(schema, &mut Vec::new(), 0),
        })
    }

    /// The schema that a schema refers to, or itself.
    fn resolved<'a>(&'a self, schema: &'a Value) -> &'a Value {
        let name = reference(schema).and_then(|reference| reference.rsplit('/').next());
        name.and_then(|name| self.0.get(name)).unwrap_or(schema)
    }

    /// Follows fields through references, lists, maps and `allOf`, as `output` in kubectl's template. Answers the schema at
    /// the end, and the last field as its type has it.
    fn walk<'a>(
        &'a self,
        schema: &'a Value,
        path: &[String],
        last: Option<&'a Value>,
        seen: &mut Vec<&'a str>,
        depth: usize,
    ) -> Option<(&'a Value, Option<&'a Value>)> {
        let here = self.resolved(schema);
        let Some((first, rest)) = path.split_first() else {
            return Some((here, last));
        };
        if let Some(reference) = reference(schema) {
            if seen.contains(&reference) {
                return None;
            }
            seen.push(reference);
        }
        if depth > DEEPEST {
            return None;
        }
        if let Some(field) = here.get("properties").and_then(|all| all.get(first)) {
            return self.walk(field, rest, Some(field), &mut Vec::new(), depth + 1);
        }
        if let Some(inner) = inner(here) {
            return self.walk(inner, path, last, seen, depth + 1);
        }
        let mut all = list(here, "allOf").iter();
        all.find_map(|one| self.walk(one, path, last, &mut seen.clone(), depth + 1))
    }

    /// The descriptions of a schema and of all that it is made of, one below the other.
    fn describe(&self, schema: &Value, out: &mut String, depth: usize) {
        let here = self.resolved(schema);
        let own = text(here, "description");
        if !own.is_empty() {
            out.push_str(own);
            out.push('\n');
        }
        if depth > DEEPEST {
            return;
        }
        let parts = list(here, "allOf").iter().chain(here.get("items")).chain(map_of(here));
        parts.for_each(|part| self.describe(part, out, depth + 1));
    }

    /// The fields of a schema, through references, `allOf`, lists and maps.
    fn fields<'a>(&'a self, schema: &'a Value, seen: &mut Vec<&'a str>, depth: usize) -> Vec<FieldText> {
        if let Some(reference) = reference(schema) {
            if seen.contains(&reference) {
                return Vec::new();
            }
            seen.push(reference);
        }
        if depth > DEEPEST {
            return Vec::new();
        }
        let here = self.resolved(schema);
        let mut fields = self.own_fields(here);
        let parts = list(here, "allOf").iter().chain(here.get("items")).chain(map_of(here));
        for part in parts {
            fields.extend(self.fields(part, &mut seen.clone(), depth + 1));
        }
        fields
    }

    fn own_fields(&self, schema: &Value) -> Vec<FieldText> {
        let required = list(schema, "required");
        let mut own: Vec<(&String, &Value)> = properties(schema).into_iter().flatten().collect();
        own.sort_by_key(|(name, _)| *name);
        let field = |(name, field): (&String, &Value)| FieldText {
            name: name.clone(),
            r#type: self.type_of(field, 0),
            required: required.iter().any(|one| one == name.as_str()),
            values: values(field),
            description: text(field, "description").trim_end().to_string(),
            docs: docs(field),
        };
        own.into_iter().map(field).collect()
    }

    /// `string`, `[]Container`, `map[string]string`, as `typeGuess` in kubectl's template.
    fn type_of(&self, schema: &Value, depth: usize) -> String {
        let all = list(schema, "allOf");
        if depth > DEEPEST {
            return "Object".to_string();
        }
        if let Some(items) = schema.get("items") {
            return format!("[]{}", self.type_of(items, depth + 1));
        }
        if let Some(values) = map_of(schema) {
            return format!("map[string]{}", self.type_of(values, depth + 1));
        }
        if let ([one], None) = (all, properties(schema)) {
            return self.type_of(one, depth + 1);
        }
        let (name, kind) = match reference(schema) {
            Some(name) => (name, text(self.resolved(schema), "type")),
            None => ("", text(schema, "type")),
        };
        match kind {
            "" | "object" if !name.is_empty() => name.rsplit(['/', '.']).next().unwrap_or("Object").to_string(),
            "" | "object" => "Object".to_string(),
            kind => kind.to_string(),
        }
    }
}

fn text<'a>(value: &'a Value, key: &str) -> &'a str {
    value.get(key).and_then(Value::as_str).unwrap_or_default()
}

fn list<'a>(value: &'a Value, key: &str) -> &'a [Value] {
    value
        .get(key)
        .and_then(Value::as_array)
        .map(Vec::as_slice)
        .unwrap_or_default()
}

fn reference(schema: &Value) -> Option<&str> {
    schema
        .get("$ref")
        .and_then(Value::as_str)
        .filter(|name| !name.is_empty())
}

fn properties(schema: &Value) -> Option<&Map<String, Value>> {
    let all = schema.get("properties").and_then(Value::as_object);
    all.filter(|all| !all.is_empty())
}

/// The values of a map; none where any are allowed or none, which `additionalProperties` says with a boolean.
fn map_of(schema: &Value) -> Option<&Value> {
    schema.get("additionalProperties").filter(|values| values.is_object())
}

/// What a list or a map holds.
fn inner(schema: &Value) -> Option<&Value> {
    schema.get("items").or_else(|| map_of(schema))
}

fn values(schema: &Value) -> Vec<String> {
    let value = |value: &Value| match value {
        Value::String(text) if text.is_empty() => "\"\"".to_string(),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    };
    list(schema, "enum").iter().map(value).collect()
}

fn docs(schema: &Value) -> Option<(String, String)> {
    let docs = schema.get("externalDocs").filter(|docs| docs.is_object())?;
    Some((text(docs, "description").to_string(), text(docs, "url").to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn schemas() -> Schemas {
        let all = json!({
            "Pod": {"description": "A pod.", "type": "object", "x-kubernetes-group-version-kind": [{"group": "", "version": "v1", "kind": "Pod"}],
                "properties": {"spec": {"description": "What is wanted.", "allOf": [{"$ref": "#/components/schemas/io.k8s.PodSpec"}]},
                    "labels": {"type": "object", "additionalProperties": {"type": "string"}}}},
            "io.k8s.PodSpec": {"description": "PodSpec is wanted.", "type": "object", "required": ["containers"], "properties": {
                "containers": {"description": "List.", "type": "array", "items": {"allOf": [{"$ref": "#/components/schemas/io.k8s.Container"}]}},
                "dnsPolicy": {"type": "string", "enum": ["", "Default"]}, "memory": {"$ref": "#/components/schemas/io.k8s.Quantity"}}},
            "io.k8s.Container": {"description": "A container.", "type": "object", "properties": {"name": {"type": "string"}, "odd": {"additionalProperties": true}}},
            "io.k8s.Quantity": {"type": "string"},
            "Loop": {"x-kubernetes-group-version-kind": [{"group": "g", "version": "v1", "kind": "Loop"}], "allOf": [{"$ref": "#/components/schemas/Loop"}]},
        });
        Schemas(all.as_object().cloned().unwrap_or_default())
    }

    fn explained(path: &str) -> Explanation {
        let path: Vec<String> = path.split_terminator('.').map(str::to_string).collect();
        schemas().explain(("", "v1", "Pod"), &path).unwrap()
    }

    #[test]
    fn fields_are_found_through_references_lists_and_maps() {
        let spec = explained("spec");
        assert_eq!(
            (&*spec.r#type, &*spec.description),
            ("PodSpec", "What is wanted.\nPodSpec is wanted.")
        );
        let fields: Vec<_> = spec
            .fields
            .iter()
            .map(|field| (&*field.name, &*field.r#type, field.required))
            .collect();
        assert_eq!(
            fields,
            [
                ("containers", "[]Container", true),
                ("dnsPolicy", "string", false),
                ("memory", "string", false)
            ]
        );
        assert_eq!(spec.fields[1].values, ["\"\"", "Default"]);
        let containers = explained("spec.containers");
        assert_eq!(containers.description, "List.\nA container.");
        assert_eq!(containers.fields[1].r#type, "Object");
        assert_eq!(explained("spec.containers.name").r#type, "string");
        assert_eq!(explained("labels").r#type, "map[string]string");
    }

    #[test]
    fn what_does_not_exist_is_named_and_what_is_around_it_explained() {
        let labels = explained("labels.app");
        assert_eq!(
            (labels.path, labels.missing.as_deref()),
            (vec!["labels".to_string()], Some("app"))
        );
        let whole = explained("nope.more");
        assert_eq!(
            (whole.path.len(), whole.missing.as_deref(), &*whole.description),
            (0, Some("nope"), "A pod.")
        );
        assert_eq!(schemas().explain(("", "v1", "Node"), &[]), None);
    }

    #[test]
    fn a_schema_that_leads_in_circles_ends() {
        let path = ["a".to_string()];
        let circle = schemas().explain(("g", "v1", "Loop"), &path).unwrap();
        assert_eq!(circle.missing.as_deref(), Some("a"));
    }
}
