//! What an image holds, by its name: shells, files, variables. The data is `images.yaml`.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use jiff::Timestamp;
use serde::Deserialize;

use super::tree::Node;

/// Folders that every image has.
const FOLDERS: [&str; 14] = [
    "/bin",
    "/dev",
    "/etc",
    "/home",
    "/proc",
    "/root",
    "/run",
    "/sys",
    "/tmp",
    "/usr/bin",
    "/usr/local/bin",
    "/usr/sbin",
    "/var/log",
    "/var/tmp",
];

/// An image as its row says.
#[derive(Clone, Debug, Deserialize)]
pub struct Image {
    /// Part of the image's name by which it is known.
    pub name: String,
    /// The shells; an image without any has no programs either.
    #[serde(default)]
    pub shells: Vec<String>,
    /// Whose words programs use: `debian`, else busybox's.
    #[serde(default)]
    pub style: String,
    /// Where programs start.
    #[serde(default)]
    pub workdir: String,
    /// Variables of the image.
    #[serde(default)]
    pub env: BTreeMap<String, String>,
    /// Files by path.
    #[serde(default)]
    pub files: BTreeMap<String, String>,
}

impl Image {
    /// Whether the image is one of Debian's family, else busybox's.
    #[must_use]
    pub fn debian(&self) -> bool {
        self.style == "debian"
    }

    /// The image's files.
    #[must_use]
    pub fn root(&self, at: Timestamp) -> Node {
        let mut root = Node::folder(at);
        if !self.shells.is_empty() {
            FOLDERS.iter().for_each(|path| root.plant(path, Node::folder(at), at));
            root.plant(
                "/etc/passwd",
                Node::file("root:x:0:0:root:/root:/bin/sh\n", 0o644, at),
                at,
            );
            for program in self
                .shells
                .iter()
                .map(String::as_str)
                .chain(crate::mock::shell::PROGRAMS)
            {
                root.plant(&format!("/bin/{program}"), Node::file([], 0o755, at), at);
            }
        }
        if self.debian() {
            root.plant("/etc/group", Node::file("root:x:0:\n", 0o644, at), at);
        }
        for (path, text) in &self.files {
            root.plant(path, Node::file(text.as_str(), 0o644, at), at);
        }
        root
    }
}

/// The row of an image.
#[must_use]
pub fn image(name: &str) -> &'static Image {
    static IMAGES: OnceLock<Vec<Image>> = OnceLock::new();
    static NONE: OnceLock<Image> = OnceLock::new();
    let images = IMAGES.get_or_init(|| serde_yaml::from_str(include_str!("images.yaml")).unwrap_or_default());
    images
        .iter()
        .find(|image| name.contains(&image.name))
        .unwrap_or_else(|| {
            NONE.get_or_init(|| Image {
                name: String::new(),
                shells: Vec::new(),
                style: String::new(),
                workdir: String::new(),
                env: BTreeMap::new(),
                files: BTreeMap::new(),
            })
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn images_are_known_by_their_names() {
        let nginx = image("nginx:1.21").root(Timestamp::UNIX_EPOCH);
        assert!(nginx.find(&["usr", "share", "nginx", "html", "index.html"]).is_ok());
        assert_eq!(image("registry.k8s.io/pause:3.10").shells.len(), 0);
        assert_eq!(image("busybox:1").shells, ["sh"]);
    }
}
