//! Small servers, certificates and kubeconfigs.

use std::net::SocketAddr;
use std::path::Path;
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::Body;
use axum::extract::Request;
use axum::response::Response;
use axum::serve::Listener;
use http::HeaderMap;
use konn::core::lang::{Lang, Tongue};
use konn::core::trouble::Trouble;
use konn::runtime::client::{ClientOptions, Connected, Environment, PluginCache, connect, load};
use rcgen::{BasicConstraints, CertificateParams, IsCa, Issuer, KeyPair};
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tokio::net::{TcpListener, TcpSocket, TcpStream};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::server::TlsStream;

/// What `/version` answers.
pub const VERSION: &str = r#"{"major":"1","minor":"36","gitVersion":"v1.36.2","gitCommit":"c","gitTreeState":"clean","buildDate":"2026-01-01T00:00:00Z","goVersion":"go1","compiler":"gc","platform":"linux/amd64"}"#;

/// What came in: the path with its query, and the headers.
pub type Seen = Arc<Mutex<Vec<(String, HeaderMap)>>>;

/// An address at which nobody listens, as long as it is held: one that is given back may be another test's in a moment.
pub struct Nobody {
    _held: TcpSocket,
    /// The address.
    pub address: SocketAddr,
}

impl Nobody {
    /// One of this machine.
    pub fn new() -> Self {
        let held = TcpSocket::new_v4().unwrap();
        held.bind(([127, 0, 0, 1], 0).into()).unwrap();
        let address = held.local_addr().unwrap();
        Self { _held: held, address }
    }
}

/// A server that notes what comes in.
pub struct Site {
    /// Where it listens.
    pub address: SocketAddr,
    /// What came in so far.
    pub seen: Seen,
    /// The client certificates presented, DER, one entry for each connection.
    pub clients: Arc<Mutex<Vec<Option<Vec<u8>>>>>,
}

impl Site {
    /// One that answers by `answer`, over plain HTTP.
    pub async fn plain(answer: impl Fn(&str, &HeaderMap) -> Response + Clone + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let seen = Seen::default();
        let router = router(answer, seen.clone());
        tokio::spawn(async move { axum::serve(listener, router).await });
        Self {
            address,
            seen,
            clients: Arc::default(),
        }
    }

    /// One that answers by `answer`, over TLS.
    pub async fn tls(
        config: rustls::ServerConfig,
        answer: impl Fn(&str, &HeaderMap) -> Response + Clone + Send + Sync + 'static,
    ) -> Self {
        let tcp = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = tcp.local_addr().unwrap();
        let (seen, clients) = (Seen::default(), Arc::default());
        let router = router(answer, seen.clone());
        let listener = TlsListener {
            tcp,
            acceptor: TlsAcceptor::from(Arc::new(config)),
            clients: Arc::clone(&clients),
        };
        tokio::spawn(async move { axum::serve(listener, router).await });
        Self { address, seen, clients }
    }

    /// How many requests came in.
    pub fn count(&self) -> usize {
        self.seen.lock().unwrap().len()
    }

    /// The `Authorization` headers that came in, in order.
    pub fn authorizations(&self) -> Vec<String> {
        let seen = self.seen.lock().unwrap();
        let of = |headers: &HeaderMap| {
            headers
                .get("authorization")
                .map_or("", |value| value.to_str().unwrap())
                .to_owned()
        };
        seen.iter().map(|(_, headers)| of(headers)).collect()
    }
}

fn router(answer: impl Fn(&str, &HeaderMap) -> Response + Clone + Send + Sync + 'static, seen: Seen) -> Router {
    Router::new().fallback(move |request: Request| {
        let path = request
            .uri()
            .path_and_query()
            .map_or("", |path| path.as_str())
            .to_owned();
        let response = answer(&path, request.headers());
        seen.lock().unwrap().push((path, request.headers().clone()));
        async move { response }
    })
}

struct TlsListener {
    tcp: TcpListener,
    acceptor: TlsAcceptor,
    clients: Arc<Mutex<Vec<Option<Vec<u8>>>>>,
}

impl Listener for TlsListener {
    type Io = TlsStream<TcpStream>;
    type Addr = SocketAddr;

    async fn accept(&mut self) -> (Self::Io, SocketAddr) {
        loop {
            let (tcp, address) = self.tcp.accept().await.unwrap();
            // A client that does not like the certificate hangs up: wait for the next.
            if let Ok(tls) = self.acceptor.accept(tcp).await {
                let client = tls
                    .get_ref()
                    .1
                    .peer_certificates()
                    .and_then(|all| Some(all.first()?.to_vec()));
                self.clients.lock().unwrap().push(client);
                return (tls, address);
            }
        }
    }

    fn local_addr(&self) -> std::io::Result<SocketAddr> {
        self.tcp.local_addr()
    }
}

/// An answer of this status and body.
pub fn answer(status: u16, kind: &str, body: &str) -> Response {
    Response::builder()
        .status(status)
        .header("content-type", kind)
        .body(Body::from(body.to_owned()))
        .unwrap()
}

/// The version, as a Kubernetes API gives it.
pub fn version() -> Response {
    answer(200, "application/json", VERSION)
}

/// A `Status` failure of this code.
pub fn failure(code: u16, reason: &str, message: &str) -> Response {
    let body = serde_json::json!({"kind": "Status", "apiVersion": "v1", "status": "Failure", "code": code, "reason": reason, "message": message});
    answer(code, "application/json", &body.to_string())
}

/// A certificate authority.
pub struct Authority {
    issuer: Issuer<'static, KeyPair>,
    /// Its certificate.
    pub pem: String,
}

impl Authority {
    /// A new one.
    pub fn new() -> Self {
        let key = KeyPair::generate().unwrap();
        let mut params = CertificateParams::new(Vec::new()).unwrap();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let pem = params.self_signed(&key).unwrap().pem();
        Self {
            issuer: Issuer::new(params, key),
            pem,
        }
    }

    /// A certificate for `names` and its key, PEM, after `change`.
    pub fn sign(&self, names: &[&str], change: impl FnOnce(&mut CertificateParams)) -> (String, String) {
        let key = KeyPair::generate().unwrap();
        let mut params = CertificateParams::new(names.iter().map(ToString::to_string).collect::<Vec<_>>()).unwrap();
        change(&mut params);
        let certificate = params.signed_by(&key, &self.issuer).unwrap();
        (certificate.pem(), key.serialize_pem())
    }

    /// A server's TLS with a certificate for `names`.
    pub fn server(&self, names: &[&str]) -> rustls::ServerConfig {
        server(&self.sign(names, |_| {}))
    }
}

/// A server's TLS with this certificate and key.
pub fn server(identity: &(String, String)) -> rustls::ServerConfig {
    let (chain, key) = der(identity);
    rustls::ServerConfig::builder()
        .with_no_client_auth()
        .with_single_cert(chain, key)
        .unwrap()
}

/// Certificate and key, DER.
pub fn der((chain, key): &(String, String)) -> (Vec<CertificateDer<'static>>, PrivateKeyDer<'static>) {
    use rustls::pki_types::pem::PemObject;
    let chain = CertificateDer::pem_slice_iter(chain.as_bytes())
        .collect::<Result<_, _>>()
        .unwrap();
    (chain, PrivateKeyDer::from_pem_slice(key.as_bytes()).unwrap())
}

/// A folder with a kubeconfig in it.
pub struct Home {
    dir: tempfile::TempDir,
    vars: Vec<(String, String)>,
    /// The plugins' cache.
    pub plugins: PluginCache,
    /// The flags.
    pub options: ClientOptions,
}

impl Home {
    /// One whose kubeconfig has one context `dev` of `cluster` and `user`, both YAML in braces.
    pub fn new(cluster: &str, user: &str) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let text = format!(
            "current-context: dev\ncontexts: [{{name: dev, context: {{cluster: c, user: u, namespace: shop}}}}]\nclusters: [{{name: c, cluster: {cluster}}}]\nusers: [{{name: u, user: {user}}}]\n"
        );
        std::fs::create_dir(dir.path().join(".kube")).unwrap();
        std::fs::write(dir.path().join(".kube").join("config"), text).unwrap();
        Self {
            dir,
            vars: Vec::new(),
            plugins: PluginCache::default(),
            options: ClientOptions::default(),
        }
    }

    /// The same with a variable more.
    pub fn with(mut self, name: &str, value: &str) -> Self {
        self.vars.push((name.to_owned(), value.to_owned()));
        self
    }

    /// Its folder.
    pub fn path(&self) -> &Path {
        self.dir.path()
    }

    /// The client, or why not.
    pub fn connect(&self) -> Result<Connected, Told> {
        let vars = self.vars.iter().map(|(name, value)| (name.as_str(), value.as_str()));
        let env = Environment::of(self.dir.path(), vars);
        let loaded = load(&self.options, &env).map_err(|error| Told(error.trouble()))?;
        connect(&self.options, &loaded, &env, &self.plugins).map_err(Told)
    }

    /// What the first call comes to: the version, or the trouble.
    pub async fn first_call(&self) -> Result<String, Told> {
        let version = self.connect()?.version().await.map_err(Told)?;
        Ok(version.map_or_else(String::new, |version| version.git_version))
    }
}

/// A trouble as a person reads it, in English.
#[derive(Debug, PartialEq, Eq)]
pub struct Told(pub Trouble);

impl Told {
    pub fn what(&self) -> String {
        Lang::load(Tongue::En).what(&self.0)
    }

    pub fn todo(&self) -> String {
        Lang::load(Tongue::En).todo(&self.0)
    }
}

impl std::ops::Deref for Told {
    type Target = Trouble;

    fn deref(&self) -> &Trouble {
        &self.0
    }
}

impl std::fmt::Display for Told {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}", Lang::load(Tongue::En).trouble(&self.0))
    }
}
