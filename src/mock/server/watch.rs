//! The start of a watch: from which version, with or without what there is already.

use std::time::Duration;

use axum::response::Response;

use super::call::Call;
use super::error::ApiError;
use super::list::Selection;
use super::list_options;
use super::watch_stream::{Watch, respond};

/// `watch`.
///
/// # Errors
/// 400 and 422 for what cannot be read; a version that is gone is an event in the stream.
pub fn watch(call: Call) -> Result<Response, ApiError> {
    list_options::check(&call, true)?;
    let selection = Selection::of(&call)?;
    let version: u64 = match call.query.get("resourceVersion") {
        "" => 0,
        text => text.parse().map_err(|_| bad_version(text))?,
    };
    let initial = call.query.flag("sendInitialEvents");
    let unset = version == 0;
    let patience = match call.query.number("timeoutSeconds") {
        // Watches without a limit end after half an hour to an hour, so that the load spreads.
        None | Some(0) => Duration::from_secs(1800 + call.api.ids.below(1800)),
        Some(seconds) => Duration::from_secs(seconds),
    };
    let listed = !call.query.all("sendInitialEvents").any(|value| value == "false") && (unset || initial);
    let start = if listed || unset {
        call.api.store.version()
    } else {
        version
    };
    let bookmarks = call.query.flag("allowWatchBookmarks");
    Ok(respond(
        Watch::new(call, selection, start, listed, initial, bookmarks),
        patience,
    ))
}

fn bad_version(text: &str) -> ApiError {
    let why = format!("strconv.ParseUint: parsing {text:?}: invalid syntax");
    ApiError::new(500, "", format!("resourceVersion: Invalid value: {text:?}: {why}"))
}
