//! Lines that are made of fields: JSON objects and logfmt (`key=value key="two words"`).

use serde_json::Value;

/// The most that is read of a line for its fields, in bytes.
const LONGEST: usize = 32 << 10;

/// The fields of a line in their order; none where it is no JSON object and no logfmt.
pub fn of(line: &str) -> Option<Vec<(String, String)>> {
    let line = line.trim();
    if line.len() > LONGEST {
        return None;
    }
    if line.starts_with('{') {
        return json(line);
    }
    logfmt(line)
}

fn json(line: &str) -> Option<Vec<(String, String)>> {
    let object: serde_json::Map<String, Value> = serde_json::from_str(line).ok()?;
    let fields = object.into_iter().map(|(key, value)| (key, told(value)));
    Some(fields.collect())
}

/// A value as a person reads it: text without quotes, all else as JSON.
fn told(value: Value) -> String {
    match value {
        Value::String(text) => text,
        other => other.to_string(),
    }
}

/// At least two fields, and nothing but fields.
fn logfmt(line: &str) -> Option<Vec<(String, String)>> {
    let mut fields = Vec::new();
    let mut rest = line;
    while !rest.is_empty() {
        let (key, after) = rest.split_once('=')?;
        let good = |ch: char| ch.is_ascii_alphanumeric() || matches!(ch, '_' | '-' | '.' | '@' | '/');
        if key.is_empty() || !key.chars().all(good) {
            return None;
        }
        let (value, after) = match after.strip_prefix('"') {
            Some(quoted) => unquote(quoted)?,
            None => {
                let end = after.find(' ').unwrap_or(after.len());
                let (value, after) = after.split_at(end);
                (value.to_string(), after)
            }
        };
        fields.push((key.to_string(), value));
        rest = after.trim_start();
    }
    (fields.len() >= 2).then_some(fields)
}

/// The text until the closing quote, and what follows.
fn unquote(text: &str) -> Option<(String, &str)> {
    let mut value = String::new();
    let mut chars = text.char_indices();
    while let Some((at, ch)) = chars.next() {
        match ch {
            '"' => return Some((value, text.get(at + 1..)?)),
            '\\' => match chars.next()?.1 {
                'n' => value.push('\n'),
                't' => value.push('\t'),
                other => value.push(other),
            },
            ch => value.push(ch),
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(line: &str) -> String {
        match of(line) {
            None => "-".to_string(),
            Some(fields) => fields
                .iter()
                .map(|(key, value)| format!("{key}:{value}"))
                .collect::<Vec<_>>()
                .join(" | "),
        }
    }

    #[test]
    fn fields_are_found_where_there_are_some() {
        for (line, fields) in [
            (
                r#"{"level":"info","n":1,"o":{"a":[1]},"x":null}"#,
                r#"level:info | n:1 | o:{"a":[1]} | x:null"#,
            ),
            (
                "level=info msg=\"two \\\"words\\\"\" n=",
                "level:info | msg:two \"words\" | n:",
            ),
            ("one=1", "-"),
            ("text with a=b in it", "-"),
            ("{not json}", "-"),
            ("a=1 b=\"open", "-"),
            ("", "-"),
        ] {
            assert_eq!(told(line), fields, "{line}");
        }
    }

    proptest::proptest! {
        #[test]
        fn nothing_panics(line in "[a-z{}\\[\\]\":=, \\\\]{0,60}") {
            let _ = of(&line);
        }
    }
}
