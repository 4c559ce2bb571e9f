//! Certificates: who the server must be, and who the person is.

use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, PoisonError, RwLock};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use rustls::client::ResolvesClientCert;
use rustls::crypto::CryptoProvider;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::sign::CertifiedKey;
use rustls::{InconsistentKeys, SignatureScheme};

use super::config_error::ConfigError;

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
