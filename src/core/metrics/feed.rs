//! The measurements of all nodes, or of all pods, as polls bring them.

use std::any::Any;
use std::collections::{HashMap, VecDeque};

use crate::core::jump::Scope;
use crate::core::store::{Delta, Part};
use crate::core::trouble::Trouble;
use crate::core::view::Object;
use crate::model::{Istr, Measured, Usage};

/// How many measurements of each are kept: ten minutes, at four a minute.
pub const KEPT: usize = 40;

/// What one thing uses, and used.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Series {
    now: Option<Usage>,
    past: VecDeque<Usage>,
}

impl Series {
    /// What it uses now, as far as that is known.
    pub fn now(&self) -> Option<Usage> {
        self.now
    }

    /// What it used, the oldest first and the present last.
    pub fn past(&self) -> impl Iterator<Item = Usage> {
        self.past.iter().copied()
    }

    fn push(&mut self, usage: Usage) {
        if self.past.len() >= KEPT {
            self.past.pop_front();
        }
        self.past.push_back(usage);
        self.now = Some(usage);
    }

    /// Adds what another uses; both end now.
    fn add(&mut self, other: &Self) {
        if let Some(usage) = other.now {
            self.now = Some(self.now.unwrap_or_default().plus(usage));
        }
        while self.past.len() < other.past.len() {
            self.past.push_front(Usage::default());
        }
        for (mine, more) in self.past.iter_mut().rev().zip(other.past.iter().rev()) {
            *mine = mine.plus(*more);
        }
    }
}

/// What a list that is not whole yet says of something.
#[derive(Clone)]
struct Fresh {
    name: Box<str>,
    whole: Usage,
    parts: Box<[(Istr, Usage)]>,
}

#[derive(Clone, Default)]
struct Entry {
    whole: Series,
    parts: Vec<(Istr, Series)>,
}

/// How far the numbers can be trusted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
enum State {
    /// Nobody asks.
    #[default]
    Unasked,
    /// They are on their way.
    Asked,
    /// They are there.
    There,
    /// They could not be had.
    Refused(Trouble),
}

/// The numbers of all nodes, or of all pods: by namespace and name.
#[derive(Clone, Default)]
pub struct Feed {
    turn: u64,
    state: State,
    coming: HashMap<Box<str>, Vec<Fresh>>,
    known: HashMap<Box<str>, HashMap<Box<str>, Entry>>,
}

impl Feed {
    /// Numbers are being asked for.
    pub fn ask(&mut self) {
        self.state = State::Asked;
    }

    /// Nobody asks any more: what was is still known, what is now is not.
    pub fn rest(&mut self) {
        self.state = State::Unasked;
        self.coming.clear();
        for entry in self.known.values_mut().flat_map(HashMap::values_mut) {
            entry.whole.now = None;
            entry.parts.iter_mut().for_each(|(_, part)| part.now = None);
        }
    }

    /// Grows with every change of the numbers.
    pub fn turn(&self) -> u64 {
        self.turn
    }

    /// Takes in what a poll brought. Answers whether there are new numbers, or new trouble.
    pub fn fold(&mut self, deltas: &[Delta]) -> bool {
        let mut changed = false;
        for delta in deltas {
            match delta {
                Delta::Listing(None) => self.coming.clear(),
                Delta::Listing(Some(namespace)) => drop(self.coming.remove(namespace)),
                Delta::Apply(row) => self.take(&**row),
                Delta::Listed(part) => {
                    self.commit(part);
                    changed = true;
                }
                Delta::Stale(_, why) => {
                    changed |= self.trouble() != Some(why);
                    self.state = State::Refused(why.clone());
                }
                _ => {}
            }
        }
        self.turn += u64::from(changed);
        changed
    }

    fn take(&mut self, row: &dyn Object) {
        let Some(measured) = (row as &dyn Any).downcast_ref::<Measured>() else {
            return;
        };
        let meta = row.meta();
        let namespace = meta.namespace.as_deref().unwrap_or_default();
        let of = self.coming.entry(namespace.into()).or_default();
        of.push(Fresh {
            name: meta.name.clone(),
            whole: measured.whole(),
            parts: measured.parts().into(),
        });
    }

    /// A list is whole: what it does not name is gone.
    fn commit(&mut self, part: &Part) {
        self.state = State::There;
        let coming = match part {
            Some(namespace) => {
                let of = self.coming.remove(namespace).unwrap_or_default();
                [(namespace.clone(), of)].into()
            }
            None => {
                let coming = std::mem::take(&mut self.coming);
                self.known.retain(|namespace, _| coming.contains_key(namespace));
                coming
            }
        };
        for (namespace, measured) in coming {
            let before = self.known.remove(&namespace).unwrap_or_default();
            self.known.insert(namespace, next(before, measured));
        }
    }

    /// Whether numbers have come, or why none do.
    pub fn is_settled(&self) -> bool {
        matches!(self.state, State::There | State::Refused(_))
    }

    /// Why there are no numbers.
    pub fn trouble(&self) -> Option<&Trouble> {
        match &self.state {
            State::Refused(why) => Some(why),
            _ => None,
        }
    }

    /// What something uses; the namespace of a node is empty.
    pub fn whole(&self, namespace: &str, name: &str) -> Option<&Series> {
        self.entry(namespace, name).map(|entry| &entry.whole)
    }

    /// What a container of a pod uses.
    pub fn part(&self, namespace: &str, name: &str, part: &str) -> Option<&Series> {
        let parts = &self.entry(namespace, name)?.parts;
        parts
            .iter()
            .find(|(known, _)| **known == *part)
            .map(|(_, series)| series)
    }

    fn entry(&self, namespace: &str, name: &str) -> Option<&Entry> {
        self.known.get(namespace)?.get(name)
    }

    /// What everything in these namespaces uses together.
    pub fn sum(&self, scope: &Scope) -> Series {
        let mut sum = Series::default();
        for (namespace, entries) in &self.known {
            let names = scope.names();
            if names.is_empty() || names.iter().any(|name| **name == **namespace) {
                entries.values().for_each(|entry| sum.add(&entry.whole));
            }
        }
        sum
    }
}

/// The entries of a namespace after a measurement.
fn next(mut before: HashMap<Box<str>, Entry>, measured: Vec<Fresh>) -> HashMap<Box<str>, Entry> {
    let mut after = HashMap::with_capacity(measured.len());
    for Fresh { name, whole, parts } in measured {
        let mut entry = before.remove(&name).unwrap_or_default();
        entry.whole.push(whole);
        entry
            .parts
            .retain(|(known, _)| parts.iter().any(|(name, _)| name == known));
        for (name, usage) in parts {
            match entry.parts.iter_mut().find(|(known, _)| *known == name) {
                Some((_, series)) => series.push(usage),
                None => {
                    let mut series = Series::default();
                    series.push(usage);
                    entry.parts.push((name, series));
                }
            }
        }
        after.insert(name, entry);
    }
    after
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::core::trouble::TroubleKind;
    use crate::core::view::Shared;
    use std::sync::Arc;

    fn row(namespace: &str, name: &str, milli: u64) -> Delta {
        let json = format!(
            r#"{{"metadata":{{"name":"{name}","namespace":"{namespace}"}},"containers":[{{"name":"app","usage":{{"cpu":"{milli}m","memory":"{milli}Mi"}}}}]}}"#
        );
        let row: Measured = crate::model::decode(&json).unwrap();
        Delta::Apply(Arc::new(row) as Shared)
    }

    fn list(rows: Vec<Delta>) -> Vec<Delta> {
        let begin = [Delta::Listing(None)];
        begin.into_iter().chain(rows).chain([Delta::Listed(None)]).collect()
    }

    fn milli(series: Option<&Series>) -> Vec<u64> {
        series
            .into_iter()
            .flat_map(Series::past)
            .map(Usage::cpu_milli)
            .collect()
    }

    #[test]
    fn a_list_that_is_whole_is_one_measurement() {
        let mut feed = Feed::default();
        assert!(
            !feed.fold(&[Delta::Listing(None), row("shop", "web", 5)]),
            "half a list changes nothing"
        );
        assert_eq!(feed.whole("shop", "web"), None);
        assert!(feed.fold(&[Delta::Listed(None)]));
        assert!(feed.fold(&list(vec![row("shop", "web", 7), row("ops", "db", 1)])));
        assert_eq!(milli(feed.whole("shop", "web")), [5, 7]);
        assert_eq!(milli(feed.part("shop", "web", "app")), [5, 7]);
        assert_eq!(milli(Some(&feed.sum(&Scope::All))), [5, 8]);
        assert_eq!(milli(Some(&feed.sum(&Scope::one("ops")))), [1]);
        feed.fold(&list(vec![row("shop", "web", 9)]));
        assert_eq!(feed.whole("ops", "db"), None, "what the list does not name is gone");
    }

    #[test]
    fn the_past_has_an_end() {
        let mut feed = Feed::default();
        for turn in 0..KEPT as u64 + 5 {
            feed.fold(&list(vec![row("shop", "web", turn)]));
        }
        let past = milli(feed.whole("shop", "web"));
        assert_eq!((past.len(), past[0]), (KEPT, 5));
    }

    #[test]
    fn namespaces_come_one_by_one() {
        let mut feed = Feed::default();
        let part = |name: &str| Some(name.into());
        feed.fold(&[
            Delta::Listing(part("a")),
            Delta::Listing(part("b")),
            row("a", "x", 1),
            row("b", "y", 2),
        ]);
        assert!(feed.fold(&[Delta::Listed(part("b"))]));
        assert_eq!((milli(feed.whole("b", "y")), feed.whole("a", "x")), (vec![2], None));
        feed.fold(&[Delta::Listed(part("a"))]);
        assert_eq!(milli(feed.whole("a", "x")), [1]);
    }

    #[test]
    fn what_nobody_asks_for_is_not_known_now() {
        let mut feed = Feed::default();
        feed.ask();
        assert!(!feed.is_settled());
        feed.fold(&list(vec![row("shop", "web", 5)]));
        feed.rest();
        let web = feed.whole("shop", "web").unwrap();
        assert_eq!((web.now(), web.past().count()), (None, 1));
        let why = Trouble::new(TroubleKind::NotFound, "trouble.notfound");
        assert!(feed.fold(&[Delta::Stale(None, why.clone())]));
        assert!(!feed.fold(&[Delta::Stale(None, why.clone())]), "said once");
        assert_eq!(feed.trouble(), Some(&why));
    }
}
