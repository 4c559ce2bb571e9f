//! Warnings that go with an answer, whatever it is.

use axum::response::Response;
use http::HeaderValue;

use super::error::ApiError;

/// An answer or a refusal with warnings, in front of those that it has.
///
/// # Errors
/// The refusal.
pub fn warned(answer: Result<Response, ApiError>, warnings: &[String]) -> Result<Response, ApiError> {
    answer
        .map(|response| with_warnings(response, warnings))
        .map_err(|error| error.warned(warnings))
}

/// Adds `Warning` headers, as RFC 7234 writes them and kubectl shows them. Those that are there already were found later.
#[must_use]
pub fn with_warnings(mut response: Response, warnings: &[String]) -> Response {
    let later: Vec<HeaderValue> = response.headers().get_all("Warning").iter().cloned().collect();
    let quoted = |warning: &String| {
        let text = format!("299 - \"{}\"", warning.replace('\\', "\\\\").replace('"', "\\\""));
        HeaderValue::from_str(&text).ok()
    };
    response.headers_mut().remove("Warning");
    for value in warnings.iter().filter_map(quoted).chain(later) {
        response.headers_mut().append("Warning", value);
    }
    response
}
