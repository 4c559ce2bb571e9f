//! Sorting many keys at once. What decides most pairs is packed into one integer a key, in their order; only among texts
//! that begin alike is looked further.

use std::cmp::Ordering;
use std::ops::Range;

use super::groups::few;
use crate::core::view::{SortKey, natural, number};

/// How many bytes of a key stand in its head.
const BYTES: usize = 11;

/// What a head can say of a key.
const SAID: u128 = (1 << (8 * BYTES)) - 1;

/// The class of texts among the keys.
const TEXT: u8 = 3;

/// How often a run is cut into smaller ones before its texts are compared pair by pair.
const DEEPEST: u8 = 32;

/// The places of the keys in their order. What is equal comes in the order of its place, in either direction; what is not
/// known comes last. Keys may be told in any order, each with a place of its own, below the count.
pub(super) fn arrange<'a>(count: usize, descending: bool, keys: impl Iterator<Item = (u32, SortKey<'a>)>) -> Vec<u32> {
    // All rows are asked before the first key is looked at: they lie far apart in memory, and short steps let the processor
    // wait for many of them at once.
    let keys: Vec<(u32, SortKey)> = keys.collect();
    few(count, descending, &keys).unwrap_or_else(|| one_by_one(count, descending, &keys))
}

/// The same, each key for itself.
pub(super) fn one_by_one(count: usize, descending: bool, keys: &[(u32, SortKey)]) -> Vec<u32> {
    let mut bench = Bench {
        texts: String::new(),
        spans: vec![0..0; count],
        descending,
    };
    // Texts lie far apart too: all are read before the first is looked at.
    for (at, key) in keys {
        bench.keep(*at, key);
    }
    let mut heads: Vec<u128> = keys.iter().map(|(at, key)| bench.head(*at, key)).collect();
    heads.sort_unstable();
    bench.settle(&mut heads, 0, 0);
    heads.into_iter().map(place).collect()
}

/// The place of the key that a head is of.
fn place(head: u128) -> u32 {
    (head & u128::from(u32::MAX)) as u32
}

/// What a head says of its key.
fn said(head: u128) -> u128 {
    head >> 32
}

/// The texts of all keys, one behind the other: they are looked at several times, and the rows lie far apart.
struct Bench {
    texts: String,
    spans: Vec<Range<usize>>,
    descending: bool,
}

impl Bench {
    fn keep(&mut self, at: u32, key: &SortKey) {
        if let (Some(text), Some(span)) = (key.as_text(), self.spans.get_mut(at as usize)) {
            let start = self.texts.len();
            self.texts.push_str(text);
            *span = start..self.texts.len();
        }
    }

    /// The kind of the key, its first bytes, and its place: integers that compare as the keys do, as far as those bytes
    /// decide.
    fn head(&self, at: u32, key: &SortKey) -> u128 {
        let said = match key {
            SortKey::None => return packed(at, key.class(), 0),
            SortKey::Number(number) => number_bits(*number).into(),
            SortKey::Age(time) => age_bits(time.as_nanosecond()),
            SortKey::Text(_) | SortKey::Name(_) => natural_bits(key.as_text().unwrap_or_default().as_bytes()),
        };
        self.directed(at, key.class(), said)
    }

    /// In the direction that is wanted.
    fn directed(&self, at: u32, class: u8, said: u128) -> u128 {
        if self.descending {
            packed(at, !class, !said & SAID)
        } else {
            packed(at, class, said)
        }
    }

    fn text(&self, head: u128) -> &str {
        let span = self.spans.get(place(head) as usize).cloned();
        span.and_then(|span| self.texts.get(span)).unwrap_or_default()
    }

    /// Puts those in order of which the heads say the same. Their texts begin alike, up to `known` bytes at least.
    fn settle(&self, heads: &mut [u128], known: usize, depth: u8) {
        for run in heads.chunk_by_mut(|a, b| said(*a) == said(*b)) {
            if run.len() > 1 {
                self.settle_run(run, known, depth);
            }
        }
    }

    fn settle_run(&self, run: &mut [u128], known: usize, depth: u8) {
        let Some(shared) = self.shared(run) else { return };
        if shared <= known || depth >= DEEPEST {
            return run.sort_unstable_by(|a, b| self.whole(*a, *b));
        }
        for head in run.iter_mut() {
            let rest = self.text(*head).as_bytes().get(shared..).unwrap_or_default();
            *head = self.directed(place(*head), TEXT, natural_bits(rest));
        }
        run.sort_unstable();
        self.settle(run, shared, depth + 1);
    }

    /// How many bytes all texts of a run begin with, without the digits of a number that they end in; nothing where the
    /// texts are all the same.
    fn shared(&self, run: &[u128]) -> Option<usize> {
        let (first, rest) = run.split_first()?;
        let first = self.text(*first).as_bytes();
        let (mut shared, mut differ) = (first, false);
        for head in rest {
            let text = self.text(*head).as_bytes();
            if text == first {
                continue;
            }
            differ = true;
            if !text.starts_with(shared) {
                let alike = shared.iter().zip(text).take_while(|(a, b)| a == b).count();
                shared = shared.get(..alike).unwrap_or_default();
            }
        }
        let digits = shared.iter().rev().take_while(|byte| byte.is_ascii_digit()).count();
        differ.then(|| shared.len() - digits)
    }

    /// The order of two texts to the last byte, and of their places where they are equal.
    fn whole(&self, a: u128, b: u128) -> Ordering {
        let order = natural(self.text(a), self.text(b));
        let order = if self.descending { order.reverse() } else { order };
        order.then(place(a).cmp(&place(b)))
    }
}

/// The head of the key at a place.
fn packed(at: u32, class: u8, said: u128) -> u128 {
    u128::from(class) << 120 | said << 32 | u128::from(at)
}

/// Bits that compare as `f64::total_cmp` does.
fn number_bits(number: f64) -> u64 {
    let bits = number.to_bits();
    if bits >> 63 == 1 { !bits } else { bits | 1 << 63 }
}

/// The bits of a time, the youngest first. Times that there are lie within 2^80 nanoseconds around 1970.
fn age_bits(nanoseconds: i128) -> u128 {
    (1i128 << 80).saturating_sub(nanoseconds).unsigned_abs() & SAID
}

/// From how many digits on their count stands in a byte of its own.
const LONG: u8 = 9;

/// Two digits in a byte, or the last one.
fn pair(pair: &[u8]) -> u8 {
    let digits = pair.iter().map(|digit| digit.wrapping_sub(b'0'));
    digits.zip([4, 0]).map(|(digit, shift)| digit << shift).sum()
}

/// The first bytes of a text as `natural` orders it.
fn natural_bits(text: &[u8]) -> u128 {
    let mut bytes = [0; BYTES];
    put_natural(&mut bytes, text);
    bytes.into_iter().fold(0, |bits, byte| bits << 8 | u128::from(byte))
}

/// Text as `natural` orders it: for a number stands how many digits it has, as a byte that lies among other letters as a
/// digit does, and then its digits, two in a byte.
fn put_natural(bytes: &mut [u8], text: &[u8]) {
    let mut from = text;
    let mut to = bytes.iter_mut();
    let mut push = |byte: u8| to.next().map(|place| *place = byte).is_some();
    while let Some((byte, rest)) = from.split_first() {
        if !byte.is_ascii_digit() {
            if !push(*byte) {
                return;
            }
            from = rest;
            continue;
        }
        let (digits, rest) = number(from);
        let count = u8::try_from(digits.len()).unwrap_or(u8::MAX);
        // Of a number of too many digits is not said how many, and so not which.
        if !push(b'0' + count.min(LONG))
            || (count >= LONG && !push(count))
            || count == u8::MAX
            || !digits.chunks(2).all(|digits| push(pair(digits)))
        {
            return;
        }
        from = rest;
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::core::clock::Time;

    fn text() -> impl Strategy<Value = SortKey<'static>> {
        let long = "(gke-shop-default-pool-|ip-10-0-|node-0)?[0a.-]{0,3}[0-9]{0,12}[a.b]{0,4}[0-9]{0,30}";
        let many = (250usize..260, "[0-9]").prop_map(|(count, digit)| SortKey::text(digit.repeat(count)));
        let names = prop::sample::select(vec![
            SortKey::Name("node-01"),
            SortKey::Name("a"),
            SortKey::Name("ip-10-0-7"),
        ]);
        prop_oneof![9 => long.prop_map(SortKey::text), 1 => names, 3 => "[01a]{0,3}".prop_map(SortKey::text), 1 => many, 1 => "\\PC{0,9}".prop_map(SortKey::text)]
    }

    fn figure() -> impl Strategy<Value = SortKey<'static>> {
        prop_oneof![
            any::<f64>().prop_map(SortKey::Number),
            (-9i64..9).prop_map(SortKey::count)
        ]
    }

    fn moment() -> impl Strategy<Value = SortKey<'static>> {
        let end = [Time::MIN, Time::MAX].map(SortKey::Age);
        let time =
            (-9_999_999i64..9_999_999, 0i32..3).prop_map(|(second, nano)| SortKey::age(Time::new(second, nano).ok()));
        prop_oneof![20 => time, 1 => proptest::sample::select(end.to_vec())]
    }

    fn keys() -> impl Strategy<Value = Vec<SortKey<'static>>> {
        let most = 0..200;
        prop_oneof![
            prop::collection::vec(prop_oneof![9 => text(), 1 => Just(SortKey::None)], most.clone()),
            prop::collection::vec(prop_oneof![9 => figure(), 1 => Just(SortKey::None)], most.clone()),
            prop::collection::vec(prop_oneof![9 => moment(), 1 => Just(SortKey::None)], most.clone()),
            prop::collection::vec(prop_oneof![text(), figure(), moment(), Just(SortKey::None)], most),
        ]
    }

    proptest! {
        #[test]
        fn keys_come_as_a_plain_sort_has_them(keys in keys(), descending: bool) {
            let mut plain: Vec<u32> = (0u32..).zip(&keys).map(|(at, _)| at).collect();
            plain.sort_by(|a, b| keys[*a as usize].table_order(&keys[*b as usize], descending));
            let told: Vec<_> = (0..keys.len() as u32).zip(keys.clone()).rev().collect();
            prop_assert_eq!(&one_by_one(keys.len(), descending, &told), &plain);
            prop_assert_eq!(arrange(keys.len(), descending, told.into_iter()), plain);
        }
    }

    #[test]
    fn texts_are_of_the_class_of_texts() {
        assert_eq!(SortKey::text("").class(), TEXT);
    }

    #[test]
    fn texts_that_begin_alike_for_long_are_told_apart() {
        let nested: Vec<String> = (0..300).map(|at| "a".repeat(300 - at)).collect();
        let keys = (0u32..)
            .zip(&nested)
            .map(|(at, text)| (at, SortKey::text(text.as_str())));
        assert_eq!(arrange(nested.len(), false, keys), (0..300).rev().collect::<Vec<u32>>());
    }
}
