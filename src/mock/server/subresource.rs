//! What hangs below an object's path, one answer for each.

use axum::response::Response;

use super::call::Call;
use super::error::ApiError;
use super::{get, options, patch, pods, scale, update};

/// Answers a verb on a subresource.
///
/// # Errors
/// 404 for one that the kind does not have, 405 for a verb that it does not take, and its own.
pub async fn answer(call: &Call, sub: &str, verb: &str) -> Result<Response, ApiError> {
    let missing = || match call.kind.custom {
        Some(_) => ApiError::not_found(&call.kind, &call.name),
        None => ApiError::no_such_resource(),
    };
    let known = call.kind.sub(sub).ok_or_else(missing)?;
    if !known.verbs.iter().any(|allowed| allowed == verb) {
        return Err(ApiError::method_not_allowed());
    }
    if !verb.starts_with("delete") {
        options::check(call, verb)?;
    }
    match (sub, verb) {
        ("scale", _) => scale::answer(call, verb),
        ("status" | "ephemeralcontainers" | "resize" | "approval" | "finalize", "get") => get::get(call),
        ("status" | "ephemeralcontainers" | "resize" | "approval" | "finalize", "update") => {
            update::update(call, Some(sub))
        }
        ("status" | "ephemeralcontainers" | "resize" | "approval", "patch") => patch::patch(call, Some(sub)),
        ("binding", _) => pods::bind(call),
        ("eviction", _) => pods::evict(call),
        ("log", _) => pods::log(call),
        ("token", _) => super::reviews::token(call),
        _ => Err(ApiError::new(
            503,
            "ServiceUnavailable",
            "no endpoints available for the proxy",
        )),
    }
}
