//! What keys and values of labels and annotations may be (`k8s.io/apimachinery`: `util/validation`).

/// The longest name and value, in bytes.
const LONG: usize = 63;

/// The longest prefix of a key, in bytes.
const LONGEST: usize = 253;

/// What is wrong with a key: a text's key below `dialog.label` in `locales/`. Keys of annotations may have capitals in
/// their prefix, which a label's may not (`ValidateAnnotations`).
pub fn key(key: &str, annotation: bool) -> Result<(), &'static str> {
    let lower = key.to_lowercase();
    let key = if annotation { lower.as_str() } else { key };
    let (prefix, name) = match key.split_once('/') {
        Some((prefix, name)) => (Some(prefix), name),
        None => (None, key),
    };
    match prefix {
        _ if key.is_empty() => Err("no_key"),
        _ if name.contains('/') => Err("slashes"),
        Some(prefix) if !is_subdomain(prefix) => Err("prefix"),
        _ if name.is_empty() || !is_name(name) => Err("name"),
        _ => Ok(()),
    }
}

/// What is wrong with a label's value.
pub fn value(value: &str) -> Result<(), &'static str> {
    if value.is_empty() || is_name(value) {
        Ok(())
    } else {
        Err("value")
    }
}

/// `([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]`, at most 63 characters.
fn is_name(text: &str) -> bool {
    let ends = |byte: Option<&u8>| byte.is_some_and(u8::is_ascii_alphanumeric);
    let bytes = text.as_bytes();
    bytes.len() <= LONG
        && ends(bytes.first())
        && ends(bytes.last())
        && bytes
            .iter()
            .all(|byte| byte.is_ascii_alphanumeric() || b"-_.".contains(byte))
}

/// A DNS subdomain as RFC 1123 has it, at most 253 characters.
fn is_subdomain(text: &str) -> bool {
    let is_label = |label: &str| {
        let lower = |byte: &u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
        let bytes = label.as_bytes();
        bytes.first().is_some_and(lower)
            && bytes.last().is_some_and(lower)
            && bytes.iter().all(|byte| lower(byte) || *byte == b'-')
    };
    text.len() <= LONGEST && text.split('.').all(is_label)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_kubernetes() {
        let long = "x".repeat(63);
        for (text, wrong) in [
            ("app", None),
            ("a.b_c-D9", None),
            ("example.com/tier", None),
            (long.as_str(), None),
            (&format!("{long}x"), Some("name")),
            ("", Some("no_key")),
            ("-app", Some("name")),
            ("app.", Some("name")),
            ("a b", Some("name")),
            ("é", Some("name")),
            ("/app", Some("prefix")),
            ("example.com/", Some("name")),
            ("Example.com/tier", Some("prefix")),
            ("example..com/tier", Some("prefix")),
            ("a/b/c", Some("slashes")),
            (&format!("{}/a", ["a"; 127].join(".")), None),
            (&format!("{}a/a", ["a"; 127].join(".")), Some("prefix")),
        ] {
            assert_eq!(key(text, false).err(), wrong, "{text}");
        }
        assert_eq!(key("Example.com/Tier", true), Ok(()));
    }

    #[test]
    fn values_are_kubernetes() {
        for (text, good) in [
            ("", true),
            ("v1.2_3-x", true),
            ("-x", false),
            ("x/y", false),
            ("x y", false),
        ] {
            assert_eq!(value(text).is_ok(), good, "{text}");
        }
        assert!(value(&"x".repeat(63)).is_ok() && value(&"x".repeat(64)).is_err());
    }
}
