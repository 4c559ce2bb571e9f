//! What the process was given besides its arguments: variables, the home folder, the service account's folder.

use std::collections::BTreeMap;
use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Where a pod finds its service account (`rest.InClusterConfig` in client-go).
const SERVICE_ACCOUNT: &str = "/var/run/secrets/kubernetes.io/serviceaccount";

/// Variables and folders, handed in so that tests need not touch those of the process.
#[derive(Clone)]
pub struct Environment {
    vars: BTreeMap<String, OsString>,
    /// The home folder, if there is one.
    pub home: Option<PathBuf>,
    /// Where a pod's service account is mounted.
    pub service_account: PathBuf,
    /// What came in by a pipe, where the input was none of a terminal: read whole before the console began.
    pub piped: Option<Arc<[u8]>>,
}

impl Environment {
    /// That of this process.
    pub fn of_process() -> Self {
        Self {
            vars: std::env::vars_os()
                .filter_map(|(name, value)| Some((name.into_string().ok()?, value)))
                .collect(),
            home: etcetera::home_dir().ok(),
            service_account: PathBuf::from(SERVICE_ACCOUNT),
            piped: None,
        }
    }

    /// One with these variables, this home, and the service account's folder below `home` (so: none, until a test
    /// makes it).
    pub fn of<'a>(home: &Path, vars: impl IntoIterator<Item = (&'a str, &'a str)>) -> Self {
        Self {
            vars: vars
                .into_iter()
                .map(|(name, value)| (name.to_owned(), value.into()))
                .collect(),
            home: Some(home.to_owned()),
            service_account: home.join("serviceaccount"),
            piped: None,
        }
    }

    /// A variable's value, as it is. Names differ by case on Unix and do not on Windows.
    pub fn var_os(&self, name: &str) -> Option<&OsStr> {
        let exact = self.vars.get(name);
        let found = if cfg!(windows) {
            exact.or_else(|| {
                self.vars
                    .iter()
                    .find(|(key, _)| key.eq_ignore_ascii_case(name))
                    .map(|(_, value)| value)
            })
        } else {
            exact
        };
        found.map(OsString::as_os_str)
    }

    /// A variable's value; `None` when it is unset, empty or no Unicode.
    pub fn var(&self, name: &str) -> Option<&str> {
        self.var_os(name)?.to_str().filter(|value| !value.is_empty())
    }
}

impl std::fmt::Debug for Environment {
    /// Names only: values may hold credentials.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Environment")
            .field("vars", &self.vars.keys())
            .field("home", &self.home)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn debug_shows_no_value() {
        let env = Environment::of(Path::new("/home/me"), [("AWS_SECRET_ACCESS_KEY", "hunter2")]);
        let text = format!("{env:?}");
        assert!(
            text.contains("AWS_SECRET_ACCESS_KEY") && !text.contains("hunter2"),
            "{text}"
        );
    }

    #[test]
    fn an_empty_variable_is_none() {
        let env = Environment::of(Path::new("/"), [("A", ""), ("B", "x")]);
        assert_eq!(env.var("A"), None);
        assert_eq!(env.var("B"), Some("x"));
        assert_eq!(env.var("C"), None);
    }
}
