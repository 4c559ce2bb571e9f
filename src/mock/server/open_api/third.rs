//! OpenAPI v3: the index, and for each group and version a document.

use std::sync::Arc;

use serde_json::{Map, Value, json};

use super::operations::{META, Operation, operations, paths, spoken, tag};
use crate::mock::kinds::{Kind, name_of, open_api::REFERENCE, references, schemas};
use crate::mock::server::{Api, media};

fn path_of(kind: &Kind) -> String {
    if kind.group.is_empty() {
        format!("api/{}", kind.version)
    } else {
        format!("apis/{}/{}", kind.group, kind.version)
    }
}

/// `/openapi/v3`: one path for each group and version.
#[must_use]
pub fn index(api: &Api) -> Value {
    let mut paths = Map::new();
    for kind in api.kinds.all() {
        let path = path_of(&kind);
        let address = format!("/openapi/v3/{path}?hash={}", kind.storage_hash);
        paths.insert(path, json!({"serverRelativeURL": address}));
    }
    json!({"paths": paths})
}

/// `/openapi/v3/...`: what one group and version offers; none for one that is not served.
#[must_use]
pub fn document(api: &Api, path: &str) -> Option<Value> {
    let kinds = api.kinds.all().into_iter().filter(|kind| path_of(kind) == path);
    let kinds: Vec<Arc<Kind>> = kinds.collect();
    let custom = kinds.first()?.custom.is_some();
    let named = |name: &str| json!({"name": name, "in": "path", "required": true, "schema": {"type": "string", "uniqueItems": true}});
    let paths = paths(&kinds, written, named);
    let info = if custom {
        json!({"title": "Kubernetes CRD Swagger", "version": "v0.1.0"})
    } else {
        json!({"title": "Kubernetes", "version": "v1.36.2"})
    };
    let schemas = types_of(&kinds);
    let mut document = json!({"openapi": "3.0.0", "info": info, "paths": paths, "components": {"schemas": schemas}});
    if !custom {
        let header = json!({"type": "apiKey", "description": "Bearer Token authentication", "name": "authorization", "in": "header"});
        document["components"]["securitySchemes"] = json!({"BearerToken": header});
    }
    Some(document)
}

/// The types that operations on some kinds need, by their whole names.
pub fn types_of(kinds: &[Arc<Kind>]) -> Map<String, Value> {
    let (mut found, mut waiting) = (Map::new(), Vec::new());
    for kind in kinds {
        let name = name_of(kind);
        if let Some(custom) = &kind.custom {
            found.insert(name.clone(), own_fields(&custom.schema));
            found.insert(format!("{name}List"), list(kind, &name));
        }
        for operation in operations(kind) {
            waiting.extend([operation.takes, operation.gives]);
        }
    }
    found.values().for_each(|schema| references(schema, &mut waiting));
    schemas(waiting, &mut found);
    for kind in kinds {
        let name = name_of(kind);
        for (name, shown) in [(format!("{name}List"), kind.list_kind()), (name, kind.kind.clone())] {
            if let Some(schema) = found.get_mut(&name) {
                schema["x-kubernetes-group-version-kind"] = json!([spoken(&kind.group, &kind.version, &shown)]);
            }
        }
    }
    found.sort_keys();
    found
}

/// The schema of a custom kind with what every object has besides.
fn own_fields(schema: &Value) -> Value {
    let text = "Standard object's metadata. More info: https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#metadata";
    let mut schema = schema.clone();
    let metadata = json!({"description": text, "allOf": [{"$ref": format!("{REFERENCE}{META}.ObjectMeta")}]});
    if !schema["properties"].is_object() {
        schema["properties"] = json!({});
    }
    for (name, told) in crate::mock::kinds::type_fields() {
        schema["properties"][name] = told;
    }
    schema["properties"]["metadata"] = metadata;
    schema
}

fn list(kind: &Kind, name: &str) -> Value {
    let conventions = "https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md";
    let items = format!("List of {}. More info: {conventions}", kind.plural);
    let metadata = format!("Standard list metadata. More info: {conventions}#types-kinds");
    let mut schema = json!({"description": format!("{0}List is a list of {0}", kind.kind), "type": "object", "required": ["items"],
    "properties": {
        "items": {"description": items, "type": "array", "items": {"$ref": format!("{REFERENCE}{name}")}},
        "metadata": {"description": metadata, "allOf": [{"$ref": format!("{REFERENCE}{META}.ListMeta")}]},
    }});
    for (name, told) in crate::mock::kinds::type_fields() {
        schema["properties"][name] = told;
    }
    schema
}

/// The type of what a query says.
pub fn type_of(parameter: &str) -> &'static str {
    match parameter {
        "limit" | "timeoutSeconds" | "gracePeriodSeconds" => "integer",
        "allowWatchBookmarks" | "sendInitialEvents" | "watch" | "force" | "orphanDependents" => "boolean",
        name if name.starts_with("ignoreStore") => "boolean",
        _ => "string",
    }
}

/// What an HTTP code is called.
pub fn reason(code: u16) -> &'static str {
    match code {
        200 => "OK",
        201 => "Created",
        202 => "Accepted",
        _ => "Unauthorized",
    }
}

fn content(forms: &[&str], whole: &str) -> Value {
    let schema = if whole.is_empty() {
        json!({"type": "string"})
    } else {
        json!({"$ref": format!("{REFERENCE}{whole}")})
    };
    let form = |form: &&str| ((*form).to_owned(), json!({"schema": schema}));
    let mut content: Map<String, Value> = forms.iter().map(form).collect();
    content.sort_keys();
    content.into()
}

fn written(operation: &Operation, kind: &Kind) -> Value {
    let custom = kind.custom.is_some();
    let forms = media::objects(custom);
    let parameter =
        |name: &&str| json!({"name": name, "in": "query", "schema": {"type": type_of(name), "uniqueItems": true}});
    let mut written = json!({"tags": [tag(kind)], "description": operation.about, "operationId": operation.id});
    if !operation.query.is_empty() {
        written["parameters"] = operation.query.iter().map(parameter).collect();
    }
    if !operation.takes.is_empty() {
        let taken = if operation.method == "patch" {
            media::patches(custom)
        } else {
            forms
        };
        let body = content(taken, &operation.takes);
        written["requestBody"] = json!({"content": body});
        if operation.method != "delete" {
            written["requestBody"]["required"] = true.into();
        }
    }
    let answer = |code: &u16| {
        let answer = json!({"description": reason(*code), "content": content(forms, &operation.gives)});
        (code.to_string(), answer)
    };
    let mut answers: Map<String, Value> = operation.codes.iter().map(answer).collect();
    answers.insert("401".to_owned(), json!({"description": reason(401)}));
    written["responses"] = answers.into();
    written["x-kubernetes-action"] = operation.action.into();
    written["x-kubernetes-group-version-kind"] = operation.kind.clone();
    written
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mock::clock::Clock;

    #[test]
    fn a_document_has_all_that_it_refers_to() {
        let api = Api::new(Clock::real(), 1);
        for path in [
            "api/v1",
            "apis/apps/v1",
            "apis/events.k8s.io/v1",
            "apis/authorization.k8s.io/v1",
            "apis/apiextensions.k8s.io/v1",
        ] {
            let document = document(&api, path).unwrap();
            let mut names = Vec::new();
            references(&document, &mut names);
            assert!(!names.is_empty());
            for name in names {
                assert!(document["components"]["schemas"][&name].is_object(), "{path}: {name}");
            }
        }
        assert!(document(&api, "apis/apps/v7").is_none());
    }

    #[test]
    fn operations_say_what_they_take_and_give() {
        let api = Api::new(Clock::real(), 1);
        let document = document(&api, "api/v1").unwrap();
        let patch = &document["paths"]["/api/v1/namespaces/{namespace}/pods/{name}"]["patch"];
        assert_eq!(patch["x-kubernetes-action"], "patch");
        assert_eq!(patch["responses"]["201"]["description"], "Created");
        let names: Vec<_> = patch["parameters"]
            .as_array()
            .unwrap()
            .iter()
            .map(|it| it["name"].as_str().unwrap())
            .collect();
        assert_eq!(names, ["dryRun", "fieldManager", "fieldValidation", "force"]);
        let schema = &document["components"]["schemas"]["io.k8s.api.core.v1.PodList"];
        assert_eq!(
            schema["x-kubernetes-group-version-kind"],
            json!([{"group": "", "version": "v1", "kind": "PodList"}])
        );
        assert_eq!(schema["description"], "PodList is a list of Pods.");
    }
}
