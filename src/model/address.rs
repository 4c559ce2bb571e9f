//! Addresses, kept small: a table has one in every row.

use std::fmt;
use std::net::Ipv4Addr;

/// An address as the server wrote it. Those of IPv4 are kept as numbers, which need no memory of their own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Address {
    /// One of IPv4, which is written in one way only.
    V4(Ipv4Addr),
    /// Any other text.
    Text(Box<str>),
}

impl From<&str> for Address {
    fn from(text: &str) -> Self {
        text.parse().map_or_else(|_| Self::Text(text.into()), Self::V4)
    }
}

impl fmt::Display for Address {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::V4(address) => address.fmt(out),
            Self::Text(text) => text.fmt(out),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn an_address_is_shown_as_it_was_written(text in "(0?[0-9]{1,3}[.]){3}[0-9]{1,3}|\\PC{0,9}") {
            prop_assert_eq!(Address::from(&*text).to_string(), text);
        }
    }

    #[test]
    fn addresses_of_version_4_take_no_memory_of_their_own() {
        for (text, small) in [
            ("10.244.3.17", true),
            ("0.0.0.0", true),
            ("010.0.0.1", false),
            ("fd00::1", false),
        ] {
            assert_eq!(matches!(Address::from(text), Address::V4(_)), small, "{text}");
        }
    }
}
