//! The static registries, as one value that is handed to the core.

use std::sync::Arc;

use super::action::{ActionRef, Target};
use super::catalog::Catalog;
use super::jump::Scope;
use super::layer::{Layer, Leaving, Next};
use super::manifest::Act;
use super::metrics::Metrics;
use super::reference::Reference;
use super::resource::Resource;
use super::view::{Group, ViewRef};

/// Makes the layers that the frame itself opens; the layers' files stand above the core.
pub struct Makers {
    /// The palette, with a text to start with.
    pub palette: fn(&str) -> Box<dyn Layer>,
    /// The help of a place in the keymap, with the verbs that are refused now and why.
    pub help: fn(&'static str, Vec<(&'static str, String)>) -> Box<dyn Layer>,
    /// What matters of a row, for the pane beside the table; nothing for rows that are no objects of the cluster.
    pub preview: fn(&Target) -> Option<Box<dyn Layer>>,
    /// The overview of these namespaces.
    pub overview: fn(&Scope) -> Box<dyn Layer>,
    /// An object with what it owns and what it refers to.
    pub tree: fn(&Reference) -> Box<dyn Layer>,
    /// The manifests at a path: what is done with them, and the namespace for objects that name none.
    pub manifest: fn(Act, &str, &str) -> Box<dyn Layer>,
    /// The logs of the pods that a label selector takes, in these namespaces.
    pub logs: fn(&Scope, &str) -> Box<dyn Layer>,
    /// The forwards that were started, and those of the configuration.
    pub forwards: fn() -> Box<dyn Layer>,
    /// A command in the container of the row under the cursor.
    pub exec: fn(&Target, Vec<String>) -> Next,
    /// The shells that are open.
    pub shells: fn() -> Box<dyn Layer>,
    /// The question before forwards, and so many shells, end.
    pub leaving: fn(Leaving, usize) -> Box<dyn Layer>,
    /// What this session changed.
    pub history: fn() -> Box<dyn Layer>,
    /// The description of an object that something names, as far as the catalog knows how it is served.
    pub describe: fn(&Reference, &Catalog) -> Box<dyn Layer>,
    /// What the fields at a path below a kind are.
    pub explain: fn(&Resource, Vec<String>) -> Box<dyn Layer>,
    /// The filter's line, with the present filter's text.
    pub filter: fn(&str) -> Box<dyn Layer>,
}

/// A key that the footer reminds of.
pub struct Hint {
    /// The name of a command or verb, as in keymaps.
    pub id: &'static str,
    /// What it is worth: the least go first where there is no room for all. A verb without a hint is worth 0.
    pub worth: u8,
}

/// The keys that the footer reminds of in a place of the keymap.
pub struct Hints {
    /// The place.
    pub place: &'static str,
    /// From the left, as far as there is room.
    pub left: &'static [Hint],
    /// At the right, always.
    pub right: &'static [&'static str],
}

/// All views, groups and actions.
pub struct Registry {
    /// The views.
    pub views: &'static [ViewRef],
    /// The groups of views.
    pub groups: &'static [Group],
    /// The verbs.
    pub actions: &'static [ActionRef],
    /// What the footer reminds of.
    pub hints: &'static [Hints],
    /// The layers that the frame opens.
    pub makers: Makers,
    /// The view with columns of what its rows use; nothing, where no metrics tell of them.
    pub usage: fn(&ViewRef, &Arc<Metrics>) -> Option<ViewRef>,
    /// Makes the view of a resource that only discovery knows.
    pub generic: fn(&Resource) -> ViewRef,
}

impl Registry {
    /// The view that a word names: plural, singular, kind, short name, with or without group, or an alias.
    pub fn view(&self, word: &str) -> Option<ViewRef> {
        let lower = word.to_lowercase();
        let aliased = |view: &&ViewRef| view.aliases().contains(&lower.as_str());
        self.views
            .iter()
            .find(|view| view.resource().answers_to(&lower))
            .or_else(|| self.views.iter().find(aliased))
            .cloned()
    }

    /// The views that a word names: one, or those of a group.
    pub fn views_named(&self, word: &str) -> Vec<ViewRef> {
        if let Some(view) = self.view(word) {
            return vec![view];
        }
        let lower = word.to_lowercase();
        let group = self.groups.iter().find(|group| group.names.contains(&lower.as_str()));
        group
            .into_iter()
            .flat_map(|group| group.views)
            .filter_map(|name| self.view(name))
            .collect()
    }

    /// The verb of a name.
    pub fn action(&self, id: &str) -> Option<ActionRef> {
        self.actions.iter().find(|action| action.0.meta().id == id).copied()
    }
}
