//! Every view by its names: those that konn is built with, and those of what discovery found in the open cluster.

use super::discovery::Discovery;
use super::registry::Registry;
use super::resource::Resource;
use super::trouble::Trouble;
use super::view::ViewRef;

/// The views of one cluster.
pub struct Catalog {
    registry: &'static Registry,
    /// Every version of every resource, as the server orders them.
    resources: Vec<Resource>,
    /// The views of the resources that can be listed, one for each group and plural, as the server orders them.
    served: Vec<ViewRef>,
    failed: Vec<(String, Trouble)>,
    generation: u64,
}

impl Catalog {
    /// The views that konn is built with.
    pub fn new(registry: &'static Registry) -> Self {
        Self {
            registry,
            resources: Vec::new(),
            served: Vec::new(),
            failed: Vec::new(),
            generation: 0,
        }
    }

    /// Takes in what the server serves. Answers the failures that are new; what failed keeps what was known of it.
    pub fn discover(&mut self, mut discovery: Discovery) -> Vec<(String, Trouble)> {
        discovery.keep(&self.resources);
        let known = std::mem::replace(&mut self.failed, discovery.failed);
        let is_new = |(what, _): &&(String, Trouble)| !known.iter().any(|(earlier, _)| earlier == what);
        let told = self.failed.iter().filter(is_new).cloned().collect();
        self.resources = discovery.resources;
        self.served = self
            .preferred()
            .filter(|resource| resource.allows("list"))
            .map(|resource| self.view_of(resource))
            .collect();
        self.generation += 1;
        told
    }

    /// Grows with every answer of the server.
    pub fn generation(&self) -> u64 {
        self.generation
    }

    /// Whether it is known what the server serves.
    pub fn is_discovered(&self) -> bool {
        !self.resources.is_empty()
    }

    /// What could not be asked at the last time, and why.
    pub fn failed(&self) -> &[(String, Trouble)] {
        &self.failed
    }

    /// Every resource in the version that the server prefers, as `kubectl api-resources` lists them.
    pub fn preferred(&self) -> impl Iterator<Item = &Resource> {
        let mut seen = std::collections::HashSet::new();
        self.resources
            .iter()
            .filter(move |resource| seen.insert((resource.group.clone(), resource.plural.clone())))
    }

    /// The resource of a kind, as an object names it: in this very version, since the object is written for it.
    pub fn resource(&self, api_version: &str, kind: &str) -> Option<&Resource> {
        let (group, version) = api_version.split_once('/').unwrap_or(("", api_version));
        let is = |resource: &&Resource| {
            resource.group == group
                && resource.version == version
                && resource.kind == kind
                && !resource.plural.contains('/')
        };
        self.resources.iter().find(is)
    }

    /// Every view: konn's own in the order of the registry, then what discovery found besides.
    pub fn views(&self) -> impl Iterator<Item = &ViewRef> {
        let found = || self.served.iter().filter(|view| matches!(view, ViewRef::Found(_)));
        let replaced = move |known: &&ViewRef| !found().any(|view| view.resource().is_same_kind(known.resource()));
        let known = self.registry.views.iter().filter(replaced);
        known.chain(found())
    }

    /// The view that a word names, as kubectl decides: a plural or singular before a short name, that before a kind, and of
    /// several the one whose group the server lists first. Behind a dot stands a group, its beginning, or version and group.
    pub fn view(&self, word: &str) -> Option<ViewRef> {
        let word = word.to_lowercase();
        let own = |view: &&ViewRef| view.resource().version.is_empty() && view.resource().answers_to(&word);
        let own = self.registry.views.iter().find(own).cloned();
        own.or_else(|| self.found(&word)).or_else(|| self.registry.view(&word))
    }

    fn found(&self, word: &str) -> Option<ViewRef> {
        let listable = self.resources.iter().filter(|resource| resource.allows("list"));
        let resource = best(word, listable)?;
        let version = format!(".{}.{}", resource.version, resource.group);
        if word.ends_with(&version) {
            return Some(self.view_in_version(resource));
        }
        let same =
            |view: &&ViewRef| view.resource().group == resource.group && view.resource().plural == resource.plural;
        self.served.iter().find(same).cloned()
    }

    /// Whether a word names a resource that the server does not list, such as `bindings`.
    pub fn is_unlistable(&self, word: &str) -> bool {
        best(&word.to_lowercase(), self.resources.iter()).is_some_and(|resource| !resource.allows("list"))
    }

    /// The views that a word names: one, those of a group, or those of a category such as `all`.
    pub fn views_named(&self, word: &str) -> Vec<ViewRef> {
        if let Some(view) = self.view(word) {
            return vec![view];
        }
        let lower = word.to_lowercase();
        let group = self
            .registry
            .groups
            .iter()
            .find(|group| group.names.contains(&lower.as_str()));
        let known = group.into_iter().flat_map(|group| group.views);
        let mut views: Vec<ViewRef> = known.filter_map(|name| self.view(name)).collect();
        for resource in self
            .preferred()
            .filter(|resource| resource.categories.iter().any(|one| *one == lower))
        {
            let is_new = !views.iter().any(|view| view.resource().is_same_kind(resource));
            views.extend(self.found(&resource.full_name()).filter(|_| is_new));
        }
        views
    }

    /// The view of a resource: a known one where the server serves its version too, else one of the server's columns.
    fn view_of(&self, resource: &Resource) -> ViewRef {
        let served = |view: &&ViewRef| {
            let known = view.resource();
            let same = |other: &Resource| other.is_same_kind(known) && other.version == known.version;
            known.is_same_kind(resource) && self.resources.iter().any(same)
        };
        let known = self.registry.views.iter().find(served).cloned();
        known.unwrap_or_else(|| (self.registry.generic)(resource))
    }

    fn view_in_version(&self, resource: &Resource) -> ViewRef {
        let view = self.view_of(resource);
        if view.resource().version == resource.version {
            view
        } else {
            (self.registry.generic)(resource)
        }
    }
}

/// The resource that a word in lower case names best; the first of those that it names equally well.
fn best<'a>(word: &str, resources: impl Iterator<Item = &'a Resource>) -> Option<&'a Resource> {
    let ranked = resources.filter_map(|resource| Some((rank(resource, word)?, resource)));
    ranked.min_by_key(|(rank, _)| *rank).map(|(_, resource)| resource)
}

/// How well a word in lower case names a resource, the best first. As `expandResourceShortcut` in kubectl's shortcuts and
/// `DefaultRESTMapper` in apimachinery.
fn rank(resource: &Resource, word: &str) -> Option<u8> {
    let name = |name: &str| match name {
        _ if name == resource.plural || name == resource.singular() => Some(0),
        _ if resource.short.iter().any(|short| short == name) => Some(1),
        _ if name == resource.kind.to_lowercase() => Some(2),
        _ => None,
    };
    let Some((first, group)) = word.split_once('.') else {
        return name(word);
    };
    let versioned = format!("{}.{}", resource.version, resource.group);
    if group == resource.group || group == versioned {
        name(first)
    } else if !group.is_empty() && resource.group.starts_with(group) {
        name(first).map(|rank| rank + 3)
    } else {
        None
    }
}
