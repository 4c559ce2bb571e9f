//! Revisions to rows: the newest of each release, or all of them.

use std::any::Any;
use std::collections::{BTreeMap, HashMap, HashSet};

use crate::core::join::Joiner;
use crate::core::store::{Change, Delta};
use crate::core::view::{Object, Shared};
use crate::model::HelmRelease;

/// A release, by namespace and name.
type Name = (String, String);

/// The newest revision of each release.
#[derive(Default)]
pub struct Newest {
    revisions: HashMap<Name, BTreeMap<u32, Shared>>,
    shown: HashMap<Name, Shared>,
    dirty: HashSet<Name>,
}

fn named(object: &dyn Object) -> Option<(Name, u32)> {
    let release = (object as &dyn Any).downcast_ref::<HelmRelease>()?;
    let namespace = object.meta().namespace.as_deref().unwrap_or_default();
    Some(((namespace.to_owned(), release.name().to_owned()), release.revision()))
}

impl Newest {
    fn remove(&mut self, object: &dyn Object) {
        let Some((name, revision)) = named(object) else { return };
        if let Some(revisions) = self.revisions.get_mut(&name) {
            revisions.remove(&revision);
        }
        self.dirty.insert(name);
    }

    fn row(&mut self, name: &Name) -> Vec<Delta> {
        let newest = self.revisions.get(name).and_then(|all| all.last_key_value());
        let newest = newest.map(|(_, object)| object.clone());
        let before = match &newest {
            Some(newest) => self.shown.insert(name.clone(), newest.clone()),
            None => {
                self.revisions.remove(name);
                self.shown.remove(name)
            }
        };
        let is_other = |before: &Shared| {
            newest
                .as_ref()
                .is_none_or(|newest| newest.meta().name != before.meta().name)
        };
        let gone = before.filter(is_other).map(Delta::Delete);
        gone.into_iter().chain(newest.clone().map(Delta::Apply)).collect()
    }
}

impl Joiner for Newest {
    fn take(&mut self, _feed: usize, changes: Vec<Change>) {
        for change in changes {
            match change {
                Change::Set { old, new } => {
                    if let Some(old) = old {
                        self.remove(&*old);
                    }
                    let Some((name, revision)) = named(&*new) else { continue };
                    self.revisions.entry(name.clone()).or_default().insert(revision, new);
                    self.dirty.insert(name);
                }
                Change::Gone(object) => self.remove(&*object),
            }
        }
    }

    fn rows(&mut self) -> Vec<Delta> {
        let dirty = std::mem::take(&mut self.dirty);
        dirty.iter().flat_map(|name| self.row(name)).collect()
    }
}

/// All revisions.
#[derive(Default)]
pub struct Revisions(Vec<Delta>);

impl Joiner for Revisions {
    fn take(&mut self, _feed: usize, changes: Vec<Change>) {
        self.0.extend(changes.into_iter().map(|change| match change {
            Change::Set { new, .. } => Delta::Apply(new),
            Change::Gone(object) => Delta::Delete(object),
        }));
    }

    fn rows(&mut self) -> Vec<Delta> {
        std::mem::take(&mut self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::decode;
    use std::sync::Arc;

    fn revision(namespace: &str, name: &str, revision: u32) -> Shared {
        let secret = serde_json::json!({"metadata": {"name": format!("sh.helm.release.v1.{name}.v{revision}"), "namespace": namespace}});
        Arc::new(decode::<HelmRelease>(&secret.to_string()).unwrap())
    }

    fn told(newest: &mut Newest, changes: Vec<Change>) -> Vec<String> {
        newest.take(0, changes);
        newest
            .rows()
            .iter()
            .map(|delta| format!("{delta:?}").replace("sh.helm.release.v1.", ""))
            .collect()
    }

    fn set(object: Shared) -> Change {
        Change::Set { old: None, new: object }
    }

    #[test]
    fn the_newest_revision_is_shown_until_it_is_gone() {
        let mut newest = Newest::default();
        let first = vec![set(revision("shop", "web", 9)), set(revision("shop", "web", 10))];
        assert_eq!(told(&mut newest, first), ["Apply(web.v10)"]);
        assert_eq!(
            told(&mut newest, vec![set(revision("blog", "web", 1))]),
            ["Apply(web.v1)"]
        );
        let upgraded = vec![set(revision("shop", "web", 11))];
        assert_eq!(told(&mut newest, upgraded), ["Delete(web.v10)", "Apply(web.v11)"]);
        let back = vec![Change::Gone(revision("shop", "web", 11))];
        assert_eq!(told(&mut newest, back), ["Delete(web.v11)", "Apply(web.v10)"]);
        let gone = [9, 10].map(|at| Change::Gone(revision("shop", "web", at)));
        assert_eq!(told(&mut newest, gone.into()), ["Delete(web.v10)"]);
        assert_eq!(newest.revisions.len(), 1);
    }
}
