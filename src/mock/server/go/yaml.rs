//! YAML as Go reads it: the words of its errors, and keys that stand twice.

use std::collections::HashMap;

use serde_json::Value;
use serde_yaml::options::DuplicateKeyPolicy;

/// What a text holds, and what is said of keys that stand twice in it.
#[derive(Debug, Default)]
pub struct Read {
    /// The value; of two equal keys the last one counts.
    pub value: Value,
    /// `line 3: key "a" already set in map`.
    pub duplicates: Vec<String>,
}

/// Reads YAML.
///
/// # Errors
/// What `yaml.Unmarshal` of go-yaml says, `yaml: ` in front.
pub fn read(text: &str) -> Result<Read, String> {
    let options = serde_yaml::options! { duplicate_keys: DuplicateKeyPolicy::LastWins };
    match serde_yaml::from_str_with_options(text, options) {
        Ok(Value::Null) if text.contains('\t') => Err(tab(text).unwrap_or_default()),
        Ok(value) => Ok(Read {
            value,
            duplicates: repeated(text),
        }),
        Err(error) => Err(tab(text).unwrap_or_else(|| fault(&error.to_string(), text))),
    }
}

/// A tab cannot begin anything.
fn tab(text: &str) -> Option<String> {
    let mut lines = text.lines().enumerate();
    let (number, _) = lines.find(|(_, line)| line.trim_start_matches(' ').starts_with('\t'))?;
    let why = "found character that cannot start any token";
    Some(match number {
        0 => format!("yaml: {why}"),
        number => format!("yaml: line {}: {why}", number + 1),
    })
}

/// The parser's sentence as go-yaml words it; lines count from what the parser had read before.
fn fault(told: &str, text: &str) -> String {
    let first = told.lines().next().unwrap_or_default();
    let line = first
        .split_once("line ")
        .and_then(|(_, rest)| rest.split(|c: char| !c.is_ascii_digit()).next()?.parse::<usize>().ok())
        .unwrap_or(1);
    let what = first.splitn(3, ": ").nth(2).unwrap_or(first);
    let known = [
        (
            "mapping values are not allowed",
            "mapping values are not allowed in this context",
            0,
        ),
        (
            "cannot start any token",
            "found character that cannot start any token",
            0,
        ),
        ("unclosed bracket", "did not find expected node content", 1),
        ("quote", "found unexpected end of stream", 0),
        ("quoted", "found unexpected end of stream", 0),
    ];
    let (what, at_least) = known
        .iter()
        .find(|(part, ..)| what.contains(part))
        .map_or((what, 0), |(_, words, least)| (*words, *least));
    let what = if what.contains("anchor") {
        unknown_anchor(text)
    } else {
        what.to_owned()
    };
    match line.max(at_least + usize::from(at_least > 0)) {
        line if line <= 1 => format!("yaml: {what}"),
        line if at_least > 0 => format!("yaml: line {}: {what}", line - 1),
        line => format!("yaml: line {line}: {what}"),
    }
}

fn unknown_anchor(text: &str) -> String {
    let name: String = text
        .split_once('*')
        .map(|(_, rest)| rest.chars().take_while(|c| c.is_alphanumeric()).collect())
        .unwrap_or_default();
    format!("unknown anchor '{name}' referenced")
}

/// Keys of block mappings that stand twice in the same mapping. Flow mappings are JSON's part.
fn repeated(text: &str) -> Vec<String> {
    let mut open: Vec<(usize, HashMap<String, usize>)> = Vec::new();
    let mut told = Vec::new();
    for (number, line) in text.lines().enumerate() {
        let mut rest = line.trim_start();
        let mut indent = line.len() - rest.len();
        if rest.is_empty() || rest.starts_with('#') {
            continue;
        }
        while let Some(inner) = rest.strip_prefix("- ") {
            // A new element: what stood deeper is over.
            open.retain(|(column, _)| *column <= indent);
            let trimmed = inner.trim_start();
            indent += rest.len() - trimmed.len();
            rest = trimmed;
        }
        open.retain(|(column, _)| *column <= indent);
        let Some(key) = key_of(rest) else { continue };
        if open.last().is_none_or(|(column, _)| *column < indent) {
            open.push((indent, HashMap::new()));
        }
        if let Some((_, seen)) = open.last_mut()
            && seen.insert(key.clone(), number).is_some()
        {
            told.push(format!("line {}: key {key:?} already set in map", number + 1));
        }
    }
    told
}

/// The plain key in front of a colon.
fn key_of(text: &str) -> Option<String> {
    let (key, value) = text.split_once(':')?;
    let plain = key.chars().all(|c| c.is_alphanumeric() || "-_./".contains(c));
    (plain && (value.is_empty() || value.starts_with(' '))).then(|| key.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn errors_have_the_words_of_go_yaml() {
        for (text, said) in [
            ("a: b: c", "yaml: mapping values are not allowed in this context"),
            ("{", "yaml: line 1: did not find expected node content"),
            ("a: [", "yaml: line 1: did not find expected node content"),
            ("a: *x", "yaml: unknown anchor 'x' referenced"),
            ("\t", "yaml: found character that cannot start any token"),
            ("a:\n\tb", "yaml: line 2: found character that cannot start any token"),
        ] {
            assert_eq!(read(text).unwrap_err(), said, "{text}");
        }
    }

    #[test]
    fn keys_that_stand_twice_are_told() {
        let twice = "apiVersion: v1\ndata:\n  a: b\n  a: c\nlist:\n- x: 1\n  y: 2\n- x: 1\n";
        assert_eq!(
            read(twice).unwrap().duplicates,
            ["line 4: key \"a\" already set in map"]
        );
    }
}
