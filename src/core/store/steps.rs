//! What changed in a table lately, so that the order of its rows need not be made anew.

use std::collections::VecDeque;

/// How many steps are kept: more is a list, after which an order is made anew as fast.
const MOST: usize = 2_000;

/// A change of a table's rows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    /// The row at this place is new.
    Added(u32),
    /// In the row at this place stands another object of the same namespace, name and kind.
    Set(u32),
    /// The rows at these places, in rising order, were dropped; those behind them moved up.
    Dropped(Box<[u32]>),
}

/// The last steps of a table.
#[derive(Default)]
pub(super) struct Steps {
    /// The generation that the first of them begins with.
    from: u64,
    /// Each with the generation that it belongs to.
    last: VecDeque<(u64, Step)>,
}

impl Steps {
    /// Keeps a step that leads from `generation` to the next one.
    pub(super) fn note(&mut self, generation: u64, step: Step) {
        if self.last.len() >= MOST
            && let Some((oldest, _)) = self.last.pop_front()
        {
            // What is left of the oldest generation's steps is no whole any more.
            self.from = oldest + 1;
        }
        self.last.push_back((generation, step));
    }

    /// The steps since a generation; nothing where they are not known any more.
    pub(super) fn since(&self, generation: u64) -> Option<impl Iterator<Item = &Step>> {
        let first = self.last.partition_point(|(of, _)| *of < generation);
        (generation >= self.from).then(|| self.last.iter().skip(first).map(|(_, step)| step))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn since(steps: &Steps, generation: u64) -> Option<Vec<Step>> {
        steps.since(generation).map(|steps| steps.cloned().collect())
    }

    #[test]
    fn steps_are_told_from_a_generation_on() {
        let mut steps = Steps::default();
        for (generation, place) in [(0, 7), (0, 8), (1, 9), (4, 7)] {
            steps.note(generation, Step::Set(place));
        }
        let set = |places: &[u32]| Some(places.iter().map(|place| Step::Set(*place)).collect::<Vec<_>>());
        assert_eq!(since(&steps, 0), set(&[7, 8, 9, 7]));
        assert_eq!(since(&steps, 1), set(&[9, 7]));
        assert_eq!(since(&steps, 2), set(&[7]));
        assert_eq!(since(&steps, 5), set(&[]));
    }

    #[test]
    fn too_many_steps_are_not_told_in_part() {
        let mut steps = Steps::default();
        (0..=MOST as u32).for_each(|place| steps.note(u64::from(place / 2), Step::Set(place)));
        assert_eq!(since(&steps, 0), None);
        assert_eq!(since(&steps, 1).map(|steps| steps.len()), Some(MOST - 1));
    }
}
