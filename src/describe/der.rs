//! Just enough of DER to read a certificate request: what a person asks for, not whether it is sound.

/// An element: its tag and its content.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Element<'a> {
    /// The tag byte.
    pub tag: u8,
    /// The bytes it holds.
    pub content: &'a [u8],
}

/// A sequence of fields.
pub const SEQUENCE: u8 = 0x30;

/// The elements that lie one behind the other in `bytes`; they end where something is malformed.
pub fn elements(bytes: &[u8]) -> impl Iterator<Item = Element<'_>> {
    let mut rest = bytes;
    std::iter::from_fn(move || {
        let (element, after) = next(rest)?;
        rest = after;
        Some(element)
    })
}

impl<'a> Element<'a> {
    /// The elements that this one holds.
    pub fn elements(self) -> impl Iterator<Item = Element<'a>> {
        elements(self.content)
    }

    /// The text of a string, whichever of DER's kinds: 16-bit ones are told by their tag, the others read as UTF-8.
    pub fn text(self) -> String {
        const BMP_STRING: u8 = 0x1e;
        if self.tag == BMP_STRING {
            let units: Vec<_> = self
                .content
                .chunks_exact(2)
                .map(|pair| pair.iter().fold(0, |unit, byte| unit << 8 | u16::from(*byte)))
                .collect();
            return String::from_utf16_lossy(&units);
        }
        String::from_utf8_lossy(self.content).into_owned()
    }
}

/// The first element and what follows it.
fn next(bytes: &[u8]) -> Option<(Element<'_>, &[u8])> {
    let (&tag, bytes) = bytes.split_first()?;
    let (&first, bytes) = bytes.split_first()?;
    let (length, bytes) = match usize::from(first) {
        short @ 0..0x80 => (short, bytes),
        long => {
            let (digits, bytes) = bytes.split_at_checked(long - 0x80)?;
            let length = digits.iter().try_fold(0_usize, |length, digit| {
                Some(length.checked_mul(256)? + usize::from(*digit))
            })?;
            (length, bytes)
        }
    };
    let (content, rest) = bytes.split_at_checked(length)?;
    Some((Element { tag, content }, rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn elements_end_where_something_is_malformed() {
        let read = |bytes: &[u8]| {
            elements(bytes)
                .map(|element| (element.tag, element.content.to_vec()))
                .collect::<Vec<_>>()
        };
        assert_eq!(
            read(&[0x30, 0x02, 1, 2, 0x04, 0x81, 0x01, 9]),
            [(0x30, vec![1, 2]), (0x04, vec![9])]
        );
        assert_eq!(read(&[0x30, 0x00, 0x04, 0x05, 1]), [(0x30, vec![])]);
        assert_eq!(
            read(&[0x04, 0x88, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 1]),
            []
        );
        assert_eq!(read(&[0x04, 0xff]), []);
    }

    #[test]
    fn texts_are_read_by_their_tag() {
        let bytes = [0x0c, 0x03, b'a', 0xc3, 0xa9, 0x1e, 0x04, 0x00, 0x61, 0x30, 0x42];
        let texts: Vec<_> = elements(&bytes).map(Element::text).collect();
        assert_eq!(texts, ["aé", "aあ"]);
    }
}
