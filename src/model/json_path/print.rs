//! Values as Go's `fmt.Sprint` prints them, which is what kubectl's columns show.

use serde_json::Value;

use crate::model::number_text;

/// The longest text of a column, in bytes: more is never seen.
const LONGEST: usize = 4096;

/// The values, joined by commas.
pub(super) fn print(values: &[&Value]) -> String {
    let mut out = String::new();
    for (at, value) in values.iter().enumerate() {
        if at > 0 {
            out.push(',');
        }
        sprint(value, &mut out);
        if out.len() > LONGEST {
            break;
        }
    }
    if let Some((end, _)) = out.char_indices().find(|(at, _)| *at >= LONGEST) {
        out.truncate(end);
        out.push('…');
    }
    out
}

fn sprint(value: &Value, out: &mut String) {
    match value {
        Value::Null => out.push_str("<nil>"),
        Value::Bool(truth) => out.push_str(if *truth { "true" } else { "false" }),
        Value::Number(value) => out.push_str(&number_text(value)),
        Value::String(text) => out.push_str(text),
        Value::Array(items) => list("[", items.iter().map(|item| (None, item)), out),
        Value::Object(members) => {
            let mut members: Vec<_> = members.iter().map(|(key, value)| (Some(key), value)).collect();
            members.sort_by_key(|(key, _)| *key);
            list("map[", members.into_iter(), out);
        }
    }
}

fn list<'a>(open: &str, parts: impl Iterator<Item = (Option<&'a String>, &'a Value)>, out: &mut String) {
    out.push_str(open);
    for (at, (key, value)) in parts.enumerate() {
        if out.len() > LONGEST {
            break;
        }
        if at > 0 {
            out.push(' ');
        }
        if let Some(key) = key {
            out.push_str(key);
            out.push(':');
        }
        sprint(value, out);
    }
    out.push(']');
}
