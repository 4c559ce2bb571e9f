//! What the practice cluster knows of images: `images.yaml`, read once.

use std::sync::OnceLock;

use serde::Deserialize;

/// How the containers of an image behave.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Image {
    /// The last part of the repository.
    pub name: String,
    /// The tag, if only that one is meant.
    pub tag: String,
    /// The ports of its server.
    pub listens: Vec<i64>,
    /// What it says first.
    pub log: Vec<String>,
    /// What it says when its port is taken.
    pub clash: Vec<String>,
    /// The only paths that it serves; empty for all.
    pub pages: Vec<String>,
    /// The beginnings of the only tags that its registry has; empty for any.
    pub tags: Vec<String>,
    /// It ends at once unless somebody talks to it or it has a command.
    pub shell: bool,
    /// Its commands are the well-known ones and no others.
    pub binaries: bool,
    /// It does nothing for ever and hears no signal.
    pub waits: bool,
    /// After how many seconds it ends by itself.
    pub ends: Option<i64>,
    /// Seconds that it takes to stop.
    pub stops: i64,
}

fn known() -> &'static [Image] {
    static KNOWN: OnceLock<Vec<Image>> = OnceLock::new();
    // The test below reads the same text: a mistake in it cannot leave the project.
    KNOWN.get_or_init(|| serde_yaml::from_str(include_str!("images.yaml")).unwrap_or_default())
}

/// The repository's last part and the tag of an image.
#[must_use]
pub fn parts(image: &str) -> (&str, &str) {
    let image = image.split('@').next().unwrap_or(image);
    let last = image.rsplit('/').next().unwrap_or(image);
    last.split_once(':').unwrap_or((last, "latest"))
}

/// What is known of an image.
#[must_use]
pub fn image(image: &str) -> Option<&'static Image> {
    let (name, tag) = parts(image);
    known()
        .iter()
        .find(|known| known.name == name && (known.tag.is_empty() || known.tag == tag))
}

/// Why the registry does not give an image out, in the words of containerd; none if it does.
#[must_use]
pub fn refusal(reference: &str) -> Option<String> {
    let (_, tag) = parts(reference);
    let host = reference
        .split_once('/')
        .map(|(host, _)| host)
        .filter(|host| host.contains(['.', ':']));
    let failed = |full: &str, why: &str| {
        Some(format!(
            "failed to pull and unpack image {full:?}: failed to resolve reference {full:?}: {why}"
        ))
    };
    if let Some(host) = host.filter(|host| [".invalid", ".example", ".test"].iter().any(|end| host.ends_with(end))) {
        let path = reference.split_once('/').map_or("", |(_, path)| path);
        let path = path.split(':').next().unwrap_or(path);
        let url = format!("https://{host}/v2/{path}/manifests/{tag}");
        let full = if parts(reference).1 == "latest" && !reference.ends_with(":latest") {
            format!("{reference}:latest")
        } else {
            reference.to_owned()
        };
        return failed(
            &full,
            &format!("failed to do request: Head {url:?}: dial tcp: lookup {host}: no such host"),
        );
    }
    let wrong = ["not-here", "nope", "no-such-tag", "does-not-exist", "missing", "typo"].contains(&tag)
        || tag.starts_with("9.99");
    let unlisted = image(reference).is_some_and(|known| {
        !known.tags.is_empty() && !known.tags.iter().any(|listed| tag.starts_with(listed.as_str()))
    });
    if !wrong && !unlisted {
        return None;
    }
    let full = match host {
        Some(_) => reference.to_owned(),
        None if reference.contains('/') => format!("docker.io/{reference}"),
        None => format!("docker.io/library/{reference}"),
    };
    failed(&full, &format!("{full}: not found"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_data_can_be_read() {
        let read: Vec<Image> = serde_yaml::from_str(include_str!("images.yaml")).unwrap();
        assert_eq!(read.len(), known().len());
        assert_eq!(image("docker.io/library/nginx:1.21").unwrap().listens, [80]);
        assert!(image("busybox:1").unwrap().waits && image("busybox:1.36").unwrap().shell);
        assert!(image("shop/api:2").is_none());
    }

    #[test]
    fn registries_refuse_what_they_do_not_have() {
        for (reference, end) in [
            (
                "registry.invalid/nope:1",
                "Head \"https://registry.invalid/v2/nope/manifests/1\": dial tcp: lookup registry.invalid: no such host",
            ),
            ("nginx:9.99", "docker.io/library/nginx:9.99: not found"),
            (
                "kicbase/echo-server:9.99",
                "docker.io/kicbase/echo-server:9.99: not found",
            ),
            ("nginx:nosuch", "docker.io/library/nginx:nosuch: not found"),
        ] {
            assert!(refusal(reference).unwrap().ends_with(end), "{reference}");
        }
        for reference in [
            "nginx",
            "nginx:1.21",
            "httpd:2.4",
            "busybox:1",
            "quay.io/prometheus/node-exporter:v1.9.1",
        ] {
            assert_eq!(refusal(reference), None, "{reference}");
        }
    }
}
