//! Changes of the kubeconfig: what `kubectl config` changes of contexts.

use super::request::shell;

/// A change of the kubeconfig.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum KubeconfigEdit {
    /// Give a context another name.
    Rename {
        /// The name that it has.
        from: String,
        /// The name that it gets.
        to: String,
    },
    /// Delete a context; its cluster and its user stay.
    Delete {
        /// Its name.
        context: String,
    },
    /// Set the namespace that a context opens with.
    Namespace {
        /// The context's name.
        context: String,
        /// The namespace.
        namespace: String,
    },
}

impl KubeconfigEdit {
    /// The context that is changed, by the name that it has.
    pub fn context(&self) -> &str {
        match self {
            Self::Rename { from, .. } => from,
            Self::Delete { context } | Self::Namespace { context, .. } => context,
        }
    }

    /// The verb, as the history has it.
    pub fn verb(&self) -> &'static str {
        match self {
            Self::Rename { .. } => "rename",
            Self::Delete { .. } => "delete",
            Self::Namespace { .. } => "set",
        }
    }

    /// The kubectl command that does the same.
    pub fn kubectl(&self) -> String {
        match self {
            Self::Rename { from, to } => format!("kubectl config rename-context {} {}", shell(from), shell(to)),
            Self::Delete { context } => format!("kubectl config delete-context {}", shell(context)),
            Self::Namespace { context, namespace } => {
                format!(
                    "kubectl config set-context {} --namespace={}",
                    shell(context),
                    shell(namespace)
                )
            }
        }
    }
}
