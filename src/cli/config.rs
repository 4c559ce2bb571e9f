//! `config.yaml` in the config folder: what a person settles once. Flags come before it.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde::Deserialize;

use super::Failure;
use crate::core::columns::UserColumn;
use crate::core::policy::{ContextRule, Policy};
use crate::model::Quantity;

/// The settings. A name that konn does not know is an error with file and line.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "camelCase")]
pub struct Config {
    /// Theme by name.
    pub theme: Option<String>,
    /// Keymap by name.
    pub keymap: Option<String>,
    /// Language: `en` or `ja`.
    pub lang: Option<String>,
    /// Refuse everything that would change a cluster.
    pub read_only: bool,
    /// Rules for contexts, by patterns such as `*prod*`.
    pub contexts: BTreeMap<String, Rule>,
    /// The file that every change is written to, one JSON object a line.
    pub audit: Option<PathBuf>,
    /// Take the mouse; true where nothing is said.
    pub mouse: Option<bool>,
    /// Columns besides a view's own, by the word for a kind, such as `pods` or `deployments.apps`.
    pub columns: BTreeMap<String, Vec<UserColumn>>,
    /// Logs.
    pub logs: LogConfig,
}

/// The settings of logs.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "camelCase")]
pub struct LogConfig {
    /// How much memory the lines of one view may take, as a quantity such as `64Mi`; 64Mi where nothing is said.
    pub memory: Option<String>,
}

impl LogConfig {
    /// The memory in bytes. At least 1 MiB is taken.
    pub fn memory_bytes(&self) -> usize {
        let wanted = self.memory.as_deref().and_then(|text| Quantity::parse(text).ok());
        let bytes = wanted.and_then(|quantity| usize::try_from(quantity.value()).ok());
        bytes.unwrap_or(crate::core::log::MEMORY).max(1 << 20)
    }
}

/// What holds in the contexts that a pattern takes.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "camelCase")]
pub struct Rule {
    /// What destroys asks for the object's name.
    pub protected: bool,
    /// Nothing may be changed.
    pub read_only: bool,
}

impl Config {
    /// What may be done where. `read_only` is what the flag says.
    pub fn policy(&self, read_only: bool) -> Policy {
        let rules = self.contexts.iter().map(|(pattern, rule)| ContextRule {
            pattern: pattern.clone(),
            protected: rule.protected,
            read_only: rule.read_only,
        });
        Policy {
            read_only: read_only || self.read_only,
            contexts: rules.collect(),
            audit: self.audit.is_some(),
        }
    }

    /// Reads the file, if it is there. Fails where it cannot be read or says what konn does not know.
    pub fn read(path: &Path) -> Result<Self, Failure> {
        match std::fs::read_to_string(path) {
            Ok(text) => Self::parse(&text, &path.display().to_string()),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(Self::default()),
            Err(error) => Err(Failure(format!(
                "{} cannot be read: {}. Check that the file is yours to read.",
                path.display(),
                error
            ))),
        }
    }

    fn parse(text: &str, file: &str) -> Result<Self, Failure> {
        if text.trim().is_empty() {
            return Ok(Self::default());
        }
        serde_yaml::from_str(text).map_err(|error| {
            let at = error.location().map(|at| format!(":{}", at.line())).unwrap_or_default();
            let why = error.without_snippet().to_string();
            Failure(format!(
                "{file}{at}: {why}. Correct the file, or move it away to go on without it."
            ))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mistakes_are_named_with_file_and_line() {
        assert_eq!(Config::parse("", "c").unwrap(), Config::default());
        let config = Config::parse("theme: light\nreadOnly: true\n", "c").unwrap();
        assert_eq!((config.theme.as_deref(), config.read_only), (Some("light"), true));
        let wrong = Config::parse("theme: light\ncolour: red\n", "config.yaml")
            .unwrap_err()
            .to_string();
        assert!(
            wrong.starts_with("config.yaml:2: ") && wrong.contains("colour"),
            "{wrong}"
        );
        for (columns, line, why) in [
            ("pods:\n  - {title: A, path: '.a['}", 3, "a bracket does not end"),
            ("pods:\n  - {title: A}", 3, "path"),
            ("pods:\n  - {title: A, path: .a, width: 3}", 3, "width"),
        ] {
            let wrong = Config::parse(&format!("columns:\n  {}\n", columns.replace('\n', "\n  ")), "c").unwrap_err();
            let wrong = wrong.to_string();
            assert!(
                wrong.starts_with(&format!("c:{line}: ")) && wrong.contains(why),
                "{wrong}"
            );
        }
    }

    #[test]
    fn columns_are_kept_per_kind() {
        let text = "columns:\n  pods:\n    - title: NODE-IP\n      path: .status.hostIP\n  deployments.apps: []\n";
        let config = Config::parse(text, "c").unwrap();
        let pods = config.columns.get("pods").unwrap();
        assert_eq!(
            (pods[0].title.as_str(), pods[0].path.to_string().as_str()),
            ("NODE-IP", ".status.hostIP")
        );
        assert!(config.columns.get("deployments.apps").unwrap().is_empty());
    }
}
