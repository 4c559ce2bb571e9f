//! Bodies in protobuf, which kubectl sends of the kinds that it makes itself, read as the JSON that says the same.
//!
//! `protobuf.txt` has a line for each message, made from the tags of Kubernetes' own types: its name, then
//! `number:field:type`. Types are those of `types.txt`; `?` keeps a zero that was given, which Go leaves out of JSON elsewhere;
//! `!` is written even if nothing was given, `^` too, as null; a field `=` stands for the fields of its message.

use std::collections::HashMap;
use std::sync::OnceLock;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use jiff::Timestamp;
use serde_json::{Map, Value};

use crate::mock::clock::{rfc3339, rfc3339_micro};

/// What every such body begins with.
const MAGIC: &[u8] = b"k8s\0";
/// No object nests deeper.
const DEPTH: usize = 64;

/// A field of a message.
pub(super) struct Field {
    /// Its name in JSON; empty for a message whose fields stand in place of this one.
    pub(super) name: &'static str,
    /// Its type.
    pub(super) kind: &'static str,
    /// Whether a zero that was given is kept.
    pub(super) keeps_zero: bool,
    /// Whether it is written even if nothing was given.
    pub(super) always: bool,
    /// Whether nothing is something else than a zero.
    pub(super) is_pointer: bool,
}

/// The fields of a message by number.
pub(super) type Message = HashMap<u64, Field>;

/// All messages by name.
pub(super) fn messages() -> &'static HashMap<&'static str, Message> {
    static MESSAGES: OnceLock<HashMap<&'static str, Message>> = OnceLock::new();
    MESSAGES.get_or_init(|| include_str!("protobuf.txt").lines().filter_map(read).collect())
}

fn read(line: &'static str) -> Option<(&'static str, Message)> {
    let (name, fields) = line.split_once(' ')?;
    let field = |text: &'static str| {
        let (number, rest) = text.split_once(':')?;
        let (name, kind) = match rest.strip_prefix('=') {
            Some(message) => ("", message),
            None => rest.split_once(':')?,
        };
        let field = Field {
            name,
            kind: kind.trim_end_matches(['!', '?', '^']),
            keeps_zero: kind.ends_with(['!', '?', '^']),
            always: kind.ends_with(['!', '^']),
            is_pointer: kind.ends_with(['?', '^']),
        };
        Some((number.parse().ok()?, field))
    };
    Some((name, fields.split(' ').filter_map(field).collect()))
}

/// Reads a body.
///
/// # Errors
/// A sentence: it is no such body, broken, or of a kind that nobody knows here.
pub fn decode(body: &[u8]) -> Result<Value, String> {
    let broken = || "provided data does not appear to be a protobuf message, expected prefix [107 56 115 0]".to_owned();
    let envelope = body.strip_prefix(MAGIC).ok_or_else(broken)?;
    let (mut api_version, mut kind, mut raw) = (String::new(), String::new(), &[][..]);
    for piece in pieces(envelope) {
        match piece.ok_or_else(broken)? {
            (1, Wire::Bytes(meta)) => {
                for piece in pieces(meta) {
                    match piece.ok_or_else(broken)? {
                        (1, Wire::Bytes(bytes)) => api_version = text(bytes),
                        (2, Wire::Bytes(bytes)) => kind = text(bytes),
                        _ => {}
                    }
                }
            }
            (2, Wire::Bytes(bytes)) => raw = bytes,
            _ => {}
        }
    }
    let message = message_of(&api_version, &kind)
        .ok_or_else(|| format!("no kind {kind:?} is registered for version {api_version:?}"))?;
    let mut object = Map::new();
    object.insert("kind".to_owned(), kind.into());
    object.insert("apiVersion".to_owned(), api_version.into());
    fill(message, raw, &mut object, 0).ok_or_else(|| "the protobuf message is broken".to_owned())?;
    Ok(Value::Object(object))
}

/// The message of a kind.
pub(super) fn message_of(api_version: &str, kind: &str) -> Option<&'static Message> {
    let known = [format!("{}.{kind}", package(api_version)), format!("meta.{kind}")];
    known.iter().find_map(|name| messages().get(name.as_str()))
}

/// The package in which a group's messages stand.
fn package(api_version: &str) -> &str {
    match api_version {
        "v1" => "core",
        "autoscaling/v1" => "autoscalingv1",
        other => other.split(['.', '/']).next().unwrap_or_default(),
    }
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

enum Wire<'a> {
    Number(u64),
    Bytes(&'a [u8]),
}

/// The fields of a message by number; none in place of one that is broken, which is the last.
fn pieces(mut bytes: &[u8]) -> impl Iterator<Item = Option<(u64, Wire<'_>)>> {
    std::iter::from_fn(move || {
        if bytes.is_empty() {
            return None;
        }
        let piece = piece(&mut bytes);
        if piece.is_none() {
            bytes = &[];
        }
        Some(piece)
    })
}

fn piece<'a>(bytes: &mut &'a [u8]) -> Option<(u64, Wire<'a>)> {
    let key = varint(bytes)?;
    let fixed = |bytes: &mut &'a [u8], count: usize| {
        let (head, rest) = bytes.split_at_checked(count)?;
        *bytes = rest;
        let number = head.iter().rev().fold(0, |number, byte| number << 8 | u64::from(*byte));
        Some(Wire::Number(number))
    };
    let wire = match key & 7 {
        0 => Wire::Number(varint(bytes)?),
        1 => fixed(bytes, 8)?,
        2 => {
            let length = usize::try_from(varint(bytes)?).ok()?;
            let (head, rest) = bytes.split_at_checked(length)?;
            *bytes = rest;
            Wire::Bytes(head)
        }
        5 => fixed(bytes, 4)?,
        _ => return None,
    };
    Some((key >> 3, wire))
}

fn varint(bytes: &mut &[u8]) -> Option<u64> {
    let mut number = 0_u64;
    for shift in (0..64).step_by(7) {
        let (first, rest) = bytes.split_first()?;
        *bytes = rest;
        number |= u64::from(first & 0x7F) << shift;
        if first & 0x80 == 0 {
            return Some(number);
        }
    }
    None
}

fn fill(message: &Message, bytes: &[u8], object: &mut Map<String, Value>, depth: usize) -> Option<()> {
    if depth > DEPTH {
        return None;
    }
    for piece in pieces(bytes) {
        let (number, wire) = piece?;
        let Some(field) = message.get(&number) else { continue };
        if field.name.is_empty() {
            if let (Wire::Bytes(bytes), Some(inner)) = (&wire, messages().get(field.kind)) {
                fill(inner, bytes, object, depth + 1)?;
            }
        } else if let Some(element) = field.kind.strip_prefix('[') {
            let list = object.entry(field.name).or_insert_with(|| Value::Array(Vec::new()));
            if let Value::Array(list) = list {
                list.push(value(element, &wire, depth)?);
            }
        } else if let Some(element) = field.kind.strip_prefix('{') {
            let Wire::Bytes(entry) = wire else { return None };
            let map = object.entry(field.name).or_insert_with(|| Value::Object(Map::new()));
            if let Value::Object(map) = map {
                pair(element, entry, map, depth)?;
            }
        } else {
            let read = value(field.kind, &wire, depth)?;
            if field.keeps_zero || !zero(&read) {
                object.insert(field.name.to_owned(), read);
            }
        }
    }
    Some(())
}

/// Whether a value is the zero of its type.
pub(super) fn zero(value: &Value) -> bool {
    match value {
        Value::Null | Value::Bool(false) => true,
        Value::String(text) => text.is_empty(),
        Value::Number(number) => number.as_f64() == Some(0.0),
        _ => false,
    }
}

fn pair(element: &str, entry: &[u8], map: &mut Map<String, Value>, depth: usize) -> Option<()> {
    let mut key = String::new();
    let mut found = value(element, &Wire::Bytes(&[]), depth).unwrap_or_default();
    for piece in pieces(entry) {
        match piece? {
            (1, Wire::Bytes(bytes)) => key = text(bytes),
            (2, wire) => found = value(element, &wire, depth)?,
            _ => {}
        }
    }
    map.insert(key, found);
    Some(())
}

fn value(kind: &str, wire: &Wire<'_>, depth: usize) -> Option<Value> {
    Some(match (kind, wire) {
        ("s", Wire::Bytes(bytes)) => text(bytes).into(),
        ("b", Wire::Number(number)) => (*number != 0).into(),
        ("i" | "l", Wire::Number(number)) => number.cast_signed().into(),
        ("f", Wire::Number(number)) => f64::from_bits(*number).into(),
        ("y", Wire::Bytes(bytes)) => STANDARD.encode(bytes).into(),
        ("q", Wire::Bytes(bytes)) => inner(bytes, 1).map_or_else(|| "0".to_owned(), text).into(),
        ("t" | "u", Wire::Bytes(bytes)) => moment(kind, bytes)?,
        ("x", Wire::Bytes(bytes)) => int_or_string(bytes)?,
        ("*", Wire::Bytes(bytes)) => serde_json::from_slice(inner(bytes, 1).unwrap_or_default()).unwrap_or_default(),
        (kind, Wire::Bytes(bytes)) => {
            let message = messages().get(kind.strip_prefix('@')?)?;
            let mut object = Map::new();
            fill(message, bytes, &mut object, depth + 1)?;
            Value::Object(object)
        }
        _ => return None,
    })
}

fn inner(bytes: &[u8], wanted: u64) -> Option<&[u8]> {
    pieces(bytes).find_map(|piece| match piece {
        Some((number, Wire::Bytes(bytes))) if number == wanted => Some(bytes),
        _ => None,
    })
}

fn numbers(bytes: &[u8]) -> impl Fn(u64) -> i64 + '_ {
    move |wanted| {
        let found = pieces(bytes).find_map(|piece| match piece {
            Some((number, Wire::Number(value))) if number == wanted => Some(value.cast_signed()),
            _ => None,
        });
        found.unwrap_or_default()
    }
}

/// A moment; the empty one is none.
fn moment(kind: &str, bytes: &[u8]) -> Option<Value> {
    if bytes.is_empty() {
        return Some(Value::Null);
    }
    let number = numbers(bytes);
    let at = Timestamp::new(number(1), i32::try_from(number(2)).ok()?).ok()?;
    Some(if kind == "u" { rfc3339_micro(at) } else { rfc3339(at) }.into())
}

fn int_or_string(bytes: &[u8]) -> Option<Value> {
    let number = numbers(bytes);
    Some(match number(1) {
        0 => number(2).into(),
        _ => inner(bytes, 3).map(text).unwrap_or_default().into(),
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn field(number: u8, bytes: &[u8]) -> Vec<u8> {
        [&[number << 3 | 2, u8::try_from(bytes.len()).unwrap()][..], bytes].concat()
    }

    fn body(api_version: &str, kind: &str, raw: &[u8]) -> Vec<u8> {
        let meta = [field(1, api_version.as_bytes()), field(2, kind.as_bytes())].concat();
        [MAGIC, &field(1, &meta), &field(2, raw)].concat()
    }

    #[test]
    fn a_deployment_is_read_as_its_json() {
        let name = field(1, &field(1, b"web"));
        // replicas 0 is said, minReadySeconds 0 is not; a surge of 25%.
        let surge = field(2, &field(2, &[vec![8, 1], field(3, b"25%")].concat()));
        let spec = field(2, &[vec![8, 0, 40, 0], field(4, &surge)].concat());
        let read = decode(&body("apps/v1", "Deployment", &[name, spec].concat()));
        let wanted = json!({"kind": "Deployment", "apiVersion": "apps/v1", "metadata": {"name": "web"},
            "spec": {"replicas": 0, "strategy": {"rollingUpdate": {"maxSurge": "25%"}}}});
        assert_eq!(read, Ok(wanted));
    }

    #[test]
    fn maps_bytes_and_moments_are_read() {
        let data = field(2, &[field(1, b"k"), field(2, b"v")].concat());
        let metadata = field(1, &field(8, &[8, 1]));
        let read = decode(&body("v1", "Secret", &[metadata, data].concat())).unwrap();
        assert_eq!(read["data"], json!({"k": "dg=="}));
        assert_eq!(read["metadata"]["creationTimestamp"], "1970-01-01T00:00:01Z");
    }

    #[test]
    fn what_is_broken_is_refused() {
        assert!(decode(b"{}").is_err());
        assert!(decode(&body("v1", "Nope", b"")).is_err());
        assert!(decode(&body("v1", "Secret", &[0x0A, 0x7F])).is_err());
        for end in 0..40 {
            let whole = body("apps/v1", "Deployment", &field(1, &field(1, b"web")));
            let _ = decode(&whole[..end.min(whole.len())]);
        }
    }
}
