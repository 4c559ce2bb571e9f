//! The query of a request.

/// The decoded pairs of a query string, in order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Query {
    pairs: Vec<(String, String)>,
}

impl Query {
    /// Reads what stands after the `?`.
    #[must_use]
    pub fn parse(text: &str) -> Self {
        let pair = |part: &str| {
            let (key, value) = part.split_once('=').unwrap_or((part, ""));
            (decode(key, true), decode(value, true))
        };
        Self {
            pairs: text.split('&').filter(|part| !part.is_empty()).map(pair).collect(),
        }
    }

    /// The first value of a key; missing is empty, as the server treats it.
    #[must_use]
    pub fn get(&self, key: &str) -> &str {
        self.pairs
            .iter()
            .find(|(known, _)| known == key)
            .map_or("", |(_, value)| value)
    }

    /// Every value of a key.
    pub fn all<'a>(&'a self, key: &'a str) -> impl Iterator<Item = &'a str> {
        self.pairs
            .iter()
            .filter(move |(known, _)| known == key)
            .map(|(_, value)| value.as_str())
    }

    /// Whether a key says yes: present and neither `false` nor `0`, as Go's `Convert_Slice_string_To_bool` reads it.
    #[must_use]
    pub fn flag(&self, key: &str) -> bool {
        self.pairs
            .iter()
            .any(|(known, value)| known == key && !matches!(value.as_str(), "false" | "0"))
    }

    /// A number, as Go's `Convert_Slice_string_To_int64` reads it; missing is none.
    ///
    /// # Errors
    /// What `strconv.ParseInt` says of a text that is no number.
    pub fn integer(&self, key: &str) -> Result<Option<i64>, String> {
        let Some(text) = self.all(key).next() else {
            return Ok(None);
        };
        match text.parse::<i64>() {
            Ok(number) => Ok(Some(number)),
            Err(error) => {
                use std::num::IntErrorKind::{NegOverflow, PosOverflow};
                let beyond = matches!(error.kind(), PosOverflow | NegOverflow);
                let why = if beyond { "value out of range" } else { "invalid syntax" };
                Err(format!("strconv.ParseInt: parsing {text:?}: {why}"))
            }
        }
    }

    /// A number; missing or malformed is none.
    #[must_use]
    pub fn number(&self, key: &str) -> Option<u64> {
        self.get(key).parse().ok()
    }
}

/// Undoes percent-encoding; `plus` says that `+` stands for a space, as in queries.
#[must_use]
pub fn decode(text: &str, plus: bool) -> String {
    let bytes = text.as_bytes();
    let mut decoded = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while let Some(byte) = bytes.get(at) {
        let hex = text
            .get(at + 1..at + 3)
            .and_then(|hex| u8::from_str_radix(hex, 16).ok());
        match (byte, hex) {
            (b'%', Some(value)) => {
                decoded.push(value);
                at += 3;
                continue;
            }
            (b'+', _) if plus => decoded.push(b' '),
            _ => decoded.push(*byte),
        }
        at += 1;
    }
    String::from_utf8_lossy(&decoded).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn queries_are_decoded() {
        let query = Query::parse("labelSelector=i+in+(1,3),set&watch=1&x=%2Fa%zz&limit=2&off=false");
        assert_eq!(query.get("labelSelector"), "i in (1,3),set");
        assert_eq!(query.get("x"), "/a%zz");
        assert!(query.flag("watch"));
        assert!(!query.flag("off") && !query.flag("none"));
        assert_eq!((query.number("limit"), query.number("watchx")), (Some(2), None));
    }
}
