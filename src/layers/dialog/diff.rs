//! What would become of an object, line by line.

use serde_json::Value;
use similar::{ChangeTag, TextDiff};

use crate::core::text::{Line, Span, Tone, clean};
use crate::layers::yaml_text;
use crate::model::mask;

/// How many unchanged lines stand around a change.
const AROUND: usize = 2;

/// The lines in which two states of an object differ, with some around them. What the server keeps for itself is left
/// out, and a secret's values stay hidden.
pub fn lines(before: &Value, after: &Value) -> Vec<Line> {
    let (before, after) = (text(before), text(after));
    let diff = TextDiff::from_lines(&before, &after);
    let mut out = Vec::new();
    for (at, group) in diff.grouped_ops(AROUND).iter().enumerate() {
        if at > 0 {
            out.push(Line::of([Span::new("  ⋯", Tone::Muted)]));
        }
        for change in group.iter().flat_map(|op| diff.iter_changes(op)) {
            let (sign, tone) = match change.tag() {
                ChangeTag::Delete => ("- ", Tone::Error),
                ChangeTag::Insert => ("+ ", Tone::Good),
                ChangeTag::Equal => ("  ", Tone::Muted),
            };
            let text = clean(change.value().trim_end_matches('\n')).into_owned();
            out.push(Line::of([Span::new(format!("{sign}{text}"), tone)]));
        }
    }
    out
}

fn text(object: &Value) -> String {
    let mut object = mask::hidden(object, &Default::default());
    if let Some(meta) = object.get_mut("metadata").and_then(Value::as_object_mut) {
        for own in [
            "managedFields",
            "resourceVersion",
            "generation",
            "uid",
            "creationTimestamp",
        ] {
            meta.remove(own);
        }
    }
    if let Some(whole) = object.as_object_mut() {
        whole.remove("status");
    }
    yaml_text::write(&object).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn only_what_a_person_would_change_is_shown() {
        let web = |replicas: u32, version: &str| {
            json!({"kind": "Deployment", "metadata": {"name": "web", "resourceVersion": version, "managedFields": [version]},
                "spec": {"a": 1, "b": 2, "c": 3, "replicas": replicas}, "status": {"replicas": version}})
        };
        let texts: Vec<String> = lines(&web(2, "7"), &web(3, "8")).iter().map(Line::text).collect();
        assert_eq!(texts, ["    b: 2", "    c: 3", "-   replicas: 2", "+   replicas: 3"]);
        assert!(lines(&web(2, "7"), &web(2, "8")).is_empty());
    }

    #[test]
    fn a_secret_shows_no_values() {
        let secret = |value: &str| json!({"kind": "Secret", "data": {"password": value}});
        let shown: String = lines(&secret("aHVudGVyMg=="), &secret("aHVudGVyMg==aaaa"))
            .iter()
            .map(Line::text)
            .collect();
        assert!(!shown.contains("aHV") && shown.contains("bytes"), "{shown}");
    }
}
