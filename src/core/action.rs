//! What a verb is: one file each in `actions/`, one line each in its registry.

use std::fmt;

use super::access::{Access, Need};
use super::catalog::Catalog;
use super::clock::Clock;
use super::ids::Ids;
use super::jump::Scope;
use super::lang::Lang;
use super::layer::Next;
use super::link::Link;
use super::reference::Reference;
use super::resource::Resource;
use super::screen::Screen;
use super::store::Store;
use super::view::{Shared, ViewRef};
use super::whole::Whole;

/// How much harm a verb can do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Danger {
    /// It only reads.
    None,
    /// It changes something that can be changed back.
    Change,
    /// It destroys.
    Destroy,
}

/// What is known of a verb without a row.
#[derive(Debug)]
pub struct ActionMeta {
    /// Its name in keymaps; its title stands in `locales/` below `action`.
    pub id: &'static str,
    /// How much harm it can do.
    pub danger: Danger,
}

/// Why a verb cannot be used now: a key below `reason` in `locales/`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reason(pub &'static str);

/// A row that a verb works on.
#[derive(Clone)]
pub struct Target {
    /// The view it was seen in.
    pub view: ViewRef,
    /// The resource, where the row is an object of the cluster.
    pub resource: Option<Resource>,
    /// The row.
    pub row: Shared,
    /// The parts of it that the person sees, such as containers, where these are the rows on the screen.
    pub parts: Vec<Shared>,
}

impl Target {
    /// An object that something names, without the row of a table.
    pub fn named(view: ViewRef, of: &Reference) -> Self {
        let meta = serde_json::json!({"name": of.name, "namespace": of.namespace});
        Self {
            view,
            resource: Some(of.resource.clone()),
            row: Whole::of(serde_json::json!({"metadata": meta})),
            parts: Vec::new(),
        }
    }

    /// `pod/web-0`, as kubectl names objects.
    pub fn name(&self) -> String {
        let kind = self
            .resource
            .as_ref()
            .map_or_else(|| self.view.resource().singular(), Resource::singular);
        format!("{kind}/{}", self.row.meta().name)
    }
}

/// What a verb may know when it starts.
pub struct Cx<'a> {
    /// The row under the cursor.
    pub selected: Option<Target>,
    /// The marked rows; empty where none are marked.
    pub marked: Vec<Target>,
    /// The namespaces on the screen.
    pub scope: &'a Scope,
    /// The views by their names.
    pub catalog: &'a Catalog,
    /// The connection.
    pub link: &'a Link,
    /// The texts.
    pub lang: &'a Lang,
    /// The time.
    pub clock: Clock,
    /// Names for watches and calls.
    pub ids: &'a Ids,
    /// Whether nothing may be changed here.
    pub read_only: bool,
    /// Whether what destroys asks for the object's name here.
    pub protected: bool,
    /// What the person may do.
    pub access: &'a Access,
    /// The table on the screen.
    pub screen: Option<&'a Screen>,
    /// What the watches brought.
    pub store: &'a Store,
}

impl Cx<'_> {
    /// The marked rows, or the one under the cursor.
    pub fn targets(&self) -> Vec<Target> {
        if self.marked.is_empty() {
            self.selected.iter().cloned().collect()
        } else {
            self.marked.clone()
        }
    }
}

/// A verb.
pub trait Action: Sync {
    /// What is known of it without a row.
    fn meta(&self) -> &'static ActionMeta;
    /// Whether it can be used now, or why not.
    fn enabled(&self, cx: &Cx) -> Result<(), Reason>;
    /// The rights that it needs on a row, in the row's own namespace. Only verbs that change something, or open a
    /// stream, say so: what is read says itself what is refused.
    fn needs(&self, _target: &Target) -> Vec<Need> {
        Vec::new()
    }
    /// Begins it.
    fn start(&self, cx: &Cx) -> Next;
}

/// A verb of the registry.
#[derive(Clone, Copy)]
pub struct ActionRef(pub &'static dyn Action);

impl fmt::Debug for ActionRef {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "ActionRef({})", self.0.meta().id)
    }
}
