//! Rules that many kinds share: numbers, closed sets, ports, shares, selectors.

use std::fmt::Display;

use serde_json::Value;

use super::{list, metadata, text};
use crate::mock::server::FieldError;

const PERCENT: &str = "a valid percent string must be a numeric string followed by an ending '%' (e.g. '1%',  or '93%', regex used \
    for validation is '[0-9]+%')";

/// A number that is too small; a missing one is none.
pub fn at_least(value: &Value, field: impl Into<String>, least: i64) -> Option<FieldError> {
    let low = value.as_i64().filter(|number| *number < least);
    low.map(|number| {
        FieldError::invalid(
            field,
            &number.into(),
            format!("must be greater than or equal to {least}"),
        )
    })
}

/// A number outside of its bounds.
pub fn within(value: &Value, field: impl Into<String>, least: i64, most: i64) -> Option<FieldError> {
    let odd = value.as_i64().filter(|number| !(least..=most).contains(number));
    let why = format!("must be between {least} and {most}, inclusive");
    odd.map(|number| FieldError::invalid(field, &number.into(), why))
}

/// A text outside of a closed set; a missing one is none.
pub fn one_of(value: &Value, field: impl Into<String>, allowed: &[&str]) -> Option<FieldError> {
    let odd = !value.is_null() && !allowed.contains(&text(value));
    odd.then(|| FieldError::unsupported(field, value, allowed))
}

/// A text that must be there.
pub fn required(value: &Value, field: impl Into<String>) -> Option<FieldError> {
    text(value).is_empty().then(|| FieldError::required(field, ""))
}

/// As [`one_of`], of a text that must be there; `why` is told of a missing one.
pub fn required_one_of(value: &Value, field: impl Into<String>, allowed: &[&str], why: &str) -> Option<FieldError> {
    if text(value).is_empty() {
        return Some(FieldError::required(field, why));
    }
    one_of(value, field, allowed)
}

/// A field that stays as it was, as `ValidateImmutableField`.
pub fn immutable(old: &Value, new: &Value, field: &str) -> Option<FieldError> {
    (old != new).then(|| FieldError::invalid(field, new, "field is immutable"))
}

/// What is wrong with the name of a port, as `IsValidPortName`.
pub fn port_name(name: &str) -> Vec<&'static str> {
    let mut faults = Vec::new();
    if name.len() > 15 {
        faults.push("must be no more than 15 characters");
    }
    let fits = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    if !name.bytes().all(fits) {
        faults.push("must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)");
    }
    if !name.bytes().any(|byte| byte.is_ascii_lowercase()) {
        faults.push("must contain at least one letter (a-z)");
    }
    if name.contains("--") {
        faults.push("must not contain consecutive hyphens");
    }
    if name.starts_with('-') || name.ends_with('-') {
        faults.push("must not begin or end with a hyphen");
    }
    faults
}

/// Faults of a port that is written as a number or as a name.
pub fn port(value: &Value, field: &str) -> Vec<FieldError> {
    if let Some(name) = value.as_str() {
        return each(field, value, port_name(name));
    }
    let number = value.as_i64().unwrap_or_default();
    within(&number.into(), field, 1, 65_535).into_iter().collect()
}

/// A port's protocol that is none.
pub fn protocol(port: &Value, at: &str) -> Option<FieldError> {
    one_of(&port["protocol"], format!("{at}.protocol"), &["SCTP", "TCP", "UDP"])
}

/// Faults of the protocol that is spoken through a port.
pub fn app_protocol(port: &Value, at: &str) -> Vec<FieldError> {
    let given = &port["appProtocol"];
    let wrong = given.as_str().map(metadata::key).unwrap_or_default();
    each(&format!("{at}.appProtocol"), given, wrong)
}

/// Faults of a count or a share.
pub fn count_or_share(value: &Value, field: &str, whole_at_most: bool) -> Vec<FieldError> {
    let Some(share) = value.as_str() else {
        return at_least(value, field, 0).into_iter().collect();
    };
    let number = share
        .strip_suffix('%')
        .filter(|digits| !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit()));
    match number {
        None => vec![FieldError::invalid(field, value, PERCENT)],
        Some(digits) if whole_at_most && digits.parse::<u64>().map_or(true, |share| share > 100) => {
            vec![FieldError::invalid(field, value, "must not be greater than 100%")]
        }
        Some(_) => Vec::new(),
    }
}

/// A share of more than the whole.
pub fn whole_at_most(value: &Value, field: &str) -> Option<FieldError> {
    let digits = text(value).strip_suffix('%')?;
    let over = digits.parse::<u64>().is_ok_and(|share| share > 100);
    over.then(|| FieldError::invalid(field, value, "must not be greater than 100%"))
}

/// Faults of a label selector, as `ValidateLabelSelector`.
pub fn selector(selector: &Value, field: &str) -> Vec<FieldError> {
    let mut faults = metadata::labels(&selector["matchLabels"], &format!("{field}.matchLabels"));
    for (index, expression) in list(&selector["matchExpressions"]).enumerate() {
        let at = format!("{field}.matchExpressions[{index}]");
        let empty = list(&expression["values"]).next().is_none();
        match text(&expression["operator"]) {
            "In" | "NotIn" if empty => faults.push(FieldError::required(
                format!("{at}.values"),
                "must be specified when `operator` is 'In' or 'NotIn'",
            )),
            "Exists" | "DoesNotExist" if !empty => faults.push(FieldError::forbidden(
                format!("{at}.values"),
                "may not be specified when `operator` is 'Exists' or 'DoesNotExist'",
            )),
            "In" | "NotIn" | "Exists" | "DoesNotExist" => {}
            _ => faults.push(FieldError::invalid(
                format!("{at}.operator"),
                &expression["operator"],
                "not a valid selector operator",
            )),
        }
        let key = &expression["key"];
        faults.extend(each(&format!("{at}.key"), key, metadata::key(text(key))));
    }
    faults
}

/// Faults of a path that begins with a domain, as `IsDomainPrefixedPath`.
pub fn domain_prefixed_path(path: &str, field: &str) -> Vec<FieldError> {
    if path.is_empty() {
        return vec![FieldError::required(field, "")];
    }
    let Some((domain, rest)) = path
        .split_once('/')
        .filter(|(domain, rest)| !domain.is_empty() && !rest.is_empty())
    else {
        let why = "must be a domain-prefixed path (such as \"acme.io/foo\")";
        return vec![FieldError::invalid(field, &path.into(), why)];
    };
    let mut faults = each(field, &domain.into(), metadata::subdomain(domain));
    let sound = |byte: u8| byte.is_ascii_alphanumeric() || b"/-_.~!$&'()*+,;=:%".contains(&byte);
    if !rest.bytes().all(sound) {
        let why = r"Invalid path (regex used for validation is '[A-Za-z0-9/\-._~%!$&'()*+,;=:]+')";
        faults.push(FieldError::invalid(field, &rest.into(), why));
    }
    faults
}

/// More elements than a list may have.
pub fn too_many(value: &Value, field: &str, most: usize) -> Option<FieldError> {
    let count = list(value).count();
    (count > most).then(|| FieldError::too_many(field, count, most))
}

/// Each thing that is wrong with a text, as a fault of its field.
pub fn each(field: &str, value: &Value, faults: Vec<impl Display>) -> Vec<FieldError> {
    let faults = faults.into_iter();
    faults.map(|why| FieldError::invalid(field, value, why)).collect()
}

/// Faults of a path that must stay below where it begins.
pub fn local_path(value: &Value, field: &str) -> Vec<FieldError> {
    let mut faults = Vec::new();
    if text(value).starts_with('/') {
        faults.push(FieldError::invalid(field, value, "must be a relative path"));
    }
    faults.extend(no_backsteps(value, field));
    faults
}

/// A path that leads upwards again, as `ValidatePathNoBacksteps`.
pub fn no_backsteps(value: &Value, field: &str) -> Option<FieldError> {
    let up = text(value).split('/').any(|part| part == "..");
    up.then(|| FieldError::invalid(field, value, "must not contain '..'"))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::told;
    use super::*;

    #[test]
    fn ports_are_numbers_or_short_names() {
        for (port, wrong) in [
            (json!(80), 0),
            (json!(0), 1),
            (json!(65_536), 1),
            (json!("http"), 0),
            (json!("UP"), 2),
            (json!("averyverylongname"), 1),
            (json!("a--b"), 1),
            (json!("80"), 1),
        ] {
            assert_eq!(super::port(&port, "p").len(), wrong, "{port}");
        }
    }

    #[test]
    fn shares_have_a_percent_sign() {
        assert!(count_or_share(&json!("25%"), "f", true).is_empty() && count_or_share(&json!(0), "f", true).is_empty());
        assert_eq!(
            told(count_or_share(&json!("x"), "f", true)),
            [format!("f: Invalid value: \"x\": {PERCENT}")]
        );
        assert_eq!(
            told(count_or_share(&json!("150%"), "f", true)),
            ["f: Invalid value: \"150%\": must not be greater than 100%"]
        );
        assert!(count_or_share(&json!("150%"), "f", false).is_empty());
        assert_eq!(
            told(count_or_share(&json!(-1), "f", true)),
            ["f: Invalid value: -1: must be greater than or equal to 0"]
        );
    }

    #[test]
    fn selectors_name_operators_with_their_values() {
        let of = |operator: &str, values: Value| {
            let expression = json!({"key": "app", "operator": operator, "values": values});
            told(selector(&json!({"matchExpressions": [expression]}), "s"))
        };
        assert!(of("In", json!(["x"])).is_empty() && of("Exists", Value::Null).is_empty());
        assert_eq!(
            of("In", json!([])),
            ["s.matchExpressions[0].values: Required value: must be specified when `operator` is 'In' or 'NotIn'"]
        );
        assert_eq!(
            of("Foo", json!([])),
            ["s.matchExpressions[0].operator: Invalid value: \"Foo\": not a valid selector operator"]
        );
        assert_eq!(of("Exists", json!(["x"])).len(), 1);
    }
}
