//! Which resource of the API: the names under which a server serves a kind.

use std::borrow::Cow;

/// A resource as discovery describes it (`APIResource`): where it is served and what it is called.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Resource {
    /// API group, empty for core.
    pub group: Cow<'static, str>,
    /// Version, such as `v1`.
    pub version: Cow<'static, str>,
    /// Kind, such as `Pod`.
    pub kind: Cow<'static, str>,
    /// Plural, the name in paths, such as `pods`.
    pub plural: Cow<'static, str>,
    /// Short names, such as `po`.
    pub short: Cow<'static, [Cow<'static, str>]>,
    /// Whether its objects live in namespaces.
    pub namespaced: bool,
    /// The singular name where discovery gave one; empty for the kind in lower case.
    pub singular: Cow<'static, str>,
    /// The verbs that discovery gave; none where nobody asked.
    pub verbs: Cow<'static, [Cow<'static, str>]>,
    /// The categories that discovery gave, such as `all`.
    pub categories: Cow<'static, [Cow<'static, str>]>,
    /// Whether discovery said that it has the subresource `scale`; not where nobody asked.
    pub scalable: bool,
}

impl Resource {
    /// A resource known when konn is built.
    pub const fn known(
        group: &'static str,
        version: &'static str,
        kind: &'static str,
        plural: &'static str,
        short: &'static [Cow<'static, str>],
        namespaced: bool,
    ) -> Self {
        Self {
            group: Cow::Borrowed(group),
            version: Cow::Borrowed(version),
            kind: Cow::Borrowed(kind),
            plural: Cow::Borrowed(plural),
            short: Cow::Borrowed(short),
            namespaced,
            singular: Cow::Borrowed(""),
            verbs: Cow::Borrowed(&[]),
            categories: Cow::Borrowed(&[]),
            scalable: false,
        }
    }

    /// The singular name, as kubectl takes it: the one of discovery, else the kind in lower case.
    pub fn singular(&self) -> String {
        if self.singular.is_empty() {
            self.kind.to_lowercase()
        } else {
            self.singular.to_string()
        }
    }

    /// Whether the server offers the verb, as far as is known: without discovery every verb may be tried.
    pub fn allows(&self, verb: &str) -> bool {
        self.verbs.is_empty() || self.verbs.iter().any(|known| known == verb)
    }

    /// Whether it is of the same group and kind, in whatever version.
    pub fn is_same_kind(&self, other: &Self) -> bool {
        self.group == other.group && self.kind == other.kind
    }

    /// `v1` for core, else `apps/v1`.
    pub fn api_version(&self) -> String {
        if self.group.is_empty() {
            self.version.to_string()
        } else {
            format!("{}/{}", self.group, self.version)
        }
    }

    /// The name that kubectl takes without doubt: `pods`, `deployments.apps`.
    pub fn full_name(&self) -> String {
        if self.group.is_empty() {
            self.plural.to_string()
        } else {
            format!("{}.{}", self.plural, self.group)
        }
    }

    /// The path of the collection in `namespace` (or of all namespaces), or of one object in it.
    /// Names are percent-encoded where they could leave their segment.
    pub fn path(&self, namespace: Option<&str>, name: Option<&str>) -> String {
        let mut path = if self.group.is_empty() {
            String::from("/api/")
        } else {
            format!("/apis/{}/", self.group)
        };
        path.push_str(&self.version);
        if let (true, Some(namespace)) = (self.namespaced, namespace) {
            path.push_str("/namespaces/");
            path.push_str(&segment(namespace));
        }
        path.push('/');
        path.push_str(&self.plural);
        if let Some(name) = name {
            path.push('/');
            path.push_str(&segment(name));
        }
        path
    }

    /// Whether `word` names this resource, as kubectl matches names: plural, singular, kind, short name, and
    /// plural or kind with the group behind a dot, in any case.
    pub fn answers_to(&self, word: &str) -> bool {
        let word = word.to_lowercase();
        let plain = |name: &str| {
            name == self.plural.as_ref()
                || name == self.singular()
                || self.short.iter().any(|short| short.as_ref() == name)
        };
        plain(&word)
            || word.split_once('.').is_some_and(|(name, group)| {
                plain(name) && (group == self.group.as_ref() || group == format!("{}.{}", self.version, self.group))
            })
    }
}

/// A path segment or query value, percent-encoded as RFC 3986 unreserved characters allow.
pub fn segment(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.' | b'~') {
            out.push(char::from(byte));
        } else {
            out.push_str(&format!("%{byte:02X}"));
        }
    }
    // A segment of dots alone would climb: "." and ".." are never object names.
    if out.bytes().all(|byte| byte == b'.') {
        out.replace('.', "%2E")
    } else {
        out
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const DEPLOYMENTS: Resource = Resource::known(
        "apps",
        "v1",
        "Deployment",
        "deployments",
        &[Cow::Borrowed("deploy")],
        true,
    );
    const NODES: Resource = Resource::known("", "v1", "Node", "nodes", &[Cow::Borrowed("no")], false);

    #[test]
    fn paths_are_those_of_the_api() {
        assert_eq!(DEPLOYMENTS.path(None, None), "/apis/apps/v1/deployments");
        assert_eq!(
            DEPLOYMENTS.path(Some("shop"), Some("web")),
            "/apis/apps/v1/namespaces/shop/deployments/web"
        );
        assert_eq!(NODES.path(Some("ignored"), Some("n1")), "/api/v1/nodes/n1");
        assert_eq!(NODES.path(None, Some("../x?y")), "/api/v1/nodes/..%2Fx%3Fy");
        assert_eq!(NODES.path(None, Some("..")), "/api/v1/nodes/%2E%2E");
    }

    #[test]
    fn it_answers_to_what_kubectl_takes() {
        for word in [
            "deployments",
            "deployment",
            "Deployment",
            "deploy",
            "deployments.apps",
            "deploy.apps",
            "deployments.v1.apps",
        ] {
            assert!(DEPLOYMENTS.answers_to(word), "{word}");
        }
        for word in ["deployments.batch", "dep", "", "nodes"] {
            assert!(!DEPLOYMENTS.answers_to(word), "{word}");
        }
    }
}
