//! Files of the person's: manifests that are read, texts that are kept.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::client::Environment;
use super::client::paths::Folders;
use crate::core::effect::Document;
use crate::core::outcome::{Loaded, Outcome};
use crate::core::trouble::{Trouble, TroubleKind};

/// The largest file that is read, in bytes: an object may not be larger than 3 MiB, and a file holds many.
const LARGEST: u64 = 32 << 20;

/// The name of what came in by a pipe, as kubectl spells it.
const PIPE: &str = "-";

/// The most files that a folder's manifests are read from.
const MOST: usize = 1000;

/// What is read of a folder, as `kubectl -f` does.
const EXTENSIONS: &[&str] = &["json", "yaml", "yml"];

/// Where files are, as far as the environment says.
#[derive(Clone)]
pub struct Files {
    home: Option<PathBuf>,
    state: Option<PathBuf>,
    piped: Option<Arc<[u8]>>,
}

impl Files {
    /// Those of an environment.
    pub fn of(environment: &Environment) -> Self {
        Self {
            home: environment.home.clone(),
            state: Folders::of(environment, cfg!(windows)).map(|folders| folders.state),
            piped: environment.piped.clone(),
        }
    }

    /// Reads a file, or the manifests right in a folder, in the order of their names; `-` is what came in by a pipe.
    pub fn load(&self, path: &str) -> Outcome {
        if path == PIPE {
            return self.piped();
        }
        let path = self.path(path);
        if !path.is_dir() {
            return match read(&path) {
                Ok(text) => Outcome::Loaded(vec![loaded(&path, Ok(text))]),
                Err(error) => Outcome::Failed(unreadable(&path, &error)),
            };
        }
        match manifests(&path) {
            Ok(paths) if paths.is_empty() => Outcome::Failed(about("trouble.no_manifests", &path)),
            Ok(paths) => {
                let one = |path: PathBuf| loaded(&path, read(&path).map_err(|error| unreadable(&path, &error)));
                Outcome::Loaded(paths.into_iter().map(one).collect())
            }
            Err(error) => Outcome::Failed(unreadable(&path, &error)),
        }
    }

    fn piped(&self) -> Outcome {
        let pipe = Path::new(PIPE);
        let Some(bytes) = &self.piped else {
            return Outcome::Failed(about("trouble.no_pipe", pipe));
        };
        if bytes.len() as u64 > LARGEST {
            return Outcome::Failed(unreadable(pipe, &too_large()));
        }
        match String::from_utf8(bytes.to_vec()) {
            Ok(text) => Outcome::Loaded(vec![loaded(pipe, Ok(text))]),
            Err(error) => Outcome::Failed(about("trouble.unreadable", pipe).saying(error.to_string())),
        }
    }

    /// Keeps a text in a new file of the state folder, which its owner alone may read.
    pub fn keep(&self, document: &Document) -> Outcome {
        let state = self.state.clone().map(|state| state.join("kept"));
        // A home that cannot be written to must not cost what was typed.
        let folders = state.into_iter().chain([std::env::temp_dir()]);
        let mut last = Outcome::Failed(about("trouble.unwritable", Path::new(&document.name)));
        for folder in folders {
            last = keep_in(&folder, document);
            if matches!(last, Outcome::Saved(_)) {
                break;
            }
        }
        last
    }

    /// `~` is the home folder, as in a shell.
    fn path(&self, typed: &str) -> PathBuf {
        let below = typed.strip_prefix("~/").or_else(|| typed.strip_prefix("~\\"));
        match (below, &self.home) {
            (Some(rest), Some(home)) => home.join(rest),
            (None, Some(home)) if typed == "~" => home.clone(),
            _ => PathBuf::from(typed),
        }
    }
}

fn loaded(path: &Path, text: Result<String, Trouble>) -> Loaded {
    Loaded {
        path: path.display().to_string(),
        text,
    }
}

fn manifests(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let is_manifest = |path: &PathBuf| {
        let extension = path.extension().and_then(|extension| extension.to_str());
        extension.is_some_and(|extension| EXTENSIONS.contains(&extension)) && path.is_file()
    };
    let mut paths = Vec::new();
    for entry in fs::read_dir(folder)? {
        paths.extend(Some(entry?.path()).filter(is_manifest));
    }
    if paths.len() > MOST {
        return Err(io::Error::other(format!("more than {MOST} manifests")));
    }
    paths.sort();
    Ok(paths)
}

fn read(path: &Path) -> io::Result<String> {
    let mut file = File::open(path)?;
    if file.metadata()?.len() > LARGEST {
        return Err(too_large());
    }
    let mut text = String::new();
    // A pipe has no length: no more than the limit is read of it either.
    Read::by_ref(&mut file).take(LARGEST).read_to_string(&mut text)?;
    Ok(text)
}

fn too_large() -> io::Error {
    io::Error::other(format!("larger than {} MiB", LARGEST >> 20))
}

/// Reads all that comes by a pipe, and no more than shows that it is too much.
pub fn drain(pipe: impl Read) -> io::Result<Arc<[u8]>> {
    let mut bytes = Vec::new();
    pipe.take(LARGEST + 1).read_to_end(&mut bytes)?;
    Ok(bytes.into())
}

/// Never over a file that is there.
fn write(path: &Path, text: &str) -> io::Result<()> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(path)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()
}

/// Under the document's name, or one like it where that is taken.
fn keep_in(folder: &Path, document: &Document) -> Outcome {
    let mut path = folder.join(&document.name);
    let mut kept = private_folder(folder).and_then(|()| write(&path, &document.text));
    for at in 2..100 {
        if !matches!(&kept, Err(error) if error.kind() == io::ErrorKind::AlreadyExists) {
            break;
        }
        path = folder.join(format!("{at}-{}", document.name));
        kept = write(&path, &document.text);
    }
    written(&path, kept)
}

/// Makes a folder that is its owner's alone, where the system knows such a thing. One that is there stays as it is.
pub(super) fn private_folder(path: &Path) -> io::Result<()> {
    if path.is_dir() {
        return Ok(());
    }
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(path)
}

fn written(path: &Path, result: io::Result<()>) -> Outcome {
    match result {
        Ok(()) => Outcome::Saved(path.display().to_string()),
        Err(error) => Outcome::Failed(about("trouble.unwritable", path).saying(error.to_string())),
    }
}

fn unreadable(path: &Path, error: &io::Error) -> Trouble {
    about("trouble.unreadable", path).saying(error.to_string())
}

fn about(id: &'static str, path: &Path) -> Trouble {
    Trouble::new(TroubleKind::Other, id).with("path", path.display().to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn files(home: &Path) -> Files {
        Files::of(&Environment::of(home, []))
    }

    fn document(name: &str, text: &str) -> Document {
        Document {
            name: name.to_string(),
            text: text.to_string(),
        }
    }

    fn id(outcome: &Outcome) -> &'static str {
        match outcome {
            Outcome::Failed(trouble) => trouble.id,
            _ => "",
        }
    }

    #[test]
    fn what_came_in_by_a_pipe_is_called_as_kubectl_calls_it() {
        let folder = tempfile::tempdir().unwrap();
        let mut environment = Environment::of(folder.path(), []);
        assert_eq!(id(&Files::of(&environment).load("-")), "trouble.no_pipe");
        environment.piped = Some(b"kind: Pod".as_slice().into());
        assert!(matches!(
            Files::of(&environment).load("-"),
            Outcome::Loaded(files) if files.len() == 1 && files[0].text.as_deref().is_ok_and(|text| text == "kind: Pod")
        ));
        environment.piped = Some(b"\xff".as_slice().into());
        assert_eq!(id(&Files::of(&environment).load("-")), "trouble.unreadable");
    }

    #[test]
    fn a_folder_is_read_in_order_and_a_bad_file_costs_no_other() {
        let folder = tempfile::tempdir().unwrap();
        let files = files(folder.path());
        assert_eq!(id(&files.load("~")), "trouble.no_manifests");
        for (name, bytes) in [
            ("b.yaml", &b"b"[..]),
            ("a.yml", b"a"),
            ("c.json", b"\xff"),
            ("d.txt", b"d"),
        ] {
            fs::write(folder.path().join(name), bytes).unwrap();
        }
        let Outcome::Loaded(read) = files.load("~") else {
            panic!()
        };
        let texts: Vec<_> = read.iter().map(|one| one.text.as_deref().ok()).collect();
        assert_eq!(texts, [Some("a"), Some("b"), None]);
        let Outcome::Loaded(one) = files.load("~/d.txt") else {
            panic!()
        };
        assert_eq!(one[0].text.as_deref(), Ok("d"));
        assert_eq!(id(&files.load("~/none")), "trouble.unreadable");
    }

    #[test]
    fn what_is_kept_is_the_owners_alone_and_never_written_over() {
        let home = tempfile::tempdir().unwrap();
        let files = files(home.path());
        let Outcome::Saved(path) = files.keep(&document("pod.yaml", "secret")) else {
            panic!()
        };
        assert!(path.starts_with(home.path().to_str().unwrap()), "{path}");
        assert_eq!(fs::read_to_string(&path).unwrap(), "secret");
        let Outcome::Saved(second) = files.keep(&document("pod.yaml", "other")) else {
            panic!()
        };
        assert_eq!(fs::read_to_string(&path).unwrap(), "secret");
        assert_eq!(fs::read_to_string(second).unwrap(), "other");
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        }
    }
}
