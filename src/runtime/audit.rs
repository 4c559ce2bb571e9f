//! The audit file: one line of JSON for every change that this session asked for.

use std::fs::{File, OpenOptions};
use std::io::{self, Write};
use std::path::PathBuf;

/// A file that lines are added to. It is opened when the first line comes.
#[derive(Default)]
pub struct Audit {
    path: Option<PathBuf>,
    file: Option<File>,
}

impl Audit {
    /// The file of this path; none where nothing is to be kept.
    pub fn new(path: Option<PathBuf>) -> Self {
        Self { path, file: None }
    }

    /// Adds a line, in one write so that several konns may share a file. Fails where it cannot be written.
    pub fn record(&mut self, line: &str) -> io::Result<()> {
        let Some(path) = &self.path else { return Ok(()) };
        let mut file = match self.file.take() {
            Some(file) => file,
            None => open(path)?,
        };
        file.write_all(format!("{line}\n").as_bytes())?;
        self.file = Some(file);
        Ok(())
    }

    /// The file's name, for messages.
    pub fn name(&self) -> String {
        self.path
            .as_ref()
            .map(|path| path.display().to_string())
            .unwrap_or_default()
    }
}

/// Readable by its owner alone, where the system knows such a thing.
fn open(path: &PathBuf) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.create(true).append(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_added_to_what_is_there() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("audit.jsonl");
        std::fs::write(&path, "before\n").unwrap();
        let mut audit = Audit::new(Some(path.clone()));
        audit.record("one").unwrap();
        audit.record("two").unwrap();
        assert_eq!(std::fs::read_to_string(&path).unwrap(), "before\none\ntwo\n");
        assert!(
            Audit::new(Some(folder.path().join("no/such/folder")))
                .record("x")
                .is_err()
        );
        Audit::new(None).record("x").unwrap();
    }
}
