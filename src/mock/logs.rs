//! What a container wrote: made up from what the pod is, the same each time it is asked.

use axum::body::Body;
use axum::response::Response;
use http::{HeaderValue, header};
use serde_json::Value;

use super::server::{ApiError, Call};

/// Answers with a container's log.
///
/// # Errors
/// 400 for a container that has not started.
pub fn respond(call: &Call, pod: &Value, container: &str) -> Result<Response, ApiError> {
    let _ = call;
    let name = pod["metadata"]["name"].as_str().unwrap_or_default();
    let statuses = pod["status"]["containerStatuses"].as_array().into_iter().flatten();
    let status = statuses
        .into_iter()
        .find(|status| status["name"] == container)
        .cloned()
        .unwrap_or_default();
    if let Some(reason) = status["state"]["waiting"]["reason"]
        .as_str()
        .filter(|_| status["restartCount"] == 0)
    {
        let image = "trying and failing to pull image";
        let why = if reason.contains("Pull") {
            image.to_owned()
        } else {
            reason.to_owned()
        };
        let message = format!("container {container:?} in pod {name:?} is waiting to start: {why}");
        return Err(ApiError::bad_request(message));
    }
    let mut response = Response::new(Body::from(format!("{container} of {name} started\n")));
    response
        .headers_mut()
        .insert(header::CONTENT_TYPE, HeaderValue::from_static("text/plain"));
    Ok(response)
}
