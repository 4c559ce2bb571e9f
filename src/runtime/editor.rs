//! The person's own editor: which one it is, and how it is run on a text.

use std::ffi::OsString;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use tokio::process::{Child, Command};

use super::client::Environment;
use crate::core::effect::Document;

/// The word in the configuration for konn's own editor.
pub const BUILT_IN: &str = "built-in";

/// An editor's command line, without the file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Editor {
    words: Vec<OsString>,
    /// Whether the last word is a line for a shell, which gets the file's name behind it.
    by_shell: bool,
}

impl Editor {
    /// The one that is wanted: the configuration's, `$KUBE_EDITOR`, `$EDITOR`, the platform's. Nothing where konn's own
    /// is. A line of several words is split, or handed to a shell where it has quotes: as kubectl does (`editor.go`).
    pub fn of(wanted: Option<&str>, environment: &Environment) -> Option<Self> {
        let named = ["KUBE_EDITOR", "EDITOR"]
            .into_iter()
            .find_map(|name| environment.var(name));
        let line = wanted.or(named).unwrap_or(if cfg!(windows) { "notepad" } else { "vi" });
        if line == BUILT_IN {
            return None;
        }
        let (words, by_shell) = if !line.contains(' ') {
            (vec![line.into()], false)
        } else if !line.contains(['"', '\'', '\\']) {
            (line.split_whitespace().map(OsString::from).collect(), false)
        } else {
            let shell = environment.var_os("SHELL").map(OsString::from);
            let shell = shell.unwrap_or_else(|| if cfg!(windows) { "cmd" } else { "/bin/sh" }.into());
            let flag = if cfg!(windows) { "/C" } else { "-c" };
            (vec![shell, flag.into(), line.into()], true)
        };
        Some(Self { words, by_shell })
    }

    /// Its name, for messages.
    pub fn name(&self) -> String {
        let word = if self.by_shell {
            self.words.last()
        } else {
            self.words.first()
        };
        word.map(|word| word.to_string_lossy().into_owned()).unwrap_or_default()
    }

    /// Starts it on a file, at the terminal that konn has left. It ends with konn.
    pub fn start(&self, file: &Path) -> io::Result<Child> {
        let mut words = self.words.clone();
        if self.by_shell {
            let quoted = format!(" \"{}\"", file.display());
            words.last_mut().into_iter().for_each(|line| line.push(&quoted));
        } else {
            words.push(file.into());
        }
        let mut words = words.into_iter();
        let program = words.next().ok_or(io::ErrorKind::NotFound)?;
        let mut command = Command::new(program);
        command.args(words).kill_on_drop(true);
        // Where konn got manifests by a pipe, its editor still reads keys.
        #[cfg(unix)]
        if !io::IsTerminal::is_terminal(&io::stdin())
            && let Ok(terminal) = std::fs::File::open("/dev/tty")
        {
            command.stdin(terminal);
        }
        command.spawn()
    }
}

/// A text in a file of its own, in a folder of its own: what an editor leaves beside it goes with it, and nobody else
/// can look into it. Both are deleted when this is dropped.
pub struct Draft {
    folder: tempfile::TempDir,
    file: PathBuf,
}

impl Draft {
    /// Writes the text.
    pub fn new(document: &Document) -> io::Result<Self> {
        let mut builder = tempfile::Builder::new();
        builder.prefix("konn-edit-");
        #[cfg(unix)]
        builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o700));
        let folder = builder.tempdir()?;
        let file = folder.path().join(&document.name);
        let mut options = std::fs::OpenOptions::new();
        options.write(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        options.open(&file)?.write_all(document.text.as_bytes())?;
        Ok(Self { folder, file })
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.file
    }

    /// The text as it is now.
    pub fn read(&self) -> io::Result<String> {
        std::fs::read(&self.file).map(|bytes| String::from_utf8_lossy(&bytes).into_owned())
    }

    /// Deletes it. Fails where that is not possible.
    pub fn delete(self) -> io::Result<()> {
        self.folder.close()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(wanted: Option<&str>, vars: &[(&str, &str)]) -> Option<Vec<String>> {
        let environment = Environment::of(Path::new("/home"), vars.iter().copied());
        let editor = Editor::of(wanted, &environment)?;
        Some(
            editor
                .words
                .iter()
                .map(|word| word.to_string_lossy().into_owned())
                .collect(),
        )
    }

    #[test]
    fn the_editor_is_the_one_that_kubectl_takes() {
        let platform = if cfg!(windows) { "notepad" } else { "vi" };
        let (kube, editor) = (("KUBE_EDITOR", "code -w"), ("EDITOR", "nano"));
        for (wanted, vars, found) in [
            (None, vec![], Some(vec![platform])),
            (None, vec![editor], Some(vec!["nano"])),
            (None, vec![editor, kube], Some(vec!["code", "-w"])),
            (Some("hx"), vec![kube], Some(vec!["hx"])),
            (Some("built-in"), vec![kube], None),
            (
                None,
                vec![("EDITOR", "'my editor' -w"), ("SHELL", "/bin/zsh")],
                Some(vec![
                    "/bin/zsh",
                    if cfg!(windows) { "/C" } else { "-c" },
                    "'my editor' -w",
                ]),
            ),
        ] {
            let found = found.map(|words| words.into_iter().map(str::to_string).collect());
            assert_eq!(words(wanted, &vars), found);
        }
    }

    #[test]
    fn a_draft_is_the_owners_alone_and_goes() {
        let document = Document {
            name: "secret-db.yaml".into(),
            text: "a: 1\n".into(),
        };
        let draft = Draft::new(&document).unwrap();
        let path = draft.path().to_owned();
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            let mode = |path: &Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
            assert_eq!((mode(&path), mode(path.parent().unwrap())), (0o600, 0o700));
        }
        std::fs::write(&path, "a: 2\n").unwrap();
        assert_eq!(draft.read().unwrap(), "a: 2\n");
        draft.delete().unwrap();
        assert!(!path.exists());
    }
}
