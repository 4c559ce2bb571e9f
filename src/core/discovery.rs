//! What a server says that it serves, and how `kubectl api-resources` shows it.

use std::borrow::Cow;
use std::sync::Arc;

use super::resource::Resource;
use super::trouble::Trouble;
use super::view::Shared;
use crate::model::{Health, Meta, Projection};

/// The failure of all of the core group.
pub const CORE: &str = "/api";

/// The failure of all named groups.
pub const GROUPS: &str = "/apis";

/// What a server serves, in its own order: the core group first, then the groups by their priority, in each group the
/// preferred version first.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Discovery {
    /// The resources of every version that is served. Subresources are not among them.
    pub resources: Vec<Resource>,
    /// What could not be asked, as `metrics.k8s.io/v1beta1`, [`CORE`] or [`GROUPS`], and why.
    pub failed: Vec<(String, Trouble)>,
}

impl Discovery {
    /// Whether nothing at all could be asked.
    pub fn is_failure(&self) -> bool {
        self.resources.is_empty() && !self.failed.is_empty()
    }

    /// Takes over from an earlier answer what this one could not ask.
    pub fn keep(&mut self, earlier: &[Resource]) {
        let missing = |resource: &&Resource| {
            let all = if resource.group.is_empty() { CORE } else { GROUPS };
            let version = resource.api_version();
            self.failed.iter().any(|(what, _)| *what == version || what == all)
        };
        let kept: Vec<Resource> = earlier.iter().filter(missing).cloned().collect();
        let known = |kept: &Resource| self.resources.contains(kept);
        let kept: Vec<Resource> = kept.into_iter().filter(|kept| !known(kept)).collect();
        self.resources.extend(kept);
        // The core group stays the first.
        self.resources.sort_by_key(|resource| !resource.group.is_empty());
    }
}

/// A resource as a row of konn's own.
#[derive(Clone, Debug, Default, serde::Deserialize)]
#[serde(default)]
pub struct Served {
    /// Only the name is set: the resource's full name. The uid is the name.
    pub metadata: Meta,
    /// The plural.
    pub plural: String,
    /// The short names, with commas between them.
    pub short: String,
    /// The API version.
    pub api_version: String,
    /// Whether its objects live in namespaces.
    pub namespaced: bool,
    /// The kind.
    pub kind: String,
    /// The verbs, in the order of the alphabet, with commas between them.
    pub verbs: String,
    /// The categories, with commas between them.
    pub categories: String,
}

impl Served {
    /// The row of a resource.
    pub fn row(resource: &Resource) -> Shared {
        let mut metadata = Meta::default();
        metadata.name = resource.full_name().into();
        metadata.uid = (&*metadata.name).into();
        let mut verbs = resource.verbs.to_vec();
        verbs.sort();
        Arc::new(Self {
            metadata,
            plural: resource.plural.to_string(),
            short: joined(&resource.short),
            api_version: resource.api_version(),
            namespaced: resource.namespaced,
            kind: resource.kind.to_string(),
            verbs: joined(&verbs),
            categories: joined(&resource.categories),
        })
    }
}

fn joined(words: &[Cow<'static, str>]) -> String {
    words.join(",")
}

impl Projection for Served {
    const KIND: &'static str = "APIResource";

    fn meta(&self) -> &Meta {
        &self.metadata
    }

    fn health(&self) -> Health {
        Health::Neutral
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::core::trouble::TroubleKind;

    fn resource(group: &'static str, plural: &'static str) -> Resource {
        Resource::known(group, "v1", "K", plural, &[], true)
    }

    #[test]
    fn what_could_not_be_asked_is_kept_and_what_is_gone_is_not() {
        let earlier = [resource("", "pods"), resource("a.io", "as"), resource("b.io", "bs")];
        let trouble = Trouble::new(TroubleKind::Timeout, "trouble.timeout");
        let mut later = Discovery {
            resources: vec![resource("c.io", "cs")],
            failed: vec![("a.io/v1".to_string(), trouble.clone()), (CORE.to_string(), trouble)],
        };
        later.keep(&earlier);
        let plurals: Vec<&str> = later.resources.iter().map(|resource| &*resource.plural).collect();
        assert_eq!(plurals, ["pods", "cs", "as"]);
    }
}
