//! What label keys and values may look like.

/// The longest label value and name part of a key, in characters.
const LONGEST_NAME: usize = 63;
/// The longest prefix of a key, in characters.
const LONGEST_PREFIX: usize = 253;

/// Checks a label's key, `name` or `prefix/name`, as `IsQualifiedName` in Kubernetes' apimachinery.
///
/// # Errors
/// What a key must look like instead.
pub fn check_label_key(key: &str) -> Result<(), &'static str> {
    let (prefix, name) = key
        .split_once('/')
        .map_or((None, key), |(prefix, name)| (Some(prefix), name));
    if prefix.is_some_and(|prefix| !is_subdomain(prefix)) {
        return Err("the part before the / must be a lower-case DNS name such as example.com");
    }
    if name.is_empty() {
        return Err("a key must not be empty");
    }
    if name.len() > LONGEST_NAME {
        return Err("a key's name has at most 63 characters");
    }
    if !is_name(name) {
        return Err("a key is made of letters, digits, '-', '_' and '.', and starts and ends with a letter or digit");
    }
    Ok(())
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

fn is_subdomain(name: &str) -> bool {
    let end = |c: Option<char>| c.is_some_and(|c| c.is_ascii_lowercase() || c.is_ascii_digit());
    name.len() <= LONGEST_PREFIX
        && name.split('.').all(|part| {
            end(part.chars().next())
                && end(part.chars().next_back())
                && part
                    .chars()
                    .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-')
        })
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
}
