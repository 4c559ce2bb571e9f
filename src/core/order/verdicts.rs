//! What a slow filter said of the rows, so that changes of a few of them need no new look at all.

use std::sync::Arc;

use crate::core::clock::Clock;
use crate::core::view::Shared;

/// How long what a slow filter said of a row holds, in seconds: its cells may change by time alone.
const HOLDS: i64 = 10;

/// What a slow filter said of the rows, by their places.
#[derive(Default)]
pub(super) struct Verdicts {
    said: Vec<Option<(Shared, bool)>>,
    since: i64,
}

impl Verdicts {
    /// Of this very object; nothing where another stands in its place now.
    pub(super) fn of(&self, at: u32, object: &Shared) -> Option<bool> {
        let (known, taken) = self.said.get(at as usize)?.as_ref()?;
        Arc::ptr_eq(known, object).then_some(*taken)
    }

    /// Keeps what was said of an object.
    pub(super) fn note(&mut self, at: u32, object: &Shared, taken: bool) {
        let at = at as usize;
        if self.said.len() <= at {
            self.said.resize(at + 1, None);
        }
        if let Some(said) = self.said.get_mut(at) {
            *said = Some((object.clone(), taken));
        }
    }

    /// Whether what was said is too old to be believed.
    pub(super) fn are_old(&self, clock: &Clock) -> bool {
        clock.now.as_second() - self.since >= HOLDS
    }

    /// Begins anew.
    pub(super) fn clear(&mut self, clock: &Clock) {
        self.said = Vec::new();
        self.since = clock.now.as_second();
    }
}
