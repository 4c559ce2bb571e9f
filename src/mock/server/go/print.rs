//! Values as Go's `fmt` prints them: quoted texts, and maps with their keys in order.

use std::fmt::Write as _;

use serde_json::{Map, Value};

/// A text as `strconv.Quote` writes it.
#[must_use]
pub fn quote(text: &str) -> String {
    let mut quoted = String::with_capacity(text.len() + 2);
    quoted.push('"');
    for letter in text.chars() {
        match letter {
            '"' => quoted.push_str("\\\""),
            '\\' => quoted.push_str("\\\\"),
            '\u{7}' => quoted.push_str("\\a"),
            '\u{8}' => quoted.push_str("\\b"),
            '\u{c}' => quoted.push_str("\\f"),
            '\n' => quoted.push_str("\\n"),
            '\r' => quoted.push_str("\\r"),
            '\t' => quoted.push_str("\\t"),
            '\u{b}' => quoted.push_str("\\v"),
            letter if letter.is_ascii_control() => {
                let _ = write!(quoted, "\\x{:02x}", u32::from(letter));
            }
            letter if !is_print(letter) => {
                let _ = write!(quoted, "\\u{:04x}", u32::from(letter));
            }
            letter => quoted.push(letter),
        }
    }
    quoted.push('"');
    quoted
}

/// JSON as `encoding/json` writes it: letters that mean something in HTML or end lines in JavaScript are written by their
/// numbers.
#[must_use]
pub fn html_safe(value: &Value) -> String {
    let text = value.to_string();
    text.replace('&', "\\u0026")
        .replace('<', "\\u003c")
        .replace('>', "\\u003e")
        .replace('\u{2028}', "\\u2028")
        .replace('\u{2029}', "\\u2029")
}

/// Whether Go takes a letter for printable, as `unicode.IsPrint`: no control, no format, no space but the plain one.
#[must_use]
pub fn is_print(letter: char) -> bool {
    let format = matches!(letter, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{2064}' | '\u{feff}');
    !letter.is_control() && !format && (letter == ' ' || !letter.is_whitespace())
}

/// A value as `%v` prints what Go decoded from JSON: `map[a:1 b:[x <nil>]]`.
#[must_use]
pub fn plain(value: &Value) -> String {
    match value {
        Value::Null => "<nil>".to_owned(),
        Value::String(text) => text.clone(),
        Value::Array(list) => format!("[{}]", list.iter().map(plain).collect::<Vec<_>>().join(" ")),
        Value::Object(map) => {
            let entry = |(key, value): (&String, &Value)| format!("{key}:{}", plain(value));
            format!(
                "map[{}]",
                sorted(map).into_iter().map(entry).collect::<Vec<_>>().join(" ")
            )
        }
        other => other.to_string(),
    }
}

fn sorted(map: &Map<String, Value>) -> Vec<(&String, &Value)> {
    let mut entries: Vec<_> = map.iter().collect();
    entries.sort_by_key(|(key, _)| *key);
    entries
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn values_are_printed_as_go_prints_them() {
        assert_eq!(quote("a\u{1}b\"\n\u{200b}é"), "\"a\\x01b\\\"\\n\\u200bé\"");
        assert_eq!(
            plain(&json!({"metadata": {"foo": 1}, "data": {"a": ["b", null, true, 1.5]}})),
            "map[data:map[a:[b <nil> true 1.5]] metadata:map[foo:1]]"
        );
    }
}
