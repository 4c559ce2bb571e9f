//! What a request says about who sends it.

use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use http::HeaderValue;
use kube::config::{AuthInfo, Cluster};
use secrecy::{ExposeSecret, SecretString};

use super::config_error::ConfigError;
use super::exec_plugin::{ExecPlugin, PluginCache, PluginError, Slot};
use super::tls::Identity;

/// How long a token read from a file is used before the file is read again, as client-go's `cachingTokenSource`.
const TOKEN_FILE_STANDS: Duration = Duration::from_secs(60);

/// Where the `Authorization` header comes from.
#[derive(Clone)]
pub struct Credentials(Arc<Source>);

enum Source {
    /// Nobody, or somebody by certificate.
    Nothing,
    Fixed(HeaderValue),
    File {
        path: PathBuf,
        read: Mutex<Option<(HeaderValue, Instant)>>,
        fallback: Option<HeaderValue>,
    },
    Plugin {
        slot: Arc<Slot>,
        identity: Arc<Identity>,
        /// The plugin's generation whose certificate is presented.
        presented: Mutex<u64>,
    },
}

/// What one request was sent with.
#[derive(Clone)]
pub struct Offer {
    /// The header, if there is one.
    pub header: Option<HeaderValue>,
    generation: u64,
}

/// Why a request cannot say who sends it.
#[derive(Debug, thiserror::Error)]
pub enum CredentialError {
    /// The plugin.
    #[error(transparent)]
    Plugin(#[from] PluginError),
    /// The kubeconfig.
    #[error(transparent)]
    Config(#[from] ConfigError),
}

impl Credentials {
    /// Those of `user`, in client-go's order: token (the file's when there is one), user name and password, plugin.
    /// `identity` takes the certificate that a plugin may give.
    ///
    /// # Errors
    /// A token or a password that cannot be sent; a plugin that cannot be used.
    pub fn of(
        user: &AuthInfo,
        cluster: &Cluster,
        plugins: &PluginCache,
        identity: Arc<Identity>,
    ) -> Result<Self, CredentialError> {
        let token = user.token.as_ref().filter(|token| !token.expose_secret().is_empty());
        let fixed = token.map(|token| bearer("token", token)).transpose()?;
        let source = if let Some(path) = user.token_file.as_ref().filter(|path| !path.is_empty()) {
            Source::File {
                path: PathBuf::from(path),
                read: Mutex::new(None),
                fallback: fixed,
            }
        } else if let Some(header) = fixed {
            Source::Fixed(header)
        } else if let (Some(name), Some(password)) = (&user.username, &user.password) {
            Source::Fixed(basic(name, password)?)
        } else if let Some(exec) = &user.exec {
            Source::Plugin {
                slot: plugins.slot(ExecPlugin::new(exec, cluster)?),
                identity,
                presented: Mutex::new(0),
            }
        } else {
            Source::Nothing
        };
        Ok(Self(Arc::new(source)))
    }

    /// What to send. After a 401 `refused` is what the server refused.
    ///
    /// # Errors
    /// The plugin fails; the token file cannot be read and never could.
    pub async fn offer(&self, refused: Option<&Offer>) -> Result<Offer, CredentialError> {
        let header = match &*self.0 {
            Source::Nothing => None,
            Source::Fixed(header) => Some(header.clone()),
            Source::File { path, read, fallback } => Some(from_file(path, read, fallback.as_ref(), refused.is_some())?),
            Source::Plugin {
                slot,
                identity,
                presented,
            } => return from_plugin(slot, identity, presented, refused).await,
        };
        Ok(Offer { header, generation: 0 })
    }

    /// What to send after the server refused `refused`; `None` when there is nothing new.
    ///
    /// # Errors
    /// As [`Self::offer`].
    pub async fn another(&self, refused: &Offer) -> Result<Option<Offer>, CredentialError> {
        if matches!(&*self.0, Source::Nothing | Source::Fixed(_)) {
            return Ok(None);
        }
        let next = self.offer(Some(refused)).await?;
        let new = next.generation != refused.generation || next.header != refused.header;
        Ok(new.then_some(next))
    }
}

fn bearer(field: &'static str, token: &SecretString) -> Result<HeaderValue, ConfigError> {
    header(field, format!("Bearer {}", token.expose_secret().trim()))
}

fn basic(name: &str, password: &SecretString) -> Result<HeaderValue, ConfigError> {
    let pair = format!("{name}:{}", password.expose_secret());
    header("password", format!("Basic {}", STANDARD.encode(pair)))
}

fn header(field: &'static str, value: String) -> Result<HeaderValue, ConfigError> {
    let mut header = HeaderValue::try_from(value).map_err(|_| ConfigError::BadCredential {
        field,
        why: "it holds characters that cannot be sent".to_owned(),
    })?;
    header.set_sensitive(true);
    Ok(header)
}

/// The token in `path`, read again every minute and after a refusal. When it cannot be read any more the last one is
/// used, as client-go does.
fn from_file(
    path: &PathBuf,
    read: &Mutex<Option<(HeaderValue, Instant)>>,
    fallback: Option<&HeaderValue>,
    again: bool,
) -> Result<HeaderValue, ConfigError> {
    let mut read = read.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some((header, at)) = &*read
        && !again
        && at.elapsed() < TOKEN_FILE_STANDS
    {
        return Ok(header.clone());
    }
    let fresh = match std::fs::read_to_string(path) {
        Ok(text) if text.trim().is_empty() => Err("it is empty".to_owned()),
        Ok(text) => bearer("tokenFile", &SecretString::from(text)).map_err(|error| error.to_string()),
        Err(error) => Err(error.to_string()),
    };
    let last = read.as_ref().map(|(header, _)| header).or(fallback).cloned();
    let header = match (fresh, last) {
        (Ok(fresh), _) => fresh,
        (Err(_), Some(last)) => last,
        (Err(why), None) => {
            return Err(ConfigError::BadCredential {
                field: "tokenFile",
                why: format!("{}: {why}", path.display()),
            });
        }
    };
    *read = Some((header.clone(), Instant::now()));
    Ok(header)
}

async fn from_plugin(
    slot: &Arc<Slot>,
    identity: &Identity,
    presented: &Mutex<u64>,
    refused: Option<&Offer>,
) -> Result<Offer, CredentialError> {
    let given = slot.clone().credential(refused.map(|offer| offer.generation)).await?;
    if let Some((chain, key)) = &given.credential.identity {
        let mut presented = presented.lock().unwrap_or_else(PoisonError::into_inner);
        if *presented != given.generation {
            identity
                .present(chain.as_bytes(), key.expose_secret().as_bytes())
                .map_err(|why| ConfigError::BadCredential {
                    field: "clientCertificateData",
                    why: why.to_owned(),
                })?;
            *presented = given.generation;
        }
    }
    let header = given
        .credential
        .token
        .as_ref()
        .map(|token| bearer("exec", token))
        .transpose()?;
    Ok(Offer {
        header,
        generation: given.generation,
    })
}
