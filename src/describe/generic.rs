//! Any kind: every field of the object, the label of each made of the words of its name.

use serde_json::Value;

use super::value::Read;
use super::{Describer, Input, Writer, meta};
use crate::core::text::Tone;

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
    for (field, value) in object.members() {
        if !skip.contains(&field) {
            any(&label(field), value, out);
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
