//! Lines out of a stream of bytes.

use bytes::BytesMut;

/// The longest line that is taken, in bytes: etcd's limit of an object is far below.
const LONGEST: usize = 64 << 20;

/// A line that does not end.
pub struct TooLong;

/// Collects bytes and gives whole lines.
#[derive(Default)]
pub struct Lines {
    bytes: BytesMut,
    searched: usize,
}

impl Lines {
    /// Takes bytes in.
    pub fn push(&mut self, bytes: &[u8]) -> Result<(), TooLong> {
        if self.bytes.len() + bytes.len() > LONGEST {
            return Err(TooLong);
        }
        self.bytes.extend_from_slice(bytes);
        Ok(())
    }

    /// The next whole line, without its end.
    pub fn next_line(&mut self) -> Option<BytesMut> {
        let unsearched = self.bytes.get(self.searched..).unwrap_or_default();
        match unsearched.iter().position(|byte| *byte == b'\n') {
            Some(at) => {
                let line = self.bytes.split_to(self.searched + at + 1);
                self.searched = 0;
                let end = line.len().saturating_sub(1);
                Some(BytesMut::from(line.get(..end).unwrap_or_default()))
            }
            None => {
                self.searched = self.bytes.len();
                None
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_come_whole_however_the_bytes_come() {
        let mut lines = Lines::default();
        let mut got = Vec::new();
        for bytes in ["ab", "c\nde", "\n\nf"] {
            assert!(lines.push(bytes.as_bytes()).is_ok());
            while let Some(line) = lines.next_line() {
                got.push(String::from_utf8(line.to_vec()).unwrap());
            }
        }
        assert_eq!(got, ["abc", "de", ""]);
    }
}
