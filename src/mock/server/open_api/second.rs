//! OpenAPI v2: one document for everything, in JSON; in protobuf one that names nothing.

use axum::body::Body;
use axum::response::Response;
use http::{HeaderValue, StatusCode, header};
use serde_json::{Map, Value, json};

use super::operations::{Operation, paths, tag};
use super::third::{reason, type_of, types_of};
use crate::mock::kinds::{Kind, open_api::REFERENCE};
use crate::mock::server::answer::json_response;
use crate::mock::server::{Api, media};

const PROTOBUF: &str = "application/com.github.proto-openapi.spec.v2.v1.0+protobuf";

/// `/openapi/v2`: in JSON unless protobuf is asked for, which names nothing. kubectl looks there for kinds that the third
/// version does not know, and goes on to say that there is no such kind.
#[must_use]
pub fn second(api: &Api, accept: &str) -> Response {
    let first = accept
        .split(',')
        .map(|wanted| wanted.split(';').next().unwrap_or_default().trim());
    for wanted in first {
        match wanted {
            "" | "*/*" | "application/*" | media::JSON => return json_response(200, &document(api)),
            "application/com.github.proto-openapi.spec.v2@v1.0+protobuf" | PROTOBUF => return nameless(),
            _ => {}
        }
    }
    let mut response = Response::new(Body::empty());
    *response.status_mut() = StatusCode::NOT_ACCEPTABLE;
    response
}

/// A protobuf message whose first field, `swagger`, says "2.0".
fn nameless() -> Response {
    let mut response = Response::new(Body::from(&b"\x0a\x032.0"[..]));
    let kind = HeaderValue::from_static(PROTOBUF);
    response.headers_mut().insert(header::CONTENT_TYPE, kind);
    response
}

fn document(api: &Api) -> Value {
    let kinds: Vec<_> = api
        .kinds
        .all()
        .into_iter()
        .filter(|kind| kind.group != "metrics.k8s.io")
        .collect();
    let named =
        |name: &str| json!({"uniqueItems": true, "type": "string", "name": name, "in": "path", "required": true});
    let mut paths = paths(&kinds, written, named);
    paths.sort_keys();
    let definitions: Map<String, Value> = types_of(&kinds)
        .into_iter()
        .map(|(name, it)| (name, older(it)))
        .collect();
    let token = json!({"description": "Bearer Token authentication", "type": "apiKey", "name": "authorization", "in": "header"});
    json!({"swagger": "2.0", "info": {"title": "Kubernetes", "version": "v1.36.2"}, "paths": paths, "definitions": definitions,
        "securityDefinitions": {"BearerToken": token}, "security": [{"BearerToken": []}]})
}

/// A schema as the second version writes it, which knows neither defaults nor alternatives here.
fn older(schema: Value) -> Value {
    let Value::Object(mut map) = schema else { return schema };
    if let Some(text) = map.get("$ref").and_then(Value::as_str) {
        let to = text.replace(REFERENCE, "#/definitions/");
        map.insert("$ref".to_owned(), to.into());
    }
    // Of what may be a number or a text only the text is told.
    if map.shift_remove("oneOf").is_some() && !map.contains_key("type") {
        map.insert("type".to_owned(), "string".into());
    }
    for unknown in ["default", "anyOf", "not", "nullable"] {
        map.shift_remove(unknown);
    }
    if let Some(Value::Array(all)) = map.shift_remove("allOf") {
        for part in all {
            if let Value::Object(part) = older(part) {
                map.extend(part);
            }
        }
    }
    for (name, value) in &mut map {
        match (name.as_str(), &mut *value) {
            ("properties", Value::Object(fields)) => fields.values_mut().for_each(|field| *field = older(field.take())),
            ("items" | "additionalProperties", value) => *value = older(value.take()),
            _ => {}
        }
    }
    Value::Object(map)
}

fn schema_of(whole: &str) -> Value {
    if whole.is_empty() {
        return json!({"type": "string"});
    }
    json!({"$ref": format!("#/definitions/{whole}")})
}

fn written(operation: &Operation, kind: &Kind) -> Value {
    let custom = kind.custom.is_some();
    let forms = media::objects(custom);
    let consumes = match operation.method {
        "patch" => media::patches(custom),
        _ if custom => forms,
        _ => &["*/*"],
    };
    let streams = if !custom && matches!(operation.action, "list" | "watch" | "watchlist") {
        &media::STREAMS[..]
    } else {
        &[]
    };
    let produces = [forms, streams].concat();
    let mut parameters = Vec::new();
    if !operation.takes.is_empty() {
        let mut body = json!({"name": "body", "in": "body", "schema": schema_of(&operation.takes)});
        if operation.method != "delete" {
            body["required"] = true.into();
        }
        parameters.push(body);
    }
    let query = |name: &&str| json!({"uniqueItems": true, "type": type_of(name), "name": name, "in": "query"});
    parameters.extend(operation.query.iter().map(query));
    let answer = |code: &u16| {
        (
            code.to_string(),
            json!({"description": reason(*code), "schema": schema_of(&operation.gives)}),
        )
    };
    let mut answers: Map<String, Value> = operation.codes.iter().map(answer).collect();
    answers.insert("401".to_owned(), json!({"description": reason(401)}));
    let mut written = json!({"description": operation.about, "consumes": consumes, "produces": produces, "schemes": ["https"],
        "tags": [tag(kind)], "operationId": operation.id, "responses": answers, "x-kubernetes-action": operation.action,
        "x-kubernetes-group-version-kind": operation.kind});
    if !parameters.is_empty() {
        written["parameters"] = parameters.into();
    }
    written
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mock::clock::Clock;

    #[test]
    fn the_form_is_what_is_asked_for() {
        let api = Api::new(Clock::real(), 1);
        for (accept, code, kind) in [
            ("application/json, */*", 200, media::JSON),
            ("", 200, media::JSON),
            (
                "application/com.github.proto-openapi.spec.v2@v1.0+protobuf",
                200,
                PROTOBUF,
            ),
            ("text/plain", 406, ""),
        ] {
            let response = second(&api, accept);
            let told = response.headers().get(header::CONTENT_TYPE);
            let told = told.and_then(|told| told.to_str().ok()).unwrap_or_default();
            assert_eq!((response.status().as_u16(), told), (code, kind), "{accept}");
        }
    }

    #[test]
    fn types_are_told_in_the_older_way() {
        let api = Api::new(Clock::real(), 1);
        let document = document(&api);
        let of = |name: &str| &document["definitions"][name];
        assert_eq!(of("io.k8s.apimachinery.pkg.api.resource.Quantity")["type"], "string");
        let int = of("io.k8s.apimachinery.pkg.util.intstr.IntOrString");
        assert_eq!(
            (&int["type"], &int["format"]),
            (&"string".into(), &"int-or-string".into())
        );
        let pod = &of("io.k8s.api.core.v1.Pod")["properties"]["spec"];
        assert_eq!(pod["$ref"], "#/definitions/io.k8s.api.core.v1.PodSpec");
        assert!(pod.get("default").is_none() && pod["description"].is_string());
        let schema = of("io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.JSONSchemaProps");
        let fields = &schema["properties"];
        assert!(fields["default"]["$ref"].is_string());
        for list in ["oneOf", "anyOf", "allOf"] {
            assert_eq!(fields[list]["type"], "array", "{list}");
        }
        assert_eq!(
            (&fields["type"]["type"], &fields["not"]["$ref"].is_string()),
            (&"string".into(), &true)
        );
    }

    #[test]
    fn alternatives_of_an_object_leave_it_one() {
        let schema = json!({"type": "object", "oneOf": [{"required": ["a"]}, {"required": ["b"]}],
            "properties": {"a": {"type": "string", "default": "x"}, "b": {"type": "array", "items": {"type": "string", "nullable": true}}}});
        let told = json!({"type": "object",
            "properties": {"a": {"type": "string"}, "b": {"type": "array", "items": {"type": "string"}}}});
        assert_eq!(older(schema), told);
    }
}
