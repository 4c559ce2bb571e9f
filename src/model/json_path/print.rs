//! Values as Go's `fmt.Sprint` prints them, which is what kubectl's columns show.

use std::fmt::Write;

use serde_json::{Number, Value};

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
        Value::Number(value) => number(value, out),
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

/// Whole numbers as they are; others as `%v` prints a float64: with an exponent of at least two digits from 1e21 on and
/// below 1e-4.
fn number(value: &Number, out: &mut String) {
    let float = value.as_f64().filter(|_| value.is_f64());
    let Some(float) = float else {
        let _ = write!(out, "{value}");
        return;
    };
    let size = float.abs();
    if size != 0.0 && !(1e-4..1e21).contains(&size) {
        let text = format!("{float:e}");
        let (digits, exponent) = text.split_once('e').unwrap_or((&text, "0"));
        let (sign, exponent) = exponent.strip_prefix('-').map_or(('+', exponent), |rest| ('-', rest));
        let _ = write!(out, "{digits}e{sign}{exponent:0>2}");
    } else {
        let _ = write!(out, "{float}");
    }
}
