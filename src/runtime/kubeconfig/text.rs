//! The text of a kubeconfig that was changed: as little of it as possible, so that comments and style stay. What comes out
//! is read again, and where it does not say what it should, the file is written anew as a whole.

use serde::Deserialize;
use serde_json::Value;
use serde_yaml::Spanned;
use serde_yaml::options::DuplicateKeyPolicy;

use crate::core::kubeconfig::KubeconfigEdit;

/// Reads a kubeconfig as kubectl does: the last one of several keys of a name counts.
pub fn parse(text: &str) -> Option<Value> {
    let options = serde_yaml::options! { duplicate_keys: DuplicateKeyPolicy::LastWins };
    let value: Value = serde_yaml::from_str_with_options(text.trim_start_matches('\u{feff}'), options).ok()?;
    value.is_object().then_some(value)
}

/// The text that says what is wanted.
pub fn rewrite(text: &str, wanted: &Value, change: &KubeconfigEdit) -> String {
    let cut = in_place(text, change).filter(|new| parse(new).is_some_and(|read| is_same(&read, wanted)));
    cut.unwrap_or_else(|| {
        let mut out = String::new();
        write(wanted, 0, &mut out);
        out
    })
}

/// Whether both say the same: a list that is left out is an empty one.
fn is_same(a: &Value, b: &Value) -> bool {
    let filled = |value: &Value| {
        let mut value = value.clone();
        if let Some(contexts) = value.get_mut("contexts").filter(|contexts| contexts.is_null()) {
            *contexts = Value::Array(Vec::new());
        }
        value
    };
    filled(a) == filled(b)
}

/// Where the things stand that may have to change.
#[derive(Deserialize)]
struct Shape {
    #[serde(rename = "current-context")]
    current: Option<Spanned<Option<String>>>,
    contexts: Option<Vec<Spanned<Entry>>>,
}

#[derive(Deserialize)]
struct Entry {
    name: Option<Spanned<String>>,
    context: Option<Spanned<Inner>>,
}

#[derive(Deserialize)]
struct Inner {
    namespace: Option<Spanned<String>>,
}

/// A place to be replaced: from and to in bytes, and what comes there.
type Cut = (usize, usize, String);

fn in_place(text: &str, change: &KubeconfigEdit) -> Option<String> {
    let shape: Shape = serde_yaml::from_str(text).ok()?;
    let contexts = shape.contexts?;
    let is_it = |entry: &&Spanned<Entry>| {
        let name = entry.value.name.as_ref().map(|name| name.value.as_str());
        name == Some(change.context())
    };
    let entry = contexts.iter().find(is_it)?;
    let mut cuts: Vec<Cut> = Vec::new();
    match change {
        KubeconfigEdit::Rename { from, to } => {
            cuts.push(scalar(text, &place(entry.value.name.as_ref()?, text)?, to)?);
            if let Some(current) = &shape.current
                && current.value.as_ref() == Some(from)
            {
                cuts.push(scalar(text, &place(current, text)?, to)?);
            }
        }
        KubeconfigEdit::Namespace { namespace, .. } => {
            let inner = entry.value.context.as_ref()?;
            cuts.push(match &inner.value.namespace {
                Some(old) => scalar(text, &place(old, text)?, namespace)?,
                None => insertion(text, &place(inner, text)?, namespace)?,
            });
        }
        KubeconfigEdit::Delete { .. } => cuts.push(removal(text, place(entry, text)?)?),
    }
    cuts.sort_by_key(|(from, ..)| std::cmp::Reverse(*from));
    let mut new = text.to_string();
    for (from, to, with) in cuts {
        new = format!("{}{with}{}", new.get(..from)?, new.get(to..)?);
    }
    Some(new)
}

/// Where something begins, in bytes, and its column in characters, from 0.
struct Begin {
    byte: usize,
    column: usize,
}

fn place<T>(spanned: &Spanned<T>, text: &str) -> Option<Begin> {
    let line = usize::try_from(spanned.referenced.line()).ok()?.checked_sub(1)?;
    let column = usize::try_from(spanned.referenced.column()).ok()?.checked_sub(1)?;
    let start: usize = text.split_inclusive('\n').take(line).map(str::len).sum();
    let inside: usize = text.get(start..)?.chars().take(column).map(char::len_utf8).sum();
    Some(Begin {
        byte: start + inside,
        column,
    })
}

/// A scalar in quotes, which every reader of YAML takes for a text.
fn quoted(text: &str) -> String {
    Value::from(text).to_string()
}

/// As few quotes as can be: letters, digits and what names are made of, but nothing that YAML may take for another type.
fn plain_or_quoted(text: &str) -> String {
    let first = text.chars().next().is_some_and(|ch| ch.is_ascii_alphabetic());
    let name = text
        .chars()
        .all(|ch| ch.is_ascii_alphanumeric() || "-_./@".contains(ch));
    let words = [
        "y", "n", "yes", "no", "on", "off", "true", "false", "null", "nan", "inf",
    ];
    if first && name && !words.contains(&text.to_lowercase().as_str()) {
        text.to_string()
    } else {
        quoted(text)
    }
}

/// Replaces the scalar that begins there.
fn scalar(text: &str, begin: &Begin, with: &str) -> Option<Cut> {
    let rest = text.get(begin.byte..)?;
    let length = match rest.chars().next()? {
        '"' => {
            let mut escaped = false;
            let end = rest.char_indices().skip(1).find(|(_, ch)| {
                let ends = *ch == '"' && !escaped;
                escaped = *ch == '\\' && !escaped;
                ends
            });
            end?.0 + 1
        }
        '\'' => rest.get(1..)?.find('\'')? + 2,
        '&' | '*' | '!' | '|' | '>' => return None,
        _ => {
            let line = rest.split(['\n', '\r']).next()?;
            let end = [" #", ": ", ",", "}", "]"]
                .iter()
                .filter_map(|stop| line.find(stop))
                .min();
            line.get(..end.unwrap_or(line.len()))?.trim_end().len()
        }
    };
    Some((begin.byte, begin.byte + length, plain_or_quoted(with)))
}

/// Puts a namespace first into the mapping that begins there.
fn insertion(text: &str, begin: &Begin, namespace: &str) -> Option<Cut> {
    let rest = text.get(begin.byte..)?;
    let value = plain_or_quoted(namespace);
    if let Some(inside) = rest.strip_prefix('{') {
        let more = if inside.trim_start().starts_with('}') { "" } else { ", " };
        return Some((begin.byte + 1, begin.byte + 1, format!("namespace: {value}{more}")));
    }
    let end = if text.contains("\r\n") { "\r\n" } else { "\n" };
    let indent = " ".repeat(begin.column);
    Some((begin.byte, begin.byte, format!("namespace: {value}{end}{indent}")))
}

/// Takes the lines of an entry of a block list away.
fn removal(text: &str, begin: Begin) -> Option<Cut> {
    let start = text.get(..begin.byte)?.rfind('\n').map_or(0, |at| at + 1);
    let head = text.get(start..begin.byte)?;
    if head.trim() != "-" {
        return None;
    }
    let dash = head.find('-')?;
    let mut end = start;
    for (at, line) in text.get(start..)?.split_inclusive('\n').enumerate() {
        let indent = line.len() - line.trim_start_matches(' ').len();
        let blank = line.trim().is_empty();
        if at > 0 && !blank && indent <= dash {
            break;
        }
        end += line.len();
    }
    Some((start, end, String::new()))
}

/// Writes a value as YAML whose texts all stand in quotes, so that no reader takes them for anything else.
fn write(value: &Value, depth: usize, out: &mut String) {
    let indent = "  ".repeat(depth);
    match value {
        Value::Object(map) if !map.is_empty() => {
            for (key, value) in map {
                out.push_str(&format!("{indent}{}:", plain_or_quoted(key)));
                nested(value, depth + 1, out);
            }
        }
        Value::Array(items) if !items.is_empty() => {
            for item in items {
                let mut inner = String::new();
                nested_item(item, depth + 1, &mut inner);
                out.push_str(&format!("{indent}- {inner}"));
            }
        }
        other => out.push_str(&format!("{indent}{other}\n")),
    }
}

fn is_block(value: &Value) -> bool {
    match value {
        Value::Object(map) => !map.is_empty(),
        Value::Array(items) => !items.is_empty(),
        _ => false,
    }
}

fn nested(value: &Value, depth: usize, out: &mut String) {
    if is_block(value) {
        out.push('\n');
        write(value, depth, out);
    } else {
        out.push_str(&format!(" {value}\n"));
    }
}

/// The first line of an item stands behind its dash.
fn nested_item(value: &Value, depth: usize, out: &mut String) {
    let mut inner = String::new();
    write(value, depth, &mut inner);
    out.push_str(inner.trim_start_matches(' '));
}
