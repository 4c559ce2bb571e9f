//! From files to objects: documents one by one, so that a bad one costs no other.

use serde_json::Value;

use crate::core::yaml;

/// Where an object stands.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Place {
    /// The file.
    pub path: String,
    /// Which document of it, from 1.
    pub number: usize,
    /// The line at which it begins, or the mistake's; from 1.
    pub line: usize,
}

/// What is wrong with a document: a text's key below `manifest.wrong`, and words of the parser's.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bad {
    /// The key.
    pub id: &'static str,
    /// What the parser said.
    pub why: String,
}

/// An object, or what is wrong where one should stand.
pub type Found = (Place, Result<Value, Bad>);

/// The most objects that are taken from one document: a list of them.
const MOST: usize = 5000;

/// The objects of a file.
pub fn objects(path: &str, text: &str) -> Vec<Found> {
    let mut out = Vec::new();
    for (number, (line, part)) in split(text).into_iter().enumerate() {
        let place = Place {
            path: path.to_string(),
            number: number + 1,
            line,
        };
        match yaml::read(&part) {
            Ok(value) => expand(&place, value, &mut out),
            Err(mistake) => {
                let wrong = usize::try_from(mistake.line).unwrap_or(0);
                // The parser counts from the document's first line.
                let line = line + wrong.saturating_sub(1);
                out.push((
                    Place { line, ..place },
                    Err(Bad {
                        id: "yaml",
                        why: mistake.why,
                    }),
                ));
            }
        }
    }
    out
}

/// The documents of a text, each with its first line. What has nothing but comments is none.
fn split(text: &str) -> Vec<(usize, String)> {
    let mut parts: Vec<(usize, String)> = vec![(1, String::new())];
    for (at, line) in text.trim_start_matches('\u{feff}').lines().enumerate() {
        if let Some(rest) = line
            .strip_prefix("---")
            .filter(|rest| rest.trim_start().len() < rest.len() || rest.is_empty())
        {
            // What stands behind the dashes belongs to the document.
            parts.push((at + 1, format!("{}\n", rest.trim_start())));
        } else if let Some((_, part)) = parts.last_mut() {
            part.push_str(line);
            part.push('\n');
        }
    }
    let says = |line: &str| !matches!(line.trim().chars().next(), None | Some('#' | '%')) && line.trim() != "...";
    parts.retain(|(_, part)| part.lines().any(says));
    parts
}

/// A list is its items.
fn expand(place: &Place, value: Value, out: &mut Vec<Found>) {
    let kind = value.get("kind").and_then(Value::as_str).unwrap_or_default();
    let is_list = kind.ends_with("List") && value.get("items").is_some_and(Value::is_array);
    if is_list && let Some(Value::Array(items)) = value.get("items") {
        for item in items.iter().take(MOST) {
            out.push((place.clone(), checked(item.clone())));
        }
    } else if !value.is_null() {
        out.push((place.clone(), checked(value)));
    }
}

/// What every object needs to be sent anywhere.
fn checked(mut value: Value) -> Result<Value, Bad> {
    let text = |pointer: &str| value.pointer(pointer).and_then(Value::as_str).unwrap_or_default();
    let bad = |id| Bad { id, why: String::new() };
    if !value.is_object() {
        return Err(bad("no_object"));
    }
    if text("/apiVersion").is_empty() {
        return Err(bad("no_version"));
    }
    if text("/kind").is_empty() {
        return Err(bad("no_kind"));
    }
    if text("/metadata/name").is_empty() {
        let generated = !text("/metadata/generateName").is_empty();
        return Err(bad(if generated { "generated" } else { "no_name" }));
    }
    if let Some(meta) = value.get_mut("metadata").and_then(Value::as_object_mut) {
        // The server takes no applied object with managed fields.
        meta.remove("managedFields");
    }
    Ok(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    const GOOD: &str = "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: a\n";

    /// Number, line, and name or what is wrong.
    fn seen(text: &str) -> Vec<(usize, usize, String)> {
        objects("f.yaml", text)
            .into_iter()
            .map(|(place, found)| {
                let what = match found {
                    Ok(value) => value["metadata"]["name"].as_str().unwrap_or_default().to_string(),
                    Err(bad) => format!("!{}", bad.id),
                };
                (place.number, place.line, what)
            })
            .collect()
    }

    #[test]
    fn a_bad_document_costs_no_other_and_has_its_line() {
        let text = format!("# first\n---\n{GOOD}---\nkind: [\n--- # third\n{GOOD}");
        let got = seen(&text);
        assert_eq!((got[0].0, got[0].1, got[0].2.as_str()), (1, 2, "a"));
        assert_eq!((got[1].0, got[1].2.as_str()), (2, "!yaml"));
        assert!((7..=9).contains(&got[1].1), "{got:?}");
        assert_eq!((got[2].0, got[2].2.as_str()), (3, "a"));
    }

    #[test]
    fn what_is_missing_is_named() {
        for (text, wrong) in [
            ("a: b\n", "!no_version"),
            ("- a\n", "!no_object"),
            ("apiVersion: v1\nmetadata: {name: a}\n", "!no_kind"),
            ("apiVersion: v1\nkind: Pod\n", "!no_name"),
            (
                "apiVersion: v1\nkind: Pod\nmetadata: {generateName: a-}\n",
                "!generated",
            ),
        ] {
            assert_eq!(seen(text)[0].2, wrong, "{text}");
        }
        assert!(seen("").is_empty() && seen("---\n# nothing\n---\n").is_empty());
    }

    #[test]
    fn a_list_is_its_items_and_json_is_yaml() {
        let list = r#"{"apiVersion": "v1", "kind": "List", "items": [
            {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "a", "managedFields": [1]}},
            {"apiVersion": "v1", "kind": "Pod"}]}"#;
        let names: Vec<String> = seen(list).into_iter().map(|(_, _, what)| what).collect();
        assert_eq!(names, ["a", "!no_name"]);
        let text = "a: |\n  x\n---x\n";
        assert_eq!(seen(text).len(), 1, "dashes in front of a word are no border");
    }
}
