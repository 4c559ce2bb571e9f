//! From flags and kubeconfig to a client that works. Nothing is sent here yet.

use std::sync::Arc;
use std::time::Duration;

use http::Uri;
use k8s_openapi::apimachinery::pkg::version::Info;
use kube::Config;
use kube::client::ConfigExt;
use kube::config::AuthInfo;
use tokio::sync::mpsc;
use tower::{BoxError, ServiceBuilder};

use super::auth::AuthLayer;
use super::config_error::ConfigError;
use super::context::{self, Selected};
use super::credentials::{CredentialError, Credentials};
use super::environment::Environment;
use super::error::{self, About};
use super::exec_plugin::PluginCache;
use super::kubeconfig::LoadedKubeconfig;
use super::limit::{LimitLayer, PATIENCE};
use super::observe::{LastAnswer, ObserveLayer};
use super::options::{ClientOptions, RequestTimeout};
use super::proxy::{self, Proxy};
use super::tls::{self, Identity};
use super::transport::Route;
use crate::core::redact;
use crate::core::trouble::Trouble;
use crate::runtime::open_api::Documents;

/// How many warnings of the server may wait to be taken.
const WARNINGS: usize = 64;

/// A client, and what it is a client of.
pub struct Connected {
    /// The client. It does not try again by itself, but for one refresh of credentials after a 401.
    pub client: kube::Client,
    /// The context's name; empty when there is none.
    pub context: String,
    /// The cluster's name.
    pub cluster: String,
    /// The user's name; empty for nobody.
    pub user: String,
    /// The user impersonated by `--as` or the kubeconfig.
    pub impersonate: Option<String>,
    /// The server's URL.
    pub server: String,
    /// The namespace to begin in.
    pub namespace: String,
    /// The proxy on the way, without its credentials, and where it was said.
    pub proxy: Option<(String, String)>,
    /// Whether the server's certificate is not checked.
    pub insecure: bool,
    /// When the server last answered.
    pub answered: LastAnswer,
    /// What the server warns of, one text each, repeated as often as the server says it.
    pub warnings: mpsc::Receiver<String>,
    /// The OpenAPI documents that were fetched.
    pub documents: Documents,
    /// What messages about this connection name.
    pub about: Arc<About>,
}

impl std::fmt::Debug for Connected {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Connected")
            .field("context", &self.context)
            .field("server", &self.server)
            .field("user", &self.user)
            .field("namespace", &self.namespace)
            .finish_non_exhaustive()
    }
}

impl Connected {
    /// What an error of this client means.
    pub fn trouble(&self, error: &kube::Error) -> Trouble {
        error::of_kube(error, &self.about)
    }

    /// Asks the server for its version: the first call, which tells whether this works at all. `None` when the server
    /// knows the person but keeps its version to itself.
    ///
    /// # Errors
    /// Why the server cannot be reached, or does not let the person in.
    pub async fn version(&self) -> Result<Option<Info>, Trouble> {
        match self.client.apiserver_version().await {
            Ok(version) if version.git_version.is_empty() => Err(error::no_kubernetes(&self.about)),
            Ok(version) => Ok(Some(version)),
            Err(kube::Error::Api(status)) if status.code == 403 && !status.message.starts_with('<') => Ok(None),
            // Every Kubernetes API has this one.
            Err(kube::Error::SerdeError(_) | kube::Error::FromUtf8(_)) => Err(error::no_kubernetes(&self.about)),
            Err(kube::Error::Api(status)) if status.code == 404 => Err(error::no_kubernetes(&self.about)),
            Err(error) => Err(self.trouble(&error)),
        }
    }
}

/// Makes the client that `options` and `kubeconfig` mean. Proxies come from `env`, credentials of plugins from
/// `plugins`, which outlives the connection. Certificates and keys are read here; plugins run with the first request.
///
/// # Errors
/// What the kubeconfig lacks, and certificates, keys, tokens, plugins and proxies that cannot be used.
pub fn connect(
    options: &ClientOptions,
    kubeconfig: &LoadedKubeconfig,
    env: &Environment,
    plugins: &PluginCache,
) -> Result<Connected, Trouble> {
    let mut selected = context::select(&kubeconfig.kubeconfig, options).map_err(|error| error.trouble())?;
    let server = server_of(&selected).map_err(|error| error.trouble())?;
    let proxy =
        proxy::proxy_for(&server, selected.cluster.proxy_url.as_deref(), env).map_err(|error| error.trouble())?;
    let plain = overheard(&server, proxy.as_ref());
    if plain {
        selected.user = AuthInfo {
            auth_provider: None,
            ..for_kube(&selected.user)
        };
    }
    let about = Arc::new(About {
        plain,
        ..About::of(&selected, &server, proxy.as_ref())
    });
    let config = config_of(&selected, server, kubeconfig.in_cluster).map_err(|error| error.trouble())?;
    build(options, plugins, selected, proxy, config, about)
}

fn server_of(selected: &Selected) -> Result<Uri, ConfigError> {
    let cluster = selected.cluster_name.clone();
    let text = selected.cluster.server.as_deref().unwrap_or_default().trim();
    if text.is_empty() {
        return Err(ConfigError::NoServer { cluster });
    }
    // A server without a scheme is http, as `DefaultServerURL` in client-go has it.
    let whole = if text.contains("://") {
        text.to_owned()
    } else {
        format!("http://{text}")
    };
    let url = whole.parse::<Uri>().ok().filter(|url| {
        matches!(url.scheme_str(), Some("http" | "https")) && url.host().is_some_and(|host| !host.is_empty())
    });
    url.ok_or_else(|| ConfigError::BadServer {
        cluster,
        server: redact::tidy(text),
    })
}

/// Whether what is sent can be read on the way: HTTP without TLS to another machine. kubectl sends no credentials
/// without TLS at all; here this machine itself is excepted.
fn overheard(server: &Uri, proxy: Option<&Proxy>) -> bool {
    let host = server.host().unwrap_or_default();
    server.scheme_str() == Some("http") && (proxy.is_some() || !proxy::spared("", host, 80))
}

/// kube's configuration, by hand: kube's own loader takes a trailing comma in `NO_PROXY` for fatal and runs plugins
/// where it stands.
fn config_of(selected: &Selected, server: Uri, in_cluster: bool) -> Result<Config, ConfigError> {
    let cluster = &selected.cluster;
    let mut config = Config::new(server);
    config.default_namespace = selected.namespace.clone();
    config.default_retry = false;
    config.accept_invalid_certs = cluster.insecure_skip_tls_verify.unwrap_or(false);
    let bundle = tls::data_or_file(
        "certificate-authority-data",
        cluster.certificate_authority_data.as_deref(),
        cluster.certificate_authority.as_deref(),
    );
    config.root_cert = if config.accept_invalid_certs {
        // Nothing is checked: not even the system's authorities need be there.
        Some(Vec::new())
    } else {
        bundle?.map(|pem| tls::authorities(&pem)).transpose()?
    };
    if in_cluster {
        // Read again every minute, since the cluster renews it.
        config.root_cert_file = cluster.certificate_authority.as_ref().map(Into::into);
    }
    Ok(config)
}

fn build(
    options: &ClientOptions,
    plugins: &PluginCache,
    selected: Selected,
    proxy: Option<Proxy>,
    mut config: Config,
    about: Arc<About>,
) -> Result<Connected, Trouble> {
    let (tls, identity) = tls::client(&config, &selected.user).map_err(|error| error.trouble())?;
    let credentials = credentials_of(&selected, plugins, identity.clone())?;
    let transport = Route {
        tls: Arc::new(tls),
        server_name: tls::server_name(&selected.cluster).map_err(|error| error.trouble())?,
        proxy: proxy.clone(),
        connect: connect_limit(options.request_timeout),
        identity,
    }
    .transport();
    config.auth_info = for_kube(&selected.user);
    let failed = |error: kube::Error| error::of_kube(&error, &about);
    let (sender, warnings) = mpsc::channel(WARNINGS);
    let answered = LastAnswer::default();
    let service = ServiceBuilder::new()
        .layer(config.base_uri_layer())
        .option_layer(config.auth_layer().map_err(failed)?)
        .map_err(BoxError::from)
        .layer(AuthLayer(credentials))
        .layer(config.extra_headers_layer().map_err(failed)?)
        .layer(LimitLayer(options.request_timeout))
        .layer(ObserveLayer {
            answered: answered.clone(),
            warnings: sender,
        })
        .service(transport);
    Ok(Connected {
        client: kube::Client::new(service, selected.namespace.clone()),
        impersonate: selected.user.impersonate.clone(),
        server: about.server.clone(),
        proxy: proxy.map(|proxy| (proxy.shown(), proxy.from)),
        insecure: config.accept_invalid_certs,
        context: selected.context,
        cluster: selected.cluster_name,
        user: selected.user_name,
        namespace: selected.namespace,
        answered,
        warnings,
        documents: Documents::default(),
        about,
    })
}

fn credentials_of(selected: &Selected, plugins: &PluginCache, identity: Arc<Identity>) -> Result<Credentials, Trouble> {
    let provider = selected.user.auth_provider.as_ref();
    if let Some(gone) = provider.filter(|provider| provider.name != "oidc") {
        let name = gone.name.clone();
        return Err(ConfigError::UnknownProvider { name }.trouble());
    }
    Credentials::of(&selected.user, &selected.cluster, plugins, identity).map_err(|error| match error {
        CredentialError::Plugin(error) => error.trouble(),
        CredentialError::Config(error) => error.trouble(),
    })
}

/// A connection may take as long as a call, and never more than half a minute.
fn connect_limit(limit: RequestTimeout) -> Duration {
    match limit {
        RequestTimeout::After(whole) => whole.min(PATIENCE),
        RequestTimeout::Patient | RequestTimeout::Off => PATIENCE,
    }
}

/// What kube itself does of a user: impersonation and the old auth providers. The rest is done here.
fn for_kube(user: &AuthInfo) -> AuthInfo {
    AuthInfo {
        impersonate: user.impersonate.clone(),
        impersonate_uid: user.impersonate_uid.clone(),
        impersonate_groups: user.impersonate_groups.clone(),
        impersonate_user_extra: user.impersonate_user_extra.clone(),
        auth_provider: user.auth_provider.clone(),
        ..AuthInfo::default()
    }
}
