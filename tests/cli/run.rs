//! Running konn in a home of its own.

use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

/// A home folder.
pub struct Home(tempfile::TempDir);

impl Home {
    /// One without a kubeconfig.
    pub fn empty() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    /// One with this kubeconfig.
    pub fn new(kubeconfig: &str) -> Self {
        let home = Self::empty();
        home.write(".kube/config", kubeconfig);
        home
    }

    pub fn path(&self) -> &Path {
        self.0.path()
    }

    /// Writes a file in it.
    pub fn write(&self, name: &str, text: &str) -> PathBuf {
        let path = self.path().join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, text).unwrap();
        path
    }

    /// Writes a file into konn's config folder.
    pub fn configure(&self, name: &str, text: &str) -> PathBuf {
        self.write(&format!("config/konn/{name}"), text)
    }

    /// The command line of konn in this home.
    pub fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_konn"));
        for name in [
            "KUBECONFIG",
            "KONN_LOG",
            "LC_MESSAGES",
            "LANG",
            "KUBERNETES_SERVICE_HOST",
            "HTTPS_PROXY",
            "HTTP_PROXY",
            "ALL_PROXY",
        ] {
            command.env_remove(name).env_remove(name.to_lowercase());
        }
        command
            .env("HOME", self.path())
            .env("USERPROFILE", self.path())
            .env("LC_ALL", "C")
            .env("TERM", "xterm-256color");
        command
            .env("APPDATA", self.path().join("config"))
            .env("XDG_CONFIG_HOME", self.path().join("config"));
        command
            .env("LOCALAPPDATA", self.path().join("state"))
            .env("XDG_STATE_HOME", self.path().join("state"));
        command.env("XDG_CACHE_HOME", self.path().join("cache"));
        command.env("RUST_BACKTRACE", "1");
        command.current_dir(self.path()).args(args).stdin(Stdio::null());
        command
    }

    /// Runs konn to its end.
    pub fn konn(&self, args: &[&str]) -> Output {
        self.command(args).output().unwrap()
    }

    /// Runs konn, and expects that it succeeds without a word on standard error. Answers what it printed.
    pub fn prints(&self, args: &[&str]) -> String {
        let output = self.konn(args);
        let said = text(&output.stderr);
        assert!(
            output.status.success() && said.is_empty(),
            "{args:?}: {} {said}",
            output.status
        );
        text(&output.stdout)
    }

    /// Runs konn, and expects that it refuses with these words in one message of two sentences.
    pub fn refuses(&self, args: &[&str], words: &[&str]) -> String {
        let output = self.konn(args);
        let said = text(&output.stderr);
        assert_eq!(output.status.code(), Some(1), "{args:?}: {said}");
        assert_eq!(text(&output.stdout), "", "{args:?}: nothing is printed");
        sentences(&said, args);
        for word in words {
            assert!(said.contains(word), "{args:?}: {word:?} is missing in {said}");
        }
        said
    }
}

/// Expects one line: what happened, and what to do.
fn sentences(said: &str, args: &[&str]) {
    let message = said.strip_prefix("konn: ").and_then(|rest| rest.strip_suffix('\n'));
    let message = message.unwrap_or_else(|| panic!("{args:?}: not one message: {said}"));
    assert!(
        !message.contains(['\n', '\r', '\u{1b}']),
        "{args:?}: not one line: {said}"
    );
    assert!(message.len() < 600, "{args:?}: not short: {said}");
    let two = [". ", ") ", "。 ", "。"]
        .iter()
        .any(|end| message.trim_end_matches('。').contains(end));
    assert!(two, "{args:?}: what happened, and what to do: {said}");
    for word in ["panicked", "backtrace", "src/", "(os error", "Some(", "Error {"] {
        assert!(
            !message.contains(word),
            "{args:?}: {word} is no word for a person: {said}"
        );
    }
}

/// Bytes as text.
pub fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}
