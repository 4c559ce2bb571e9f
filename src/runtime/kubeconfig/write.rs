//! Puts a file in the place of another: whole, or not at all.

use std::fs::{File, OpenOptions};
use std::io::{self, ErrorKind, Write};
use std::path::{Path, PathBuf};
use std::time::Duration;

/// How often a lock that another holds is tried again, and how long it is rested between.
const TRIES: u32 = 20;
const REST: Duration = Duration::from_millis(100);

/// The lock that kubectl takes on a kubeconfig: a file beside it (`lockFile` in client-go's clientcmd).
pub struct Lock(PathBuf);

impl Lock {
    /// Takes the lock. Fails where another keeps it for two seconds, or where no file can be made.
    pub fn take(path: &Path) -> io::Result<Self> {
        let mut name = path.as_os_str().to_owned();
        name.push(".lock");
        let lock = PathBuf::from(name);
        let mut tries = 0;
        loop {
            match OpenOptions::new().write(true).create_new(true).open(&lock) {
                Ok(_) => return Ok(Self(lock)),
                Err(error) if error.kind() == ErrorKind::AlreadyExists && tries < TRIES => {
                    tries += 1;
                    std::thread::sleep(REST);
                }
                Err(error) => return Err(io::Error::new(error.kind(), format!("{}: {error}", lock.display()))),
            }
        }
    }
}

impl Drop for Lock {
    fn drop(&mut self) {
        let _ = std::fs::remove_file(&self.0);
    }
}

/// Replaces a file's content, keeping its mode and owner. A link stays a link: what it leads to is replaced.
pub fn replace(path: &Path, content: &[u8]) -> io::Result<()> {
    let path = std::fs::canonicalize(path)?;
    let before = std::fs::metadata(&path)?;
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(format!(".konn-{}", std::process::id()));
    let beside = path.with_file_name(name);
    let written = write(&beside, content, &before).and_then(|()| std::fs::rename(&beside, &path));
    if written.is_err() {
        let _ = std::fs::remove_file(&beside);
    }
    written?;
    sync_folder(&path);
    Ok(())
}

fn write(path: &Path, content: &[u8], like: &std::fs::Metadata) -> io::Result<()> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(path)?;
    file.write_all(content)?;
    own(&file, like)?;
    file.set_permissions(like.permissions())?;
    file.sync_all()
}

/// Gives the file to who had the other, where that is somebody else.
#[cfg(unix)]
fn own(file: &File, like: &std::fs::Metadata) -> io::Result<()> {
    use std::os::unix::fs::{MetadataExt, fchown};
    let now = file.metadata()?;
    let other = |now: u32, wanted: u32| (now != wanted).then_some(wanted);
    let (user, group) = (other(now.uid(), like.uid()), other(now.gid(), like.gid()));
    if user.is_some() || group.is_some() {
        fchown(file, user, group)?;
    }
    Ok(())
}

/// Windows takes the owner from the folder, as for every file that is made in it.
#[cfg(not(unix))]
fn own(_file: &File, _like: &std::fs::Metadata) -> io::Result<()> {
    Ok(())
}

/// The new name is on the disk only once the folder is. What cannot be synced was written all the same.
fn sync_folder(path: &Path) {
    if cfg!(unix)
        && let Some(folder) = path.parent()
        && let Ok(folder) = File::open(folder)
    {
        let _ = folder.sync_all();
    }
}
