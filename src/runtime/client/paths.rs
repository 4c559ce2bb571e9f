//! konn's own folders.

use std::path::{Path, PathBuf};

use super::environment::Environment;

/// Where konn keeps what is its own. None of them need exist.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Folders {
    /// Settings, themes, keymaps: `$XDG_CONFIG_HOME/konn` (`~/.config/konn`), on Windows `%APPDATA%\konn`.
    pub config: PathBuf,
    /// What is remembered between runs: `$XDG_STATE_HOME/konn` (`~/.local/state/konn`), on Windows
    /// `%LOCALAPPDATA%\konn`.
    pub state: PathBuf,
    /// Logs: `log` in the state folder.
    pub log: PathBuf,
}

impl Folders {
    /// Those of this process; `None` when it has no home.
    pub fn of_process() -> Option<Self> {
        Self::of(&Environment::of_process(), cfg!(windows))
    }

    /// As the XDG base directory specification has it on Unix, macOS included: a variable that is not an absolute
    /// path does not count.
    pub fn of(env: &Environment, windows: bool) -> Option<Self> {
        let home = env.home.as_deref();
        let below = |folder: &str| home.map(|home| home.join(folder));
        let (config, state) = if windows {
            (
                folder(env, "APPDATA").or_else(|| below("AppData/Roaming"))?,
                folder(env, "LOCALAPPDATA").or_else(|| below("AppData/Local"))?,
            )
        } else {
            (
                folder(env, "XDG_CONFIG_HOME").or_else(|| below(".config"))?,
                folder(env, "XDG_STATE_HOME").or_else(|| below(".local/state"))?,
            )
        };
        let state = state.join("konn");
        Some(Self {
            config: config.join("konn"),
            log: state.join("log"),
            state,
        })
    }
}

fn folder(env: &Environment, name: &str) -> Option<PathBuf> {
    let path = Path::new(env.var_os(name)?);
    path.is_absolute().then(|| path.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[cfg(unix)]
    #[test]
    fn variables_count_when_absolute() {
        let home = Path::new("/home/me");
        let got = Folders::of(&Environment::of(home, []), false).unwrap();
        assert_eq!(got.config, Path::new("/home/me/.config/konn"));
        assert_eq!(got.state, Path::new("/home/me/.local/state/konn"));
        assert_eq!(got.log, Path::new("/home/me/.local/state/konn/log"));

        let vars = [("XDG_CONFIG_HOME", "/c"), ("XDG_STATE_HOME", "relative")];
        let got = Folders::of(&Environment::of(home, vars), false).unwrap();
        assert_eq!(got.config, Path::new("/c/konn"));
        assert_eq!(got.state, Path::new("/home/me/.local/state/konn"));
    }

    #[test]
    fn windows_has_its_own() {
        let home = std::env::temp_dir();
        let roaming = home.join("r");
        let vars = [("APPDATA", roaming.to_str().unwrap())];
        let got = Folders::of(&Environment::of(&home, vars), true).unwrap();
        assert_eq!(got.config, roaming.join("konn"));
        assert_eq!(got.state, home.join("AppData/Local").join("konn"));
    }
}
