//! Archives of tar: files packed as they are read, and unpacked as they come, never outside of where they belong.

use std::fs::{self, File};
use std::io::{self, Read, Write};
use std::path::{Component, Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};

use bytes::{Buf, Bytes};
use tokio::sync::mpsc;

use crate::core::session::Copied;
use crate::core::trouble::{Trouble, TroubleKind};

/// What has been copied so far, counted on the thread that does it.
#[derive(Default)]
pub struct Counts {
    bytes: AtomicU64,
    files: AtomicU64,
    skipped: AtomicU64,
}

impl Counts {
    /// As it is now.
    pub(super) fn now(&self) -> Copied {
        Copied {
            bytes: self.bytes.load(Ordering::Relaxed),
            files: self.files.load(Ordering::Relaxed),
            skipped: self.skipped.load(Ordering::Relaxed),
        }
    }
}

/// The reading end of what comes from the container.
pub(super) struct Incoming(pub mpsc::Receiver<Bytes>, pub Bytes);

impl Read for Incoming {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        while self.1.is_empty() {
            match self.0.blocking_recv() {
                Some(bytes) => self.1 = bytes,
                None => return Ok(0),
            }
        }
        let count = into.len().min(self.1.len());
        let (into, _) = into.split_at_mut(count);
        self.1.copy_to_slice(into);
        Ok(count)
    }
}

/// The writing end of what goes to the container.
pub(super) struct Outgoing(pub mpsc::Sender<Bytes>);

impl Write for Outgoing {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let sent = self.0.blocking_send(Bytes::copy_from_slice(bytes));
        sent.map(|()| bytes.len())
            .map_err(|_| io::Error::from(io::ErrorKind::BrokenPipe))
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

fn local(error: &io::Error) -> Trouble {
    Trouble::new(TroubleKind::Other, "trouble.copy_local").saying(error.to_string())
}

/// Packs a file or a folder under a name. Links are packed as links, as kubectl does.
pub(super) fn pack(path: &Path, name: &str, to: Outgoing) -> Result<(), Trouble> {
    let mut builder = tar::Builder::new(io::BufWriter::with_capacity(32 << 10, to));
    builder.follow_symlinks(false);
    let meta = fs::symlink_metadata(path).map_err(|error| local(&error))?;
    let packed = if meta.is_dir() {
        builder.append_dir_all(name, path)
    } else {
        builder.append_path_with_name(path, name)
    };
    let ended = packed
        .and_then(|()| builder.into_inner())
        .and_then(|mut out| out.flush());
    ended.map_err(|error| local(&error))
}

/// Unpacks what was asked for by `remote` to `to`, or into it where it is a folder. What an archive names elsewhere is
/// refused, and links and devices are passed over, as kubectl does.
pub fn unpack(from: impl Read, remote: &str, to: &Path, counts: &Counts) -> Result<(), Trouble> {
    let prefix: PathBuf = plain(Path::new(remote)).unwrap_or_default();
    let to = match prefix.file_name() {
        Some(name) if to.is_dir() => to.join(name),
        _ => to.to_path_buf(),
    };
    let mut archive = tar::Archive::new(from);
    let entries = archive.entries().map_err(|error| local(&error))?;
    for entry in entries {
        let mut entry = entry.map_err(|error| local(&error))?;
        let named = entry.path().map_err(|error| local(&error))?.into_owned();
        let inside = inside(&named, &prefix).ok_or_else(|| {
            Trouble::new(TroubleKind::Other, "trouble.copy_hostile").with("path", named.display().to_string())
        })?;
        let at = if inside.as_os_str().is_empty() {
            to.clone()
        } else {
            to.join(inside)
        };
        let kind = entry.header().entry_type();
        if kind.is_dir() {
            fs::create_dir_all(&at).map_err(|error| local(&error))?;
        } else if kind.is_file() || kind.is_contiguous() || kind.is_gnu_sparse() {
            write(&mut entry, &at, counts).map_err(|error| local(&error))?;
        } else {
            counts.skipped.fetch_add(1, Ordering::Relaxed);
        }
    }
    // Behind the archive's end comes padding: whoever sends it is to see it taken, and then says how it ended.
    io::copy(&mut archive.into_inner(), &mut io::sink()).map_err(|error| local(&error))?;
    Ok(())
}

/// Writes one file: under another name until it is whole, so that a copy which is given up leaves nothing half.
fn write<R: Read>(entry: &mut tar::Entry<R>, at: &Path, counts: &Counts) -> io::Result<()> {
    if let Some(folder) = at.parent() {
        fs::create_dir_all(folder)?;
    }
    let mut name = at.file_name().unwrap_or_default().to_os_string();
    name.push(".konn-part");
    let part = at.with_file_name(name);
    let size = entry.size();
    let written = pour(entry, &part, counts).and_then(|written| {
        if written == size {
            fs::rename(&part, at)
        } else {
            Err(io::Error::from(io::ErrorKind::UnexpectedEof))
        }
    });
    if written.is_err() {
        let _ = fs::remove_file(&part);
    }
    counts.files.fetch_add(1, Ordering::Relaxed);
    written
}

fn pour(from: &mut impl Read, to: &Path, counts: &Counts) -> io::Result<u64> {
    let mut file = File::create(to)?;
    let mut buffer = vec![0; 64 << 10];
    let mut written = 0;
    loop {
        let count = from.read(&mut buffer)?;
        let Some(read) = buffer.get(..count).filter(|read| !read.is_empty()) else {
            return Ok(written);
        };
        file.write_all(read)?;
        written += read.len() as u64;
        counts.bytes.fetch_add(read.len() as u64, Ordering::Relaxed);
    }
}

/// A path without what is no name: nothing where it climbs.
fn plain(path: &Path) -> Option<PathBuf> {
    let mut plain = PathBuf::new();
    for part in path.components() {
        match part {
            Component::Normal(name) => plain.push(name),
            Component::CurDir | Component::RootDir => {}
            Component::ParentDir | Component::Prefix(_) => return None,
        }
    }
    Some(plain)
}

/// Where below what was asked for an archive's path is; nothing where it is elsewhere.
fn inside(path: &Path, prefix: &Path) -> Option<PathBuf> {
    let path = plain(path)?;
    path.strip_prefix(prefix).ok().map(Path::to_path_buf)
}

impl Counts {
    /// Counts bytes on their way out.
    pub(super) fn sent(&self, bytes: usize) {
        self.bytes.fetch_add(bytes as u64, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// An archive whose names nobody checks.
    fn archive(entries: &[(&str, tar::EntryType, &str)]) -> Vec<u8> {
        let mut builder = tar::Builder::new(Vec::new());
        for (name, kind, data) in entries {
            let mut header = tar::Header::new_ustar();
            header.as_old_mut().name[..name.len()].copy_from_slice(name.as_bytes());
            header.set_entry_type(*kind);
            header.set_size(if kind.is_file() { data.len() as u64 } else { 0 });
            if kind.is_symlink() {
                header.set_link_name(data).unwrap();
            }
            header.set_mode(0o644);
            header.set_cksum();
            builder
                .append(&header, if kind.is_file() { data.as_bytes() } else { b"" })
                .unwrap();
        }
        builder.into_inner().unwrap()
    }

    #[test]
    fn nothing_is_written_outside() {
        use tar::EntryType::{Directory, Regular, Symlink};
        for evil in [
            "../evil",
            "data/../../evil",
            "other/evil",
            "/etc/evil",
            "data/x/../../../evil",
        ] {
            let folder = tempfile::tempdir().unwrap();
            let to = folder.path().join("in");
            fs::create_dir(&to).unwrap();
            let bytes = archive(&[("data/ok", Regular, "fine"), (evil, Regular, "evil")]);
            let trouble = unpack(&bytes[..], "/data", &to, &Counts::default()).unwrap_err();
            assert_eq!(trouble.id, "trouble.copy_hostile", "{evil}");
            assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1, "{evil}");
            assert_eq!(fs::read(to.join("data/ok")).unwrap(), b"fine");
        }
        // A link that leads out, and a file through it: the link is never made.
        let folder = tempfile::tempdir().unwrap();
        let (to, out) = (folder.path().join("in"), folder.path().join("out"));
        fs::create_dir(&to).unwrap();
        fs::create_dir(&out).unwrap();
        let bytes = archive(&[
            ("data", Directory, ""),
            ("data/link", Symlink, "../../out"),
            ("data/link/evil", Regular, "evil"),
        ]);
        let counts = Counts::default();
        unpack(&bytes[..], "data", &to, &counts).unwrap();
        assert_eq!((counts.now().skipped, counts.now().files), (1, 1));
        assert_eq!(fs::read_dir(&out).unwrap().count(), 0);
    }

    #[test]
    fn half_a_file_is_no_file() {
        let folder = tempfile::tempdir().unwrap();
        let long = "x".repeat(5000);
        let bytes = archive(&[("f", tar::EntryType::Regular, &long)]);
        let to = folder.path().join("g");
        assert!(unpack(&bytes[..2000], "f", &to, &Counts::default()).is_err());
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
        unpack(&bytes[..], "f", &to, &Counts::default()).unwrap();
        assert_eq!(fs::read_to_string(&to).unwrap(), long);
    }
}
