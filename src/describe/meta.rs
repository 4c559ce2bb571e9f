//! What almost every description begins with: name, namespace, labels, annotations.

use serde_json::Value;

use super::Writer;
use super::value::{Read, join};
use super::words::Words;

/// A copy of the whole object that `kubectl apply` leaves; kubectl never describes it.
const LAST_APPLIED: &str = "kubectl.kubernetes.io/last-applied-configuration";
/// An annotation longer than this many bytes is broken into lines, and each line is cut.
const LONGEST: usize = 140;

/// Name, and namespace if there is one.
pub fn name(object: &Value, out: &mut Writer) {
    out.field("Name", object.at("metadata.name").show());
    if object.at("metadata.namespace").is_set() {
        out.field("Namespace", object.at("metadata.namespace").show());
    }
}

/// Labels and annotations.
pub fn labels_and_annotations(object: &Value, out: &mut Writer) {
    out.field("Labels", labels(object.at("metadata.labels")));
    out.field("Annotations", annotations(object.at("metadata.annotations")));
}

/// Name, namespace, labels and annotations.
pub fn all(object: &Value, out: &mut Writer) {
    name(object, out);
    labels_and_annotations(object, out);
}

/// A map as one `key=value` per line, sorted.
pub fn labels(map: &Value) -> Words {
    Words::stack(
        map.members()
            .into_iter()
            .map(|(key, value)| format!("{key}={}", value.show()).into()),
    )
}

/// A map as `a=b,c=d`, `<none>` if it is empty, as `labels.FormatLabels` in Kubernetes' apimachinery.
pub fn format_labels(map: &Value) -> Words {
    let pairs = map.members().into_iter();
    let mut pairs: Vec<String> = pairs.map(|(key, value)| format!("{key}={}", value.show())).collect();
    pairs.sort();
    Words::or_none(join(pairs, ","))
}

/// Annotations as one `key: value` per line, sorted; long ones and those of several lines stand below their key and are
/// cut, as `printAnnotationsMultiline` in kubectl.
pub fn annotations(map: &Value) -> Words {
    let shown = map.members().into_iter().filter(|(key, _)| *key != LAST_APPLIED);
    Words::stack(shown.flat_map(|(key, value)| annotation(key, &value.show())))
}

fn annotation(key: &str, value: &str) -> Vec<Words> {
    let value = value.strip_suffix('\n').unwrap_or(value);
    if key.len() + value.len() + 2 <= LONGEST && !value.contains('\n') {
        return vec![format!("{key}: {value}").into()];
    }
    let lines = value
        .split('\n')
        .map(|line| format!("  {}", shorten(line, LONGEST - 2)).into());
    [format!("{key}:").into()].into_iter().chain(lines).collect()
}

/// `text` cut to `longest` bytes, at a character's border, with `...` behind what was cut.
pub fn shorten(text: &str, longest: usize) -> String {
    if text.len() <= longest {
        return text.to_owned();
    }
    let end = (0..=longest).rev().find(|end| text.is_char_boundary(*end)).unwrap_or(0);
    format!("{}...", text.get(..end).unwrap_or_default())
}

/// `Kind/name` of the owner that controls the object; none if nothing does.
pub fn controller(object: &Value) -> Option<String> {
    let owners = object.at("metadata.ownerReferences").list();
    let owner = owners.iter().find(|owner| owner.key("controller").truth())?;
    Some(format!("{}/{}", owner.key("kind").show(), owner.key("name").show()))
}

/// The uid of the owner that controls the object; empty if nothing does.
pub fn controller_uid(object: &Value) -> &str {
    let owners = object.at("metadata.ownerReferences").list();
    owners
        .iter()
        .find(|owner| owner.key("controller").truth())
        .map_or("", |owner| owner.key("uid").text())
}

/// `Controlled By`, if something controls the object.
pub fn controlled_by(object: &Value, out: &mut Writer) {
    let owners = object.at("metadata.ownerReferences").list();
    let owner = owners.iter().find(|owner| owner.key("controller").truth());
    if let (Some(controller), Some(owner)) = (controller(object), owner) {
        let [version, kind, name] = ["apiVersion", "kind", "name"].map(|field| owner.key(field).text());
        out.field("Controlled By", out.naming_kind(controller, version, kind, name));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn lines(words: Words) -> Vec<String> {
        words
            .lines
            .iter()
            .map(|line| line.iter().map(|span| span.text.as_ref()).collect())
            .collect()
    }

    #[test]
    fn labels_are_sorted() {
        assert_eq!(lines(labels(&json!({"b": "2", "a": ""}))), ["a=", "b=2"]);
        assert_eq!(labels(&json!({})), Words::none());
        assert_eq!(lines(format_labels(&json!({"b": "2", "a": "1"}))), ["a=1,b=2"]);
        assert_eq!(lines(format_labels(&json!({"a": "1", "a.b/c": "2"}))), ["a.b/c=2,a=1"]);
    }

    #[test]
    fn annotations_break_as_kubectl_breaks_them() {
        let long = "x".repeat(200);
        let map = json!({"z": "1\n", "m": "first\nsecond", "l": long, LAST_APPLIED: "{}"});
        let expected = [
            "l:".to_owned(),
            format!("  {}...", "x".repeat(138)),
            "m:".into(),
            "  first".into(),
            "  second".into(),
            "z: 1".into(),
        ];
        assert_eq!(lines(annotations(&map)), expected);
        assert_eq!(annotations(&json!({LAST_APPLIED: "{}"})), Words::none());
    }

    #[test]
    fn shortening_never_splits_a_character() {
        assert_eq!(shorten("ああ", 4), "あ...");
        assert_eq!(shorten("ab", 2), "ab");
    }

    #[test]
    fn only_a_controller_controls() {
        let owners = json!({"metadata": {"ownerReferences": [{"kind": "A", "name": "a"}, {"kind": "B", "name": "b", "uid": "u", "controller": true}]}});
        assert_eq!(controller(&owners).as_deref(), Some("B/b"));
        assert_eq!(controller_uid(&owners), "u");
        assert_eq!(controller(&json!({"metadata": {"ownerReferences": "x"}})), None);
    }
}
