//! From a request to an answer that is one: what is no success becomes the trouble that it is.

use http::Request;
use http_body_util::BodyExt;
use kube::client::Body;
use kube::core::Status;

use super::client::Connected;
use crate::core::trouble::{Trouble, TroubleKind};

/// The largest answer that is read whole, in bytes: more than the largest page of the largest objects.
const LARGEST: usize = 512 << 20;

/// A GET of `path`, JSON. Not compressed: a watch must not wait in a compressor's buffer.
pub fn get(path: &str) -> Result<Request<Body>, Trouble> {
    get_as(path, "application/json")
}

/// A GET of `path` that accepts something else.
pub fn get_as(path: &str, accept: &str) -> Result<Request<Body>, Trouble> {
    Request::get(path)
        .header(http::header::ACCEPT, accept)
        .header(http::header::ACCEPT_ENCODING, "identity")
        .body(Body::empty())
        .map_err(|error| Trouble::new(TroubleKind::Other, "trouble.other").saying(error.to_string()))
}

/// A request with a body.
pub fn send(method: &str, path: &str, content: &str, body: &serde_json::Value) -> Result<Request<Body>, Trouble> {
    Request::builder()
        .method(method)
        .uri(path)
        .header(http::header::ACCEPT, "application/json")
        .header(http::header::CONTENT_TYPE, content)
        .body(Body::from(body.to_string().into_bytes()))
        .map_err(|error| Trouble::new(TroubleKind::Other, "trouble.other").saying(error.to_string()))
}

/// Sends the request; the answer's body is still to come.
pub async fn open(connected: &Connected, request: Request<Body>) -> Result<Body, Trouble> {
    open_whole(connected, request).await.map(http::Response::into_body)
}

/// Sends the request; the answer with its headers, its body still to come.
pub async fn open_whole(connected: &Connected, request: Request<Body>) -> Result<http::Response<Body>, Trouble> {
    let answer = connected
        .client
        .send(request)
        .await
        .map_err(|error| connected.trouble(&error))?;
    let status = answer.status();
    if status.is_success() {
        return Ok(answer);
    }
    let body = read(connected, answer.into_body()).await?;
    Err(connected.trouble(&kube::Error::Api(Box::new(refusal(status, &body)))))
}

/// Sends a request that is to become something else than HTTP; the answer is that it may.
pub async fn upgrade(connected: &Connected, request: Request<Body>) -> Result<http::Response<Body>, Trouble> {
    let answer = connected
        .client
        .send(request)
        .await
        .map_err(|error| connected.trouble(&error))?;
    let status = answer.status();
    if status == http::StatusCode::SWITCHING_PROTOCOLS {
        return Ok(answer);
    }
    let body = read(connected, answer.into_body()).await?;
    Err(connected.trouble(&kube::Error::Api(Box::new(refusal(status, &body)))))
}

/// What the server says of a refusal; its bare status code where it says nothing that can be read.
fn refusal(status: http::StatusCode, body: &[u8]) -> Status {
    let said = serde_json::from_slice::<Status>(body)
        .ok()
        .filter(|said| said.code != 0);
    said.unwrap_or_else(|| {
        let reason = status.canonical_reason().unwrap_or_default();
        let text = String::from_utf8_lossy(body);
        let text = if text.trim_start().starts_with('<') {
            ""
        } else {
            text.trim()
        };
        let mut said = Status::failure(if text.is_empty() { reason } else { text }, reason);
        said.code = status.as_u16();
        said
    })
}

/// The whole body.
pub async fn read(connected: &Connected, body: Body) -> Result<Vec<u8>, Trouble> {
    let mut body = std::pin::pin!(body);
    let mut bytes = Vec::new();
    while let Some(frame) = body.frame().await {
        let frame = frame.map_err(|error| connected.trouble(&error))?;
        if let Ok(data) = frame.into_data() {
            if bytes.len() + data.len() > LARGEST {
                return Err(Trouble::new(TroubleKind::Other, "trouble.too_large"));
            }
            bytes.extend_from_slice(&data);
        }
    }
    Ok(bytes)
}
