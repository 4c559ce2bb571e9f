//! Sorting by keys of which there are few, as statuses, nodes and counts of restarts are: each is compared once, however
//! many rows say it.

use std::cmp::Ordering;

use hashbrown::HashMap;

use super::arrange::one_by_one;
use crate::core::view::SortKey;

/// How many different keys are few.
const FEW: u16 = 256;

/// What tells a key from others without reading it: the bits of a figure; where a text lies, since what many rows say lies
/// in one place. Of keys that are there at the same time, no two different texts do.
#[derive(PartialEq, Eq, Hash)]
struct Mark(u8, u64, u64);

impl Mark {
    fn of(key: &SortKey) -> Self {
        let (first, second) = match key {
            SortKey::None => (0, 0),
            SortKey::Number(number) => (number.to_bits(), 0),
            SortKey::Age(time) => (
                time.as_second().cast_unsigned(),
                u64::from(time.subsec_nanosecond().unsigned_abs()),
            ),
            SortKey::Text(_) | SortKey::Name(_) => {
                let text = key.as_text().unwrap_or_default();
                (text.as_ptr().addr() as u64, text.len() as u64)
            }
        };
        Self(key.class(), first, second)
    }
}

/// The places of the keys in their order, as [`super::arrange::arrange`]; nothing if there are many different ones.
pub(super) fn few(count: usize, descending: bool, keys: &[(u32, SortKey)]) -> Option<Vec<u32>> {
    let mut known: HashMap<Mark, u16> = HashMap::new();
    let mut different: Vec<&SortKey> = Vec::new();
    let mut said = vec![u16::MAX; count];
    for (at, key) in keys {
        let next = u16::try_from(different.len()).ok()?;
        let group = *known.entry(Mark::of(key)).or_insert(next);
        if group == FEW {
            return None;
        }
        if group == next {
            different.push(key);
        }
        if let Some(said) = said.get_mut(*at as usize) {
            *said = group;
        }
    }
    let steps = steps(&different, descending);
    let mut places = vec![Vec::new(); different.len()];
    for (at, group) in (0u32..).zip(said) {
        let step = steps.get(usize::from(group)).and_then(|step| places.get_mut(*step));
        step.into_iter().for_each(|places| places.push(at));
    }
    Some(places.concat())
}

/// Which step of the order each key is on. The same text may lie in several places.
fn steps(keys: &[&SortKey], descending: bool) -> Vec<usize> {
    let told: Vec<(u32, SortKey)> = (0u32..).zip(keys.iter().copied().cloned()).collect();
    let order = one_by_one(keys.len(), descending, &told);
    let key = |at: u32| keys.get(at as usize).copied().unwrap_or(&SortKey::None);
    let mut steps = vec![0; keys.len()];
    for (step, same) in order
        .chunk_by(|a, b| key(*a).table_order(key(*b), descending) == Ordering::Equal)
        .enumerate()
    {
        for at in same {
            if let Some(place) = steps.get_mut(*at as usize) {
                *place = step;
            }
        }
    }
    steps
}

#[cfg(test)]
mod tests {
    use super::*;

    fn keys<'a>(texts: &[&'a str]) -> Vec<(u32, SortKey<'a>)> {
        (0u32..).zip(texts.iter().map(|text| SortKey::text(*text))).collect()
    }

    #[test]
    fn the_same_text_in_another_place_is_the_same_key() {
        let (text, again) = ("Running".to_owned(), "Running".to_owned());
        let texts = ["Pending", &text, &again, "Failed", &text, &again, "Pending"];
        assert_eq!(few(7, false, &keys(&texts)), Some(vec![3, 0, 6, 1, 2, 4, 5]));
        assert_eq!(few(7, true, &keys(&texts)), Some(vec![1, 2, 4, 5, 0, 6, 3]));
    }

    #[test]
    fn texts_that_are_made_for_the_question_are_told_apart() {
        let made: Vec<_> = (0u32..200)
            .map(|at| (at, SortKey::text((at % 3).to_string())))
            .collect();
        let order = few(200, false, &made).unwrap_or_default();
        let expected = (0..3).flat_map(|digit| (0..200).filter(move |at| at % 3 == digit));
        assert_eq!(order, expected.collect::<Vec<u32>>());
    }

    #[test]
    fn many_different_keys_are_none_of_its_work() {
        let figures = |count: u32| (0..count).map(|at| (at, SortKey::count(at.into()))).collect::<Vec<_>>();
        assert_eq!(few(256, true, &figures(256)), Some((0..256).rev().collect()));
        assert_eq!(few(257, true, &figures(257)), None);
    }
}
