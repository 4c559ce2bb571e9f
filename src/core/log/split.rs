//! Lines out of bytes, however these come: cut in the middle of a line or of a character, without an end, endless.

use memchr::memchr;

/// The most of a line that is kept, in bytes. What follows until its end is counted, not kept.
pub const LONGEST: usize = 32 << 10;

/// Collects what is not yet a line.
#[derive(Clone, Debug, Default)]
pub struct Splitter {
    partial: Vec<u8>,
    cut: usize,
}

impl Splitter {
    /// Takes bytes in, and hands each line that is whole to `take`, without its end, with the number of bytes that were
    /// cut off it.
    pub fn push(&mut self, mut bytes: &[u8], mut take: impl FnMut(&[u8], usize)) {
        while let Some(at) = memchr(b'\n', bytes) {
            let (line, rest) = bytes.split_at(at);
            bytes = rest.get(1..).unwrap_or_default();
            if self.partial.is_empty() {
                let kept = line.get(..LONGEST).unwrap_or(line);
                take(kept, line.len() - kept.len());
            } else {
                self.keep(line);
                take(&self.partial, self.cut);
                self.clear();
            }
        }
        self.keep(bytes);
    }

    /// Hands over the line that has no end, if there is one: nothing follows.
    pub fn finish(&mut self, take: impl FnOnce(&[u8], usize)) {
        if !self.partial.is_empty() {
            take(&self.partial, self.cut);
        }
        self.clear();
    }

    /// Forgets the line that has no end: it will be read again whole.
    pub fn clear(&mut self) {
        self.partial.clear();
        self.cut = 0;
    }

    fn keep(&mut self, bytes: &[u8]) {
        let room = LONGEST.saturating_sub(self.partial.len());
        let kept = bytes.get(..room).unwrap_or(bytes);
        self.partial.extend_from_slice(kept);
        self.cut += bytes.len() - kept.len();
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn lines(pieces: &[&[u8]]) -> Vec<(Vec<u8>, usize)> {
        let mut splitter = Splitter::default();
        let mut lines = Vec::new();
        for piece in pieces {
            splitter.push(piece, |line, cut| lines.push((line.to_vec(), cut)));
        }
        splitter.finish(|line, cut| lines.push((line.to_vec(), cut)));
        lines
    }

    #[test]
    fn an_endless_line_is_bounded() {
        let long = vec![b'x'; 1 << 20];
        for pieces in [
            vec![&long[..], b"\nnext\n"],
            vec![&long[..1000], &long[1000..], b"\nnext"],
        ] {
            let found = lines(&pieces);
            assert_eq!(found.len(), 2);
            assert_eq!((found[0].0.len(), found[0].1), (LONGEST, (1 << 20) - LONGEST));
            assert_eq!(found[1], (b"next".to_vec(), 0));
        }
    }

    proptest! {
        #[test]
        fn lines_are_the_same_however_the_bytes_come(text in "[a-c\n\u{e4}]{0,60}", cuts in prop::collection::vec(0usize..60, 0..5)) {
            let bytes = text.as_bytes();
            let mut cuts: Vec<usize> = cuts.into_iter().map(|cut| cut.min(bytes.len())).collect();
            cuts.sort_unstable();
            let mut pieces = Vec::new();
            let mut at = 0;
            for cut in cuts {
                pieces.push(&bytes[at..cut]);
                at = cut;
            }
            pieces.push(&bytes[at..]);
            let mut wanted: Vec<&[u8]> = bytes.split(|byte| *byte == b'\n').collect();
            if wanted.last().is_some_and(|last| last.is_empty()) {
                wanted.pop();
            }
            let found: Vec<Vec<u8>> = lines(&pieces).into_iter().map(|(line, _)| line).collect();
            prop_assert_eq!(found, wanted);
        }
    }
}
