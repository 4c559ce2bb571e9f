//! Uids, kept small: a table has one in every row.

use std::fmt;

use serde::de::{Deserialize, Deserializer};

use super::decode::from_text;

/// The uid of an object as the server wrote it, or what tells rows of konn's own apart. UUIDs, as all servers give them, are
/// kept as numbers, which need no memory of their own.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Uid {
    /// A UUID in small letters.
    Uuid([u8; 16]),
    /// Any other text.
    Text(Box<str>),
}

/// How many digits the parts of a UUID have.
const PARTS: [usize; 5] = [8, 4, 4, 4, 12];

impl Uid {
    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        matches!(self, Self::Text(text) if text.is_empty())
    }

    /// What stands before and behind the slash, where it is that of a part of an object.
    pub fn parts(&self) -> Option<(&str, &str)> {
        match self {
            Self::Uuid(_) => None,
            Self::Text(text) => text.split_once('/'),
        }
    }
}

impl Default for Uid {
    fn default() -> Self {
        Self::Text(Box::default())
    }
}

fn uuid(text: &str) -> Option<u128> {
    let mut parts = text.split('-');
    let mut number = 0;
    for digits in PARTS {
        let part = parts.next().filter(|part| part.len() == digits)?;
        let is_digit = |byte: u8| matches!(byte, b'0'..=b'9' | b'a'..=b'f');
        let value = part
            .bytes()
            .all(is_digit)
            .then(|| u64::from_str_radix(part, 16).ok())??;
        number = number << (4 * digits) | u128::from(value);
    }
    parts.next().is_none().then_some(number)
}

impl From<&str> for Uid {
    fn from(text: &str) -> Self {
        uuid(text).map_or_else(|| Self::Text(text.into()), |number| Self::Uuid(number.to_be_bytes()))
    }
}

impl From<String> for Uid {
    fn from(text: String) -> Self {
        text.as_str().into()
    }
}

impl<'de> Deserialize<'de> for Uid {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        from_text(deserializer)
    }
}

impl fmt::Display for Uid {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let number = match self {
            Self::Uuid(bytes) => u128::from_be_bytes(*bytes),
            Self::Text(text) => return text.fmt(out),
        };
        let mut left = 128;
        for (at, digits) in PARTS.into_iter().enumerate() {
            left -= 4 * digits;
            let part = number >> left & ((1 << (4 * digits)) - 1);
            let dash = if at == 0 { "" } else { "-" };
            write!(out, "{dash}{part:0digits$x}")?;
        }
        Ok(())
    }
}

impl fmt::Debug for Uid {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{:?}", self.to_string())
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const GIVEN: &str = "d4234795-ad90-4346-b2c0-2c443b133514";

    proptest! {
        #[test]
        fn a_uid_is_shown_as_it_was_written(
            text in "[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}|([0-9a-fA-F+]{3,12}-?){0,6}|\\PC{0,9}"
        ) {
            prop_assert_eq!(Uid::from(&*text).to_string(), text);
        }
    }

    #[test]
    fn uuids_take_no_memory_of_their_own() {
        for (text, small) in [
            (GIVEN, true),
            ("00000000-0000-0000-0000-000000000000", true),
            ("D4234795-ad90-4346-b2c0-2c443b133514", false),
            ("+4234795-ad90-4346-b2c0-2c443b133514", false),
            ("d4234795ad904346b2c02c443b133514", false),
            ("", false),
        ] {
            assert_eq!(matches!(Uid::from(text), Uid::Uuid(_)), small, "{text}");
        }
        assert_eq!(size_of::<Uid>(), 24);
    }

    #[test]
    fn parts_are_told_from_wholes() {
        assert_eq!(Uid::from(GIVEN).parts(), None);
        assert_eq!(Uid::from(format!("{GIVEN}/app")).parts(), Some((GIVEN, "app")));
        assert!(Uid::default().is_empty() && !Uid::from(GIVEN).is_empty());
    }
}
