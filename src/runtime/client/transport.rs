//! From a request to bytes on a connection: name, TCP, proxy, TLS, HTTP/1.1.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll};
use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use futures::future::BoxFuture;
use http::header::ACCEPT_ENCODING;
use http::{HeaderValue, Method, Request, Response, Uri};
use hyper::body::Incoming;
use hyper::rt::{Read, Write};
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::client::legacy::connect::dns::{GaiResolver, Name};
use hyper_util::client::legacy::connect::proxy::{SocksV5, Tunnel};
use hyper_util::client::legacy::connect::{Connection, HttpConnector};
use hyper_util::client::legacy::{Client, ResponseFuture};
use hyper_util::rt::{TokioExecutor, TokioTimer};
use kube::client::Body;
use rustls::ClientConfig;
use rustls::pki_types::ServerName;
use tower::util::BoxCloneService;
use tower::{BoxError, Service, ServiceExt};

use super::auth::copy;
use super::proxy::Proxy;
use super::tls::Identity;

/// The first keepalive probe of an idle connection, the time between probes, and how many may stay unanswered: a dead
/// server is noticed after half a minute.
const KEEPALIVE: (Duration, Duration, u32) = (Duration::from_secs(15), Duration::from_secs(5), 3);

/// What sends requests and gives answers.
pub type Transport = BoxCloneService<Request<Body>, Response<Incoming>, BoxError>;

/// How to reach a server.
pub struct Route {
    /// Certificates, with [`Identity`] as their resolver.
    pub tls: Arc<ClientConfig>,
    /// The name that the server's certificate must carry instead of the URL's (`tls-server-name`).
    pub server_name: Option<ServerName<'static>>,
    /// The proxy on the way.
    pub proxy: Option<Proxy>,
    /// How long a connection may take to stand, the TLS handshake included.
    pub connect: Duration,
    /// Who the person is, if by certificate.
    pub identity: Arc<Identity>,
}

/// The server's name has no address.
#[derive(Debug, thiserror::Error)]
#[error("{host} has no address: {source}")]
pub struct NameUnknown {
    /// The name.
    pub host: String,
    /// The resolver's words.
    pub source: std::io::Error,
}

/// The connection does not stand in time.
#[derive(Clone, Copy, Debug, thiserror::Error)]
#[error("no connection within {} s", after.as_secs_f64())]
pub struct ConnectTimeout {
    /// How long was waited.
    pub after: Duration,
}

/// The proxy does not let us through, or cannot be reached.
#[derive(Debug, thiserror::Error)]
#[error("the proxy {proxy}: {source}")]
pub struct ProxyFailed {
    /// Its address without credentials.
    pub proxy: String,
    /// Its words, or the network's.
    pub source: BoxError,
}

impl Route {
    /// The transport over this route. Nothing is connected yet.
    pub fn transport(self) -> Transport {
        let mut tcp = HttpConnector::new_with_resolver(Resolver(GaiResolver::new()));
        tcp.enforce_http(false);
        tcp.set_nodelay(true);
        tcp.set_connect_timeout(Some(self.connect));
        tcp.set_keepalive(Some(KEEPALIVE.0));
        tcp.set_keepalive_interval(Some(KEEPALIVE.1));
        tcp.set_keepalive_retries(Some(KEEPALIVE.2));
        let Some(proxy) = self.proxy.clone() else {
            return self.over(tcp);
        };
        let shown = proxy.shown();
        let failed = move |error: BoxError| ProxyFailed {
            proxy: shown.clone(),
            source: error,
        };
        let login = login(&proxy.url);
        let url = with_port(&proxy.url);
        match proxy.url.scheme_str() {
            Some("https") => {
                let inner = HttpsConnectorBuilder::new()
                    .with_tls_config(ClientConfig::clone(&self.tls))
                    .https_or_http()
                    .enable_http1()
                    .wrap_connector(tcp);
                let tunnel = authorized(Tunnel::new(url, inner), login.as_ref());
                self.over(tunnel.map_err(move |error| failed(error.into())))
            }
            Some("http") => {
                let tunnel = authorized(Tunnel::new(url, tcp), login.as_ref());
                self.over(tunnel.map_err(move |error| failed(error.into())))
            }
            _ => {
                let mut socks = SocksV5::new(url, tcp);
                if let Some((name, password)) = login {
                    socks = socks.with_auth(name, password);
                }
                self.over(socks.map_err(move |error| failed(error.into())))
            }
        }
    }

    fn over<C>(self, connector: C) -> Transport
    where
        C: Service<Uri> + Clone + Send + Sync + 'static,
        C::Response: Connection + Read + Write + Send + Unpin + 'static,
        C::Future: Send + 'static,
        C::Error: Into<BoxError>,
    {
        let builder = HttpsConnectorBuilder::new()
            .with_tls_config(ClientConfig::clone(&self.tls))
            .https_or_http();
        let builder = match self.server_name {
            Some(name) => builder.with_server_name_resolver(hyper_rustls::FixedServerNameResolver::new(name)),
            None => builder,
        };
        let https: HttpsConnector<C> = builder.enable_http1().wrap_connector(connector);
        let in_time = InTime {
            inner: https,
            limit: self.connect,
        };
        Pool::new(in_time, self.identity).boxed_clone()
    }
}

fn authorized<C>(tunnel: Tunnel<C>, login: Option<&(String, String)>) -> Tunnel<C> {
    let header = login.and_then(|(name, password)| {
        HeaderValue::try_from(format!("Basic {}", STANDARD.encode(format!("{name}:{password}")))).ok()
    });
    match header {
        Some(mut header) => {
            header.set_sensitive(true);
            tunnel.with_auth(header)
        }
        None => tunnel,
    }
}

/// User name and password of a URL, their percent escapes resolved.
fn login(url: &Uri) -> Option<(String, String)> {
    let (userinfo, _) = url.authority()?.as_str().rsplit_once('@')?;
    let (name, password) = userinfo.split_once(':').unwrap_or((userinfo, ""));
    Some((unescaped(name), unescaped(password)))
}

fn unescaped(text: &str) -> String {
    let mut out = Vec::with_capacity(text.len());
    let mut bytes = text.bytes();
    while let Some(byte) = bytes.next() {
        let mut ahead = bytes.clone();
        let digit = |byte: Option<u8>| byte.and_then(|byte| char::from(byte).to_digit(16));
        match (byte, digit(ahead.next()), digit(ahead.next())) {
            (b'%', Some(high), Some(low)) => {
                out.push((high * 16 + low) as u8);
                bytes = ahead;
            }
            _ => out.push(byte),
        }
    }
    String::from_utf8_lossy(&out).into_owned()
}

/// `url` with the port of its scheme when it has none, as Go's `http.Transport` has them.
fn with_port(url: &Uri) -> Uri {
    let port = match (url.port_u16(), url.scheme_str()) {
        (Some(_), _) => return url.clone(),
        (None, Some("https")) => 443,
        (None, Some("http")) => 80,
        _ => 1080,
    };
    let authority = url.authority().map_or("", |authority| authority.as_str());
    Uri::builder()
        .scheme(url.scheme_str().unwrap_or("http"))
        .authority(format!("{authority}:{port}"))
        .path_and_query("/")
        .build()
        .unwrap_or_else(|_| url.clone())
}

/// The system's resolver, with an error that says which name.
#[derive(Clone)]
struct Resolver(GaiResolver);

impl Service<Name> for Resolver {
    type Response = std::vec::IntoIter<SocketAddr>;
    type Error = NameUnknown;
    type Future = BoxFuture<'static, Result<Self::Response, NameUnknown>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), NameUnknown>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, name: Name) -> Self::Future {
        let host = name.as_str().to_owned();
        let found = self.0.call(name);
        Box::pin(async move {
            match found.await {
                Ok(addresses) => Ok(addresses.collect::<Vec<_>>().into_iter()),
                Err(source) => Err(NameUnknown { host, source }),
            }
        })
    }
}

/// A connector that gives up in time.
#[derive(Clone)]
struct InTime<C> {
    inner: C,
    limit: Duration,
}

impl<C> Service<Uri> for InTime<C>
where
    C: Service<Uri, Error = BoxError>,
    C::Future: Send + 'static,
{
    type Response = C::Response;
    type Error = BoxError;
    type Future = BoxFuture<'static, Result<C::Response, BoxError>>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), BoxError>> {
        self.inner.poll_ready(cx)
    }

    fn call(&mut self, uri: Uri) -> Self::Future {
        let after = self.limit;
        let connection = self.inner.call(uri);
        Box::pin(async move {
            match tokio::time::timeout(after, connection).await {
                Ok(done) => done,
                Err(_) => Err(ConnectTimeout { after }.into()),
            }
        })
    }
}

/// Whether the connection ended before an answer began: the server closes idle connections, and a request may meet
/// that. Reads are sent once more then, as Go's `http.Transport` does.
fn broke(error: &hyper_util::client::legacy::Error) -> bool {
    let cause = std::error::Error::source(error).and_then(|cause| cause.downcast_ref::<hyper::Error>());
    !error.is_connect() && cause.is_some_and(|cause| cause.is_incomplete_message() || cause.is_canceled())
}

/// The connections that stand. When the person's certificate was replaced, those made with the old one are left to
/// end what they carry, and new ones are made.
struct Pool<C> {
    connector: C,
    identity: Arc<Identity>,
    client: Arc<Mutex<(u64, Client<C, Body>)>>,
}

impl<C: Clone> Clone for Pool<C> {
    fn clone(&self) -> Self {
        Self {
            connector: self.connector.clone(),
            identity: self.identity.clone(),
            client: self.client.clone(),
        }
    }
}

impl<C> Pool<C>
where
    C: Service<Uri, Error = BoxError> + Clone + Send + Sync + 'static,
    C::Response: Connection + Read + Write + Send + Unpin + 'static,
    C::Future: Send + Unpin + 'static,
{
    fn new(connector: C, identity: Arc<Identity>) -> Self {
        let client = Mutex::new((identity.generation(), Self::client(&connector)));
        Self {
            connector,
            identity,
            client: Arc::new(client),
        }
    }

    fn client(connector: &C) -> Client<C, Body> {
        Client::builder(TokioExecutor::new())
            .pool_timer(TokioTimer::new())
            .build(connector.clone())
    }

    fn send(&self, request: Request<Body>) -> ResponseFuture {
        let mut client = self.client.lock().unwrap_or_else(PoisonError::into_inner);
        let generation = self.identity.generation();
        if client.0 != generation {
            *client = (generation, Self::client(&self.connector));
        }
        client.1.request(request)
    }
}

impl<C> Service<Request<Body>> for Pool<C>
where
    C: Service<Uri, Error = BoxError> + Clone + Send + Sync + 'static,
    C::Response: Connection + Read + Write + Send + Unpin + 'static,
    C::Future: Send + Unpin + 'static,
{
    type Response = Response<Incoming>;
    type Error = BoxError;
    type Future = BoxFuture<'static, Result<Response<Incoming>, BoxError>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), BoxError>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, mut request: Request<Body>) -> Self::Future {
        // Unpacking costs more than it saves but over slow links, and watches must not be packed.
        let identity = HeaderValue::from_static("identity");
        request.headers_mut().entry(ACCEPT_ENCODING).or_insert(identity);
        let again = matches!(*request.method(), Method::GET | Method::HEAD)
            .then(|| copy(&request))
            .flatten();
        let answer = self.send(request);
        let pool = self.clone();
        Box::pin(async move {
            match (answer.await, again) {
                (Err(error), Some(again)) if broke(&error) => pool.send(again).await.map_err(BoxError::from),
                (answer, _) => answer.map_err(BoxError::from),
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_proxy_url_gives_login_and_port() {
        let url: Uri = "http://us%40er:p%3Aw%zz@proxy".parse().unwrap();
        assert_eq!(login(&url), Some(("us@er".into(), "p:w%zz".into())));
        assert_eq!(with_port(&url).port_u16(), Some(80));
        let socks: Uri = "socks5://s".parse().unwrap();
        assert_eq!(login(&socks), None);
        assert_eq!(with_port(&socks).port_u16(), Some(1080));
        let given: Uri = "https://p:8443".parse().unwrap();
        assert_eq!(with_port(&given), given);
    }
}
