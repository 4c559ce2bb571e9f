//! A workload's row: the object, and what its pods add to it.

use super::runs::{Runs, runs};
use super::tally::Tally;
use crate::core::view::{Object, Shared, SortKey};
use crate::model::{Health, Istr, Meta};

/// A workload's row.
pub struct Workload {
    feed: usize,
    object: Shared,
    restarts: u64,
    status: String,
    health: Health,
}

impl Object for Workload {
    fn meta(&self) -> &Meta {
        self.object.meta()
    }

    fn health(&self) -> Health {
        self.health
    }

    fn kind(&self) -> &str {
        self.runs().map_or("", Runs::kind_name)
    }

    fn texts(&self) -> &[Istr] {
        self.object.texts()
    }
}

impl Workload {
    /// The row of an object of a feed, of the tallies of its pods, and of what keeps pods from being made or is wrong with
    /// what it owns.
    pub fn new(feed: usize, object: Shared, tallies: &[(&Tally, bool)], told: Option<&str>) -> Self {
        let restarts: u64 = tallies.iter().map(|(tally, _)| tally.restarts()).sum();
        let own = runs(&*object);
        let restarts = restarts + own.map_or(0, Runs::restarts);
        let (status, health) = own.map_or_else(Default::default, |own| status(own, tallies, told));
        Self {
            feed,
            object,
            restarts,
            status,
            health,
        }
    }

    /// Whether both read the same.
    pub fn is_same(&self, other: &Self) -> bool {
        std::sync::Arc::ptr_eq(&self.object, &other.object)
            && (self.restarts, &self.status, self.health) == (other.restarts, &other.status, other.health)
    }

    fn runs(&self) -> Option<&dyn Runs> {
        runs(&*self.object)
    }

    /// Which feed the object is of.
    pub fn feed(&self) -> usize {
        self.feed
    }

    /// The object.
    pub fn object(&self) -> &Shared {
        &self.object
    }

    /// How often containers of its pods were restarted.
    pub fn restarts(&self) -> u64 {
        self.restarts
    }

    /// The worst problem in words; how it fares where there is none.
    pub fn status(&self) -> &str {
        &self.status
    }

    /// The READY cell.
    pub fn ready_text(&self) -> String {
        self.runs().map(Runs::ready_text).unwrap_or_default()
    }

    /// What READY sorts by: the most incomplete first.
    pub fn ready_key(&self) -> SortKey {
        self.runs().map_or(SortKey::None, Runs::ready_key)
    }

    /// The images of its pods, joined by commas.
    pub fn images(&self) -> &str {
        self.runs().map(Runs::images).unwrap_or_default()
    }
}

/// What keeps pods from being made comes first, then what is wrong with pods, then that a rollout takes too long.
fn status(own: &dyn Runs, tallies: &[(&Tally, bool)], told: Option<&str>) -> (String, Health) {
    let of_pods = Tally::worst(tallies);
    let is_late = own.problem() == Some("ProgressDeadlineExceeded");
    let problem = own.problem().filter(|_| !is_late).or(told);
    match (problem.or(own.problem()), of_pods) {
        (Some(_), Some((Health::Bad, text))) if problem.is_none() => (text, Health::Bad),
        (Some(problem), _) => (problem.to_owned(), Health::Bad),
        (None, Some((health, text))) => (text, health),
        (None, None) => (own.state().to_owned(), own.health()),
    }
}
