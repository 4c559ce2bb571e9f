//! Patches of the apply kind: server-side apply.

use std::cell::Cell;

use axum::response::Response;
use serde_json::{Value, json};

use super::body;
use super::call::Call;
use super::create::{create_object, prepare};
use super::error::{ApiError, FieldError};
use super::go::{json as go_json, yaml};
use super::update::{check_name, current, put, replace};
use super::warnings::warned;
use crate::mock::admission;
use crate::mock::clock::rfc3339;
use crate::mock::kinds::{convert, typed};
use crate::mock::patch::apply::{Conflict, apply_over, message};

/// Applies the body: creates the object, or merges into it what the manager claims.
///
/// # Errors
/// 422 without a manager, 409 for fields of other managers, and whatever admission and validation refuse.
pub fn answer(call: &Call, part: Option<&str>) -> Result<Response, ApiError> {
    let manager = call.query.get("fieldManager");
    if manager.is_empty() {
        let fault = FieldError::required("fieldManager", "is required for apply patch");
        return Err(ApiError::invalid("meta.k8s.io", "PatchOptions", "", &[fault]));
    }
    let (config, told) = read(call)?;
    check_declared(call, &config)?;
    let mut config = convert::stored(&call.kind, config);
    let warnings = body::fitted(call, &mut config, told)?;
    if !config["metadata"]["name"].is_null() {
        check_name(call, &config)?;
    }
    body::place(call, &mut config)?;
    let now = rfc3339(call.api.clock.now());
    let fits = Cell::new(false);
    let over = |before: &Value| {
        let after = apply_over(call.claim(&now, manager), before, &config).map_err(|conflicts| refused(&conflicts))?;
        fits.set(true);
        Ok(after)
    };
    // What is applied is compared in the form in which it is stored.
    let replaced = || replace(call, part, |old| over(&convert::stored(&call.kind, current(call, old))));
    let created = || {
        let mut fresh = over(&json!({}))?;
        fresh["metadata"]["name"] = call.name.clone().into();
        if call.kind.namespaced {
            fresh["metadata"]["namespace"] = call.namespace().into();
        }
        prepare(&call.api, &call.kind, &mut fresh)?;
        create_object(call, fresh)
    };
    let response = match part {
        Some(_) => replaced(),
        None => put(call, replaced, created),
    };
    // A conflict is found before there is anything to warn of.
    warned(response, if fits.get() { &warnings } else { &[] })
}

/// The configuration, and what the decoder says of it.
fn read(call: &Call) -> Result<(Value, Vec<String>), ApiError> {
    let bad = |why: &str| ApiError::bad_request(format!("error decoding YAML: {why}"));
    let text = String::from_utf8_lossy(&call.body);
    let read = yaml::read(&text).map_err(|why| bad(&format!("error converting YAML to JSON: {why}")))?;
    let config = match read.value {
        Value::Null => json!({}),
        Value::Object(_) => read.value,
        other => {
            let given = go_json::type_of(&other);
            return Err(bad(&format!(
                "error unmarshaling JSON: while decoding JSON: json: cannot unmarshal {given} into Go value of type map[string]interface {{}}"
            )));
        }
    };
    check_type(call, &config)?;
    check_fields(call, &config)?;
    Ok((config, read.duplicates))
}

fn check_fields(call: &Call, config: &Value) -> Result<(), ApiError> {
    if !config["metadata"].is_object() && !config["metadata"].is_null() {
        return Ok(());
    }
    if let Some(name) = config["metadata"]["name"].as_str().filter(|name| *name != call.name) {
        return Err(ApiError::bad_request(format!(
            "the name of the object ({name}) does not match the name on the URL ({})",
            call.name
        )));
    }
    if config["metadata"]["managedFields"]
        .as_array()
        .is_some_and(|fields| !fields.is_empty())
    {
        return Err(ApiError::bad_request("metadata.managedFields must be nil"));
    }
    Ok(())
}

/// What is applied names only fields of its type, whatever `fieldValidation` says: nobody could own others.
fn check_declared(call: &Call, config: &Value) -> Result<(), ApiError> {
    if let Some(custom) = &call.kind.custom {
        let metadata = &config["metadata"];
        if !metadata.is_object() && !metadata.is_null() {
            let told = format!(".metadata: expected map, got &{{{}}}", metadata);
            return untyped(call, config, &call.kind.api_version(), &[told]);
        }
        let undeclared = admission::undeclared(custom, config);
        let told: Vec<String> = undeclared
            .iter()
            .map(|path| format!(".{path}: field not declared in schema"))
            .collect();
        return untyped(call, config, &call.kind.api_version(), &told);
    }
    let told = typed::faults(&call.kind, config);
    let version = format!("{}/{}", call.kind.group, call.kind.version);
    untyped(call, config, &version, &told)
}

/// The refusal of a configuration that does not fit its type, if there is anything that does not.
fn untyped(call: &Call, config: &Value, version: &str, told: &[String]) -> Result<(), ApiError> {
    let told = match told {
        [] => return Ok(()),
        [one] => one.clone(),
        many => format!("errors:\n  {}", many.join("\n  ")),
    };
    let text = |name: &str| config["metadata"][name].as_str().unwrap_or_default();
    let (namespace, name, kind) = (text("namespace"), text("name"), &call.kind.kind);
    Err(ApiError::internal(format!(
        "failed to create typed patch object ({namespace}/{name}; {version}, Kind={kind}): {told}"
    )))
}

/// What is applied says what it is, unlike what is created.
fn check_type(call: &Call, config: &Value) -> Result<(), ApiError> {
    let text = |name: &str| config[name].as_str().unwrap_or_default();
    let (api_version, kind) = (text("apiVersion"), text("kind"));
    if api_version == call.kind.api_version() && kind == call.kind.kind {
        return Ok(());
    }
    let (group, version) = api_version.split_once('/').unwrap_or(("", api_version));
    Err(ApiError::bad_request(format!(
        "invalid object type: {group}/{version}, Kind={kind}"
    )))
}

fn refused(conflicts: &[Conflict]) -> ApiError {
    let cause = |conflict: &Conflict| {
        let message = format!("conflict with {}", conflict.manager);
        json!({"reason": "FieldManagerConflict", "message": message, "field": conflict.field})
    };
    let mut error = ApiError::new(409, "Conflict", message(conflicts));
    error.details = Some(Box::new(
        json!({"causes": conflicts.iter().map(cause).collect::<Vec<_>>()}),
    ));
    error
}

#[cfg(test)]
mod tests {
    use super::super::api::Api;
    use super::super::media;
    use super::super::query::Query;
    use super::*;
    use crate::mock::clock::Clock;

    /// Code, and whether something is warned of, as the real server answered.
    #[test]
    fn conflicts_come_before_warnings() {
        let api = Api::new(Clock::standing(jiff::Timestamp::UNIX_EPOCH), 1);
        api.plant(json!({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "default"}}))
            .unwrap();
        let apply = |manager: &str, more: &str| {
            let body = format!("apiVersion: v1\nkind: ConfigMap\nmetadata: {{name: a}}\n{more}");
            let mut call = Call::of(&api, "configmaps", "a", media::APPLY_PATCH, &json!({}));
            call.body = body.into();
            call.query = Query::parse(&format!("fieldManager={manager}"));
            match answer(&call, None) {
                Ok(response) => (response.status().as_u16(), response.headers().contains_key("Warning")),
                Err(error) => (error.code, !error.warnings.is_empty()),
            }
        };
        let twice = "immutable: false\nimmutable: false\n";
        assert_eq!(apply("one", "data: {a: '1'}\n"), (201, false));
        assert_eq!(apply("two", &format!("data: {{a: '2'}}\n{twice}")), (409, false));
        assert_eq!(apply("two", &format!("data: {{b: '2'}}\n{twice}")), (200, true));
        assert_eq!(apply("two", &format!("data: {{'/': '2'}}\n{twice}")), (422, true));
    }

    /// A cluster with the kind `Pot` and one object of it.
    fn pots() -> Api {
        let api = Api::new(Clock::standing(jiff::Timestamp::UNIX_EPOCH), 1);
        let schema = json!({"openAPIV3Schema": {"type": "object", "x-kubernetes-preserve-unknown-fields": true}});
        for object in [
            json!({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "default"}}),
            json!({"apiVersion": "apiextensions.k8s.io/v1", "kind": "CustomResourceDefinition", "metadata": {"name": "pots.a.io"},
                "spec": {"group": "a.io", "scope": "Namespaced", "names": {"plural": "pots", "singular": "pot", "kind": "Pot", "listKind": "PotList"},
                    "versions": [{"name": "v1", "served": true, "storage": true, "schema": schema}]}}),
            json!({"apiVersion": "a.io/v1", "kind": "Pot", "metadata": {"name": "a", "namespace": "default"}}),
        ] {
            api.plant(object).unwrap();
        }
        api
    }

    #[test]
    fn custom_objects_of_no_form_are_refused() {
        let api = pots();
        for body in [
            "apiVersion: a.io/v1\nkind: Pot\nmetadata: 5\n",
            "apiVersion: a.io/v1\nkind: Pot\nmetadata: [x]\n",
        ] {
            let mut call = Call::of(&api, "pots.a.io", "a", media::APPLY_PATCH, &json!({}));
            call.body = body.to_owned().into();
            call.query = Query::parse("fieldManager=one");
            assert_eq!(answer(&call, None).unwrap_err().code, 500, "{body}");
        }
        for value in [json!("x"), json!([1]), json!(7), Value::Null] {
            let patch = json!([{"op": "replace", "path": "", "value": value}]);
            let call = Call::of(&api, "pots.a.io", "a", media::JSON_PATCH, &patch);
            assert_eq!(
                super::super::patch::patch(&call, None).unwrap_err().code,
                422,
                "{value}"
            );
        }
    }
}
