//! A journal against the plainest way to do the same.

use proptest::prelude::*;

use super::super::look::Spot;
use super::*;

fn batch(lines: &[(Nanos, String)]) -> Batch {
    let mut batch = Batch::default();
    for (time, text) in lines {
        batch.push(*time, 0, |out| {
            out.push_str(text);
            false
        });
    }
    batch
}

fn shown(journal: &Journal) -> Vec<String> {
    let mut spot = journal.first();
    let mut lines = Vec::new();
    while let Some(at) = spot {
        lines.extend(journal.line(at).map(|(_, text)| text.to_string()));
        spot = journal.after(at);
    }
    lines
}

fn backwards(journal: &Journal) -> Vec<String> {
    let mut spot: Option<Spot> = journal.last();
    let mut lines = Vec::new();
    while let Some(at) = spot {
        lines.extend(journal.line(at).map(|(_, text)| text.to_string()));
        spot = journal.before(at);
    }
    lines.reverse();
    lines
}

#[test]
fn the_oldest_go_first_and_are_counted() {
    let mut journal = Journal::new(0);
    for round in 0..40i64 {
        let lines: Vec<_> = (0..1000)
            .map(|at| (round * 1000 + at, format!("{round} {at} {}", "x".repeat(60))))
            .collect();
        journal.take(0, &batch(&lines));
    }
    assert!(journal.memory() <= 1 << 20, "{}", journal.memory());
    assert_eq!(journal.dropped() + journal.len() as u64, 40_000);
    assert!(journal.dropped() > 20_000);
    let kept: usize = journal.blocks.iter().map(Block::memory).sum();
    assert_eq!(kept, journal.memory());
    assert!(shown(&journal).last().unwrap().starts_with("39 999"));
}

#[test]
fn hits_are_stepped_through_in_both_directions_and_around_the_end() {
    let mut journal = Journal::new(MEMORY);
    let lines: Vec<_> = (0..5000).map(|at| (at, format!("line {at}"))).collect();
    journal.take(0, &batch(&lines));
    journal.set_search(crate::core::log::lens::search("line 4990"));
    assert!(journal.is_behind());
    let spot = journal.next_hit(None, true).unwrap();
    assert_eq!(journal.line(spot).unwrap().1, "line 4990");
    journal.set_search(crate::core::log::lens::search("99"));
    assert!(!journal.work(None, usize::MAX));
    let wanted = lines.iter().filter(|(_, text)| text.contains("99")).count();
    assert_eq!(journal.hit_count(), wanted);
    let (mut forward, mut back) = (Vec::new(), Vec::new());
    for (list, direction) in [(&mut forward, true), (&mut back, false)] {
        let mut from = None;
        for _ in 0..wanted + 1 {
            let spot = journal.next_hit(from, direction).unwrap();
            let (entry, text) = journal.line(spot).unwrap();
            from = Some(entry.key);
            list.push(text.to_string());
        }
    }
    assert_eq!(forward.first(), forward.last());
    assert_eq!((forward[0].as_str(), forward.len()), ("line 99", wanted + 1));
    back.reverse();
    assert_eq!(back[1..], forward[..wanted]);
    journal.set_search(crate::core::log::lens::search("nowhere"));
    assert_eq!(journal.next_hit(None, true), None);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn lines_of_several_sources_are_merged_by_time(batches in prop::collection::vec(
        (0u16..4, prop::collection::vec((0i64..400, "[a-f]{1,3}"), 1..700)), 1..12), context in 0usize..4) {
        let mut journal = Journal::new(MEMORY);
        let mut naive: Vec<(Nanos, usize, String)> = Vec::new();
        let mut last = [Nanos::MIN; 4];
        for (source, lines) in &batches {
            journal.take(*source, &batch(lines));
            for (time, text) in lines {
                let own = &mut last[usize::from(*source)];
                *own = (*own).max(*time);
                naive.push((*own, naive.len(), text.clone()));
            }
        }
        naive.sort();
        let all: Vec<String> = naive.into_iter().map(|(_, _, text)| text).collect();
        journal.work(None, usize::MAX);
        prop_assert_eq!(&shown(&journal), &all);
        prop_assert_eq!(journal.iter().count(), all.len());

        journal.set_filter(Filter::parse("a -b", context).unwrap());
        prop_assert!(!journal.work(None, usize::MAX));
        let taken: Vec<bool> = all.iter().map(|text| text.contains('a') && !text.contains('b')).collect();
        let near = |at: usize| (at.saturating_sub(context)..=at + context).any(|at| taken.get(at) == Some(&true));
        let wanted: Vec<String> = (0..all.len()).filter(|at| near(*at)).map(|at| all[at].clone()).collect();
        prop_assert_eq!(&shown(&journal), &wanted);
        prop_assert_eq!(&backwards(&journal), &wanted);
        prop_assert_eq!(journal.shown_count(), wanted.len());
        for (at, spot) in std::iter::successors(journal.first(), |spot| journal.after(*spot)).enumerate() {
            prop_assert_eq!(journal.rank(spot), at);
            let key = journal.line(spot).unwrap().0.key;
            prop_assert_eq!(journal.seek(key), Some(spot));
        }
    }
}
