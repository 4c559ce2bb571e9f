//! The `scale` subresource: replicas of a workload, apart from the rest of it.

use axum::response::Response;
use serde_json::{Value, json};

use super::answer::json_response;
use super::call::Call;
use super::error::{ApiError, FieldError};
use super::go::json::type_of;
use super::update::{Replaced, check_name, current, guaranteed};
use super::{body, get, patch};
use crate::mock::kinds::Kind;
use crate::mock::select::LabelSelector;

/// Answers a verb on `scale`.
///
/// # Errors
/// 404, 405, 409, 422.
pub fn answer(call: &Call, verb: &str) -> Result<Response, ApiError> {
    let object = get::find(call)?;
    match verb {
        "get" => return Ok(json_response(200, &scale_of(&call.kind, &current(call, &object)))),
        "update" | "patch" => {}
        _ => return Err(ApiError::method_not_allowed()),
    }
    let (_, replaced) = guaranteed(call, None, |object| {
        let before = current(call, object);
        let wanted = match verb {
            "patch" => patch::patched_as(call, &with_owners(scale_of(&call.kind, &before), &before), check)?,
            _ => body::parse_as(call, "Scale").and_then(|wanted| fits(wanted, wrong_body))?,
        };
        scaled(call, before, &wanted)
    })?;
    let after = match replaced {
        Replaced::Stored(stored) => current(call, &stored),
        Replaced::Told(value) => value,
    };
    Ok(json_response(200, &scale_of(&call.kind, &after)))
}

/// A scale as patches see it: with those who own the replicas, as `ScaleHandler.ToSubresource`.
fn with_owners(mut scale: Value, object: &Value) -> Value {
    let entries = object["metadata"]["managedFields"].as_array().into_iter().flatten();
    let own = entries.filter(|entry| entry["fieldsV1"]["f:spec"]["f:replicas"].is_object());
    let owners = own.map(|entry| {
        let mut owner = entry.clone();
        owner["apiVersion"] = "autoscaling/v1".into();
        owner["fieldsV1"] = json!({"f:spec": {"f:replicas": {}}});
        owner
    });
    let owners: Vec<Value> = owners.collect();
    if !owners.is_empty() {
        scale["metadata"]["managedFields"] = owners.into();
    }
    scale
}

/// The fields of a scale are of their types.
fn check(scale: &Value) -> Result<(), String> {
    for (value, field) in [
        (scale, "value of type autoscaling.Scale"),
        (&scale["metadata"], "struct field Scale.metadata of type v1.ObjectMeta"),
        (&scale["spec"], "struct field Scale.spec of type v1.ScaleSpec"),
    ] {
        if !value.is_object() && !value.is_null() {
            let given = type_of(value);
            return Err(format!("json: cannot unmarshal {given} into Go {field}"));
        }
    }
    let replicas = &scale["spec"]["replicas"];
    let whole = replicas.as_i64().is_some_and(|number| i32::try_from(number).is_ok());
    if replicas.is_null() || whole {
        return Ok(());
    }
    let given = if replicas.is_number() {
        format!("number {replicas}")
    } else {
        type_of(replicas).to_owned()
    };
    Err(format!(
        "json: cannot unmarshal {given} into Go struct field ScaleSpec.spec.replicas of type int32"
    ))
}

fn fits(scale: Value, refuse: fn(&str) -> ApiError) -> Result<Value, ApiError> {
    check(&scale).map_err(|why| refuse(&why)).map(|()| scale)
}

fn wrong_body(why: &str) -> ApiError {
    ApiError::bad_request(format!("Scale in version \"v1\" cannot be handled as a Scale: {why}"))
}

/// The object with the replicas of a scale, and with the version that the caller saw if he says one.
fn scaled(call: &Call, mut object: Value, wanted: &Value) -> Result<Value, ApiError> {
    if wanted["metadata"]["name"].as_str().is_some_and(|name| !name.is_empty()) {
        check_name(call, wanted)?;
    }
    let replicas = wanted["spec"]["replicas"].as_i64().unwrap_or_default();
    if replicas < 0 && call.kind.custom.is_none() {
        let fault = FieldError::invalid("spec.replicas", &replicas.into(), "must be greater than or equal to 0");
        return Err(ApiError::invalid("autoscaling", "Scale", &call.name, &[fault]));
    }
    if let Some(seen) = wanted["metadata"]["resourceVersion"].as_str() {
        object["metadata"]["resourceVersion"] = seen.into();
    }
    put(&mut object, spec_path(&call.kind), replicas.into());
    Ok(object)
}

fn spec_path(kind: &Kind) -> &str {
    kind.custom
        .as_ref()
        .and_then(|custom| custom.scale.as_ref())
        .map_or(".spec.replicas", |scale| &scale.spec)
}

/// Writes a value at a path; a path that leads through something else than maps leads nowhere.
fn put(object: &mut Value, path: &str, value: Value) {
    let mut here = object;
    for part in path.split('.').filter(|part| !part.is_empty()) {
        if here.is_null() {
            *here = json!({});
        }
        let Some(map) = here.as_object_mut() else { return };
        here = map.entry(part).or_insert(Value::Null);
    }
    *here = value;
}

fn at<'a>(object: &'a Value, path: &str) -> &'a Value {
    path.split('.')
        .filter(|part| !part.is_empty())
        .fold(object, |at, part| &at[part])
}

fn scale_of(kind: &Kind, object: &Value) -> Value {
    let paths = kind.custom.as_ref().and_then(|custom| custom.scale.clone());
    let status_path = paths.as_ref().map_or(".status.replicas", |paths| &paths.status);
    let metadata = &object["metadata"];
    let mut about = json!({});
    for name in ["name", "namespace", "uid", "resourceVersion", "creationTimestamp"] {
        if !metadata[name].is_null() {
            about[name] = metadata[name].clone();
        }
    }
    let wanted = at(object, spec_path(kind)).as_i64();
    let mut scale =
        json!({"kind": "Scale", "apiVersion": "autoscaling/v1", "metadata": about, "spec": {}, "status": {}});
    // Zero is left out, as Go's omitempty leaves it out.
    if let Some(wanted) = wanted.filter(|wanted| *wanted != 0) {
        scale["spec"]["replicas"] = wanted.into();
    }
    scale["status"]["replicas"] = at(object, status_path).as_i64().unwrap_or_default().into();
    let selector = match &paths {
        Some(paths) => paths
            .selector
            .as_deref()
            .and_then(|path| at(object, path).as_str())
            .map(str::to_owned),
        None => Some(selector_text(&object["spec"]["selector"])),
    };
    if let Some(selector) = selector.filter(|selector| !selector.is_empty()) {
        scale["status"]["selector"] = selector.into();
    }
    scale
}

/// A selector in text form, its requirements in the order of their keys.
fn selector_text(selector: &Value) -> String {
    LabelSelector::of_object(selector).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patches_see_who_owns_the_replicas() {
        let entry = |manager: &str, fields: Value| json!({"manager": manager, "operation": "Update", "apiVersion": "apps/v1", "fieldsType": "FieldsV1", "fieldsV1": fields});
        let owners = [
            entry("a", json!({"f:spec": {"f:paused": {}}})),
            entry("b", json!({"f:spec": {"f:replicas": {}, "f:template": {}}})),
        ];
        let scale = with_owners(json!({"metadata": {}}), &json!({"metadata": {"managedFields": owners}}));
        let mut told = entry("b", json!({"f:spec": {"f:replicas": {}}}));
        told["apiVersion"] = "autoscaling/v1".into();
        assert_eq!(scale["metadata"]["managedFields"], json!([told]));
        assert_eq!(with_owners(json!({}), &json!({})), json!({}));
    }
}
