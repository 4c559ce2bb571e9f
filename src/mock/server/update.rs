//! An object replaced, or one part of it.

use std::sync::Arc;

use axum::response::Response;
use serde_json::Value;

use super::answer::{object_response, value_of, value_response};
use super::call::Call;
use super::delete::released;
use super::error::{ApiError, FieldError};
use super::warnings::{warned, with_warnings};
use super::{body, create, definitions, escalation, get};
use crate::mock::admission;
use crate::mock::clock::rfc3339;
use crate::mock::kinds::convert;
use crate::mock::patch::apply::{handed_on, note_update};
use crate::mock::storage::Object;

/// The kinds that an update of what is not there creates: `AllowCreateOnUpdate`.
const CREATED: [&str; 11] = [
    "Lease",
    "Event",
    "Service",
    "Endpoints",
    "LimitRange",
    "PodTemplate",
    "Role",
    "ClusterRole",
    "RoleBinding",
    "ClusterRoleBinding",
    "RuntimeClass",
];

/// The kinds that are replaced only by who says which version he saw: those without `AllowUnconditionalUpdate`.
const VERSIONED: [&str; 15] = [
    "APIService",
    "CSIDriver",
    "CSINode",
    "CSIStorageCapacity",
    "CustomResourceDefinition",
    "Lease",
    "MutatingAdmissionPolicy",
    "MutatingAdmissionPolicyBinding",
    "MutatingWebhookConfiguration",
    "PodDisruptionBudget",
    "RuntimeClass",
    "ValidatingAdmissionPolicy",
    "ValidatingAdmissionPolicyBinding",
    "ValidatingWebhookConfiguration",
    "VolumeAttachment",
];

/// `update`, of the object or of one of its parts (`status`).
///
/// # Errors
/// 404, 409 for an old version, and whatever admission and validation refuse.
pub fn update(call: &Call, part: Option<&str>) -> Result<Response, ApiError> {
    let body::Body { object: new, told } = body::stored(call)?;
    check_name(call, &new)?;
    let creates = part.is_none() && CREATED.contains(&call.kind.kind.as_str());
    let replaced = || replace(call, part, |_| versioned(call, &new).map(|()| new.clone()));
    let response = if creates {
        put(call, replaced, || create::create_object(call, new.clone()))
    } else {
        replaced()
    };
    warned(response, &told)
}

/// Custom objects, and some kinds more, are replaced only by who says which version he saw.
fn versioned(call: &Call, new: &Value) -> Result<(), ApiError> {
    let kind = &call.kind;
    let strict = kind.custom.is_some() || VERSIONED.contains(&kind.kind.as_str());
    let seen = new["metadata"]["resourceVersion"].as_str().unwrap_or_default();
    if !strict || !names_none(seen) {
        return Ok(());
    }
    let fault = FieldError::invalid("metadata.resourceVersion", &0.into(), "must be specified for an update");
    Err(ApiError::invalid(&kind.group, &kind.plural, &call.name, &[fault]))
}

/// Whether a resourceVersion names no version: zero does not either, as in `store.go`.
fn names_none(version: &str) -> bool {
    matches!(version, "" | "0")
}

/// The object bears the name that the path says.
///
/// # Errors
/// 400 for another name, and for none.
pub fn check_name(call: &Call, new: &Value) -> Result<(), ApiError> {
    let name = new["metadata"]["name"].as_str().unwrap_or_default();
    if name == call.name {
        return Ok(());
    }
    let message = if name.is_empty() {
        format!(
            "the name of the object ({} based on URL) was undeterminable: name must be provided",
            call.name
        )
    } else {
        format!(
            "the name of the object ({name}) does not match the name on the URL ({})",
            call.name
        )
    };
    Err(ApiError::bad_request(message))
}

/// Puts what `make` makes of the stored object in its place as far as `part` reaches, and answers with what is stored then.
///
/// # Errors
/// As [`guaranteed`].
pub fn replace(
    call: &Call,
    part: Option<&str>,
    make: impl FnMut(&Arc<Object>) -> Result<Value, ApiError>,
) -> Result<Response, ApiError> {
    let (old, replaced) = guaranteed(call, part, make)?;
    let (response, after) = match replaced {
        Replaced::Stored(object) => (object_response(call, 200, &object), object.decode()),
        Replaced::Told(value) => {
            let served = convert::served(&call.kind, value.clone());
            (value_response(call, 200, served), value)
        }
    };
    if part.is_some() {
        return Ok(response);
    }
    let warnings = admission::warnings(&call.kind, Some(&old.decode()), &after);
    Ok(with_warnings(response, &warnings))
}

/// Replaces what is there and creates what is not, whoever creates or deletes it meanwhile.
///
/// # Errors
/// Those of the two.
pub fn put(
    call: &Call,
    replace: impl Fn() -> Result<Response, ApiError>,
    create: impl Fn() -> Result<Response, ApiError>,
) -> Result<Response, ApiError> {
    loop {
        let is_there = get::find(call).is_ok();
        let answer = if is_there { replace() } else { create() };
        let is_late = match &answer {
            Err(error) if is_there => error.reason == "NotFound" && get::find(call).is_err(),
            Err(error) => error.reason == "AlreadyExists" && get::find(call).is_ok(),
            Ok(_) => false,
        };
        if !is_late {
            return answer;
        }
    }
}

/// What became of a replacement.
#[derive(Debug)]
pub enum Replaced {
    /// It stands in the store, or stood there already.
    Stored(Arc<Object>),
    /// It is only told: a dry run, or an object that went with its last finalizer.
    Told(Value),
}

/// Writes what `make` makes of the stored object, as far as `part` reaches; returns what stood there, too. When somebody
/// else writes in between, it is made again of what stands there then, so that only a version that the caller named
/// himself can be too old: `GuaranteedUpdate`.
///
/// # Errors
/// 404, 409 for an old version, and whatever `make`, admission and validation refuse.
pub fn guaranteed(
    call: &Call,
    part: Option<&str>,
    mut make: impl FnMut(&Arc<Object>) -> Result<Value, ApiError>,
) -> Result<(Arc<Object>, Replaced), ApiError> {
    loop {
        let old = get::find(call)?;
        let new = make(&old)?;
        if let Some(replaced) = replaced(call, &old, new, part)? {
            return Ok((old, replaced));
        }
    }
}

/// Puts `new` in place of `old` as far as `part` reaches; none if `old` is no longer what is stored.
fn replaced(call: &Call, old: &Arc<Object>, mut new: Value, part: Option<&str>) -> Result<Option<Replaced>, ApiError> {
    if !new["metadata"].is_object() {
        // A patch may have put anything in its place.
        return Err(ApiError::unprocessable());
    }
    check_dying(call, old, &new)?;
    check_version(call, old, &new)?;
    let before = old.typed(&call.kind.api_version(), &call.kind.kind);
    admit(call, &before, &mut new, part)?;
    if new == before {
        return Ok(Some(Replaced::Stored(Arc::clone(old))));
    }
    if call.dry_run() {
        return Ok(Some(Replaced::Told(new)));
    }
    Ok(store(call, old, new))
}

/// Lets admission complete and judge the new object, and notes who wrote what.
fn admit(call: &Call, before: &Value, new: &mut Value, part: Option<&str>) -> Result<(), ApiError> {
    let attempt = admission::Attempt {
        api: &call.api,
        kind: &call.kind,
        dry_run: call.dry_run(),
    };
    if !call.applies() {
        new["metadata"]["managedFields"] = handed_on(before, new);
    }
    escalation::check(call, Some(before), new)?;
    admission::update(&attempt, before, new, part)?;
    if !call.applies() {
        let now = rfc3339(call.api.clock.now());
        let below = Some(call.sub.as_str()).filter(|sub| *sub == "scale");
        note_update(call.claim(&now, &call.manager()), before, new, part.or(below));
        admission::order_metadata(new);
    }
    Ok(())
}

/// Stores an admitted object, or lets it go if nothing holds it any more; none if `old` is no longer what is stored.
fn store(call: &Call, old: &Object, new: Value) -> Option<Replaced> {
    let (kind, api) = (&call.kind, &call.api);
    if released(&new) {
        api.store.delete(&kind.table, &old.key, old.version).ok()?;
        definitions::after_removal(api, kind, &call.name);
        return Some(Replaced::Told(new));
    }
    let definition = (kind.kind == "CustomResourceDefinition").then(|| new.clone());
    let stored = api.store.update(&kind.table, new, old.version).ok()?;
    if let Some(definition) = definition {
        api.kinds.define(&definition);
    }
    Some(Replaced::Stored(stored))
}

fn check_version(call: &Call, old: &Object, new: &Value) -> Result<(), ApiError> {
    let seen = new["metadata"]["resourceVersion"].as_str().unwrap_or_default();
    if names_none(seen) || seen == old.version.to_string() {
        return check_uid(call, old, new);
    }
    if seen.parse::<u64>().is_err() {
        return Err(ApiError::internal(format!(
            "strconv.ParseUint: parsing {seen:?}: invalid syntax"
        )));
    }
    Err(ApiError::modified(&call.kind, &call.name))
}

/// When an object goes is the server's to say.
fn check_dying(call: &Call, old: &Object, new: &Value) -> Result<(), ApiError> {
    let given = &new["metadata"]["deletionTimestamp"];
    if given.is_null() || old.decode()["metadata"]["deletionTimestamp"] == *given {
        return Ok(());
    }
    Err(immutable(call, "metadata.deletionTimestamp", given))
}

/// The refusal of a change of metadata: told twice, for two validations look at it.
fn immutable(call: &Call, field: &str, given: &Value) -> ApiError {
    let fault = FieldError::invalid(field, given, "field is immutable");
    let faults = [fault.clone(), fault];
    ApiError::invalid(call.kind.error_group(), &call.kind.kind, &call.name, &faults)
}

fn check_uid(call: &Call, old: &Object, new: &Value) -> Result<(), ApiError> {
    let uid = new["metadata"]["uid"].as_str().unwrap_or_default();
    if uid.is_empty() || uid == &*old.uid {
        return Ok(());
    }
    if !call.content_type.is_empty() && call.content_type.contains("patch") {
        // The uid in a body is a precondition, the one after a patch a change.
        return Err(immutable(call, "metadata.uid", &uid.into()));
    }
    let why = format!(
        "Precondition failed: UID in precondition: {uid}, UID in object meta: {}",
        old.uid
    );
    Err(ApiError::conflict(&call.kind, &call.name, &why))
}

/// The stored object as the caller sees it.
#[must_use]
pub fn current(call: &Call, object: &Object) -> Value {
    value_of(&call.kind, object)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::answer::json_response;
    use super::super::api::Api;
    use super::super::{media, patch, scale};
    use super::*;
    use crate::mock::clock::Clock;

    const MERGE: &str = media::MERGE_PATCH;

    /// A cluster with one deployment, `web`.
    fn cluster() -> Api {
        let api = Api::new(Clock::standing(jiff::Timestamp::UNIX_EPOCH), 1);
        let labels = json!({"app": "web"});
        let pod = json!({"metadata": {"labels": labels}, "spec": {"containers": [{"name": "a", "image": "a"}]}});
        api.plant(json!({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "default"}}))
            .unwrap();
        api.plant(json!({
            "apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "web", "namespace": "default"},
            "spec": {"replicas": 1, "selector": {"matchLabels": labels}, "template": pod},
        }))
        .unwrap();
        api
    }

    fn write_status(api: &Api, replicas: u64) {
        api.touch("deployments.apps", "default", "web", |web| {
            web["status"]["observedGeneration"] = replicas.into();
        });
    }

    #[test]
    fn what_somebody_else_writes_in_between_is_kept() {
        let api = cluster();
        let call = Call::of(&api, "deployments.apps", "web", MERGE, &json!({}));
        let mut rounds = 0;
        let (_, replaced) = guaranteed(&call, None, |old| {
            let mut new = current(&call, old);
            rounds += 1;
            if rounds < 3 {
                write_status(&api, rounds);
            }
            new["spec"]["replicas"] = 5.into();
            Ok(new)
        })
        .unwrap();
        let Replaced::Stored(stored) = replaced else { panic!() };
        let stored = stored.decode();
        assert_eq!(rounds, 3);
        assert_eq!(stored["spec"]["replicas"], 5);
        assert_eq!(stored["status"]["observedGeneration"], 2);
    }

    #[test]
    fn a_version_that_the_caller_named_can_be_too_old() {
        let api = cluster();
        let call = Call::of(&api, "deployments.apps", "web", media::JSON, &json!({}));
        let named = current(&call, &get::find(&call).unwrap());
        write_status(&api, 1);
        let refused = guaranteed(&call, None, |_| Ok(named.clone())).unwrap_err();
        assert_eq!((refused.code, refused.reason), (409, "Conflict"));
        let mut unnamed = named.clone();
        for none in ["", "0"] {
            unnamed["metadata"]["resourceVersion"] = none.into();
            assert!(guaranteed(&call, None, |_| Ok(unnamed.clone())).is_ok());
        }
    }

    #[test]
    fn what_comes_or_goes_in_between_is_replaced_or_made() {
        let api = cluster();
        let call = Call::of(&api, "configmaps", "a", MERGE, &json!({}));
        let map = json!({"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "a", "namespace": "default"}});
        let answer = |code: u16| Ok(json_response(code, &json!({})));
        let came = put(
            &call,
            || answer(200),
            || {
                api.plant(map.clone()).unwrap();
                Err(ApiError::already_exists(&call.kind, "a"))
            },
        );
        assert_eq!(came.unwrap().status(), 200);
        let went = put(
            &call,
            || {
                let map = get::find(&call)?;
                api.store.delete("configmaps", &map.key, map.version).unwrap();
                get::find(&call).and(answer(200))
            },
            || answer(201),
        );
        assert_eq!(went.unwrap().status(), 201);
        let missing = || Err(ApiError::not_found(&call.kind, "namespace"));
        assert_eq!(put(&call, missing, missing).unwrap_err().code, 404);
    }

    #[test]
    fn a_scale_of_no_form_changes_nothing() {
        let api = cluster();
        let merge = |body: &Value| Call::of(&api, "deployments.apps", "web", MERGE, body);
        for body in [
            json!({"spec": 5}),
            json!({"metadata": "x"}),
            json!({"spec": {"replicas": "1"}}),
        ] {
            assert_eq!(scale::answer(&merge(&body), "patch").unwrap_err().code, 422, "{body}");
        }
        let applied = Call::of(&api, "deployments.apps", "web", media::APPLY_PATCH, &json!({}));
        assert_eq!(scale::answer(&applied, "patch").unwrap_err().code, 415);
        let call = Call::of(&api, "deployments.apps", "web", media::JSON, &json!({"spec": "x"}));
        assert_eq!(scale::answer(&call, "update").unwrap_err().code, 400);
        assert_eq!(get::find(&call).unwrap().decode()["spec"]["replicas"], 1);
    }

    #[test]
    fn some_kinds_are_replaced_only_by_who_has_seen_them() {
        let api = cluster();
        let budget = json!({"apiVersion": "policy/v1", "kind": "PodDisruptionBudget", "metadata": {"name": "web", "namespace": "default"},
            "spec": {"maxUnavailable": 1}});
        let lease = json!({"apiVersion": "coordination.k8s.io/v1", "kind": "Lease", "metadata": {"name": "web", "namespace": "default"}});
        let put = |table: &str, body: &Value| {
            let call = Call::of(&api, table, "web", media::JSON, body);
            let outcome = update(&call, None);
            outcome.map_or_else(|error| error.message, |ok| ok.status().to_string())
        };
        let stored = api.plant(budget.clone()).unwrap();
        assert_eq!(
            put("poddisruptionbudgets.policy", &budget),
            "poddisruptionbudgets.policy \"web\" is invalid: metadata.resourceVersion: Invalid value: 0: must be specified for an update"
        );
        let (seen, mut unseen) = (stored.decode(), stored.decode());
        unseen["metadata"]["resourceVersion"] = "0".into();
        assert!(put("poddisruptionbudgets.policy", &unseen).ends_with("must be specified for an update"));
        assert_eq!(put("poddisruptionbudgets.policy", &seen), "200 OK");
        // What is not there yet has no version that anybody could have seen.
        assert_eq!(put("leases.coordination.k8s.io", &lease), "201 Created");
        assert!(put("leases.coordination.k8s.io", &lease).ends_with("must be specified for an update"));
    }

    #[test]
    fn patches_replacements_and_scales_never_lose_against_who_writes_meanwhile() {
        let api = cluster();
        let merged = |replicas: u64| {
            let body = json!({"spec": {"replicas": replicas}});
            Call::of(&api, "deployments.apps", "web", MERGE, &body)
        };
        let scaled = |replicas: u64| {
            let body = json!({
                "kind": "Scale", "apiVersion": "autoscaling/v1", "metadata": {"name": "web", "namespace": "default"},
                "spec": {"replicas": replicas},
            });
            Call::of(&api, "deployments.apps", "web", media::JSON, &body)
        };
        std::thread::scope(|scope| {
            scope.spawn(|| (1..2000).for_each(|seen| write_status(&api, seen)));
            for round in 0..20 {
                let outcomes = [
                    patch::patch(&merged(round + 1), None),
                    scale::answer(&merged(round + 2), "patch"),
                    scale::answer(&scaled(round + 3), "update"),
                ];
                let codes = outcomes.map(|outcome| outcome.map_or_else(|error| error.code, |ok| ok.status().as_u16()));
                assert_eq!(codes, [200; 3]);
            }
        });
    }
}
