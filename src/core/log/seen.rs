//! Which lines came already, where a log is read again after a break: none is lost, none comes twice.
//!
//! A log can be asked for from a whole second on (`sinceTime`), so the lines of that second come again. They are told by
//! their times and texts; how often each came is counted, because the same text may be written twice at once.

use std::collections::HashMap;
use std::hash::{BuildHasher, RandomState};

use super::stamp::Nanos;

const SECOND: Nanos = 1_000_000_000;

/// How many lines of one second are remembered. Where more come, those of earlier moments are taken as seen by their
/// times alone.
const MOST: usize = 1 << 16;

/// What came of a log.
#[derive(Clone, Debug, Default)]
pub struct Seen {
    last: Option<Nanos>,
    /// What was written before this is remembered no more.
    floor: Nanos,
    /// How often each line since then came.
    lines: HashMap<u64, (Nanos, u32)>,
    /// While the log is read again: from when on, and what may come a second time.
    again: Option<(Nanos, HashMap<u64, u32>)>,
    hasher: RandomState,
}

impl Seen {
    /// When the last line was written.
    pub fn last(&self) -> Option<Nanos> {
        self.last
    }

    /// The log is read again from [`Self::last`] on, in whole seconds.
    pub fn rewind(&mut self) {
        let counts = self.lines.iter().map(|(hash, (_, count))| (*hash, *count)).collect();
        self.again = self.last.map(|_| (self.floor, counts));
    }

    /// Whether a line is new. It is remembered.
    pub fn is_new(&mut self, time: Nanos, text: &[u8]) -> bool {
        let hash = self.hasher.hash_one((time, text));
        if let Some((floor, counts)) = &mut self.again {
            if time < *floor {
                return false;
            }
            if let Some(count) = counts.get_mut(&hash).filter(|count| **count > 0) {
                *count -= 1;
                return false;
            }
        }
        self.remember(time, hash);
        true
    }

    fn remember(&mut self, time: Nanos, hash: u64) {
        let last = self.last.map_or(time, |last| last.max(time));
        self.last = Some(last);
        let second = last - last.rem_euclid(SECOND);
        if second > self.floor {
            self.raise(second);
        }
        if self.lines.len() >= MOST {
            self.raise(last);
        }
        if self.lines.len() < MOST {
            self.lines.entry(hash).or_insert((time, 0)).1 += 1;
        }
    }

    fn raise(&mut self, floor: Nanos) {
        self.floor = floor;
        self.lines.retain(|_, (at, _)| *at >= floor);
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Reads a log that is broken off after each of these numbers of lines, as a session does.
    fn read(log: &[(Nanos, String)], breaks: &[usize]) -> Vec<(Nanos, String)> {
        let mut seen = Seen::default();
        let mut got = Vec::new();
        for limit in breaks.iter().chain([&usize::MAX]) {
            let since = seen.last().map(|last| last - last.rem_euclid(SECOND));
            seen.rewind();
            let answered = log.iter().filter(|(at, _)| since.is_none_or(|since| *at >= since));
            for (at, text) in answered.take(*limit) {
                if seen.is_new(*at, text.as_bytes()) {
                    got.push((*at, text.clone()));
                }
            }
        }
        got
    }

    #[test]
    fn the_same_text_at_the_same_time_may_come_twice() {
        let log: Vec<(Nanos, String)> = (0..6).map(|_| (SECOND / 2, "x".to_string())).collect();
        for at in 0..7 {
            assert_eq!(read(&log, &[at]), log, "broken off after {at}");
        }
    }

    #[test]
    fn a_burst_within_a_second_is_bounded() {
        let lines = MOST * 2;
        let log: Vec<(Nanos, String)> = (0..lines).map(|at| (at as Nanos * 1000, at.to_string())).collect();
        assert_eq!(read(&log, &[lines - 5, lines - 3]), log);
    }

    proptest! {
        #[test]
        fn no_line_is_lost_or_doubled(
            steps in prop::collection::vec((0i64..3, 0u8..3), 0..80),
            breaks in prop::collection::vec(0usize..60, 0..6),
        ) {
            let mut at = 5 * SECOND;
            let log: Vec<(Nanos, String)> = steps.iter().map(|(step, text)| {
                at += step * SECOND / 4;
                (at, text.to_string())
            }).collect();
            prop_assert_eq!(read(&log, &breaks), log);
        }
    }
}
