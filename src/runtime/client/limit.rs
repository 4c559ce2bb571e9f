//! The time limit of calls that are not streams.

use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::Bytes;
use futures::future::BoxFuture;
use http::{Request, Response, header::UPGRADE};
use http_body::{Body as HttpBody, Frame, SizeHint};
use kube::client::Body;
use tokio::time::{Instant, Sleep};
use tower::{BoxError, Layer, Service};

use super::options::RequestTimeout;

/// How long konn waits for a sign of life when nothing else was said.
pub const PATIENCE: Duration = Duration::from_secs(30);

/// The server did not answer in time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("no answer within {} s", after.as_secs_f64())]
pub struct NoAnswer {
    /// How long was waited.
    pub after: Duration,
}

/// Gives every call up that takes too long. Streams (watches, followed logs, what upgrades to a WebSocket) may last:
/// of them only a watch's and an upgrade's first answer is waited for with a limit.
#[derive(Clone, Copy, Debug)]
pub struct LimitLayer(pub RequestTimeout);

impl<S> Layer<S> for LimitLayer {
    type Service = Limit<S>;

    fn layer(&self, inner: S) -> Limit<S> {
        Limit { limit: self.0, inner }
    }
}

/// See [`LimitLayer`].
#[derive(Clone)]
pub struct Limit<S> {
    limit: RequestTimeout,
    inner: S,
}

impl<S, B> Service<Request<Body>> for Limit<S>
where
    S: Service<Request<Body>, Response = Response<B>, Error = BoxError>,
    S::Future: Send + 'static,
    B: Send + 'static,
{
    type Response = Response<Limited<B>>;
    type Error = BoxError;
    type Future = BoxFuture<'static, Result<Self::Response, BoxError>>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), BoxError>> {
        self.inner.poll_ready(cx)
    }

    fn call(&mut self, request: Request<Body>) -> Self::Future {
        let (first, rest) = rules(self.limit, &request);
        let started = Instant::now();
        let answer = self.inner.call(request);
        Box::pin(async move {
            let response = match first {
                Some(after) => match tokio::time::timeout(after, answer).await {
                    Ok(response) => response?,
                    Err(_) => return Err(NoAnswer { after }.into()),
                },
                None => answer.await?,
            };
            Ok(response.map(|inner| Limited::new(inner, rest, started)))
        })
    }
}

/// How long until the answer begins, and the rule for its body.
fn rules(limit: RequestTimeout, request: &Request<Body>) -> (Option<Duration>, Rest) {
    let first = match limit {
        RequestTimeout::Off => return (None, Rest::Free),
        RequestTimeout::Patient => PATIENCE,
        RequestTimeout::After(whole) => whole,
    };
    let says = |name: &str| {
        let query = request.uri().query().unwrap_or_default();
        query.split('&').any(|pair| {
            let (key, value) = pair.split_once('=').unwrap_or((pair, ""));
            key == name && matches!(value, "true" | "1" | "True" | "TRUE" | "t" | "T")
        })
    };
    if says("follow") {
        // A container that says nothing answers nothing.
        return (None, Rest::Free);
    }
    if says("watch") || request.headers().contains_key(UPGRADE) {
        return (Some(first), Rest::Free);
    }
    match limit {
        RequestTimeout::After(whole) => (Some(first), Rest::Whole(whole)),
        _ => (Some(first), Rest::Idle(PATIENCE)),
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Rest {
    /// As long as it likes.
    Free,
    /// So long without a byte.
    Idle(Duration),
    /// So long since the call began.
    Whole(Duration),
}

/// A body that fails when it takes too long.
pub struct Limited<B> {
    inner: B,
    rest: Rest,
    alarm: Option<Pin<Box<Sleep>>>,
}

impl<B> Limited<B> {
    fn new(inner: B, rest: Rest, started: Instant) -> Self {
        let at = match rest {
            Rest::Free => None,
            Rest::Idle(span) => Instant::now().checked_add(span),
            Rest::Whole(span) => started.checked_add(span),
        };
        Self {
            inner,
            rest,
            alarm: at.map(|at| Box::pin(tokio::time::sleep_until(at))),
        }
    }
}

impl<B> HttpBody for Limited<B>
where
    B: HttpBody<Data = Bytes> + Unpin,
    B::Error: Into<BoxError>,
{
    type Data = Bytes;
    type Error = BoxError;

    fn poll_frame(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, BoxError>>> {
        let this = &mut *self;
        if let Poll::Ready(frame) = Pin::new(&mut this.inner).poll_frame(cx) {
            if let (Rest::Idle(span), Some(alarm)) = (this.rest, &mut this.alarm) {
                alarm.as_mut().reset(Instant::now() + span);
            }
            return Poll::Ready(frame.map(|frame| frame.map_err(Into::into)));
        }
        let Some(alarm) = &mut this.alarm else {
            return Poll::Pending;
        };
        match alarm.as_mut().poll(cx) {
            Poll::Pending => Poll::Pending,
            Poll::Ready(()) => {
                this.alarm = None;
                let (Rest::Idle(after) | Rest::Whole(after)) = this.rest else {
                    return Poll::Pending;
                };
                Poll::Ready(Some(Err(NoAnswer { after }.into())))
            }
        }
    }

    fn is_end_stream(&self) -> bool {
        self.inner.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.inner.size_hint()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn streams_may_last_and_calls_may_not() {
        let patient = RequestTimeout::Patient;
        let five = RequestTimeout::After(Duration::from_secs(5));
        let idle = (Some(PATIENCE), Rest::Idle(PATIENCE));
        for (limit, uri, want) in [
            (patient, "/api/v1/pods?limit=500", idle),
            (patient, "/api/v1/pods?labelSelector=watch%3Dtrue", idle),
            (patient, "/api/v1/pods?watch=true", (Some(PATIENCE), Rest::Free)),
            (
                patient,
                "/api/v1/namespaces/a/pods/b/log?&follow=true",
                (None, Rest::Free),
            ),
            (
                five,
                "/api/v1/pods",
                (Some(Duration::from_secs(5)), Rest::Whole(Duration::from_secs(5))),
            ),
            (
                five,
                "/api/v1/pods?&watch=1",
                (Some(Duration::from_secs(5)), Rest::Free),
            ),
            (RequestTimeout::Off, "/api/v1/pods", (None, Rest::Free)),
        ] {
            let request = Request::get(uri).body(Body::empty()).unwrap();
            assert_eq!(rules(limit, &request), want, "{uri}");
        }
        let exec = Request::get("/exec")
            .header(UPGRADE, "websocket")
            .body(Body::empty())
            .unwrap();
        assert_eq!(rules(patient, &exec), (Some(PATIENCE), Rest::Free));
    }
}
