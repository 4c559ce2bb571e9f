//! A container's whole view: its own tree, and the volumes that are mounted over it.

use jiff::Timestamp;

use super::tree::{Entry, Node, Tree, Trouble};

/// How many links are followed before it is called a loop, as Linux does.
const LINKS: usize = 40;

/// A volume in a container.
#[derive(Clone, Debug)]
pub struct Mount {
    /// Where: names from the root.
    pub path: Vec<String>,
    /// What.
    pub tree: Tree,
    /// Which part of it: `subPath`.
    pub below: Vec<String>,
    /// Whether nothing can be written.
    pub read_only: bool,
}

/// The files of one container.
#[derive(Clone, Debug)]
pub struct Files {
    /// The image's files and what was written over them.
    pub root: Tree,
    /// The volumes; the longer path wins.
    pub mounts: Vec<Mount>,
}

/// Where a path leads: a tree, names in it, and whether it may be changed.
struct Place {
    tree: Tree,
    path: Vec<String>,
    read_only: bool,
}

/// A path from a folder on, without `.` and `..`, from the root.
#[must_use]
pub fn absolute(cwd: &str, path: &str) -> String {
    let whole = if path.starts_with('/') {
        path.to_owned()
    } else {
        format!("{cwd}/{path}")
    };
    format!("/{}", names(&whole).join("/"))
}

fn names(path: &str) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                names.pop();
            }
            name => names.push(name.to_owned()),
        }
    }
    names
}

fn refs(path: &[String]) -> Vec<&str> {
    path.iter().map(String::as_str).collect()
}

impl Files {
    fn place(&self, path: &[String]) -> Place {
        let best = self
            .mounts
            .iter()
            .filter(|mount| path.starts_with(&mount.path))
            .max_by_key(|mount| mount.path.len());
        match best {
            Some(mount) => Place {
                tree: mount.tree.clone(),
                path: [&mount.below, path.get(mount.path.len()..).unwrap_or_default()].concat(),
                read_only: mount.read_only,
            },
            None => Place {
                tree: self.root.clone(),
                path: path.to_vec(),
                read_only: false,
            },
        }
    }

    fn link(&self, path: &[String]) -> Option<String> {
        let place = self.place(path);
        let root = place.tree.lock();
        match root.find(&refs(&place.path)) {
            Ok(Node::Link { to, .. }) => Some(to.clone()),
            _ => None,
        }
    }

    /// Follows links in a path; in its last name only if `last` says so.
    fn follow(&self, path: &str, last: bool) -> Result<Vec<String>, Trouble> {
        let mut rest: Vec<String> = names(path);
        let mut done: Vec<String> = Vec::new();
        let mut links = 0;
        rest.reverse();
        while let Some(name) = rest.pop() {
            match name.as_str() {
                ".." => {
                    done.pop();
                    continue;
                }
                "." | "" => continue,
                _ => done.push(name),
            }
            let ends = rest.is_empty();
            let Some(to) = self.link(&done).filter(|_| last || !ends) else {
                continue;
            };
            links += 1;
            if links > LINKS {
                return Err(Trouble::Loop);
            }
            done.pop();
            if to.starts_with('/') {
                done.clear();
            }
            rest.extend(to.split('/').rev().map(str::to_owned));
        }
        Ok(done)
    }

    /// The path behind all links.
    ///
    /// # Errors
    /// [`Trouble::Loop`].
    pub fn real(&self, path: &str) -> Result<String, Trouble> {
        Ok(format!("/{}", self.follow(path, true)?.join("/")))
    }

    /// What is at a path; `links` follows a link at its end.
    ///
    /// # Errors
    /// Any [`Trouble`].
    pub fn stat(&self, path: &str, links: bool) -> Result<Entry, Trouble> {
        let path = self.follow(path, links)?;
        let place = self.place(&path);
        let root = place.tree.lock();
        let found = root.find(&refs(&place.path)).map(Node::entry);
        match found {
            // A place where something is mounted below is a folder, even if the image knows nothing of it.
            Err(Trouble::Missing) if self.mounts.iter().any(|mount| mount.path.starts_with(&path)) => {
                Ok(Node::folder(Timestamp::UNIX_EPOCH).entry())
            }
            found => found,
        }
    }

    /// Whether a path leads to a folder.
    #[must_use]
    pub fn is_folder(&self, path: &str) -> bool {
        self.stat(path, true).is_ok_and(|entry| entry.kind == 'd')
    }

    /// The names in a folder, sorted.
    ///
    /// # Errors
    /// Any [`Trouble`].
    pub fn list(&self, path: &str) -> Result<Vec<String>, Trouble> {
        let path = self.follow(path, true)?;
        let place = self.place(&path);
        let mut found: Vec<String> = {
            let root = place.tree.lock();
            match root.find(&refs(&place.path)) {
                Ok(Node::Folder { entries, .. }) => entries.keys().cloned().collect(),
                Ok(_) => return Err(Trouble::NotFolder),
                Err(trouble) if self.mounts.iter().all(|mount| !mount.path.starts_with(&path)) => return Err(trouble),
                Err(_) => Vec::new(),
            }
        };
        let below = self.mounts.iter().filter(|mount| mount.path.starts_with(&path));
        found.extend(below.filter_map(|mount| mount.path.get(path.len()).cloned()));
        found.sort();
        found.dedup();
        Ok(found)
    }

    /// What a file holds.
    ///
    /// # Errors
    /// Any [`Trouble`].
    pub fn read(&self, path: &str) -> Result<Vec<u8>, Trouble> {
        let path = self.follow(path, true)?;
        let place = self.place(&path);
        let root = place.tree.lock();
        match root.find(&refs(&place.path)) {
            Ok(Node::File { data, .. }) => Ok(data.clone()),
            Ok(_) => Err(Trouble::Folder),
            Err(Trouble::Missing) if self.mounts.iter().any(|mount| mount.path.starts_with(&path)) => {
                Err(Trouble::Folder)
            }
            Err(trouble) => Err(trouble),
        }
    }

    /// Changes the folder in which a path's last name stands.
    fn change<T>(
        &self,
        path: &str,
        links: bool,
        with: impl FnOnce(&mut std::collections::BTreeMap<String, Node>, &str) -> Result<T, Trouble>,
    ) -> Result<T, Trouble> {
        let path = self.follow(path, links)?;
        if self
            .mounts
            .iter()
            .any(|mount| mount.path == path && mount.below.is_empty())
        {
            return Err(Trouble::Busy);
        }
        let place = self.place(&path);
        let (name, folder) = place.path.split_last().ok_or(Trouble::Folder)?;
        let mut root = place.tree.lock();
        let entries = root.entries(&refs(folder))?;
        if place.read_only {
            return Err(Trouble::ReadOnly);
        }
        with(entries, name)
    }

    /// Writes a file, or adds to it, and makes it if it is not there.
    ///
    /// # Errors
    /// Any [`Trouble`].
    pub fn write(&self, path: &str, bytes: &[u8], append: bool, now: Timestamp) -> Result<(), Trouble> {
        self.change(path, true, |entries, name| {
            let node = entries
                .entry(name.to_owned())
                .or_insert_with(|| Node::file([], 0o644, now));
            let Node::File { data, at, .. } = node else {
                return Err(Trouble::Folder);
            };
            if !append {
                data.clear();
            }
            data.extend_from_slice(bytes);
            *at = now;
            Ok(())
        })
    }

    /// Makes a folder; `parents` makes those before it too, and does not mind one that is there.
    ///
    /// # Errors
    /// Any [`Trouble`].
    pub fn make_folder(&self, path: &str, parents: bool, now: Timestamp) -> Result<(), Trouble> {
        if parents {
            let whole = names(path);
            for end in 1..whole.len() {
                let before = format!("/{}", whole.get(..end).unwrap_or_default().join("/"));
                if !self.is_folder(&before) {
                    self.make_folder(&before, false, now)?;
                }
            }
            if self.is_folder(path) {
                return Ok(());
            }
        }
        if self.stat(path, false).is_ok() {
            return Err(Trouble::Exists);
        }
        self.put(path, Node::folder(now))
    }

    /// Puts a node at a path, in place of what is there.
    ///
    /// # Errors
    /// Any [`Trouble`].
    pub fn put(&self, path: &str, node: Node) -> Result<(), Trouble> {
        self.change(path, false, |entries, name| {
            entries.insert(name.to_owned(), node);
            Ok(())
        })
    }

    /// Removes what is at a path; a folder with something in it only if `deep` says so.
    ///
    /// # Errors
    /// Any [`Trouble`].
    pub fn remove(&self, path: &str, deep: bool) -> Result<(), Trouble> {
        self.change(path, false, |entries, name| {
            match entries.get(name) {
                None => return Err(Trouble::Missing),
                Some(Node::Folder { entries, .. }) if !deep && !entries.is_empty() => return Err(Trouble::NotEmpty),
                Some(_) => {}
            }
            entries.remove(name);
            Ok(())
        })
    }

    /// Gives a file or folder other permission bits.
    ///
    /// # Errors
    /// Any [`Trouble`].
    pub fn set_mode(&self, path: &str, change: impl FnOnce(u32) -> u32) -> Result<(), Trouble> {
        self.change(path, true, |entries, name| {
            match entries.get_mut(name).ok_or(Trouble::Missing)? {
                Node::File { mode, .. } | Node::Folder { mode, .. } => *mode = change(*mode),
                Node::Link { .. } => {}
            }
            Ok(())
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn files() -> Files {
        let mut volume = Node::folder(Timestamp::UNIX_EPOCH);
        volume.plant(
            "..data/a",
            Node::file("A", 0o644, Timestamp::UNIX_EPOCH),
            Timestamp::UNIX_EPOCH,
        );
        let link = Node::Link {
            to: "..data/a".to_owned(),
            at: Timestamp::UNIX_EPOCH,
        };
        volume.plant("a", link, Timestamp::UNIX_EPOCH);
        let mount = Mount {
            path: vec!["etc".to_owned(), "app".to_owned()],
            tree: Tree::new(volume),
            below: Vec::new(),
            read_only: true,
        };
        Files {
            root: Tree::new(Node::folder(Timestamp::UNIX_EPOCH)),
            mounts: vec![mount],
        }
    }

    #[test]
    fn links_lead_through_volumes() {
        let files = files();
        assert_eq!(files.read("/etc/app/a"), Ok(b"A".to_vec()));
        assert_eq!(files.real("/etc/app/a").as_deref(), Ok("/etc/app/..data/a"));
        assert_eq!(files.list("/etc"), Ok(vec!["app".to_owned()]));
        assert_eq!(files.stat("/etc/app/a", false).map(|entry| entry.kind), Ok('l'));
    }

    #[test]
    fn what_cannot_be_done_is_refused_in_the_systems_words() {
        let (files, now) = (files(), Timestamp::UNIX_EPOCH);
        assert_eq!(files.write("/etc/app/b", b"x", false, now), Err(Trouble::ReadOnly));
        assert_eq!(files.write("/no/b", b"x", false, now), Err(Trouble::Missing));
        assert_eq!(files.make_folder("/x/y", true, now), Ok(()));
        assert_eq!(files.write("/x/y", b"x", false, now), Err(Trouble::Folder));
        assert_eq!(files.write("/x/f", b"1", false, now), Ok(()));
        assert_eq!(files.write("/x/f", b"2", true, now), Ok(()));
        assert_eq!(files.read("/x/f"), Ok(b"12".to_vec()));
        assert_eq!(files.remove("/x", false), Err(Trouble::NotEmpty));
        assert_eq!(files.remove("/x", true), Ok(()));
        assert_eq!(absolute("/a/b", "../c/./d"), "/a/c/d");
    }
}
