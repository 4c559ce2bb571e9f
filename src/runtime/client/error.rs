//! From an error and everything that caused it to one [`Trouble`].

use std::error::Error as StdError;
use std::io;

use http::Uri;
use kube::client::AuthError;
use kube::core::Status;
use rustls::{AlertDescription, CertificateError};

use super::config_error::ConfigError;
use super::context::Selected;
use super::credentials::CredentialError;
use super::exec_plugin::{ExecPlugin, PluginError};
use super::limit::NoAnswer;
use super::proxy::Proxy;
use super::transport::{ConnectTimeout, NameUnknown, ProxyFailed};
use crate::core::redact;
use crate::core::trouble::{Trouble, TroubleKind};

/// What messages about a connection name.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct About {
    /// The server's URL without credentials.
    pub server: String,
    /// The context's name.
    pub context: String,
    /// The cluster's name.
    pub cluster: String,
    /// The user's name.
    pub user: String,
    /// The credential plugin's command line.
    pub plugin: Option<String>,
    /// The proxy on the way.
    pub proxy: Option<String>,
    /// Whether credentials are held back, since anybody on the way could read them.
    pub plain: bool,
}

impl About {
    /// That of a connection to be made.
    pub fn of(selected: &Selected, server: &Uri, proxy: Option<&Proxy>) -> Self {
        let exec = selected.user.exec.as_ref();
        let plugin = exec.and_then(|exec| ExecPlugin::new(exec, &selected.cluster).ok());
        Self {
            server: redact::tidy(server.to_string().trim_end_matches('/')),
            context: selected.context.clone(),
            cluster: selected.cluster_name.clone(),
            user: selected.user_name.clone(),
            plugin: plugin.map(|plugin| plugin.shown()),
            proxy: proxy.map(Proxy::shown),
            plain: false,
        }
    }

    fn trouble(&self, kind: TroubleKind, id: &'static str) -> Trouble {
        let user = if self.user.is_empty() { "–" } else { &self.user };
        Trouble::new(kind, id)
            .with("server", &self.server)
            .with("cluster", &self.cluster)
            .with("user", user)
            .with("command", self.plugin.as_deref().unwrap_or_default())
    }
}

/// Something answers, but it is no Kubernetes API.
pub fn no_kubernetes(about: &About) -> Trouble {
    about.trouble(TroubleKind::NotKubernetes, "trouble.nokubernetes")
}

/// What an error of a kube client means.
pub fn of_kube(error: &kube::Error, about: &About) -> Trouble {
    match error {
        kube::Error::Api(status) => of_status(status, about),
        kube::Error::SerdeError(error) if error.is_syntax() && error.line() <= 1 && error.column() <= 1 => {
            no_kubernetes(about)
        }
        // The parser's own text quotes the answer, and the answer may be a secret.
        kube::Error::SerdeError(_) | kube::Error::FromUtf8(_) => about.trouble(TroubleKind::Other, "trouble.answer"),
        kube::Error::Auth(error) => of_auth(error, about),
        other => of_chain(other, about),
    }
}

/// What the server's own refusal means.
pub fn of_status(status: &Status, about: &About) -> Trouble {
    let message = status.message.trim();
    let html = message.starts_with('<');
    if html && status.code < 500 {
        return no_kubernetes(about);
    }
    if status.code == 400 && message.contains("HTTP request to an HTTPS server") {
        return about.trouble(TroubleKind::NotKubernetes, "trouble.needstls");
    }
    let (kind, id) = by_code(status, about);
    let trouble = about.trouble(kind, id).with("code", status.code.to_string());
    if html { trouble } else { trouble.answered(message) }
}

fn by_code(status: &Status, about: &About) -> (TroubleKind, &'static str) {
    match status.code {
        401 if about.plain => (TroubleKind::Unauthorized, "trouble.unauthorized.plain"),
        401 if about.plugin.is_some() => (TroubleKind::Unauthorized, "trouble.unauthorized.plugin"),
        401 => (TroubleKind::Unauthorized, "trouble.unauthorized"),
        403 => (TroubleKind::Forbidden, "trouble.forbidden"),
        404 => (TroubleKind::NotFound, "trouble.notfound"),
        407 => (TroubleKind::Proxy, "trouble.proxy.login"),
        409 if status.reason == "AlreadyExists" => (TroubleKind::Conflict, "trouble.exists"),
        409 => (TroubleKind::Conflict, "trouble.conflict"),
        410 => (TroubleKind::Gone, "trouble.gone"),
        429 => (TroubleKind::TooMany, "trouble.toomany"),
        400 | 405 | 406 | 413 | 415 | 422 => (TroubleKind::Invalid, "trouble.invalid"),
        500..=599 => (TroubleKind::Server, "trouble.server"),
        _ => (TroubleKind::Other, "trouble.refusal"),
    }
}

/// What kube's own auth providers say. A command's output is not repeated: it may hold the token.
fn of_auth(error: &AuthError, about: &About) -> Trouble {
    let trouble = about.trouble(TroubleKind::Credentials, "trouble.provider");
    match error {
        AuthError::Oidc(_) | AuthError::AuthExecStart(_) | AuthError::AuthExec(_) => trouble.saying(error.to_string()),
        _ => trouble,
    }
}

/// What any error means, by what caused it.
pub fn of_chain(error: &(dyn StdError + 'static), about: &About) -> Trouble {
    let causes: Vec<_> = causes(error).collect();
    let typed = causes.iter().find_map(|cause| of_typed(*cause, about));
    let typed = typed.or_else(|| causes.iter().rev().find_map(|cause| of_io(*cause, about)));
    typed.unwrap_or_else(|| {
        let hyper = causes.iter().find_map(|cause| cause.downcast_ref::<hyper::Error>());
        if hyper.is_some_and(hyper::Error::is_parse) {
            return no_kubernetes(about);
        }
        if hyper.is_some_and(|error| error.is_incomplete_message() || error.is_canceled() || error.is_closed()) {
            return about.trouble(TroubleKind::Network, "trouble.broken");
        }
        let deepest = causes.last().map(ToString::to_string).unwrap_or_default();
        about.trouble(TroubleKind::Other, "trouble.other").saying(deepest)
    })
}

/// An error and what caused it, outermost first. An `io::Error` hides what it wraps from `source`.
fn causes<'a>(error: &'a (dyn StdError + 'static)) -> impl Iterator<Item = &'a (dyn StdError + 'static)> {
    const DEEPEST: usize = 32;
    fn next<'a>(error: &&'a (dyn StdError + 'static)) -> Option<&'a (dyn StdError + 'static)> {
        let error: &'a (dyn StdError + 'static) = *error;
        match error.downcast_ref::<io::Error>() {
            Some(io) => io.get_ref().map(|inner| inner as _),
            None => error.source(),
        }
    }
    std::iter::successors(Some(error), next).take(DEEPEST)
}

fn of_typed(cause: &(dyn StdError + 'static), about: &About) -> Option<Trouble> {
    if let Some(error) = cause.downcast_ref::<CredentialError>() {
        return Some(match error {
            CredentialError::Plugin(error) => error.trouble(),
            CredentialError::Config(error) => error.trouble(),
        });
    }
    if let Some(error) = cause.downcast_ref::<PluginError>() {
        return Some(error.trouble());
    }
    if let Some(error) = cause.downcast_ref::<ConfigError>() {
        return Some(error.trouble());
    }
    if let Some(error) = cause.downcast_ref::<AuthError>() {
        return Some(of_auth(error, about));
    }
    if let Some(NoAnswer { after }) = cause.downcast_ref() {
        return Some(timeout(about, "trouble.timeout", *after));
    }
    if let Some(ConnectTimeout { after }) = cause.downcast_ref() {
        return Some(timeout(about, "trouble.connect.timeout", *after));
    }
    if let Some(error) = cause.downcast_ref::<ProxyFailed>() {
        return Some(of_proxy(error, about));
    }
    if let Some(error) = cause.downcast_ref::<NameUnknown>() {
        let trouble = about.trouble(TroubleKind::Dns, "trouble.dns").with("host", &error.host);
        return Some(trouble.saying(error.source.to_string()));
    }
    cause.downcast_ref().map(|error| of_tls(error, about))
}

fn timeout(about: &About, id: &'static str, after: std::time::Duration) -> Trouble {
    let seconds = after.as_secs_f64().to_string();
    about.trouble(TroubleKind::Timeout, id).with("seconds", seconds)
}

fn of_proxy(error: &ProxyFailed, about: &About) -> Trouble {
    let said = causes(&*error.source).map(ToString::to_string).collect::<Vec<_>>();
    let login = said.iter().any(|text| text.contains("proxy authorization required"));
    let id = if login { "trouble.proxy.login" } else { "trouble.proxy" };
    let trouble = about.trouble(TroubleKind::Proxy, id).with("proxy", &error.proxy);
    if login {
        trouble
    } else {
        trouble.saying(said.join(": "))
    }
}

fn of_tls(error: &rustls::Error, about: &About) -> Trouble {
    let certificate = |id| about.trouble(TroubleKind::Certificate, id);
    match error {
        rustls::Error::InvalidCertificate(wrong) => of_certificate(wrong, about),
        rustls::Error::InvalidMessage(_) => about.trouble(TroubleKind::NotKubernetes, "trouble.notls"),
        rustls::Error::AlertReceived(
            AlertDescription::CertificateRequired
            | AlertDescription::BadCertificate
            | AlertDescription::CertificateExpired
            | AlertDescription::CertificateRevoked
            | AlertDescription::CertificateUnknown
            | AlertDescription::UnknownCA
            | AlertDescription::UnsupportedCertificate
            | AlertDescription::AccessDenied,
        ) => certificate("trouble.cert.client").saying(error.to_string()),
        _ => certificate("trouble.tls").saying(error.to_string()),
    }
}

fn of_certificate(wrong: &CertificateError, about: &About) -> Trouble {
    let certificate = |id| about.trouble(TroubleKind::Certificate, id);
    match wrong {
        CertificateError::UnknownIssuer | CertificateError::BadSignature => certificate("trouble.cert.issuer"),
        CertificateError::NotValidForName => certificate("trouble.cert.name").with("names", "–"),
        CertificateError::NotValidForNameContext { presented, .. } => {
            certificate("trouble.cert.name").with("names", presented.join(", "))
        }
        CertificateError::Expired | CertificateError::ExpiredContext { .. } => certificate("trouble.cert.expired"),
        CertificateError::NotValidYet | CertificateError::NotValidYetContext { .. } => {
            certificate("trouble.cert.notyet")
        }
        other => {
            // webpki's own error is wrapped without a type that could be named here.
            let text = format!("{other:?}");
            if text.contains("UnsupportedCertVersion") {
                certificate("trouble.cert.v1")
            } else if text.contains("CaUsedAsEndEntity") {
                certificate("trouble.cert.ca")
            } else {
                certificate("trouble.tls").saying(other.to_string())
            }
        }
    }
}

fn of_io(cause: &(dyn StdError + 'static), about: &About) -> Option<Trouble> {
    use io::ErrorKind as Kind;
    let error = cause.downcast_ref::<io::Error>()?;
    let (kind, id) = match error.kind() {
        Kind::ConnectionRefused => (TroubleKind::Refused, "trouble.refused"),
        Kind::TimedOut => (TroubleKind::Timeout, "trouble.lost"),
        Kind::HostUnreachable | Kind::NetworkUnreachable | Kind::NetworkDown | Kind::AddrNotAvailable => {
            (TroubleKind::Network, "trouble.unreachable")
        }
        Kind::ConnectionReset
        | Kind::ConnectionAborted
        | Kind::BrokenPipe
        | Kind::UnexpectedEof
        | Kind::NotConnected => (TroubleKind::Network, "trouble.broken"),
        _ => return None,
    };
    let trouble = about.trouble(kind, id);
    // Of a refusal there is no more to say than the message says.
    Some(match kind {
        TroubleKind::Refused => trouble,
        _ => trouble.saying(error.to_string()),
    })
}
