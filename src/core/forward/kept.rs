//! Forwards that a person keeps in the configuration.

use serde::Deserialize;

use super::{ForwardSession, LOOPBACK, Pair, pairs};
use crate::core::policy::takes;
use crate::core::reference::Reference;
use crate::core::registry::Registry;

/// A forward of the configuration.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Kept {
    /// Its name.
    pub name: String,
    /// The contexts that it belongs to, by a pattern such as `*dev*`; all where none is given.
    #[serde(default)]
    pub context: Option<String>,
    /// The namespace; the context's own where none is given.
    #[serde(default)]
    pub namespace: Option<String>,
    /// Where it leads, as kubectl names it: `svc/web`, `deploy/web`, `web-0`.
    pub target: String,
    /// The ports, such as `8080:80`.
    pub ports: Vec<String>,
    /// The address to listen on; 127.0.0.1 where none is given.
    #[serde(default)]
    pub address: Option<String>,
}

/// What of a kept forward means nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum KeptError {
    /// The kind of the target cannot be forwarded to.
    Target(String),
    /// A port is none.
    Port(String),
}

impl Kept {
    /// Whether it belongs to a context.
    pub fn is_of(&self, context: &str) -> bool {
        let pattern = self.context.as_deref().unwrap_or("*");
        takes(pattern.as_bytes(), context.as_bytes())
    }

    /// Its sessions, one for each port.
    ///
    /// # Errors
    /// What of it means nothing.
    pub fn sessions(&self, own: &str, registry: &Registry) -> Result<Vec<ForwardSession>, KeptError> {
        let (kind, name) = self.target.split_once('/').unwrap_or(("pods", &self.target));
        let wrong = || KeptError::Target(self.target.clone());
        let view = registry.view(kind).ok_or_else(wrong)?;
        if name.is_empty() || !can_be_forwarded_to(&view.resource().group, &view.resource().kind) {
            return Err(wrong());
        }
        let namespace = self.namespace.as_deref().unwrap_or(own);
        let to = Reference::to(view.resource(), namespace, name);
        let session = |pair: Pair| ForwardSession {
            to: to.clone(),
            address: self.address.clone().unwrap_or_else(|| LOOPBACK.to_string()),
            local: pair.local,
            remote: pair.remote,
            name: Some(self.name.clone()),
        };
        let pairs = pairs(&self.ports.join(" ")).map_err(KeptError::Port)?;
        Ok(pairs.into_iter().map(session).collect())
    }
}

/// Whether objects of a kind lead to pods whose ports can be forwarded, as `kubectl port-forward` takes them.
pub fn can_be_forwarded_to(group: &str, kind: &str) -> bool {
    matches!(
        (group, kind),
        ("", "Pod" | "Service" | "ReplicationController")
            | ("apps", "Deployment" | "StatefulSet" | "DaemonSet" | "ReplicaSet")
            | ("batch", "Job")
    )
}

impl KeptError {
    /// The word at fault.
    pub fn word(&self) -> &str {
        match self {
            Self::Target(word) | Self::Port(word) => word,
        }
    }
}
