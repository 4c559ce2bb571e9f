//! Credential plugins: commands that print an `ExecCredential`. They run without a terminal, with a time limit, and
//! nothing they print reaches the screen.

mod cache;
mod protocol;
mod run;

pub use cache::{PluginCache, Slot};
pub use protocol::ExecCredential;

use kube::config::{Cluster, ExecAuthCluster, ExecConfig, ExecInteractiveMode};

use crate::core::redact;
use crate::core::trouble::{Trouble, TroubleKind};

/// One plugin as a kubeconfig's user declares it, with the cluster it is for.
#[derive(Clone)]
pub struct ExecPlugin {
    config: ExecConfig,
    command: String,
    api_version: String,
    cluster: Option<ExecAuthCluster>,
}

impl ExecPlugin {
    /// The plugin of `config` for `cluster`.
    ///
    /// # Errors
    /// No command, an `apiVersion` other than v1 and v1beta1, or a plugin that always needs a terminal.
    pub fn new(config: &ExecConfig, cluster: &Cluster) -> Result<Self, PluginError> {
        let command = config.command.clone().unwrap_or_default();
        if command.is_empty() {
            return Err(PluginError::NoCommand);
        }
        let api_version = config.api_version.clone().unwrap_or_default();
        if !protocol::VERSIONS.contains(&api_version.as_str()) {
            return Err(PluginError::UnknownVersion { version: api_version });
        }
        let cluster = if config.provide_cluster_info {
            ExecAuthCluster::try_from(cluster).ok()
        } else {
            None
        };
        let plugin = Self {
            config: config.clone(),
            command,
            api_version,
            cluster,
        };
        if config.interactive_mode == Some(ExecInteractiveMode::Always) {
            return Err(PluginError::Interactive {
                command: plugin.shown(),
            });
        }
        Ok(plugin)
    }

    /// The command line as a person would type it, its secrets hidden.
    pub fn shown(&self) -> String {
        let mut words = vec![quoted(&self.command)];
        words.extend(self.config.args.iter().flatten().map(|arg| quoted(arg)));
        redact::tidy(&words.join(" "))
    }

    /// The variables of the plugin, in the order of the kubeconfig.
    fn vars(&self) -> impl Iterator<Item = (&str, &str)> {
        self.config.env.iter().flatten().filter_map(|var| {
            let name = var.get("name")?.as_str();
            // A name with `=` or NUL, or a value with NUL, cannot be passed on.
            let value = var.get("value")?.as_str();
            let bad = name.is_empty() || name.contains(['=', '\0']) || value.contains('\0');
            (!bad).then_some((name, value))
        })
    }

    /// What makes two plugins the same one: command, arguments, variables, version and cluster.
    fn key(&self) -> String {
        let vars: Vec<_> = self.vars().collect();
        let cluster = serde_json::to_string(&self.cluster).unwrap_or_default();
        format!(
            "{:?}",
            (&self.command, &self.config.args, vars, &self.api_version, cluster)
        )
    }
}

/// `word` in quotes when a shell needs them.
fn quoted(word: &str) -> String {
    let plain = |ch: char| ch.is_alphanumeric() || "-_./:=@,+%\\".contains(ch);
    if !word.is_empty() && word.chars().all(plain) {
        word.to_owned()
    } else {
        format!("'{}'", word.replace('\'', "'\\''"))
    }
}

/// Why a plugin gave no credentials. Nothing of its standard output is kept: that is where tokens are.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PluginError {
    /// The kubeconfig names no command.
    #[error("the user's exec entry has no command")]
    NoCommand,
    /// The protocol's version is none we speak.
    #[error("the credential plugin speaks {version:?}")]
    UnknownVersion {
        /// What the kubeconfig says.
        version: String,
    },
    /// It needs a terminal, which konn has in use.
    #[error("the credential plugin {command} needs a terminal")]
    Interactive {
        /// The command line.
        command: String,
    },
    /// There is no such command.
    #[error("the credential plugin {command} is not installed")]
    NotFound {
        /// The command alone.
        command: String,
        /// `installHint` of the kubeconfig.
        hint: String,
    },
    /// It cannot be started.
    #[error("the credential plugin {command} cannot be started: {why}")]
    NotStarted {
        /// The command alone.
        command: String,
        /// The system's words.
        why: String,
    },
    /// It did not come to an end.
    #[error("the credential plugin {command} did not finish within {seconds} s")]
    TimedOut {
        /// The command line.
        command: String,
        /// The limit.
        seconds: u64,
        /// What it had printed to standard error.
        said: String,
    },
    /// It failed.
    #[error("the credential plugin {command} failed ({status}): {said}")]
    Failed {
        /// The command line.
        command: String,
        /// Such as `exit status: 1`.
        status: String,
        /// What it printed to standard error.
        said: String,
    },
    /// What it printed is no `ExecCredential`.
    #[error("the credential plugin {command} printed no credentials: {why}")]
    BadOutput {
        /// The command line.
        command: String,
        /// What is wrong, without what it printed.
        why: String,
    },
}

impl PluginError {
    /// The same to be told.
    pub fn trouble(&self) -> Trouble {
        let new = |id| Trouble::new(TroubleKind::Plugin, id);
        match self {
            Self::NoCommand => new("plugin.nocommand"),
            Self::UnknownVersion { version } => new("plugin.version").with("version", version),
            Self::Interactive { command } => new("plugin.interactive").with("command", command),
            Self::NotFound { command, hint } => new("plugin.missing").with("command", command).saying(hint),
            Self::NotStarted { command, why } => new("plugin.start").with("command", command).saying(why),
            Self::TimedOut { command, seconds, said } => new("plugin.timeout")
                .with("command", command)
                .with("seconds", seconds.to_string())
                .saying(said),
            Self::Failed { command, status, said } => new("plugin.failed")
                .with("command", command)
                .with("status", status)
                .saying(said),
            Self::BadOutput { command, why } => new("plugin.output").with("command", command).saying(why),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn config(yaml: &str) -> ExecConfig {
        serde_yaml::from_str(yaml).unwrap()
    }

    #[test]
    fn what_cannot_work_is_refused_before_it_runs() {
        let cluster = Cluster::default();
        for (yaml, id) in [
            ("{apiVersion: client.authentication.k8s.io/v1}", "plugin.nocommand"),
            ("{command: x}", "plugin.version"),
            (
                "{command: x, apiVersion: client.authentication.k8s.io/v1alpha1}",
                "plugin.version",
            ),
            (
                "{command: x, apiVersion: client.authentication.k8s.io/v1, interactiveMode: Always}",
                "plugin.interactive",
            ),
        ] {
            let error = ExecPlugin::new(&config(yaml), &cluster).err().expect(yaml);
            assert_eq!(error.trouble().id, id);
        }
        let good =
            config("{command: x, apiVersion: client.authentication.k8s.io/v1beta1, interactiveMode: IfAvailable}");
        assert!(ExecPlugin::new(&good, &cluster).is_ok());
    }

    #[test]
    fn the_command_is_shown_as_one_types_it_without_secrets() {
        let yaml = "{command: kubelogin, args: [get-token, '--client-secret=hunter2', 'a b', \"it's\"], apiVersion: client.authentication.k8s.io/v1}";
        let plugin = ExecPlugin::new(&config(yaml), &Cluster::default()).unwrap();
        assert_eq!(plugin.shown(), r"kubelogin get-token --client-secret=… 'a b' 'it'\''s'");
    }

    #[test]
    fn plugins_differ_by_command_arguments_variables_and_cluster() {
        let base = "command: x, apiVersion: client.authentication.k8s.io/v1, provideClusterInfo: true";
        let key = |extra: &str, server: &str| {
            let cluster = Cluster {
                server: Some(server.into()),
                ..Cluster::default()
            };
            ExecPlugin::new(&config(&format!("{{{base}{extra}}}")), &cluster)
                .unwrap()
                .key()
        };
        let plain = key("", "https://a");
        assert_eq!(plain, key("", "https://a"));
        assert_ne!(plain, key(", args: [b]", "https://a"));
        assert_ne!(plain, key(", env: [{name: A, value: b}]", "https://a"));
        assert_ne!(plain, key("", "https://b"));
    }
}
