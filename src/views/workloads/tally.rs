//! What the pods of one owner add up to, kept by adding and taking away one pod at a time.

use std::collections::BTreeMap;

use crate::core::clock::Time;
use crate::model::{Health, Istr, Pod, Projection};

/// What the pods of one owner add up to.
#[derive(Default)]
pub struct Tally {
    pods: u32,
    restarts: u64,
    problems: BTreeMap<Problem, u32>,
    /// When the youngest of them was made, also where that one is gone since.
    last_made: Option<Time>,
}

/// What is wrong with a pod.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Problem {
    health: Health,
    reason: Istr,
    /// Whether the pod ended, and so is wrong no more where others took its place.
    has_ended: bool,
}

/// What a pod adds.
#[derive(PartialEq, Eq)]
pub struct Share {
    restarts: u64,
    problem: Option<Problem>,
    made: Option<Time>,
}

/// What is wrong with a pod in a word, if anything is.
pub fn problem(pod: &Pod) -> Option<&str> {
    match (Projection::health(pod), pod.status()) {
        (Health::Warn, "Running") => Some("NotReady"),
        (Health::Warn, "Pending") => Some("Unschedulable"),
        (Health::Warn | Health::Bad, status) => Some(status),
        _ => None,
    }
}

impl Share {
    /// What this pod adds.
    pub fn of(pod: &Pod) -> Self {
        let problem = problem(pod).map(|reason| Problem {
            health: Projection::health(pod),
            reason: Istr::new(reason),
            has_ended: matches!(pod.phase(), "Failed" | "Succeeded"),
        });
        Self {
            restarts: pod.restarts().into(),
            problem,
            made: Projection::meta(pod).created,
        }
    }
}

impl Tally {
    /// A pod is there.
    pub fn add(&mut self, share: &Share) {
        self.pods += 1;
        self.restarts += share.restarts;
        self.last_made = self.last_made.max(share.made);
        if let Some(problem) = &share.problem {
            *self.problems.entry(problem.clone()).or_default() += 1;
        }
    }

    /// A pod is there no more.
    pub fn remove(&mut self, share: &Share) {
        self.pods = self.pods.saturating_sub(1);
        self.restarts = self.restarts.saturating_sub(share.restarts);
        let Some(problem) = &share.problem else { return };
        if let Some(count) = self.problems.get_mut(problem) {
            *count -= 1;
            if *count == 0 {
                self.problems.remove(problem);
            }
        }
    }

    /// Whether there are no pods.
    pub fn is_empty(&self) -> bool {
        self.pods == 0
    }

    /// How often containers were restarted.
    pub fn restarts(&self) -> u64 {
        self.restarts
    }

    /// When the youngest pod was made.
    pub fn last_made(&self) -> Option<Time> {
        self.last_made
    }

    /// The worst that is wrong in several tallies, with how many pods it is wrong with. Of each tally is said whether pods
    /// that ended count.
    pub fn worst(tallies: &[(&Self, bool)]) -> Option<(Health, String)> {
        let mut sums: BTreeMap<(Health, &str), u32> = BTreeMap::new();
        for (tally, ended_count) in tallies {
            for (problem, count) in &tally.problems {
                if *ended_count || !problem.has_ended {
                    *sums.entry((problem.health, &problem.reason)).or_default() += count;
                }
            }
        }
        // The worst, then the most frequent, then the first by its name.
        let worst = sums.into_iter().reduce(|best, next| {
            if (next.0.0, next.1) > (best.0.0, best.1) {
                next
            } else {
                best
            }
        });
        worst.map(|((health, reason), count)| match count {
            1 => (health, reason.to_owned()),
            _ => (health, format!("{reason} ×{count}")),
        })
    }
}
