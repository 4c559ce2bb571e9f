//! One tree of files in memory: a volume, or what a container wrote over its image.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use jiff::Timestamp;
use thiserror::Error;

/// Why something could not be done with a file, in the system's words.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
pub enum Trouble {
    /// ENOENT.
    #[error("No such file or directory")]
    Missing,
    /// EISDIR.
    #[error("Is a directory")]
    Folder,
    /// ENOTDIR.
    #[error("Not a directory")]
    NotFolder,
    /// EEXIST.
    #[error("File exists")]
    Exists,
    /// ENOTEMPTY.
    #[error("Directory not empty")]
    NotEmpty,
    /// EROFS.
    #[error("Read-only file system")]
    ReadOnly,
    /// EBUSY: a volume is mounted there.
    #[error("Resource busy")]
    Busy,
    /// ELOOP.
    #[error("Symbolic link loop")]
    Loop,
}

/// A file, a folder or a symbolic link.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Node {
    /// A file.
    File {
        /// What it holds.
        data: Vec<u8>,
        /// The permission bits.
        mode: u32,
        /// When it was last written.
        at: Timestamp,
    },
    /// A folder.
    Folder {
        /// What it holds, by name.
        entries: BTreeMap<String, Node>,
        /// The permission bits.
        mode: u32,
        /// When it was last changed.
        at: Timestamp,
    },
    /// A symbolic link.
    Link {
        /// Where it leads, as it was written.
        to: String,
        /// When it was made.
        at: Timestamp,
    },
}

/// What `stat` tells of a node.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// `-`, `d` or `l`, as `ls` writes it.
    pub kind: char,
    /// Bytes; what a folder occupies is a block.
    pub size: u64,
    /// The permission bits.
    pub mode: u32,
    /// When it was last changed.
    pub at: Timestamp,
    /// Where a link leads.
    pub to: Option<String>,
}

impl Node {
    /// An empty folder.
    #[must_use]
    pub fn folder(at: Timestamp) -> Self {
        Self::Folder {
            entries: BTreeMap::new(),
            mode: 0o755,
            at,
        }
    }

    /// A file.
    #[must_use]
    pub fn file(data: impl Into<Vec<u8>>, mode: u32, at: Timestamp) -> Self {
        Self::File {
            data: data.into(),
            mode,
            at,
        }
    }

    /// What `stat` tells.
    #[must_use]
    pub fn entry(&self) -> Entry {
        let (kind, size, mode, at, to) = match self {
            Self::File { data, mode, at } => ('-', data.len() as u64, *mode, *at, None),
            Self::Folder { mode, at, .. } => ('d', 4096, *mode, *at, None),
            Self::Link { to, at } => ('l', to.len() as u64, 0o777, *at, Some(to.clone())),
        };
        Entry {
            kind,
            size,
            mode,
            at,
            to,
        }
    }

    fn step(&self, name: &str) -> Result<&Self, Trouble> {
        match self {
            Self::Folder { entries, .. } => entries.get(name).ok_or(Trouble::Missing),
            _ => Err(Trouble::NotFolder),
        }
    }

    /// The node at the end of a path of names.
    ///
    /// # Errors
    /// [`Trouble::Missing`] and [`Trouble::NotFolder`].
    pub fn find(&self, path: &[&str]) -> Result<&Self, Trouble> {
        path.iter().try_fold(self, |node, name| node.step(name))
    }

    /// The entries of the folder at a path, to change them.
    ///
    /// # Errors
    /// As [`Node::find`].
    pub fn entries(&mut self, path: &[&str]) -> Result<&mut BTreeMap<String, Self>, Trouble> {
        match (self, path) {
            (Self::Folder { entries, .. }, []) => Ok(entries),
            (Self::Folder { entries, .. }, [name, rest @ ..]) => {
                entries.get_mut(*name).ok_or(Trouble::Missing)?.entries(rest)
            }
            _ => Err(Trouble::NotFolder),
        }
    }

    /// Puts a node at a path and makes the folders before it: for images and volumes, which are made whole.
    pub fn plant(&mut self, path: &str, node: Self, at: Timestamp) {
        let mut parts = path.split('/').filter(|part| !part.is_empty()).peekable();
        let mut here = self;
        while let Some(part) = parts.next() {
            let Self::Folder { entries, .. } = here else { return };
            if parts.peek().is_none() {
                entries.insert(part.to_owned(), node);
                return;
            }
            here = entries.entry(part.to_owned()).or_insert_with(|| Self::folder(at));
        }
    }
}

/// A tree that several containers may hold. Clones share it.
#[derive(Clone, Debug)]
pub struct Tree {
    root: Arc<Mutex<Node>>,
}

impl Tree {
    /// A tree with a root.
    #[must_use]
    pub fn new(root: Node) -> Self {
        Self {
            root: Arc::new(Mutex::new(root)),
        }
    }

    /// The root, while nobody else looks.
    pub fn lock(&self) -> MutexGuard<'_, Node> {
        self.root.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
