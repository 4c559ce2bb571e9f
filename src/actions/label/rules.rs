//! What keys and values of labels and annotations may be (`k8s.io/apimachinery`: `util/validation`).

use crate::model::{KeyFault, check_label_value, key_fault};

/// What is wrong with a key: a text's key below `dialog.label` in `locales/`. Keys of annotations may have capitals in
/// their prefix, which a label's may not (`ValidateAnnotations`).
pub fn key(key: &str, annotation: bool) -> Result<(), &'static str> {
    let lower = key.to_lowercase();
    let key = if annotation { lower.as_str() } else { key };
    match key_fault(key) {
        None => Ok(()),
        Some(KeyFault::NoKey) => Err("no_key"),
        Some(KeyFault::Slashes) => Err("slashes"),
        Some(KeyFault::Prefix) => Err("prefix"),
        Some(KeyFault::NoName | KeyFault::LongName | KeyFault::Name) => Err("name"),
    }
}

/// What is wrong with a label's value.
pub fn value(value: &str) -> Result<(), &'static str> {
    check_label_value(value).map_err(|_| "value")
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
