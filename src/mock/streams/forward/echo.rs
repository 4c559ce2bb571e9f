//! The HTTP server of every practice pod: it says who it is and what it was asked.
//!
//! `GET /bytes/N` answers with N bytes, each of which its place determines; `POST` gives the body back.

use std::convert::Infallible;
use std::sync::Arc;

use axum::body::Body;
use bytes::Bytes;
use http::{HeaderValue, Method, Request, Response, header};
use hyper::body::Incoming;
use hyper_util::rt::TokioIo;
use serde_json::Value;
use tokio::io::DuplexStream;

const PIECE: usize = 64 * 1024;

/// The byte at a place of `/bytes/N`: places repeat with a prime, so that no piece looks like another.
#[must_use]
pub fn byte(place: usize) -> u8 {
    u8::try_from(place % 251).unwrap_or_default()
}

/// Serves one connection until it ends.
pub fn serve(connection: DuplexStream, pod: &Value, port: u16) {
    let name = Arc::new(pod["metadata"]["name"].as_str().unwrap_or_default().to_owned());
    let service = hyper::service::service_fn(move |request| {
        let answer = answer(&name, port, request);
        async { Ok::<_, Infallible>(answer) }
    });
    tokio::spawn(async move {
        let served = hyper::server::conn::http1::Builder::new()
            .half_close(true)
            .serve_connection(TokioIo::new(connection), service)
            .await;
        if let Err(error) = served {
            tracing::debug!(%error, "a forwarded connection broke off");
        }
    });
}

fn answer(name: &str, port: u16, request: Request<Incoming>) -> Response<Body> {
    let wanted = request
        .uri()
        .path()
        .strip_prefix("/bytes/")
        .and_then(|count| count.parse::<usize>().ok());
    let mut response = match (request.method(), wanted) {
        (&Method::POST | &Method::PUT, _) => Response::new(Body::new(request.into_body())),
        (_, Some(count)) => bytes(count),
        _ => Response::new(Body::from(told(name, port, &request))),
    };
    let headers = response.headers_mut();
    if !headers.contains_key(header::CONTENT_TYPE) {
        headers.insert(
            header::CONTENT_TYPE,
            HeaderValue::from_static("text/plain; charset=utf-8"),
        );
    }
    if let Ok(name) = HeaderValue::from_str(name) {
        headers.insert("X-Served-By", name);
    }
    response
}

fn told(name: &str, port: u16, request: &Request<Incoming>) -> String {
    let headers: String = request
        .headers()
        .iter()
        .map(|(name, value)| format!("{name}: {}\n", String::from_utf8_lossy(value.as_bytes())))
        .collect();
    let (method, uri) = (request.method(), request.uri());
    format!("Request served by {name} on port {port}\n\n{method} {uri} HTTP/1.1\n\n{headers}")
}

fn bytes(count: usize) -> Response<Body> {
    let pieces = (0..count.div_ceil(PIECE)).map(move |at| {
        let (from, until) = (at * PIECE, ((at + 1) * PIECE).min(count));
        Ok::<_, Infallible>((from..until).map(byte).collect::<Bytes>())
    });
    let mut response = Response::new(Body::from_stream(futures::stream::iter(pieces)));
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_LENGTH, HeaderValue::from(count));
    headers.insert(
        header::CONTENT_TYPE,
        HeaderValue::from_static("application/octet-stream"),
    );
    response
}
