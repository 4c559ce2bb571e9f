//! Names, labels and annotations.

use serde_json::Value;

use super::{list, references, repeats, rules, text};
use crate::mock::kinds::Kind;
use crate::mock::server::FieldError;

const SUBDOMAIN: &str = "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must \
    start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is \
    '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')";
const LABEL: &str = "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end \
    with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')";
const WILDCARD: &str = "a wildcard DNS-1123 subdomain must start with '*.', followed by a valid DNS subdomain, which must consist of \
    lower case alphanumeric characters, '-' or '.' and end with an alphanumeric character (e.g. '*.example.com', regex used for \
    validation is '\\*\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')";
const LABEL_1035: &str = "a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic \
    character, and end with an alphanumeric character (e.g. 'my-name',  or 'abc-123', regex used for validation is \
    '[a-z]([-a-z0-9]*[a-z0-9])?')";
const KEY: &str = "name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric \
    character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is \
    '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')";
const VALUE: &str = "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start \
    and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is \
    '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')";

/// How many bytes an object's annotations may have, keys and values together.
const ANNOTATIONS: usize = 262_144;

/// Whether a text is a DNS label: lower case letters, digits and inner dashes.
fn is_label(text: &str) -> bool {
    let inner = text
        .bytes()
        .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-');
    !text.is_empty() && inner && !text.starts_with('-') && !text.ends_with('-')
}

/// What is wrong with a name that must be a DNS subdomain.
#[must_use]
pub fn subdomain(name: &str) -> Vec<String> {
    let mut faults = Vec::new();
    if name.len() > 253 {
        faults.push("must be no more than 253 characters".to_owned());
    }
    if !name.split('.').all(is_label) {
        faults.push(SUBDOMAIN.to_owned());
    }
    faults
}

/// What is wrong with a name that must be a DNS label.
#[must_use]
pub fn label(name: &str) -> Vec<String> {
    let long = (name.len() > 63).then(|| "must be no more than 63 characters".to_owned());
    let odd = (!is_label(name)).then(|| {
        // A subdomain has but the dots too much.
        let dots = name.split('.').all(is_label);
        if dots { "must not contain dots" } else { LABEL }.to_owned()
    });
    long.into_iter().chain(odd).collect()
}

/// What is wrong with a name that must be an old DNS label, which begins with a letter.
#[must_use]
pub fn label_1035(name: &str) -> Vec<String> {
    let long = (name.len() > 63).then(|| "must be no more than 63 bytes".to_owned());
    let odd = !is_label(name) || name.starts_with(|c: char| c.is_ascii_digit());
    long.into_iter().chain(odd.then(|| LABEL_1035.to_owned())).collect()
}

/// What is wrong with the name of all hosts of a domain.
#[must_use]
pub fn wildcard(name: &str) -> Vec<String> {
    let fits = |rest: &str| rest.split('.').all(is_label);
    if name.strip_prefix("*.").is_some_and(fits) {
        Vec::new()
    } else {
        vec![WILDCARD.to_owned()]
    }
}

/// What is wrong with a name that stands in paths: `IsPathSegmentName`.
#[must_use]
pub fn path_segment(name: &str) -> Vec<String> {
    if matches!(name, "." | "..") {
        return vec![format!("may not be '{name}'")];
    }
    let held = ["/", "%"].iter().filter(|part| name.contains(*part));
    held.map(|part| format!("may not contain '{part}'")).collect()
}

/// Letters, digits and inner dashes, dots and underscores.
fn is_qualified(text: &str) -> bool {
    let ends = |byte: Option<&u8>| byte.is_some_and(u8::is_ascii_alphanumeric);
    let bytes = text.as_bytes();
    ends(bytes.first())
        && ends(bytes.last())
        && bytes
            .iter()
            .all(|byte| byte.is_ascii_alphanumeric() || b"-_.".contains(byte))
}

/// What is wrong with a label's key.
#[must_use]
pub fn key(key: &str) -> Vec<String> {
    let (prefix, name) = match key.split_once('/') {
        Some((prefix, name)) if !name.contains('/') => (Some(prefix), name),
        Some(_) => {
            let name = KEY.strip_prefix("name part").unwrap_or(KEY);
            return vec![format!(
                "a valid label key{name} with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')"
            )];
        }
        None => (None, key),
    };
    let mut faults = Vec::new();
    match prefix {
        Some("") => faults.push("prefix part must be non-empty".to_owned()),
        Some(prefix) => faults.extend(
            subdomain(prefix)
                .into_iter()
                .map(|fault| format!("prefix part {fault}")),
        ),
        None => {}
    }
    if name.is_empty() {
        faults.push("name part must be non-empty".to_owned());
    } else if name.len() > 63 {
        faults.push("name part must be no more than 63 bytes".to_owned());
    }
    if !is_qualified(name) {
        faults.push(KEY.to_owned());
    }
    faults
}

/// What is wrong with a label's value.
#[must_use]
pub fn value(value: &str) -> Vec<String> {
    let long = (value.len() > 63).then(|| "must be no more than 63 bytes".to_owned());
    let odd = (!value.is_empty() && !is_qualified(value)).then(|| VALUE.to_owned());
    long.into_iter().chain(odd).collect()
}

/// Faults of a map of labels.
#[must_use]
pub fn labels(map: &Value, field: &str) -> Vec<FieldError> {
    let mut faults = Vec::new();
    for (name, given) in map.as_object().into_iter().flatten() {
        faults.extend(rules::each(field, &name.as_str().into(), key(name)));
        faults.extend(rules::each(field, given, value(text(given))));
    }
    faults
}

/// Faults of a new object's metadata.
#[must_use]
pub fn create(kind: &Kind, object: &Value) -> Vec<FieldError> {
    let metadata = &object["metadata"];
    let name = text(&metadata["name"]);
    let why = match kind.table.as_str() {
        _ if name.is_empty() => Vec::new(),
        "services" | "namespaces" | "statefulsets.apps" => label(name),
        "customresourcedefinitions.apiextensions.k8s.io" => super::definitions::name(object),
        // Old events are named as they like.
        "events" if kind.group.is_empty() => Vec::new(),
        "poddisruptionbudgets.policy" => path_segment(name),
        table if table.ends_with("rbac.authorization.k8s.io") => path_segment(name),
        _ => subdomain(name),
    };
    let shown = Value::from(name);
    let mut faults = generated(kind, metadata);
    faults.extend(rules::each("metadata.name", &shown, why));
    if name.is_empty() {
        faults.push(FieldError::required(
            "metadata.name",
            "name or generateName is required",
        ));
    }
    faults.extend(of_kind(kind, metadata));
    faults
}

/// Faults of the beginning of a generated name, which may end with a dash.
fn generated(kind: &Kind, metadata: &Value) -> Vec<FieldError> {
    let base = text(&metadata["generateName"]);
    let stem = base.strip_suffix('-').unwrap_or(base);
    let wrong = match kind.table.as_str() {
        _ if stem.is_empty() => Vec::new(),
        "services" | "namespaces" => label(stem),
        table if table.ends_with("rbac.authorization.k8s.io") => path_segment(stem),
        _ => subdomain(stem),
    };
    rules::each("metadata.generateName", &metadata["generateName"], wrong)
}

/// Faults of labels, annotations, owners and finalizers. Definitions and custom objects may have finalizers of any name.
fn of_kind(kind: &Kind, metadata: &Value) -> Vec<FieldError> {
    if kind.custom.is_some() || kind.table == "customresourcedefinitions.apiextensions.k8s.io" {
        return generic(metadata);
    }
    described(metadata)
}

/// Faults of labels, annotations, owners and finalizers of Kubernetes' own kinds.
#[must_use]
pub fn described(metadata: &Value) -> Vec<FieldError> {
    let mut faults = generic(metadata);
    for (index, finalizer) in list(&metadata["finalizers"]).enumerate() {
        faults.extend(references::unqualified(
            finalizer,
            &format!("metadata.finalizers[{index}]"),
        ));
    }
    faults
}

/// Faults of labels, annotations, owners and finalizers of any kind.
fn generic(metadata: &Value) -> Vec<FieldError> {
    let mut faults = without_finalizers(metadata);
    faults.extend(references::finalizers(&metadata["finalizers"]));
    faults
}

fn without_finalizers(metadata: &Value) -> Vec<FieldError> {
    let mut faults = labels(&metadata["labels"], "metadata.labels");
    faults.extend(annotations(&metadata["annotations"], "metadata.annotations"));
    faults.extend(references::owners(&metadata["ownerReferences"]));
    faults
}

/// Faults of a changed object's metadata, as often as the server tells them.
#[must_use]
pub fn update(kind: &Kind, object: &Value) -> Vec<FieldError> {
    let metadata = &object["metadata"];
    let (all, finalizers) = repeats::of(kind);
    let mut faults = Vec::new();
    for round in 0..all {
        faults.extend(if round < finalizers {
            of_kind(kind, metadata)
        } else {
            without_finalizers(metadata)
        });
    }
    faults
}

/// Faults of a map of annotations.
#[must_use]
pub fn annotations(map: &Value, field: &str) -> Vec<FieldError> {
    let entries = || map.as_object().into_iter().flatten();
    let mut faults = Vec::new();
    for (name, _) in entries() {
        let wrong = key(&name.to_lowercase());
        faults.extend(rules::each(field, &name.as_str().into(), wrong));
    }
    let size: usize = entries().map(|(name, value)| name.len() + text(value).len()).sum();
    if size > ANNOTATIONS {
        faults.push(FieldError::too_long(field, ANNOTATIONS));
    }
    faults
}
