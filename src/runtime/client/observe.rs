//! What is noticed of every answer: when it came, and what the server warns of.

use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::task::{Context, Poll};

use bytes::Bytes;
use futures::future::BoxFuture;
use http::header::{HeaderMap, WARNING};
use http::{Request, Response};
use http_body::{Body as HttpBody, Frame, SizeHint};
use kube::client::Body;
use tokio::sync::mpsc;
use tower::{BoxError, Layer, Service};

use crate::core::redact;

/// When the server last answered, or sent a piece of a stream. Clones share it.
#[derive(Clone, Debug, Default)]
pub struct LastAnswer(Arc<AtomicI64>);

impl LastAnswer {
    /// The time of it; `None` before the first.
    pub fn at(&self) -> Option<jiff::Timestamp> {
        match self.0.load(Ordering::Relaxed) {
            0 => None,
            millis => jiff::Timestamp::from_millisecond(millis).ok(),
        }
    }

    fn now(&self) {
        self.0.store(jiff::Timestamp::now().as_millisecond(), Ordering::Relaxed);
    }
}

/// Notes every answer, and hands on the warnings of the server. What nobody takes in time is dropped.
#[derive(Clone)]
pub struct ObserveLayer {
    /// Where the time is noted.
    pub answered: LastAnswer,
    /// Where warnings go.
    pub warnings: mpsc::Sender<String>,
}

impl<S> Layer<S> for ObserveLayer {
    type Service = Observe<S>;

    fn layer(&self, inner: S) -> Observe<S> {
        Observe {
            layer: self.clone(),
            inner,
        }
    }
}

/// See [`ObserveLayer`].
#[derive(Clone)]
pub struct Observe<S> {
    layer: ObserveLayer,
    inner: S,
}

impl<S, B> Service<Request<Body>> for Observe<S>
where
    S: Service<Request<Body>, Response = Response<B>, Error = BoxError>,
    S::Future: Send + 'static,
{
    type Response = Response<Observed<B>>;
    type Error = BoxError;
    type Future = BoxFuture<'static, Result<Self::Response, BoxError>>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), BoxError>> {
        self.inner.poll_ready(cx)
    }

    fn call(&mut self, request: Request<Body>) -> Self::Future {
        let layer = self.layer.clone();
        // The path alone: a query may carry a command line.
        let line = format!("{} {}", request.method(), request.uri().path());
        let answer = self.inner.call(request);
        Box::pin(async move {
            let response = answer.await?;
            tracing::debug!(status = response.status().as_u16(), "{line}");
            layer.answered.now();
            for warning in warnings(response.headers()) {
                let _ = layer.warnings.try_send(warning);
            }
            let answered = layer.answered;
            Ok(response.map(|inner| Observed { inner, answered }))
        })
    }
}

/// A body whose every piece is noted.
pub struct Observed<B> {
    inner: B,
    answered: LastAnswer,
}

impl<B: HttpBody<Data = Bytes> + Unpin> HttpBody for Observed<B> {
    type Data = Bytes;
    type Error = B::Error;

    fn poll_frame(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, B::Error>>> {
        let polled = Pin::new(&mut self.inner).poll_frame(cx);
        if let Poll::Ready(Some(Ok(_))) = &polled {
            self.answered.now();
        }
        polled
    }

    fn is_end_stream(&self) -> bool {
        self.inner.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.inner.size_hint()
    }
}

/// The texts of the `Warning: 299 - "text"` headers, as apimachinery's `net.ParseWarningHeaders` reads them; other
/// codes and what is malformed is skipped.
pub fn warnings(headers: &HeaderMap) -> Vec<String> {
    let mut found = Vec::new();
    for value in headers.get_all(WARNING) {
        let text = String::from_utf8_lossy(value.as_bytes());
        let mut rest = text.trim();
        while let Some((warning, tail)) = one_warning(rest) {
            found.push(redact::answer(&warning));
            rest = tail.trim_start().trim_start_matches(',').trim_start();
        }
    }
    found.retain(|warning| !warning.is_empty());
    found
}

/// `299 agent "text" ["date"]` at the beginning of `text`, and what follows it.
fn one_warning(text: &str) -> Option<(String, &str)> {
    let rest = text.strip_prefix("299 ")?;
    let (_agent, rest) = rest.trim_start().split_once(' ')?;
    let (warning, rest) = quoted(rest.trim_start())?;
    let rest = match quoted(rest.trim_start()) {
        Some((_date, rest)) => rest,
        None => rest,
    };
    Some((warning, rest))
}

/// A quoted string with its backslashes resolved, and what follows it.
fn quoted(text: &str) -> Option<(String, &str)> {
    let mut chars = text.strip_prefix('"')?.chars();
    let mut out = String::new();
    loop {
        match chars.next()? {
            '"' => return Some((out, chars.as_str())),
            '\\' => out.push(chars.next()?),
            ch => out.push(ch),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use http::HeaderValue;

    #[test]
    fn warnings_are_read_as_apimachinery_reads_them() {
        for (header, want) in [
            (r#"299 - "deprecated""#, &["deprecated"][..]),
            (r#"299 kube "say \"hi\" \\o""#, &[r#"say "hi" \o"#]),
            (r#"299 - "one", 299 - "two""#, &["one", "two"]),
            (
                r#"299 - "dated" "Wed, 21 Oct 2015 07:28:00 GMT", 299 - "b""#,
                &["dated", "b"],
            ),
            (r#"199 - "other""#, &[]),
            (r#"299 - "open"#, &[]),
            (r#"299 - """#, &[]),
            ("", &[]),
        ] {
            let mut headers = HeaderMap::new();
            headers.append(WARNING, HeaderValue::from_str(header).unwrap());
            assert_eq!(warnings(&headers), want, "{header}");
        }
        let mut headers = HeaderMap::new();
        headers.append(WARNING, HeaderValue::from_bytes(b"299 - \"a\xffb\"").unwrap());
        headers.append(WARNING, HeaderValue::from_static("299 - \"c\""));
        assert_eq!(warnings(&headers), ["a\u{fffd}b", "c"]);
    }
}
