//! Certificates: who the server must be, and who the person is.

use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, PoisonError, RwLock};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use kube::Config;
use kube::client::ConfigExt;
use kube::config::{AuthInfo, Cluster};
use rustls::client::{ResolvesClientCert, Resumption};
use rustls::crypto::CryptoProvider;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, ServerName};
use rustls::sign::CertifiedKey;
use rustls::{ClientConfig, InconsistentKeys, SignatureScheme};
use secrecy::ExposeSecret;

use super::config_error::ConfigError;
use super::pinned::Pinned;

/// The client certificate that new connections present. It can be replaced while connections live.
///
/// The certificate is not parsed here, so one of X.509 version 1, as MicroK8s makes, is presented like any other.
pub struct Identity {
    provider: Arc<CryptoProvider>,
    current: RwLock<Option<Arc<CertifiedKey>>>,
    generation: AtomicU64,
}

impl Identity {
    /// None yet. Keys are loaded by `provider`.
    pub fn none(provider: Arc<CryptoProvider>) -> Self {
        Self {
            provider,
            current: RwLock::new(None),
            generation: AtomicU64::new(0),
        }
    }

    /// How many times it was replaced: connections made under an older one are not to be used any more.
    pub fn generation(&self) -> u64 {
        self.generation.load(Ordering::Acquire)
    }

    /// Presents this chain from the next connection on. Both are PEM; the key PKCS#8, PKCS#1 or SEC1.
    ///
    /// # Errors
    /// No certificate, no usable key, or a key that belongs to another certificate; in words without the value.
    pub fn present(&self, chain: &[u8], key: &[u8]) -> Result<(), &'static str> {
        let chain: Vec<_> = CertificateDer::pem_slice_iter(chain)
            .collect::<Result<_, _>>()
            .map_err(|_| "the certificate is not valid PEM")?;
        if chain.is_empty() {
            return Err("there is no certificate in it");
        }
        let key = PrivateKeyDer::from_pem_slice(key).map_err(|_| "there is no unencrypted private key in PEM in it")?;
        let key = self
            .provider
            .key_provider
            .load_private_key(key)
            .map_err(|_| "the private key is of a kind that is not supported")?;
        let identity = CertifiedKey::new(chain, key);
        if let Err(rustls::Error::InconsistentKeys(InconsistentKeys::KeyMismatch)) = identity.keys_match() {
            return Err("the private key belongs to another certificate");
        }
        *self.current.write().unwrap_or_else(PoisonError::into_inner) = Some(Arc::new(identity));
        self.generation.fetch_add(1, Ordering::AcqRel);
        Ok(())
    }

    fn current(&self) -> Option<Arc<CertifiedKey>> {
        self.current.read().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

impl ResolvesClientCert for Identity {
    fn resolve(&self, _issuers: &[&[u8]], _schemes: &[SignatureScheme]) -> Option<Arc<CertifiedKey>> {
        self.current()
    }

    fn has_certs(&self) -> bool {
        self.current().is_some()
    }
}

impl std::fmt::Debug for Identity {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Identity")
            .field("generation", &self.generation())
            .finish_non_exhaustive()
    }
}

/// TLS as `config` and `user` want it, and the person's certificate in it.
///
/// # Errors
/// Certificates and keys that cannot be used, of the kubeconfig or of this machine.
pub fn client(config: &Config, user: &AuthInfo) -> Result<(ClientConfig, Arc<Identity>), ConfigError> {
    let mut tls = checks(config)?;
    let provider = tls.crypto_provider().clone();
    let identity = Arc::new(Identity::none(provider.clone()));
    present(&identity, user)?;
    tls.client_auth_cert_resolver = identity.clone();
    // In a pod the authority's file is read again every minute, and kube's check does that.
    let authorities = config.root_cert.as_ref().filter(|_| config.root_cert_file.is_none());
    if !config.accept_invalid_certs
        && let Some(pinned) = authorities.and_then(|all| Pinned::new(all, provider))
    {
        tls.dangerous().set_certificate_verifier(Arc::new(pinned));
    }
    if user.exec.is_some() {
        // A resumed session is still that of the certificate it began with, and a plugin may replace it.
        tls.resumption = Resumption::disabled();
    }
    Ok((tls, identity))
}

/// Who the server must be. Without TLS on the way the system's authorities need not be readable.
fn checks(config: &Config) -> Result<ClientConfig, ConfigError> {
    let error = match config.rustls_client_config() {
        Ok(tls) => return Ok(tls),
        Err(error) => error,
    };
    let mut nobody = config.clone();
    nobody.root_cert = Some(Vec::new());
    match (&config.root_cert, nobody.rustls_client_config()) {
        (None, Ok(tls)) if config.cluster_url.scheme_str() == Some("http") => Ok(tls),
        (None, _) => Err(ConfigError::NoAuthorities { why: error.to_string() }),
        (Some(_), _) => Err(ConfigError::BadCredential {
            field: "certificate-authority",
            why: "a certificate in it cannot be used".to_owned(),
        }),
    }
}

/// The certificate and key of the kubeconfig, if it has them.
fn present(identity: &Identity, user: &AuthInfo) -> Result<(), ConfigError> {
    let certificate = data_or_file(
        "client-certificate",
        user.client_certificate_data.as_deref(),
        user.client_certificate.as_deref(),
    )?;
    let key_data = user.client_key_data.as_ref().map(ExposeSecret::expose_secret);
    let key = data_or_file("client-key", key_data, user.client_key.as_deref())?;
    let bad = |field, why: &str| ConfigError::BadCredential {
        field,
        why: why.to_owned(),
    };
    match (certificate, key) {
        (None, None) => Ok(()),
        (Some(_), None) => Err(bad("client-key", "there is a client-certificate without its key")),
        (None, Some(_)) => Err(bad(
            "client-certificate",
            "there is a client-key without its certificate",
        )),
        (Some(certificate), Some(key)) => identity
            .present(&certificate, &key)
            .map_err(|why| bad("client-certificate", why)),
    }
}

/// The cluster's `tls-server-name`.
///
/// # Errors
/// It is no host name.
pub fn server_name(cluster: &Cluster) -> Result<Option<ServerName<'static>>, ConfigError> {
    let name = cluster.tls_server_name.clone().filter(|name| !name.is_empty());
    name.map(|name| {
        ServerName::try_from(name).map_err(|_| ConfigError::BadCredential {
            field: "tls-server-name",
            why: "it is not a host name".to_owned(),
        })
    })
    .transpose()
}

/// A kubeconfig's `…-data` field, else the file beside it; `None` when there is neither.
///
/// # Errors
/// Base64 that is none, a file that cannot be read.
pub fn data_or_file(
    field: &'static str,
    data: Option<&str>,
    file: Option<&str>,
) -> Result<Option<Vec<u8>>, ConfigError> {
    let bad = |why: String| ConfigError::BadCredential { field, why };
    if let Some(data) = data.filter(|data| !data.is_empty()) {
        let packed: String = data.split_ascii_whitespace().collect();
        let bytes = STANDARD
            .decode(packed)
            .map_err(|_| bad("its data is not base64".to_owned()))?;
        return Ok(Some(bytes));
    }
    let Some(file) = file.filter(|file| !file.is_empty()) else {
        return Ok(None);
    };
    match std::fs::read(Path::new(file)) {
        Ok(bytes) => Ok(Some(bytes)),
        Err(error) => Err(bad(format!("{file}: {error}"))),
    }
}

/// The certificates of a PEM bundle, DER.
///
/// # Errors
/// Broken PEM, or no certificate in it.
pub fn authorities(pem: &[u8]) -> Result<Vec<Vec<u8>>, ConfigError> {
    let bad = |why: &str| ConfigError::BadCredential {
        field: "certificate-authority",
        why: why.to_owned(),
    };
    let all: Vec<Vec<u8>> = CertificateDer::pem_slice_iter(pem)
        .map(|one| one.map(|der| der.to_vec()))
        .collect::<Result<_, _>>()
        .map_err(|_| bad("it is not valid PEM"))?;
    if all.is_empty() {
        return Err(bad("there is no certificate in it"));
    }
    Ok(all)
}
