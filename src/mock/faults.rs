//! What goes wrong on purpose: late, refused, broken and half answers, by request and count.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use axum::body::Body;
use axum::response::Response;
use bytes::Bytes;
use futures::StreamExt as _;
use serde_json::json;

use super::server::ApiError;

/// What a request is, as far as faults care.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Request {
    /// The API verb.
    pub verb: String,
    /// The path without the query.
    pub path: String,
}

/// What happens to a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Harm {
    /// The answer comes later.
    Latency(Duration),
    /// 429, to be tried again after so many seconds.
    TooManyRequests(u64),
    /// 500.
    InternalError,
    /// 503.
    Unavailable,
    /// 401, as for a token that has expired.
    Unauthorized,
    /// 404, as of a path that an older server does not serve.
    NotFound,
    /// 410 at once, as a status.
    Gone,
    /// Any refusal: the HTTP status, its reason, the server's sentence.
    Refuses(u16, &'static str, &'static str),
    /// Nothing: the request is only counted.
    Counted,
    /// A watch that says 410 inside its stream and ends.
    GoneInWatch,
    /// The connection is cut after so many bytes of the answer's body.
    Cut(usize),
    /// The answer never comes.
    Hang,
    /// The body comes so many bytes at a time, one portion each 100 ms.
    Slow(usize),
    /// In a list, the first objects lack their metadata and have wrong types.
    Malformed,
}

/// A harm and the requests that it hits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// The verb, or empty for all.
    pub verb: String,
    /// A part of the path, or empty for all.
    pub path: String,
    /// How many requests it hits before it is used up; none for all.
    pub count: Option<usize>,
    /// How many requests pass before it hits.
    pub skip: usize,
    /// What it does.
    pub harm: Harm,
}

impl Fault {
    /// A harm for requests with this verb and this part of the path, until it is cleared.
    #[must_use]
    pub fn new(verb: &str, path: &str, harm: Harm) -> Self {
        Self {
            verb: verb.to_owned(),
            path: path.to_owned(),
            count: None,
            skip: 0,
            harm,
        }
    }

    /// Hits only so many requests.
    #[must_use]
    pub fn times(mut self, count: usize) -> Self {
        self.count = Some(count);
        self
    }

    fn hits(&self, request: &Request) -> bool {
        (self.verb.is_empty() || self.verb == request.verb) && request.path.contains(&self.path)
    }
}

/// The faults in force. Clones share them.
#[derive(Clone, Debug, Default)]
pub struct Faults {
    faults: Arc<Mutex<Vec<(Fault, Hits)>>>,
}

/// How many requests a fault has hit. Clones share the count, which outlives the fault.
#[derive(Clone, Debug, Default)]
pub struct Hits(Arc<AtomicUsize>);

impl Hits {
    /// How many.
    #[must_use]
    pub fn count(&self) -> usize {
        self.0.load(Ordering::SeqCst)
    }
}

impl Faults {
    /// Adds a fault.
    pub fn set(&self, fault: Fault) {
        let _ = self.counted(fault);
    }

    /// Adds a fault, and answers with the count of what it hits.
    pub fn counted(&self, fault: Fault) -> Hits {
        let hits = Hits::default();
        let mut faults = self.faults.lock().unwrap_or_else(PoisonError::into_inner);
        faults.push((fault, hits.clone()));
        hits
    }

    /// Ends all faults.
    pub fn clear(&self) {
        self.faults.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }

    /// The harms that hit a request, counted.
    #[must_use]
    pub fn take(&self, request: &Request) -> Harms {
        let mut faults = self.faults.lock().unwrap_or_else(PoisonError::into_inner);
        let mut harms = Vec::new();
        for (fault, hits) in faults.iter_mut().filter(|(fault, _)| fault.hits(request)) {
            if fault.skip > 0 {
                fault.skip -= 1;
                continue;
            }
            if let Some(count) = &mut fault.count {
                *count = count.saturating_sub(1);
            }
            hits.0.fetch_add(1, Ordering::SeqCst);
            harms.push(fault.harm.clone());
        }
        faults.retain(|(fault, _)| fault.count != Some(0));
        Harms { harms }
    }
}

/// What happens to one request.
#[derive(Clone, Debug, Default)]
pub struct Harms {
    harms: Vec<Harm>,
}

impl Harms {
    /// Waits, or answers in the handler's place.
    pub async fn before(&self) -> Option<Response> {
        for harm in &self.harms {
            match harm {
                Harm::Latency(duration) => tokio::time::sleep(*duration).await,
                Harm::Hang => std::future::pending().await,
                harm => {
                    if let Some(error) = refusal(harm) {
                        return Some(error.response());
                    }
                }
            }
        }
        None
    }

    /// Breaks an answer's body.
    #[must_use]
    pub fn after(&self, mut response: Response) -> Response {
        for harm in &self.harms {
            match harm {
                Harm::Cut(bytes) => response = response.map(|body| cut(body, *bytes)),
                Harm::Slow(bytes) => response = response.map(|body| slow(body, *bytes)),
                Harm::GoneInWatch => response = response.map(|_| gone_event()),
                Harm::Malformed => response = response.map(malform),
                _ => {}
            }
        }
        response
    }
}

fn refusal(harm: &Harm) -> Option<ApiError> {
    Some(match harm {
        Harm::TooManyRequests(seconds) => {
            let message = "Too many requests, please try again later.";
            let mut error = ApiError::new(429, "TooManyRequests", message);
            error.details = Some(Box::new(json!({"retryAfterSeconds": seconds})));
            error
        }
        Harm::InternalError => ApiError::new(
            500,
            "InternalError",
            "Internal error occurred: etcdserver: leader changed",
        ),
        Harm::Unavailable => ApiError::new(
            503,
            "ServiceUnavailable",
            "the server is currently unable to handle the request",
        ),
        Harm::Unauthorized => ApiError::unauthorized(),
        Harm::NotFound => ApiError::new(404, "NotFound", "the server could not find the requested resource"),
        Harm::Refuses(code, reason, message) => ApiError::new(*code, reason, *message),
        Harm::Gone => ApiError::new(410, "Expired", "The resourceVersion for the provided watch is too old."),
        _ => return None,
    })
}

/// Ends the connection in the middle of the body.
fn cut(body: Body, bytes: usize) -> Body {
    let mut left = bytes;
    let stream = body.into_data_stream().flat_map(move |chunk| {
        let chunk = chunk.unwrap_or_default();
        let part = chunk.slice(..chunk.len().min(left));
        left -= part.len();
        let cut = (left == 0).then(|| Err(std::io::Error::from(std::io::ErrorKind::ConnectionReset)));
        futures::stream::iter(std::iter::once(Ok(part)).chain(cut))
    });
    // A body that ends before the cut must not end well either.
    let end = futures::stream::iter([Err(std::io::Error::from(std::io::ErrorKind::ConnectionReset))]);
    Body::from_stream(stream.chain(end))
}

fn slow(body: Body, bytes: usize) -> Body {
    let pieces = body.into_data_stream().flat_map(move |chunk| {
        let chunk = chunk.unwrap_or_default();
        let parts: Vec<Bytes> = (0..chunk.len())
            .step_by(bytes.max(1))
            .map(|at| chunk.slice(at..chunk.len().min(at + bytes.max(1))))
            .collect();
        futures::stream::iter(parts)
    });
    Body::from_stream(pieces.then(|piece| async move {
        tokio::time::sleep(Duration::from_millis(100)).await;
        Ok::<_, std::convert::Infallible>(piece)
    }))
}

fn gone_event() -> Body {
    let status = ApiError::new(410, "Expired", "too old resource version: 1 (2)").status();
    Body::from(json!({"type": "ERROR", "object": status}).to_string() + "\n")
}

/// Puts hostile objects in front of a list's own.
fn malform(body: Body) -> Body {
    const HOSTILE: &str = r#""items":[{},{"metadata":null,"spec":[],"status":"x"},{"metadata":{"name":"odd\u001b[31m","namespace":"default","labels":[],"creationTimestamp":5},"spec":{"containers":{}},"status":{"containerStatuses":[null,1]}},"#;
    let mut first = true;
    Body::from_stream(body.into_data_stream().map(move |chunk| {
        let chunk = chunk.map_err(std::io::Error::other)?;
        if !std::mem::take(&mut first) {
            return Ok(chunk);
        }
        let text = String::from_utf8_lossy(&chunk).replacen("\"items\":[", HOSTILE, 1);
        Ok::<_, std::io::Error>(Bytes::from(text.replacen(",]", "]", 1)))
    }))
}
