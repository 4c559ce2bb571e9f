//! Uids and the random ends of generated names. The sequence is fixed by its seed, so that runs can be compared.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// A source of identifiers; clones share the sequence.
#[derive(Clone, Debug)]
pub struct Ids {
    state: Arc<AtomicU64>,
}

/// The letters of generated names: no vowels and no digits that look like them, as in apimachinery's rand package.
const LETTERS: &[u8] = b"bcdfghjklmnpqrstvwxz2456789";

impl Ids {
    /// A sequence that begins at `seed`.
    #[must_use]
    pub fn new(seed: u64) -> Self {
        Self {
            state: Arc::new(AtomicU64::new(seed)),
        }
    }

    /// The next 64 bits of the sequence (splitmix64).
    #[must_use]
    pub fn bits(&self) -> u64 {
        const STEP: u64 = 0x9e37_79b9_7f4a_7c15;
        let mut mixed = self.state.fetch_add(STEP, Ordering::Relaxed).wrapping_add(STEP);
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A number below `end`; 0 if `end` is 0.
    #[must_use]
    pub fn below(&self, end: u64) -> u64 {
        self.bits().checked_rem(end).unwrap_or_default()
    }

    /// A new uid, in the form of a random UUID.
    #[must_use]
    pub fn uid(&self) -> String {
        let (high, low) = (self.bits(), self.bits());
        let variant = (low >> 48) & 0x3fff | 0x8000;
        format!(
            "{:08x}-{:04x}-4{:03x}-{variant:04x}-{:012x}",
            high >> 32,
            (high >> 16) & 0xffff,
            high & 0xfff,
            low & 0xffff_ffff_ffff
        )
    }

    /// The random end of a generated name: five letters in a cluster.
    #[must_use]
    pub fn suffix(&self, length: usize) -> String {
        let letter = |_| char::from(LETTERS[self.below(LETTERS.len() as u64) as usize]);
        (0..length).map(letter).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn identifiers_have_their_form_and_differ() {
        let ids = Ids::new(1);
        let (one, two) = (ids.uid(), ids.uid());
        assert_ne!(one, two);
        assert_eq!(one.len(), 36);
        assert_eq!(one.as_bytes()[14], b'4');
        assert!(ids.suffix(5).bytes().all(|letter| LETTERS.contains(&letter)));
        assert_eq!(Ids::new(7).suffix(10), Ids::new(7).suffix(10));
    }
}
