//! The formats of texts that a schema can ask for: `strfmt` of kube-openapi.

use base64::Engine as _;
use regex::Regex;

/// The formats that the server minds, dashes left out.
const KNOWN: [&str; 24] = [
    "bsonobjectid",
    "uri",
    "email",
    "hostname",
    "ipv4",
    "ipv6",
    "cidr",
    "mac",
    "uuid",
    "uuid3",
    "uuid4",
    "uuid5",
    "isbn",
    "isbn10",
    "isbn13",
    "creditcard",
    "ssn",
    "hexcolor",
    "rgbcolor",
    "byte",
    "password",
    "date",
    "duration",
    "datetime",
];

/// The format that counts for values of some types; empty for one that the server leaves alone.
pub fn effective<'a>(kinds: &[&str], format: &'a str) -> &'a str {
    let minded = match kinds {
        ["integer"] => matches!(format, "int32" | "int64"),
        ["number"] => matches!(format, "float" | "double"),
        ["string"] | [] | [_, _, ..] => KNOWN.contains(&format.replace('-', "").as_str()),
        _ => false,
    };
    if minded { format } else { "" }
}

/// Whether a text is of a format.
pub fn fits(format: &str, text: &str) -> bool {
    let matches = |pattern: &str| matches(pattern, text);
    match format.replace('-', "").as_str() {
        "datetime" => is_moment(text),
        "date" => matches(r"^\d{4}-\d{2}-\d{2}$") && text.parse::<jiff::civil::Date>().is_ok(),
        "ipv4" => text.parse::<std::net::Ipv4Addr>().is_ok(),
        "ipv6" => text.parse::<std::net::Ipv6Addr>().is_ok(),
        "cidr" => is_network(text),
        "uuid" => matches(r"(?i)^[0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12}$"),
        "uuid3" => matches(r"(?i)^[0-9a-f]{8}-?[0-9a-f]{4}-?3[0-9a-f]{3}-?[0-9a-f]{4}-?[0-9a-f]{12}$"),
        "uuid4" => matches(r"(?i)^[0-9a-f]{8}-?[0-9a-f]{4}-?4[0-9a-f]{3}-?[89ab][0-9a-f]{3}-?[0-9a-f]{12}$"),
        "uuid5" => matches(r"(?i)^[0-9a-f]{8}-?[0-9a-f]{4}-?5[0-9a-f]{3}-?[89ab][0-9a-f]{3}-?[0-9a-f]{12}$"),
        "email" => matches(r"^[^@\s]+@[^@\s]+$"),
        "uri" => text.starts_with('/') || matches(r"^[a-zA-Z][a-zA-Z0-9+.-]*:\S+$"),
        "hostname" => matches(r"^[a-zA-Z0-9]([-a-zA-Z0-9]*[a-zA-Z0-9])?(\.[a-zA-Z0-9]([-a-zA-Z0-9]*[a-zA-Z0-9])?)*$"),
        "mac" => matches(r"(?i)^([0-9a-f]{2}[:-]){5,7}[0-9a-f]{2}$"),
        "hexcolor" => matches("^#?([0-9a-fA-F]{3}|[0-9a-fA-F]{6})$"),
        "ssn" => matches(r"^\d{3}[- ]?\d{2}[- ]?\d{4}$"),
        "bsonobjectid" => matches("^[0-9a-fA-F]{24}$"),
        "byte" => base64::engine::general_purpose::STANDARD.decode(text).is_ok(),
        "duration" => is_duration(text),
        _ => true,
    }
}

fn matches(pattern: &str, text: &str) -> bool {
    Regex::new(pattern).is_ok_and(|pattern| pattern.is_match(text))
}

fn is_moment(text: &str) -> bool {
    let pattern = r"(?i)^\d{4}-\d{2}-\d{2}t\d{2}:\d{2}:\d{2}(\.\d+)?(z|[+-]\d{2}:\d{2})$";
    matches(pattern, text) && text.parse::<jiff::Timestamp>().is_ok()
}

/// A duration of Go's, or a number with the unit written out, as `ParseDuration` of strfmt.
fn is_duration(text: &str) -> bool {
    let go = r"^[+-]?((\d+(\.\d*)?|\.\d+)(ns|us|µs|μs|ms|s|m|h))+$";
    let units = "ns|nanos?|nanoseconds?|us|µs|micros?|microseconds?|ms|millis?|milliseconds?|s|secs?|seconds?|m|mins?|minutes?|h|hrs?|\
        hours?|d|days?|w|wks?|weeks?";
    let words = format!(r"(?i)^((\d+)\s*({units})\s*)+$");
    text == "0" || matches(go, text) || matches(&words, text)
}

fn is_network(text: &str) -> bool {
    let Some((address, bits)) = text.split_once('/') else {
        return false;
    };
    let most = match address.parse::<std::net::IpAddr>() {
        Ok(std::net::IpAddr::V4(_)) => 32,
        Ok(std::net::IpAddr::V6(_)) => 128,
        Err(_) => return false,
    };
    bits.parse::<u8>().is_ok_and(|bits| bits <= most)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_of_their_formats() {
        for (format, good, bad) in [
            ("date-time", "2026-01-01T00:00:00Z", "2026-01-01"),
            ("date", "2026-01-01", "2026-13-01"),
            ("ipv4", "10.0.0.1", "10.0.0"),
            ("cidr", "10.0.0.0/8", "10.0.0.0/33"),
            ("uuid", "123e4567-e89b-12d3-a456-426614174000", "x"),
            ("email", "a@b.c", "a"),
            ("uri", "https://x/y", "x y"),
            ("byte", "YQ==", "YQ"),
            ("duration", "1h30m", "5x"),
            ("duration", "2 days", "x"),
        ] {
            assert!(fits(format, good), "{format} {good}");
            assert!(!fits(format, bad), "{format} {bad}");
        }
        assert_eq!(effective(&["string"], "foo"), "");
        assert_eq!(effective(&["integer"], "int32"), "int32");
    }
}
