//! The layer that says who sends a request, and tries once more with fresh credentials after a 401.

use std::task::{Context, Poll};

use futures::future::BoxFuture;
use http::{Request, Response, StatusCode, header::AUTHORIZATION};
use kube::client::Body;
use tower::{BoxError, Layer, Service, ServiceExt};

use super::credentials::{Credentials, Offer};

/// Adds [`Credentials`] to every request.
#[derive(Clone)]
pub struct AuthLayer(pub Credentials);

impl<S> Layer<S> for AuthLayer {
    type Service = Auth<S>;

    fn layer(&self, inner: S) -> Auth<S> {
        Auth {
            credentials: self.0.clone(),
            inner,
        }
    }
}

/// See [`AuthLayer`].
#[derive(Clone)]
pub struct Auth<S> {
    credentials: Credentials,
    inner: S,
}

impl<S, B> Service<Request<Body>> for Auth<S>
where
    S: Service<Request<Body>, Response = Response<B>, Error = BoxError> + Clone + Send + 'static,
    S::Future: Send,
    B: Send + 'static,
{
    type Response = Response<B>;
    type Error = BoxError;
    type Future = BoxFuture<'static, Result<Response<B>, BoxError>>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), BoxError>> {
        self.inner.poll_ready(cx)
    }

    fn call(&mut self, request: Request<Body>) -> Self::Future {
        let clone = self.inner.clone();
        let mut ready = std::mem::replace(&mut self.inner, clone);
        let credentials = self.credentials.clone();
        Box::pin(async move {
            let offer = credentials.offer(None).await?;
            let again = copy(&request);
            let response = ready.call(signed(request, &offer)).await?;
            if response.status() != StatusCode::UNAUTHORIZED {
                return Ok(response);
            }
            let Some(again) = again else { return Ok(response) };
            match credentials.another(&offer).await? {
                Some(fresh) => ready.ready().await?.call(signed(again, &fresh)).await,
                None => Ok(response),
            }
        })
    }
}

/// The same request once more, if its body can be sent twice.
pub(super) fn copy(request: &Request<Body>) -> Option<Request<Body>> {
    let mut copy = Request::new(request.body().try_clone()?);
    *copy.method_mut() = request.method().clone();
    *copy.uri_mut() = request.uri().clone();
    *copy.version_mut() = request.version();
    *copy.headers_mut() = request.headers().clone();
    Some(copy)
}

fn signed(mut request: Request<Body>, offer: &Offer) -> Request<Body> {
    if let Some(header) = &offer.header {
        request
            .headers_mut()
            .entry(AUTHORIZATION)
            .or_insert_with(|| header.clone());
    }
    request
}
