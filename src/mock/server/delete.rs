//! Objects removed: at once, after their grace, or when the last finalizer lets go.

use std::sync::Arc;

use axum::response::Response;
use jiff::SignedDuration;
use serde_json::{Value, json};

use super::answer::{json_response, success, value_of, value_response};
use super::api::Api;
use super::call::Call;
use super::definitions;
use super::delete_options::{Options, options};
use super::error::{ApiError, details};
use super::list::Selection;
use super::warnings::{warned, with_warnings};
use crate::mock::admission;
use crate::mock::clock::rfc3339;
use crate::mock::kinds::Kind;
use crate::mock::storage::{Object, StoreError};

/// `delete`.
///
/// # Errors
/// 404, and 409 for a precondition that does not hold.
pub fn delete(call: &Call) -> Result<Response, ApiError> {
    let options = options(call)?;
    let answer = remove(call, &call.name, &options).map(|outcome| match outcome {
        Outcome::Dying(object) => value_response(call, 200, object),
        Outcome::Gone(object) if returns_object(&call.kind) => value_response(call, 200, object),
        Outcome::Gone(object) => {
            let mut about = details(&call.name, &call.kind.group, &call.kind.plural);
            about.insert("uid".to_owned(), object["metadata"]["uid"].clone());
            json_response(200, &success(None, Some(Value::Object(about))))
        }
    });
    warned(answer, &options.warnings)
}

/// `deletecollection`: answers with what was there.
///
/// # Errors
/// 400 for a selector that cannot be read.
pub fn delete_collection(call: &Call) -> Result<Response, ApiError> {
    let options = options(call)?;
    let selection = Selection::of(call)?;
    let listing = call.api.store.list(&call.kind.table, call.namespace.as_deref());
    let found: Vec<Arc<Object>> = listing
        .objects
        .into_iter()
        .filter(|object| selection.matches(object))
        .collect();
    for object in &found {
        let one = Call {
            namespace: Some(object.namespace().to_owned()),
            ..call.clone()
        };
        match remove(&one, object.name(), &options) {
            // Somebody else was faster.
            Err(error) if error.code == 404 => {}
            Err(error) => return Err(error),
            Ok(_) => {}
        }
    }
    let item = |object: &Arc<Object>| match call.kind.custom {
        Some(_) => value_of(&call.kind, object),
        None => object.decode(),
    };
    let version = listing.version.to_string();
    let kind = call.kind.list_kind();
    let items: Vec<Value> = found.iter().map(item).collect();
    let list = json!({"kind": kind, "apiVersion": call.kind.api_version(), "metadata": {"resourceVersion": version}, "items": items});
    Ok(with_warnings(json_response(200, &list), &options.warnings))
}

/// Deletes an object as a controller does: with its grace and its finalizers. One that is gone already is no matter.
pub fn delete_as_controller(api: &Api, table: &str, namespace: &str, name: &str) {
    let Some(kind) = api.kinds.of_table(table) else { return };
    delete_of_kind(api, &kind, namespace, name);
}

/// Deletes an object as it was seen, and says what becomes of those that it owns, as the garbage collector does.
///
/// # Errors
/// 404, and 409 for one that is another by now.
pub fn delete_seen(api: &Api, table: &str, object: &Value, propagation: &str) -> Result<(), ApiError> {
    let kind = api.kinds.of_table(table).ok_or_else(ApiError::no_such_resource)?;
    let text = |name: &str| object["metadata"][name].as_str().unwrap_or_default();
    let options = Options {
        propagation: propagation.to_owned(),
        uid: text("uid").to_owned(),
        version: text("resourceVersion").to_owned(),
        ..Options::default()
    };
    remove_object(api, &kind, text("namespace"), text("name"), &options).map(|_| ())
}

/// Takes a dying object out of the store if nothing holds it any more.
pub fn let_go(api: &Api, kind: &Kind, namespace: &str, name: &str, uid: &str) {
    let stored = || {
        api.store
            .get(&kind.table, namespace, name)
            .filter(|object| *object.uid == *uid)
    };
    while let Some(object) = stored() {
        if !released(&value_of(kind, &object)) {
            return;
        }
        match api.store.delete(&kind.table, &object.key, object.version) {
            Err(StoreError::Conflict) => {}
            Err(_) => return,
            Ok(_) => return definitions::after_removal(api, kind, name),
        }
    }
}

/// Deletes an object of a kind as nobody in particular: with its finalizers. One that is gone already is no matter.
pub fn delete_of_kind(api: &Api, kind: &Kind, namespace: &str, name: &str) {
    let _ = remove_object(api, kind, namespace, name, &Options::default());
}

/// Takes an object out of the store, whatever holds it: what the kubelet does with a pod that has stopped.
pub fn remove_at_once(api: &Api, table: &str, namespace: &str, name: &str) {
    while let Some(object) = api.store.get(table, namespace, name) {
        match api.store.delete(table, &object.key, object.version) {
            Err(StoreError::Conflict) => {}
            _ => return,
        }
    }
}

/// What became of an object.
#[derive(Debug)]
pub enum Outcome {
    /// It is marked for deletion and still there.
    Dying(Value),
    /// It is gone; its last state.
    Gone(Value),
}

/// Deletes one object of the call's kind and namespace.
///
/// # Errors
/// 404, and 409 for a precondition that does not hold.
pub fn remove(call: &Call, name: &str, options: &Options) -> Result<Outcome, ApiError> {
    remove_object(&call.api, &call.kind, call.namespace(), name, options)
}

fn remove_object(api: &Api, kind: &Kind, namespace: &str, name: &str, options: &Options) -> Result<Outcome, ApiError> {
    let store = &api.store;
    loop {
        let object = store
            .get(&kind.table, namespace, name)
            .ok_or_else(|| ApiError::not_found(kind, name))?;
        check(kind, &object, options)?;
        let before = value_of(kind, &object);
        let after = marked(api, kind, &before, options);
        let held = holds(&after);
        let result = match (held, options.dry_run) {
            (true, true) => return Ok(Outcome::Dying(after)),
            (false, true) => return Ok(Outcome::Gone(seen_last(kind, before, after))),
            (true, false) if after == before => return Ok(Outcome::Dying(before)),
            (true, false) => store.update(&kind.table, after, object.version).map(|stored| {
                if kind.table == definitions::TABLE {
                    definitions::clean_up(api, name);
                }
                Outcome::Dying(value_of(kind, &stored))
            }),
            (false, false) => finish(api, kind, &object, seen_last(kind, before, after)),
        };
        match result {
            Err(StoreError::Conflict) => {}
            Err(_) => return Err(ApiError::not_found(kind, name)),
            Ok(outcome) => return Ok(outcome),
        }
    }
}

/// What is told of an object that goes at once: pods with the marks of their deletion, others as they were.
fn seen_last(kind: &Kind, before: Value, marked: Value) -> Value {
    if kind.table == "pods" { marked } else { before }
}

/// Takes the object out of the store; what had a grace is first seen dying, as pods are.
fn finish(api: &Api, kind: &Kind, object: &Arc<Object>, last: Value) -> Result<Outcome, StoreError> {
    let store = &api.store;
    let mut object = Arc::clone(object);
    if kind.table == "pods" && object.decode()["metadata"] != last["metadata"] {
        object = store.update(&kind.table, last.clone(), object.version)?;
    }
    let gone = store.delete(&kind.table, &object.key, object.version)?;
    definitions::after_removal(api, kind, object.name());
    let mut last = last;
    if kind.table == "pods" {
        last["metadata"]["resourceVersion"] = gone.version.to_string().into();
    }
    Ok(Outcome::Gone(last))
}

fn check(kind: &Kind, object: &Object, options: &Options) -> Result<(), ApiError> {
    let fault = |what: &str, given: &str, real: &str, end: &str| {
        if kind.kind == "Namespace" {
            let why = format!("Precondition failed: {what} in precondition: {given}, {what} in object meta: {real}");
            return Err(ApiError::conflict(kind, object.name(), &why));
        }
        let why = format!(
            "the {what} in the precondition ({given}) does not match the {what} in record ({real}). \
            The object might have been {end}"
        );
        let message = format!(
            "Operation cannot be fulfilled on {} {:?}: {why}",
            kind.qualified_kind(),
            object.name()
        );
        let mut error = ApiError::new(409, "Conflict", message);
        error.details = Some(Box::new(Value::Object(details(
            object.name(),
            kind.error_group(),
            &kind.kind,
        ))));
        Err(error)
    };
    if !options.uid.is_empty() && options.uid != *object.uid {
        return fault("UID", &options.uid, &object.uid, "deleted and then recreated");
    }
    let version = object.version.to_string();
    if !options.version.is_empty() && options.version != version {
        return fault("ResourceVersion", &options.version, &version, "modified");
    }
    Ok(())
}

/// Whether something still holds the object: finalizers, grace, or a namespace's content.
fn holds(object: &Value) -> bool {
    let metadata = &object["metadata"];
    let some = |list: &Value| list.as_array().is_some_and(|list| !list.is_empty());
    some(&metadata["finalizers"])
        || metadata["deletionGracePeriodSeconds"].as_i64().unwrap_or_default() > 0
        || object["kind"] == "Namespace" && some(&object["spec"]["finalizers"])
}

/// Whether nothing holds a dying object any more.
#[must_use]
pub fn released(object: &Value) -> bool {
    object["metadata"]["deletionTimestamp"].is_string() && !holds(object)
}

/// The object with the marks of its deletion.
fn marked(api: &Api, kind: &Kind, object: &Value, options: &Options) -> Value {
    let mut after = object.clone();
    let dying = object["metadata"]["deletionTimestamp"].is_string();
    if !dying && kind.table == definitions::TABLE {
        definitions::terminate(api, &mut after);
        return after;
    }
    let old_grace = object["metadata"]["deletionGracePeriodSeconds"].as_i64();
    let mut grace = if kind.table == "pods" {
        pod_grace(object, options.grace)
    } else {
        0
    };
    if let (true, Some(old)) = (dying, old_grace) {
        // A grace that runs can only be cut short.
        grace = grace.min(old);
    }
    wait_for_collector(&mut after, &options.propagation);
    let metadata = &mut after["metadata"];
    if !dying || old_grace != Some(grace) && kind.table == "pods" {
        let end = api.clock.now() + SignedDuration::from_secs(grace);
        metadata["deletionTimestamp"] = rfc3339(end).into();
        if kind.kind != "Namespace" {
            metadata["deletionGracePeriodSeconds"] = grace.into();
        }
    }
    if let (false, Some(generation)) = (dying, metadata["generation"].as_i64()) {
        metadata["generation"] = (generation + 1).into();
    }
    if kind.kind == "Namespace" {
        after["status"]["phase"] = "Terminating".into();
    }
    admission::order_metadata(&mut after);
    after
}

/// A pod's grace: what was asked for, else its own; none for one that no node runs.
fn pod_grace(pod: &Value, asked: Option<i64>) -> i64 {
    let phase = pod["status"]["phase"].as_str().unwrap_or_default();
    let unscheduled = pod["spec"]["nodeName"].as_str().is_none_or(str::is_empty);
    if unscheduled || matches!(phase, "Succeeded" | "Failed") {
        return 0;
    }
    let own = pod["spec"]["terminationGracePeriodSeconds"].as_i64().unwrap_or(30);
    // Negative means at once, which the kubelet counts as one second.
    let grace = asked.unwrap_or(own);
    if grace < 0 { 1 } else { grace }
}

/// Foreground and orphan deletion wait for the garbage collector, held by a finalizer; any other way that is named takes it
/// off: `deletionFinalizersForGarbageCollection`.
fn wait_for_collector(object: &mut Value, propagation: &str) {
    let added = match propagation {
        "Foreground" => Some("foregroundDeletion"),
        "Orphan" => Some("orphan"),
        "" => return,
        _ => None,
    };
    let mut finalizers = object["metadata"]["finalizers"].as_array().cloned().unwrap_or_default();
    finalizers.retain(|known| known != "foregroundDeletion" && known != "orphan");
    finalizers.extend(added.map(Value::from));
    if !finalizers.is_empty() {
        object["metadata"]["finalizers"] = Value::Array(finalizers);
    } else if let Some(metadata) = object["metadata"].as_object_mut() {
        metadata.shift_remove("finalizers");
    }
}

/// The kinds whose registries set `ReturnDeletedObject`.
pub fn returns_object(kind: &Kind) -> bool {
    let core = [
        "pods",
        "services",
        "persistentvolumes",
        "persistentvolumeclaims",
        "podtemplates",
        "serviceaccounts",
        "resourcequotas",
    ];
    kind.group.is_empty() && core.contains(&kind.plural.as_str()) || kind.group == "storage.k8s.io"
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mock::clock::Clock;

    #[test]
    fn who_deletes_says_whether_the_collector_is_waited_for() {
        let api = Api::new(Clock::standing(jiff::Timestamp::UNIX_EPOCH), 1);
        for (table, before, propagation, after) in [
            (
                "deployments.apps",
                json!(["a.io/x"]),
                "Foreground",
                json!(["a.io/x", "foregroundDeletion"]),
            ),
            (
                "deployments.apps",
                json!(["orphan"]),
                "Foreground",
                json!(["foregroundDeletion"]),
            ),
            (
                "deployments.apps",
                json!(["foregroundDeletion"]),
                "Orphan",
                json!(["orphan"]),
            ),
            (
                "deployments.apps",
                json!(["orphan", "a.io/x"]),
                "Background",
                json!(["a.io/x"]),
            ),
            ("deployments.apps", json!(["orphan"]), "Background", Value::Null),
            ("deployments.apps", json!(["orphan"]), "", json!(["orphan"])),
            ("configmaps", Value::Null, "Foreground", json!(["foregroundDeletion"])),
            ("secrets", Value::Null, "", Value::Null),
        ] {
            let kind = api.kinds.of_table(table).unwrap();
            let object = json!({"metadata": {"name": "a", "finalizers": before}});
            let options = Options {
                propagation: propagation.to_owned(),
                ..Options::default()
            };
            let marked = marked(&api, &kind, &object, &options);
            assert_eq!(marked["metadata"]["finalizers"], after, "{table} {propagation}");
        }
    }
}
