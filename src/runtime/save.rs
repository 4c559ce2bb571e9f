//! Writing a file that a person named.

use std::fs::OpenOptions;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use crate::core::outcome::Outcome;
use crate::core::trouble::{Trouble, TroubleKind};

/// Writes a new file. A name without a folder is in the current one; `~/` is the person's home. What is there already is
/// never written over.
pub fn save(name: &str, text: &[u8]) -> Outcome {
    let path = path(name);
    match write(&path, text) {
        Ok(()) => {
            let whole = std::path::absolute(&path).unwrap_or(path);
            Outcome::Saved(whole.display().to_string())
        }
        Err(error) => {
            let trouble = Trouble::new(TroubleKind::Other, "trouble.save").with("path", path.display().to_string());
            Outcome::Failed(trouble.saying(error.to_string()))
        }
    }
}

fn path(name: &str) -> PathBuf {
    match name.strip_prefix("~/").zip(etcetera::home_dir().ok()) {
        Some((rest, home)) => home.join(rest),
        None => PathBuf::from(name),
    }
}

fn write(path: &Path, text: &[u8]) -> io::Result<()> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    // Logs tell secrets.
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)?.write_all(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_written_once() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.log");
        let name = path.display().to_string();
        assert_eq!(save(&name, b"text"), Outcome::Saved(name.clone()));
        assert_eq!(std::fs::read(&path).unwrap(), b"text");
        assert!(
            matches!(save(&name, b"other"), Outcome::Failed(_)),
            "what is there stays"
        );
        assert_eq!(std::fs::read(&path).unwrap(), b"text");
    }
}
