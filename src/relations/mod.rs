//! What leads from which object to which: one declarative table, for jumps, `used by` and `tree`.
//!
//! Everything here is pure. A [`Relation`] says how the other end is found from the whole object, as queries; whoever
//! fetches answers gives them as [`Lists`], and [`find`] says what is related, and how. One file per group of kinds; a
//! relation is in the console once it stands in its file's list.

mod autoscaling;
mod cluster;
mod config;
pub mod containers;
mod find;
pub mod gateway;
mod how;
pub mod kinds;
mod network;
mod owners;
mod pod_spec;
mod query;
mod rbac;
pub mod read;
pub mod slim;
mod storage;
#[cfg(test)]
mod tests;
mod workloads;

use serde_json::Value;

pub use crate::core::reference::Reference;
use crate::core::resource::Resource;

pub use find::{Found, Listed, Lists, Match, MatchState, find};
pub use how::How;
pub use query::Query;

/// From which kinds a relation leads.
#[derive(Clone, Copy, Debug)]
pub enum From {
    /// From these.
    Kinds(&'static [&'static Resource]),
    /// From every kind.
    Any,
    /// From every kind that [`kinds::KINDS`] lacks: custom resources.
    Custom,
}

/// Which way a relation leads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    /// To what the object belongs to.
    Up,
    /// To what it owns, selects or leads to: what a tree unfolds.
    Down,
    /// To what it refers to.
    Out,
    /// To what refers to it.
    In,
}

/// Where the other end is looked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Within {
    /// In the object's own namespace; everywhere for what lives in none.
    Same,
    /// In the namespace that the object is.
    Inside,
    /// In all namespaces.
    Everywhere,
}

/// Which candidates the server is asked for. `None` from a function: nothing can be related, nothing is asked.
#[derive(Clone, Copy, Debug)]
pub enum By {
    /// All of them.
    All,
    /// Those that a label selector takes.
    Labels(fn(&Value) -> Option<String>),
    /// Those that a field selector takes.
    Fields(fn(&Value) -> Option<String>),
}

/// In which ways a candidate (the second) is related to an object (the first); in none where it is not.
pub type Look = fn(&Value, &Value) -> Vec<How>;

/// How the other end is found.
#[derive(Clone, Copy, Debug)]
pub enum Find {
    /// By reference: the object names the others.
    Names(fn(&Value) -> Vec<Reference>),
    /// Among the objects of a kind.
    Select {
        /// The kind.
        of: &'static Resource,
        /// Where.
        within: Within,
        /// Which of them are asked for.
        by: By,
        /// Which of those are related, and how.
        look: Look,
    },
    /// All objects of a kind that the object itself defines.
    Defined(fn(&Value) -> Option<Resource>),
    /// From the ends of a first relation on by a second one.
    Through(&'static Relation, &'static Relation),
}

/// One way from an object to others.
#[derive(Clone, Copy, Debug)]
pub struct Relation {
    /// From which kinds.
    pub from: From,
    /// What the other end is to the object: a key below `relation` in `locales/`.
    pub name: &'static str,
    /// Which way.
    pub direction: Direction,
    /// How the other end is found.
    pub find: Find,
}

impl Relation {
    /// Whether it leads from objects of this group and kind.
    pub fn leads_from(&self, group: &str, kind: &str) -> bool {
        match self.from {
            From::Any => true,
            From::Custom => kinds::known(group, kind).is_none(),
            From::Kinds(kinds) => kinds.iter().any(|known| known.group == group && known.kind == kind),
        }
    }
}

/// What the server's own selection leaves is related as it is.
const SO: Look = |_, _| vec![How::plain()];

/// All of a kind are looked at.
const fn scan(of: &'static Resource, within: Within, look: Look) -> Find {
    let by = By::All;
    Find::Select { of, within, by, look }
}

/// What a label selector takes, in the object's own namespace.
const fn labelled(of: &'static Resource, labels: fn(&Value) -> Option<String>) -> Find {
    let (within, by, look) = (Within::Same, By::Labels(labels), SO);
    Find::Select { of, within, by, look }
}

const fn relation(
    from: &'static [&'static Resource],
    direction: Direction,
    name: &'static str,
    find: Find,
) -> Relation {
    let from = From::Kinds(from);
    Relation {
        from,
        name,
        direction,
        find,
    }
}

/// Every list of relations, in the order in which they are told.
static RELATIONS: &[&[Relation]] = &[
    owners::RELATIONS,
    workloads::RELATIONS,
    network::RELATIONS,
    storage::RELATIONS,
    config::RELATIONS,
    rbac::RELATIONS,
    autoscaling::RELATIONS,
    cluster::RELATIONS,
    gateway::RELATIONS,
];

/// All relations.
pub fn all() -> impl Iterator<Item = &'static Relation> {
    RELATIONS.iter().copied().flatten()
}

/// The relations that lead one way from objects of this group and kind.
pub fn of<'a>(group: &'a str, kind: &'a str, direction: Direction) -> impl Iterator<Item = &'static Relation> + 'a {
    all().filter(move |relation| relation.direction == direction && relation.leads_from(group, kind))
}
