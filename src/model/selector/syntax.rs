//! What label keys and values may look like.

/// The longest label value and name part of a key, in characters.
const LONGEST_NAME: usize = 63;
/// The longest prefix of a key, in characters.
const LONGEST_PREFIX: usize = 253;

/// What is wrong with the key of a label or an annotation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyFault {
    /// There is none.
    NoKey,
    /// It has more than one slash.
    Slashes,
    /// What is before the slash is no DNS name.
    Prefix,
    /// Nothing is behind the slash.
    NoName,
    /// Its name is too long.
    LongName,
    /// Its name has other characters than it may have.
    Name,
}

impl KeyFault {
    /// What a key must look like instead.
    fn wanted(self) -> &'static str {
        match self {
            Self::NoKey | Self::NoName => "a key must not be empty",
            Self::Prefix => "the part before the / must be a lower-case DNS name such as example.com",
            Self::LongName => "a key's name has at most 63 characters",
            Self::Slashes | Self::Name => {
                "a key is made of letters, digits, '-', '_' and '.', and starts and ends with a letter or digit"
            }
        }
    }
}

/// What is wrong with a key, `name` or `prefix/name`, as `IsQualifiedName` in Kubernetes' apimachinery.
pub fn key_fault(key: &str) -> Option<KeyFault> {
    let (prefix, name) = key
        .split_once('/')
        .map_or((None, key), |(prefix, name)| (Some(prefix), name));
    match prefix {
        _ if key.is_empty() => Some(KeyFault::NoKey),
        _ if name.contains('/') => Some(KeyFault::Slashes),
        Some(prefix) if !is_subdomain(prefix) => Some(KeyFault::Prefix),
        _ if name.is_empty() => Some(KeyFault::NoName),
        _ if name.len() > LONGEST_NAME => Some(KeyFault::LongName),
        _ if !is_name(name) => Some(KeyFault::Name),
        _ => None,
    }
}

/// Checks a label's key.
///
/// # Errors
/// What a key must look like instead.
pub fn check_label_key(key: &str) -> Result<(), &'static str> {
    key_fault(key).map_or(Ok(()), |fault| Err(fault.wanted()))
}

/// Checks a label's value, as `IsValidLabelValue` in Kubernetes' apimachinery. It may be empty.
///
/// # Errors
/// What a value must look like instead.
pub fn check_label_value(value: &str) -> Result<(), &'static str> {
    if value.len() > LONGEST_NAME {
        return Err("a value has at most 63 characters");
    }
    if !value.is_empty() && !is_name(value) {
        return Err("a value is made of letters, digits, '-', '_' and '.', and starts and ends with a letter or digit");
    }
    Ok(())
}

fn is_name(name: &str) -> bool {
    let end = |c: Option<char>| c.is_some_and(|c| c.is_ascii_alphanumeric());
    end(name.chars().next())
        && end(name.chars().next_back())
        && name.chars().all(|c| c.is_ascii_alphanumeric() || "-_.".contains(c))
}

/// Whether a text is a DNS name, as `IsDNS1123Subdomain` in Kubernetes' apimachinery.
fn is_subdomain(name: &str) -> bool {
    name.len() <= LONGEST_PREFIX && name.split('.').all(is_dns_part)
}

/// Whether a text is a part of a DNS name, such as the name of a namespace (`IsDNS1123Label` in Kubernetes' apimachinery).
pub fn is_dns_label(name: &str) -> bool {
    name.len() <= LONGEST_NAME && is_dns_part(name)
}

fn is_dns_part(part: &str) -> bool {
    let end = |c: Option<char>| c.is_some_and(|c| c.is_ascii_lowercase() || c.is_ascii_digit());
    end(part.chars().next())
        && end(part.chars().next_back())
        && part
            .chars()
            .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_checked() {
        for key in ["app", "a", "App_1.x-y", "app.kubernetes.io/name", "1", &"k".repeat(63)] {
            assert_eq!(check_label_key(key), Ok(()), "{key}");
        }
        for key in [
            "",
            "-a",
            "a-",
            "a b",
            "/a",
            "a/",
            "A/b",
            "a/b/c",
            "ä",
            "x_y/b",
            &"k".repeat(64),
        ] {
            assert!(check_label_key(key).is_err(), "{key}");
        }
    }

    #[test]
    fn values_are_checked() {
        for value in ["", "a", "1.19", "A-b_c.d", &"v".repeat(63)] {
            assert_eq!(check_label_value(value), Ok(()), "{value}");
        }
        for value in ["-", "a/", "a b", "_a", &"v".repeat(64)] {
            assert!(check_label_value(value).is_err(), "{value}");
        }
    }

    #[test]
    fn names_of_namespaces_are_checked() {
        for (name, good) in [
            ("shop", true),
            ("a-1", true),
            ("", false),
            ("-a", false),
            ("a-", false),
            ("a.b", false),
            ("A", false),
            ("é", false),
        ] {
            assert_eq!(is_dns_label(name), good, "{name}");
        }
        assert!(is_dns_label(&"x".repeat(63)) && !is_dns_label(&"x".repeat(64)));
    }
}
