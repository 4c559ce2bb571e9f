//! From bytes to lines that are new: split, stamped, told from those that came already, sieved.

use super::batch::Batch;
use super::seen::Seen;
use super::sieve::sieve;
use super::split::Splitter;
use super::stamp::{self, Nanos};

/// Reads one container's log, over as many connections and runs of the container as that takes.
#[derive(Clone, Debug, Default)]
pub struct Reader {
    splitter: Splitter,
    seen: Seen,
    time: Nanos,
}

impl Reader {
    /// When the last line was written.
    pub fn last(&self) -> Option<Nanos> {
        self.seen.last()
    }

    /// The log is read again from the last line's second on. What has no end yet will come again.
    pub fn rewind(&mut self) {
        self.splitter.clear();
        self.seen.rewind();
    }

    /// Takes bytes in, and puts the lines that are new behind those of the batch.
    pub fn read(&mut self, bytes: &[u8], batch: &mut Batch) {
        let Self { splitter, seen, time } = self;
        splitter.push(bytes, |line, cut| take(line, cut, seen, time, batch));
    }

    /// Nothing follows: what has no end is a line too.
    pub fn finish(&mut self, batch: &mut Batch) {
        let Self { splitter, seen, time } = self;
        splitter.finish(|line, cut| take(line, cut, seen, time, batch));
    }
}

fn take(line: &[u8], cut: usize, seen: &mut Seen, time: &mut Nanos, batch: &mut Batch) {
    let (stamp, text) = stamp::split(line);
    // A line without a time, such as a word of the kubelet's own, stands where it came.
    *time = stamp.unwrap_or(*time);
    if stamp.is_none_or(|stamp| seen.is_new(stamp, text)) {
        batch.push(*time, cut, |out| sieve(text, out));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::core::log::Level;

    fn texts(batch: &Batch) -> Vec<&str> {
        batch.iter().map(|(_, text)| text).collect()
    }

    #[test]
    fn lines_come_once_with_their_times() {
        let (mut reader, mut batch) = (Reader::default(), Batch::default());
        reader.read(
            b"2026-11-21T02:03:04.1Z one\n2026-11-21T02:03:04.2Z \x1b[31mERROR\x1b[m tw",
            &mut batch,
        );
        assert_eq!(texts(&batch), ["one"]);
        reader.rewind();
        reader.read(
            b"2026-11-21T02:03:04.1Z one\n2026-11-21T02:03:04.2Z \x1b[31mERROR\x1b[m two\nno time\nlast",
            &mut batch,
        );
        reader.finish(&mut batch);
        assert_eq!(
            texts(&batch),
            ["one", "\u{1b}[31mERROR\u{1b}[0m two", "no time", "last"]
        );
        let second = batch.iter().nth(1).unwrap().0;
        assert_eq!((second.level, second.coloured), (Level::Error, true));
        assert_eq!(batch.iter().nth(2).unwrap().0.time, second.time);
    }
}
