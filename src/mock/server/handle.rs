//! One request from its head to the verb that answers it.

use std::sync::Arc;

use axum::body::Body;
use axum::extract::{Request, State};
use axum::response::Response;
use http::request::Parts;
use http::{HeaderValue, Method, StatusCode, header};
use http_body_util::BodyExt;

use super::accept::{Answer, negotiate};
use super::api::Api;
use super::call::Call;
use super::error::ApiError;
use super::impersonate::{Actor, actor};
use super::query::Query;
use super::rbac::{Attempt, allowed};
use super::route::{Route, Target, named_user, route, verb};
use super::warnings::with_warnings;
use super::{create, delete, discovery, get, list, options, patch, subresource, update, watch};
use crate::mock::faults::Request as Faulty;
use crate::mock::kinds::Kind;
use crate::mock::streams;

/// Answers one request.
pub async fn handle(State(api): State<Api>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let faulty = faulty(&parts);
    let fault = api.faults.take(&faulty);
    if let Some(response) = fault.before().await {
        return response;
    }
    let identity = api.identity.clone();
    let warnings: Vec<String> = deprecated(&parts).into_iter().collect();
    let mut response = match answer(api, parts, body).await {
        Ok(response) => response,
        Err(error) => error.response(),
    };
    if response.status() != StatusCode::FORBIDDEN {
        response = with_warnings(response, &warnings);
    }
    // All requests fall under one flow schema here.
    if let Ok(schema) = HeaderValue::from_str(&identity) {
        response.headers_mut().insert("x-kubernetes-pf-flowschema-uid", schema);
    }
    fault.after(response)
}

/// What is said of kinds that nobody should use any more.
fn deprecated(parts: &Parts) -> Option<String> {
    let Route::Resource(target) = route(named_user(parts.uri.path()).1) else {
        return None;
    };
    let told = match (target.group.as_str(), target.plural.as_str()) {
        ("", "endpoints") => "v1 Endpoints is deprecated in v1.33+; use discovery.k8s.io/v1 EndpointSlice",
        ("", "componentstatuses") => "v1 ComponentStatus is deprecated in v1.19+",
        _ => return None,
    };
    Some(told.to_owned())
}

fn faulty(parts: &Parts) -> Faulty {
    let query = Query::parse(parts.uri.query().unwrap_or_default());
    let (_, path) = named_user(parts.uri.path());
    let verb = match route(path) {
        Route::Resource(target) => verb(&parts.method, target.name.is_some(), &query),
        _ => "get",
    };
    Faulty {
        verb: verb.to_owned(),
        path: path.to_owned(),
    }
}

async fn answer(api: Api, parts: Parts, body: Body) -> Result<Response, ApiError> {
    let header = |name: header::HeaderName| parts.headers.get(name).and_then(|value| value.to_str().ok());
    let (named, path) = named_user(parts.uri.path());
    let caller = api.users.authenticate(header(header::AUTHORIZATION), named)?;
    let actor = actor(&api, caller, &parts.headers)?;
    match route(path) {
        Route::Resource(target) => resource(api, actor, target, &parts, body).await,
        other => {
            allow_path(&api, &actor, path, &parts.method)?;
            check_method(path, &parts.method)?;
            let accept = header(header::ACCEPT).unwrap_or_default();
            let query = Query::parse(parts.uri.query().unwrap_or_default());
            discovery::answer(&api, &other, accept, query.all("verbose").next().is_some())
        }
    }
}

/// What is served below the API's own paths is only read.
fn check_method(path: &str, method: &Method) -> Result<(), ApiError> {
    let handled = ["/readyz", "/livez", "/healthz"]
        .iter()
        .any(|free| path.starts_with(free));
    let group = path.trim_end_matches('/').matches('/').count() <= 2 && path.starts_with("/apis");
    if *method == Method::GET || handled || group && *method != Method::HEAD {
        return Ok(());
    }
    Err(ApiError::method_not_allowed())
}

fn allow_path(api: &Api, actor: &Actor, path: &str, method: &Method) -> Result<(), ApiError> {
    let (user, verb) = actor.needs(&method.as_str().to_lowercase());
    let attempt = Attempt {
        verb: verb.clone(),
        path: path.to_owned(),
        ..Attempt::default()
    };
    if actor.lacks.is_none() && allowed(api, user, &attempt) {
        return Ok(());
    }
    let message = format!("forbidden: User {:?} cannot {verb} path {path:?}", user.name);
    let mut error = ApiError::new(403, "Forbidden", message);
    error.details = Some(Box::new(serde_json::json!({})));
    Err(error)
}

async fn resource(api: Api, actor: Actor, target: Target, parts: &Parts, body: Body) -> Result<Response, ApiError> {
    let query = Query::parse(parts.uri.query().unwrap_or_default());
    let verb = verb(&parts.method, target.name.is_some(), &query);
    if parts.method == Method::HEAD {
        return Err(ApiError::method_not_allowed());
    }
    allow(&api, &actor, &target, verb)?;
    if api.kinds.all().iter().all(|kind| kind.group != target.group) {
        return Ok(no_such_page());
    }
    let kind = kind_of(&api, &target)?;
    let original = target.clone();
    let header = |name: header::HeaderName| {
        parts
            .headers
            .get(name)
            .and_then(|value| value.to_str().ok())
            .unwrap_or_default()
    };
    let call = Call {
        namespace: target.namespace,
        name: target.name.unwrap_or_default(),
        query,
        accept: negotiate(header(header::ACCEPT), answer_of(verb, &kind.go_type()))?,
        user: actor.user.clone(),
        content_type: header(header::CONTENT_TYPE)
            .split(';')
            .next()
            .unwrap_or_default()
            .trim()
            .to_owned(),
        agent: header(header::USER_AGENT)
            .split('/')
            .next()
            .unwrap_or_default()
            .to_owned(),
        sub: target.sub.clone().unwrap_or_default(),
        body: body
            .collect()
            .await
            .map_err(|error| ApiError::bad_request(error.to_string()))?
            .to_bytes(),
        kind: Arc::clone(&kind),
        api,
    };
    match target.sub {
        Some(sub) if call.kind.table == "pods" && matches!(sub.as_str(), "exec" | "attach" | "portforward") => {
            // Whoever opens a WebSocket must be allowed to create, though the method is GET: from Kubernetes 1.35 on.
            allow(&call.api, &actor, &original, "create")?;
            streams::connect(call, &sub, &mut parts.clone()).await
        }
        Some(sub) => subresource::answer(&call, &sub, verb).await,
        None => dispatch(call, verb).await,
    }
}

/// The kind that a path leads to. A namespace in the path of a cluster's resource, or a name without one, leads nowhere.
fn kind_of(api: &Api, target: &Target) -> Result<Arc<Kind>, ApiError> {
    let kind = api.kinds.find(&target.group, &target.version, &target.plural);
    let fits = |kind: &Arc<Kind>| {
        let placed = target.namespace.is_some();
        if kind.namespaced {
            placed || target.name.is_none()
        } else {
            !placed
        }
    };
    kind.filter(fits).ok_or_else(ApiError::no_such_resource)
}

/// For what the answer to a verb is, on a kind of this Go type.
fn answer_of<'a>(verb: &str, types: &'a (String, String)) -> Answer<'a> {
    match verb {
        "get" => Answer::One(&types.0),
        "list" => Answer::List(&types.1),
        "watch" => Answer::Watch,
        _ => Answer::Other,
    }
}

async fn dispatch(call: Call, verb: &str) -> Result<Response, ApiError> {
    // Objects are changed by name, collections are not.
    let named = !call.name.is_empty();
    let misplaced = match verb {
        "update" | "patch" => !named,
        "create" => named,
        // No resource of namespaces is deleted in all of them at once.
        "deletecollection" => call.kind.namespaced && call.namespace.is_none(),
        _ => false,
    };
    if misplaced || !call.kind.allows(verb) {
        return Err(ApiError::method_not_allowed());
    }
    if !verb.starts_with("delete") {
        options::check(&call, verb)?;
    }
    match verb {
        "get" => get::get(&call),
        "list" => list::list(&call).await,
        "watch" => watch::watch(call),
        "create" => create::create(&call),
        "update" => update::update(&call, None),
        "patch" => patch::patch(&call, None),
        "delete" => delete::delete(&call),
        "deletecollection" => delete::delete_collection(&call),
        _ => Err(ApiError::method_not_allowed()),
    }
}

fn allow(api: &Api, actor: &Actor, target: &Target, verb: &str) -> Result<(), ApiError> {
    let name = target.name.clone().unwrap_or_default();
    // A namespace is inside itself for RBAC: a role in it can grant to read it.
    let namespace = match (&target.namespace, target.plural.as_str()) {
        (Some(namespace), _) => namespace.clone(),
        (None, "namespaces") if target.group.is_empty() => name.clone(),
        _ => String::new(),
    };
    let resource = match &target.sub {
        Some(sub) => format!("{}/{sub}", target.plural),
        None => target.plural.clone(),
    };
    let (group, plural) = (target.group.clone(), target.plural.as_str());
    let (user, verb) = actor.needs(verb);
    let attempt = Attempt {
        verb,
        group,
        resource,
        namespace,
        name,
        path: String::new(),
    };
    if actor.lacks.is_none() && allowed(api, user, &attempt) {
        return Ok(());
    }
    let place = if attempt.namespace.is_empty() {
        "at the cluster scope".to_owned()
    } else {
        format!("in the namespace {:?}", attempt.namespace)
    };
    let (user, verb, resource, group) = (&user.name, &attempt.verb, &attempt.resource, &attempt.group);
    let why = format!("User {user:?} cannot {verb} resource {resource:?} in API group {group:?} {place}");
    Err(ApiError::forbidden(group, plural, &attempt.name, &why))
}

/// What Go's HTTP server says of a path that nobody handles.
#[must_use]
pub fn no_such_page() -> Response {
    let mut response = Response::new(Body::from("404 page not found\n"));
    *response.status_mut() = StatusCode::NOT_FOUND;
    response.headers_mut().insert(
        header::CONTENT_TYPE,
        HeaderValue::from_static("text/plain; charset=utf-8"),
    );
    response
}
