//! Records of debug pods in the state folder: one file for each pod, locked while the konn that made it lives. A record
//! that nobody has locked was left behind by a crash.

use std::collections::HashMap;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use super::client::Environment;
use super::client::paths::Folders;
use super::files::private_folder;
use crate::core::debug::DebugPod;
use crate::core::link::Identity;

/// The largest record that is read, in bytes: names and addresses are short.
const LARGEST: u64 = 64 << 10;

/// The most records that are looked at.
const MOST: usize = 1000;

/// The records, with those that are this konn's.
#[derive(Default)]
pub struct Records {
    folder: Option<PathBuf>,
    held: HashMap<PathBuf, File>,
}

impl Records {
    /// Those of the state folder that an environment has; none are kept where it has none.
    pub fn of(environment: &Environment) -> Self {
        let folders = Folders::of(environment, cfg!(windows));
        Self {
            folder: folders.map(|folders| folders.state.join("debug-pods")),
            held: HashMap::new(),
        }
    }

    /// Records a pod, or what is known of it by now. Fails where the file cannot be written.
    pub fn remember(&mut self, pod: &DebugPod) -> io::Result<()> {
        let path = self.path(pod)?;
        let text = serde_json::to_vec(pod)?;
        let mut file = match self.held.remove(&path) {
            Some(file) => file,
            None => begin(&path)?,
        };
        // Never empty in between: the new text is written over the old one, and what is left of that cut off.
        file.seek(SeekFrom::Start(0))?;
        file.write_all(&text)?;
        file.set_len(text.len() as u64)?;
        file.sync_all()?;
        let temporary = temporary(&path);
        if temporary.exists() {
            fs::rename(temporary, &path)?;
        }
        self.held.insert(path, file);
        Ok(())
    }

    /// Drops the record of a pod that is gone.
    pub fn forget(&mut self, pod: &DebugPod) {
        let Ok(path) = self.path(pod) else { return };
        let _ = fs::remove_file(&path);
        self.held.remove(&path);
    }

    /// The pods of a cluster that are recorded and not another living konn's. They are this konn's from now on, unless it
    /// only looks.
    pub fn left(&mut self, identity: &Identity, looks: bool) -> Vec<DebugPod> {
        let mut found = Vec::new();
        for path in self.paths() {
            if let Some(file) = self.held.get_mut(&path) {
                found.extend(read(file).filter(|pod| pod.is_of(identity)));
                continue;
            }
            let Ok(mut file) = OpenOptions::new().read(true).write(true).open(&path) else {
                continue;
            };
            if file.try_lock().is_err() {
                continue;
            }
            if let Some(pod) = read(&mut file).filter(|pod| pod.is_of(identity)) {
                found.push(pod);
                if !looks {
                    self.held.insert(path, file);
                }
            }
        }
        found
    }

    fn paths(&self) -> Vec<PathBuf> {
        let entries = self.folder.as_deref().map(fs::read_dir);
        let entries = entries.and_then(Result::ok).into_iter().flatten().flatten();
        let is_record = |path: &PathBuf| path.extension().is_some_and(|extension| extension == "json");
        let mut paths: Vec<PathBuf> = entries.map(|entry| entry.path()).filter(is_record).take(MOST).collect();
        paths.sort();
        paths
    }

    /// Where a pod's record lies. Fails where there is no folder, and for names that no server gives.
    fn path(&self, pod: &DebugPod) -> io::Result<PathBuf> {
        let folder = self.folder.as_ref().ok_or(io::ErrorKind::NotFound)?;
        let plain = |text: &str| {
            let letter = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || matches!(byte, b'-' | b'.');
            !text.is_empty() && text.bytes().all(letter)
        };
        if plain(&pod.namespace) && plain(&pod.name) {
            Ok(folder.join(format!("{}_{}.json", pod.namespace, pod.name)))
        } else {
            Err(io::ErrorKind::InvalidInput.into())
        }
    }
}

/// A file that is locked before anybody can take it for one that was left behind.
fn begin(path: &Path) -> io::Result<File> {
    if let Some(folder) = path.parent() {
        private_folder(folder)?;
    }
    let mut options = OpenOptions::new();
    options.read(true).write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let file = options.open(temporary(path))?;
    // Where files cannot be locked, another konn leaves the record alone too.
    let _ = file.try_lock();
    Ok(file)
}

fn temporary(path: &Path) -> PathBuf {
    path.with_extension("new")
}

fn read(file: &mut File) -> Option<DebugPod> {
    let mut text = Vec::new();
    file.seek(SeekFrom::Start(0)).ok()?;
    Read::by_ref(file).take(LARGEST).read_to_end(&mut text).ok()?;
    serde_json::from_slice(&text).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn identity(server: &str) -> Identity {
        Identity {
            context: "kind".into(),
            cluster: "kind".into(),
            user: "admin".into(),
            namespace: None,
            server: server.into(),
        }
    }

    fn pod(name: &str) -> DebugPod {
        DebugPod {
            context: "kind".into(),
            cluster: "kind".into(),
            server: "https://a".into(),
            namespace: "shop".into(),
            name: name.into(),
            node: "n1".into(),
            uid: None,
        }
    }

    #[test]
    fn what_a_crash_left_is_found_and_what_lives_is_not() {
        let home = tempfile::tempdir().unwrap();
        let environment = Environment::of(home.path(), []);
        let mut one = Records::of(&environment);
        one.remember(&pod("p1")).unwrap();
        let known = DebugPod {
            uid: Some("u1".into()),
            ..pod("p1")
        };
        one.remember(&known).unwrap();
        one.remember(&pod("p2")).unwrap();
        one.forget(&pod("p2"));
        let mut two = Records::of(&environment);
        assert!(
            two.left(&identity("https://a"), false).is_empty(),
            "the other konn lives"
        );
        // As a crash leaves it: the system takes the locks back.
        drop(one);
        assert!(two.left(&identity("https://b"), false).is_empty(), "another cluster");
        assert_eq!(
            two.left(&identity("https://a"), true),
            [known.clone()],
            "only looked at"
        );
        assert_eq!(two.left(&identity("https://a"), false), [known.clone()]);
        let mut three = Records::of(&environment);
        assert!(
            three.left(&identity("https://a"), false).is_empty(),
            "the second one has it"
        );
        two.forget(&known);
        drop(two);
        assert!(three.left(&identity("https://a"), false).is_empty());
    }

    #[test]
    fn broken_records_and_wild_names_harm_nobody() {
        let home = tempfile::tempdir().unwrap();
        let mut records = Records::of(&Environment::of(home.path(), []));
        assert!(records.remember(&pod("../../x")).is_err());
        records.forget(&pod("../../x"));
        records.remember(&pod("p1")).unwrap();
        let folder = records.folder.clone().unwrap();
        fs::write(folder.join("shop_p3.json"), "{\"name\": 7").unwrap();
        drop(records);
        let mut again = Records::of(&Environment::of(home.path(), []));
        assert_eq!(again.left(&identity("https://a"), false), [pod("p1")]);
        assert!(Records::default().remember(&pod("p1")).is_err());
    }
}
