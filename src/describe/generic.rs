//! Any kind: every field of the object, the label of each made of the words of its name.

use serde_json::Value;

use super::value::Read;
use super::{Describer, Input, Writer, meta};
use crate::core::reference::Reference;
use crate::core::resource::Resource;
use crate::core::text::Tone;
use crate::relations::kinds::{
    self, CLAIM, CONFIG_MAP, INGRESS_CLASS, NODE, PRIORITY_CLASS, RUNTIME_CLASS, SECRET, SERVICE_ACCOUNT,
    STORAGE_CLASS, VOLUME,
};

use super::words::Words;

/// Describes what has no description of its own.
pub struct Generic;

impl Describer for Generic {
    fn kinds(&self) -> &'static [(&'static str, &'static str)] {
        &[]
    }

    fn describe(&self, input: &Input, out: &mut Writer) {
        out.field("Name", input.object.at("metadata.name").show());
        out.field("Namespace", input.object.at("metadata.namespace").show());
        meta::labels_and_annotations(input.object, out);
        let (parts, lone): (Vec<_>, Vec<_>) = input
            .object
            .members()
            .into_iter()
            .partition(|(_, value)| value.is_object() || value.is_array());
        for (field, value) in lone {
            any(&label(field), value, out);
        }
        for (field, value) in parts {
            out.section(&label(field));
            match value {
                Value::Array(items) => items.iter().for_each(|item| element(item, out)),
                _ => members(value, if field == "metadata" { &SKIPPED } else { &[] }, out),
            }
        }
    }
}

/// What the head says already, and what nobody reads.
const SKIPPED: [&str; 5] = ["managedFields", "name", "namespace", "labels", "annotations"];

fn members(object: &Value, skip: &[&str], out: &mut Writer) {
    for (field, value) in object.members().into_iter().filter(|(field, _)| !skip.contains(field)) {
        match reference(object, field, value, out) {
            Some(words) => out.field(&label(field), words),
            None => any(&label(field), value, out),
        }
    }
}

/// Fields that name an object of one kind wherever they stand.
static NAMED: &[(&str, &Resource)] = &[
    ("claimName", &CLAIM),
    ("configMapName", &CONFIG_MAP),
    ("ingressClassName", &INGRESS_CLASS),
    ("nodeName", &NODE),
    ("persistentVolumeName", &VOLUME),
    ("priorityClassName", &PRIORITY_CLASS),
    ("runtimeClassName", &RUNTIME_CLASS),
    ("secretName", &SECRET),
    ("serviceAccountName", &SERVICE_ACCOUNT),
    ("storageClassName", &STORAGE_CLASS),
    ("volumeName", &VOLUME),
];

/// A name as a link: that of a reference, which says the kind beside it, or of a field that says it by itself.
fn reference(object: &Value, field: &str, value: &Value, out: &Writer) -> Option<Words> {
    let name = value.as_str().filter(|name| !name.is_empty())?;
    if let Some((_, kind)) = NAMED.iter().find(|(known, _)| *known == field) {
        return Some(out.naming(name, kind, name));
    }
    let kind = object.key("kind").text();
    if field != "name" || kind.is_empty() {
        return None;
    }
    let group = object
        .key(if object.key("group").is_set() {
            "group"
        } else {
            "apiGroup"
        })
        .text();
    let version = match object.key("apiVersion").text() {
        "" if group.is_empty() => "v1".to_owned(),
        "" => format!("{group}/v1"),
        version => version.to_owned(),
    };
    match object.key("namespace").text() {
        "" => Some(out.naming_kind(name, &version, kind, name)),
        namespace => {
            let resource = kinds::named(&version, kind, true);
            Some(Words::from(name).naming(&Reference::to(&resource, namespace, name)))
        }
    }
}

fn any(label: &str, value: &Value, out: &mut Writer) {
    match value {
        Value::Object(_) => {
            out.heading(label);
            out.block(|out| members(value, &[], out));
        }
        Value::Array(items) => {
            out.heading(label);
            out.block(|out| items.iter().for_each(|item| element(item, out)));
        }
        _ => out.field(label, value.go()),
    }
}

fn element(item: &Value, out: &mut Writer) {
    match item {
        Value::Object(_) if is_unmet(item) => out.element(|out| {
            out.field("Type", Words::toned(item.key("type").show(), Tone::Warn));
            members(item, &["type"], out);
        }),
        Value::Object(_) => out.element(|out| members(item, &[], out)),
        _ => out.lines(item.go()),
    }
}

/// A `Ready` or `Available` condition that does not hold: for any kind, that is worth a look.
fn is_unmet(condition: &Value) -> bool {
    matches!(
        condition.key("type").text(),
        "Ready" | "Available" | "Synced" | "Established"
    ) && matches!(condition.key("status").text(), "False" | "Unknown")
}

/// A field's name as words: `resourceVersion` is `Resource Version`, `apiVersion` is `API Version`; a name with digits or
/// signs stays as it is. As `smartLabelFor` in kubectl.
pub fn label(field: &str) -> String {
    if !field.chars().all(|ch| ch.is_alphabetic() || ch == '-') {
        return field.to_owned();
    }
    super::value::join(split(field).iter().map(|word| title(word)), " ")
}

fn title(word: &str) -> String {
    if matches!(word.to_uppercase().as_str(), "API" | "URL" | "UID" | "OSB" | "GUID") {
        return word.to_uppercase();
    }
    let mut chars = word.chars();
    chars
        .next()
        .map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
}

/// The runs of one class of characters; where capitals are followed by small letters, the last capital goes with them, as
/// `camelcase.Split`: `PDFLoader` is `PDF`, `Loader`.
fn split(field: &str) -> Vec<String> {
    let class = |ch: char| {
        if ch.is_lowercase() {
            1
        } else if ch.is_uppercase() {
            2
        } else {
            3
        }
    };
    let mut runs: Vec<String> = Vec::new();
    let mut last = 0;
    for ch in field.chars() {
        match runs.last_mut() {
            Some(run) if class(ch) == last => run.push(ch),
            _ => runs.push(ch.to_string()),
        }
        last = class(ch);
    }
    for index in 1..runs.len() {
        let (before, after) = runs.split_at_mut(index);
        if let (Some(capitals), Some(small)) = (before.last_mut(), after.first_mut())
            && capitals.starts_with(char::is_uppercase)
            && small.starts_with(char::is_lowercase)
            && let Some(moved) = capitals.pop()
        {
            small.insert(0, moved);
        }
    }
    runs.retain(|run| !run.is_empty());
    runs
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_are_the_words_of_a_name() {
        for (field, expected) in [
            ("resourceVersion", "Resource Version"),
            ("apiVersion", "API Version"),
            ("uid", "UID"),
            ("kind", "Kind"),
            ("PDFLoader", "PDF Loader"),
            ("podCIDRs", "Pod CID Rs"),
            ("foo-bar", "Foo - Bar"),
            ("foo.bar/baz", "foo.bar/baz"),
            ("ipv4", "ipv4"),
            ("x", "X"),
            ("", ""),
        ] {
            assert_eq!(label(field), expected, "{field}");
        }
    }
}
