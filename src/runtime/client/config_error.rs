//! What can be wrong with a kubeconfig before anything is sent.

use std::path::PathBuf;

use crate::core::trouble::{Trouble, TroubleKind};

/// What is wrong with a kubeconfig. No variant carries a key or a token.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// There is none.
    #[error("there is no kubeconfig: looked at {}", paths(looked))]
    Missing {
        /// Every place looked at.
        looked: Vec<PathBuf>,
    },
    /// A file cannot be read.
    #[error("the kubeconfig {} cannot be read: {source}", path.display())]
    Unreadable {
        /// Which.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// A file is no YAML, or no kubeconfig.
    #[error("{} is not a valid kubeconfig at line {line}, column {column}", path.display())]
    Broken {
        /// Which.
        path: PathBuf,
        /// Counted from 1.
        line: u64,
        /// Counted from 1.
        column: u64,
    },
    /// Neither `current-context` nor `--context` names a context.
    #[error("the kubeconfig has no current-context")]
    NoCurrentContext {
        /// Those there are.
        known: Vec<String>,
    },
    /// The context is not there.
    #[error("the kubeconfig has no context {name:?}")]
    UnknownContext {
        /// Its name.
        name: String,
        /// Those there are.
        known: Vec<String>,
    },
    /// The context names no cluster.
    #[error("the context {context:?} names no cluster")]
    NoCluster {
        /// Which.
        context: String,
    },
    /// The cluster is not there.
    #[error("the kubeconfig has no cluster {name:?}")]
    UnknownCluster {
        /// Its name.
        name: String,
        /// Those there are.
        known: Vec<String>,
    },
    /// The user is not there.
    #[error("the kubeconfig has no user {name:?}")]
    UnknownUser {
        /// Its name.
        name: String,
        /// Those there are.
        known: Vec<String>,
    },
    /// `--as-group` without `--as`, which kubectl refuses too.
    #[error("groups are to be impersonated without a user")]
    GroupsAlone,
    /// An `auth-provider` that clients no longer have: kubectl dropped all but `oidc` with 1.26.
    #[error("there is no auth-provider {name:?}")]
    UnknownProvider {
        /// Its name.
        name: String,
    },
    /// The cluster has no server.
    #[error("the cluster {cluster:?} has no server")]
    NoServer {
        /// Which.
        cluster: String,
    },
    /// The cluster's server is no URL.
    #[error("the server {server:?} of the cluster {cluster:?} is not a URL")]
    BadServer {
        /// Which.
        cluster: String,
        /// What it says.
        server: String,
    },
    /// A proxy's address is no URL, or of an unknown scheme.
    #[error("the proxy in {from} is not an http, https or socks5 URL")]
    BadProxy {
        /// `proxy-url` or the variable's name.
        from: String,
    },
    /// The kubeconfig names no authority, and this machine's cannot be read.
    #[error("the certificate authorities of this machine cannot be read: {why}")]
    NoAuthorities {
        /// Why.
        why: String,
    },
    /// A certificate, key or token in the kubeconfig cannot be used.
    #[error("{field} cannot be used: {why}")]
    BadCredential {
        /// The kubeconfig's field, such as `client-key-data`.
        field: &'static str,
        /// Why, without the value.
        why: String,
    },
}

impl ConfigError {
    /// The same to be told: what happened and what to do.
    pub fn trouble(&self) -> Trouble {
        let new = |id| Trouble::new(TroubleKind::Kubeconfig, id);
        match self {
            Self::Missing { looked } => new("kubeconfig.missing").with("paths", paths(looked)),
            Self::Unreadable { path, source } => new("kubeconfig.unreadable")
                .with("path", path.display().to_string())
                .saying(source.to_string()),
            Self::Broken { path, line, column } => new("kubeconfig.broken")
                .with("path", path.display().to_string())
                .with("line", line.to_string())
                .with("column", column.to_string()),
            // What "minikube delete" leaves behind.
            Self::NoCurrentContext { known } if known.is_empty() => new("kubeconfig.empty"),
            Self::NoCurrentContext { known } => new("kubeconfig.nocontext").with("known", list(known)),
            Self::UnknownContext { name, known } => {
                new("kubeconfig.context").with("name", name).with("known", list(known))
            }
            Self::NoCluster { context } => new("kubeconfig.nocluster").with("context", context),
            Self::UnknownCluster { name, known } => {
                new("kubeconfig.cluster").with("name", name).with("known", list(known))
            }
            Self::UnknownUser { name, known } => new("kubeconfig.user").with("name", name).with("known", list(known)),
            Self::UnknownProvider { name } => new("kubeconfig.provider").with("name", name),
            Self::GroupsAlone => new("kubeconfig.groups"),
            Self::NoServer { cluster } => new("kubeconfig.noserver").with("cluster", cluster),
            Self::BadServer { cluster, server } => {
                new("kubeconfig.server").with("cluster", cluster).with("server", server)
            }
            Self::NoAuthorities { why } => new("kubeconfig.authorities").saying(why),
            Self::BadProxy { from } => new("kubeconfig.proxy").with("from", from),
            Self::BadCredential { field, why } => new("kubeconfig.credential").with("field", field).saying(why),
        }
    }
}

/// `a, b` of paths.
fn paths(all: &[PathBuf]) -> String {
    if all.is_empty() {
        return "~/.kube/config".to_owned();
    }
    let shown: Vec<String> = all.iter().map(|path| path.display().to_string()).collect();
    shown.join(", ")
}

/// The first eight names, then how many more.
fn list(names: &[String]) -> String {
    const SHOWN: usize = 8;
    if names.is_empty() {
        return "–".to_owned();
    }
    let mut out = names.iter().take(SHOWN).cloned().collect::<Vec<_>>().join(", ");
    if let Some(more @ 1..) = names.len().checked_sub(SHOWN) {
        out.push_str(&format!(", … +{more}"));
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn many_names_are_cut() {
        let names: Vec<String> = (1..=10).map(|n| n.to_string()).collect();
        assert_eq!(list(&names), "1, 2, 3, 4, 5, 6, 7, 8, … +2");
        assert_eq!(list(&[]), "–");
    }

    #[test]
    fn every_error_says_what_and_what_to_do() {
        let known = vec!["a".to_owned()];
        let name = "x".to_owned();
        let all = [
            ConfigError::Missing {
                looked: vec!["/k".into()],
            },
            ConfigError::Unreadable {
                path: "/k".into(),
                source: std::io::ErrorKind::PermissionDenied.into(),
            },
            ConfigError::Broken {
                path: "/k".into(),
                line: 3,
                column: 5,
            },
            ConfigError::NoCurrentContext { known: Vec::new() },
            ConfigError::NoCurrentContext { known: known.clone() },
            ConfigError::UnknownContext {
                name: name.clone(),
                known: known.clone(),
            },
            ConfigError::UnknownCluster {
                name: name.clone(),
                known: known.clone(),
            },
            ConfigError::UnknownUser {
                name: name.clone(),
                known,
            },
            ConfigError::GroupsAlone,
            ConfigError::NoAuthorities { why: String::new() },
            ConfigError::UnknownProvider { name: "gcp".into() },
            ConfigError::NoCluster { context: name.clone() },
            ConfigError::NoServer { cluster: name.clone() },
            ConfigError::BadServer {
                cluster: name.clone(),
                server: "::".into(),
            },
            ConfigError::BadProxy {
                from: "HTTPS_PROXY".into(),
            },
            ConfigError::BadCredential {
                field: "client-key-data",
                why: "no PEM".into(),
            },
        ];
        let lang = crate::core::lang::Lang::load(crate::core::lang::Tongue::En);
        for error in all {
            let mut trouble = error.trouble();
            // The system's own words stand behind the sentence; they are not ours to end.
            trouble.said = None;
            let (what, todo) = (lang.what(&trouble), lang.todo(&trouble));
            assert!(what.ends_with('.') && !what.contains(['{', '}']), "{what}");
            assert!(todo.ends_with('.') && !todo.contains(['{', '}']), "{todo}");
        }
    }
}
