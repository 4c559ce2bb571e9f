//! Controllers and pods, joined: a change touches the one row that it belongs to, however many pods there are.

use std::any::Any;
use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use super::failures::Failures;
use super::row::Workload;
use super::runs::{Runs, runs};
use super::tally::{Share, Tally};
use crate::core::extended::inner;
use crate::core::join::Joiner;
use crate::core::store::{Change, Delta};
use crate::core::view::{Object, Shared};
use crate::model::{Health, Job, Meta, Pod, Uid};

/// The kinds that own pods, or own what does: their rows stand for what they own.
const OWNERS: &[(&str, &str)] = &[
    ("apps", "Deployment"),
    ("apps", "StatefulSet"),
    ("apps", "DaemonSet"),
    ("apps", "ReplicaSet"),
    ("batch", "Job"),
    ("batch", "CronJob"),
    ("", "ReplicationController"),
];

/// How far owners are followed: a cycle, which no server makes, must not hold the console.
const FARTHEST: usize = 4;

/// What is known of controllers and pods.
#[derive(Default)]
pub struct Workloads {
    nodes: HashMap<Uid, Node>,
    /// What pods add up to, by the uid of their controller.
    tallies: HashMap<Uid, Tally>,
    /// The controllers that a controller owns.
    children: HashMap<Uid, HashSet<Uid>>,
    failures: Failures,
    dirty: HashSet<Uid>,
    gone: Vec<Delta>,
}

/// A controller, or a pod that none owns.
struct Node {
    feed: usize,
    object: Shared,
    parent: Option<Uid>,
    shown: Option<Arc<Workload>>,
}

/// The controller of an object, where that is of a kind that is watched.
fn parent(meta: &Meta) -> Option<Uid> {
    let owner = meta.controller()?;
    let group = owner.api_version.split_once('/').map_or("", |(group, _)| group);
    OWNERS
        .contains(&(group, owner.kind.as_str()))
        .then(|| owner.uid.as_str().into())
}

fn pod(object: &dyn Object) -> Option<&Pod> {
    (inner(object) as &dyn Any).downcast_ref()
}

impl Joiner for Workloads {
    fn take(&mut self, feed: usize, changes: Vec<Change>) {
        for change in changes {
            if let Some(controller) = self.failures.take(&change) {
                self.touch(&controller);
                continue;
            }
            match change {
                Change::Set { old, new } => self.set(feed, old, new),
                Change::Gone(object) => self.remove(&*object),
            }
        }
    }

    fn rows(&mut self) -> Vec<Delta> {
        let mut rows = std::mem::take(&mut self.gone);
        for uid in std::mem::take(&mut self.dirty) {
            rows.extend(self.row(&uid));
        }
        rows
    }
}

impl Workloads {
    fn set(&mut self, feed: usize, old: Option<Shared>, new: Shared) {
        let meta = new.meta();
        let parent = parent(meta);
        if let (Some(parent), Some(own)) = (&parent, pod(&*new)) {
            return self.set_pod(parent, old, own);
        }
        if let Some(old) = old.filter(|old| old.meta().uid != meta.uid || self.owned_pod(&**old)) {
            self.remove(&*old);
        }
        let uid = meta.uid.clone();
        let (shown, before) = match self.nodes.remove(&uid) {
            Some(node) => (node.shown, node.parent),
            None => (None, None),
        };
        if before != parent {
            if let Some(before) = before {
                self.orphan(&before, &uid);
            }
            if let Some(parent) = &parent {
                self.children.entry(parent.clone()).or_default().insert(uid.clone());
            }
        }
        let object = new;
        let node = Node {
            feed,
            object,
            parent,
            shown,
        };
        self.nodes.insert(uid.clone(), node);
        // A row that was adopted is none any more.
        self.dirty.insert(uid.clone());
        self.touch(&uid);
    }

    fn owned_pod(&self, object: &dyn Object) -> bool {
        pod(object).is_some() && parent(object.meta()).is_some()
    }

    /// A pod of a controller: only what it adds is kept.
    fn set_pod(&mut self, owner: &Uid, old: Option<Shared>, new: &Pod) {
        let share = Share::of(new);
        if let Some(old) = old {
            let before = parent(old.meta());
            let same = before.as_ref() == Some(owner) && pod(&*old).is_some_and(|old| Share::of(old) == share);
            if same {
                return;
            }
            self.remove(&*old);
        }
        self.tallies.entry(owner.clone()).or_default().add(&share);
        self.touch(owner);
    }

    fn remove(&mut self, object: &dyn Object) {
        let meta = object.meta();
        if let (Some(owner), Some(pod)) = (parent(meta), pod(object)) {
            if let Some(tally) = self.tallies.get_mut(&owner) {
                tally.remove(&Share::of(pod));
                if tally.is_empty() {
                    self.tallies.remove(&owner);
                }
            }
            return self.touch(&owner);
        }
        let Some(node) = self.nodes.remove(&meta.uid) else {
            return;
        };
        if let Some(shown) = node.shown {
            self.gone.push(Delta::Delete(shown));
        }
        if let Some(parent) = node.parent {
            self.orphan(&parent, &meta.uid);
        }
    }

    fn orphan(&mut self, parent: &Uid, child: &Uid) {
        if let Some(children) = self.children.get_mut(parent) {
            children.remove(child);
            if children.is_empty() {
                self.children.remove(parent);
            }
        }
        self.touch(parent);
    }

    /// The row that this belongs to is to be made anew.
    fn touch(&mut self, uid: &Uid) {
        let mut at = uid;
        for _ in 0..FARTHEST {
            match self.nodes.get(at).and_then(|node| node.parent.as_ref()) {
                Some(parent) => at = parent,
                None => break,
            }
        }
        self.dirty.insert(at.clone());
    }

    /// What became of a row, if anything did.
    fn row(&mut self, uid: &Uid) -> Option<Delta> {
        let node = self.nodes.get(uid)?;
        let made = node.parent.is_none().then(|| Arc::new(self.made(uid, node)));
        let node = self.nodes.get_mut(uid)?;
        let same = match (&node.shown, &made) {
            (Some(shown), Some(made)) => shown.is_same(made),
            (None, None) => true,
            _ => false,
        };
        if same {
            return None;
        }
        let before = std::mem::replace(&mut node.shown, made.clone());
        match made {
            Some(made) => Some(Delta::Apply(made)),
            None => before.map(|row| Delta::Delete(row)),
        }
    }

    fn made(&self, uid: &Uid, node: &Node) -> Workload {
        // Pods that ended are no problem of what has all its pods.
        let fares_well = matches!(node.object.health(), Health::Good | Health::Neutral);
        let mut tallies: Vec<(&Tally, bool)> = Vec::new();
        tallies.extend(self.tallies.get(uid).map(|tally| (tally, !fares_well)));
        let children = self.children.get(uid).into_iter().flatten();
        let children: Vec<&Node> = children.filter_map(|child| self.nodes.get(child)).collect();
        let last = children.iter().max_by_key(|child| child.object.meta().created);
        let last = last.map(|child| &child.object.meta().uid);
        let mut problem = self.failure(uid, node);
        for child in &children {
            let own = &child.object.meta().uid;
            let is_job = (inner(&*child.object) as &dyn Any).is::<Job>();
            // Of the jobs that a cron job started, those that ended count no more but for the last.
            let counts = if is_job { Some(own) == last } else { !fares_well };
            tallies.extend(self.tallies.get(own).map(|tally| (tally, counts)));
            if is_job && Some(own) == last {
                let of_job = runs(&*child.object).and_then(Runs::problem);
                problem = problem.or(of_job);
            }
            if counts {
                problem = problem.or_else(|| self.failure(own, child));
            }
        }
        Workload::new(node.feed, node.object.clone(), &tallies, problem)
    }
}

impl Workloads {
    /// Why a controller could not make what it lacks, where that is so: after the last thing that it did make.
    fn failure(&self, uid: &Uid, node: &Node) -> Option<&str> {
        runs(&*node.object).filter(|own| own.lacks_pods())?;
        let children = self.children.get(uid).into_iter().flatten();
        let children = children.filter_map(|child| self.nodes.get(child)?.object.meta().created);
        let pods = self.tallies.get(uid).and_then(Tally::last_made);
        self.failures.of(node.object.meta(), children.max().max(pods))
    }
}

#[cfg(test)]
#[path = "join_tests.rs"]
mod tests;
