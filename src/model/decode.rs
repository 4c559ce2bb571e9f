//! From an object's JSON to its row. Objects may be malformed: a field that is missing, null or of the wrong type reads as
//! its default, so that one bad field costs one cell and never a list.

use std::cell::Cell;
use std::fmt;
use std::marker::PhantomData;
use std::ops::Deref;

use serde::de::{Deserialize, Deserializer, Error, Visitor};
use serde_json::Value;

use super::Projection;

/// Why an object could not be read at all: its text is no JSON object.
#[derive(Debug, thiserror::Error)]
#[error("this {kind} cannot be read: {cause}")]
pub struct DecodeError {
    kind: &'static str,
    cause: serde_json::Error,
}

/// Reads what is made of a text, without a copy of the text.
///
/// # Errors
/// What the deserializer says of anything else.
pub(super) fn from_text<'de, T: for<'a> From<&'a str>, D: Deserializer<'de>>(deserializer: D) -> Result<T, D::Error> {
    deserializer.deserialize_str(Text(PhantomData))
}

struct Text<T>(PhantomData<T>);

impl<T: for<'a> From<&'a str>> Visitor<'_> for Text<T> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a string")
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<T, E> {
        Ok(text.into())
    }
}

thread_local! {
    /// Whether fields of the wrong type are read as missing. Off for the first, fast try.
    static LENIENT: Cell<bool> = const { Cell::new(false) };
}

/// Reads one object from its JSON.
///
/// # Errors
/// [`DecodeError`] if `raw` is not a JSON object. Fields of the wrong type are no error: they read as missing.
pub fn decode<K: Projection>(raw: &str) -> Result<K, DecodeError> {
    object(raw)
        .and_then(|()| serde_json::from_str(raw).or_else(|_| leniently(|| serde_json::from_str(raw))))
        .map_err(|cause| DecodeError { kind: K::KIND, cause })
}

/// Reads one object from a JSON value.
///
/// # Errors
/// [`DecodeError`] if `value` is not an object. Fields of the wrong type are no error: they read as missing.
pub fn decode_value<K: Projection>(value: &Value) -> Result<K, DecodeError> {
    let object = if value.is_object() { Ok(()) } else { Err(no_object()) };
    object
        .and_then(|()| K::deserialize(value).or_else(|_| leniently(|| K::deserialize(value))))
        .map_err(|cause| DecodeError { kind: K::KIND, cause })
}

/// Serde also reads a struct from a list of its fields; no API object is one.
fn object(raw: &str) -> serde_json::Result<()> {
    if raw.trim_start().starts_with('{') {
        Ok(())
    } else {
        Err(no_object())
    }
}

fn no_object() -> serde_json::Error {
    serde::de::Error::custom("it is no JSON object")
}

fn leniently<T>(read: impl FnOnce() -> T) -> T {
    LENIENT.set(true);
    let read = read();
    LENIENT.set(false);
    read
}

/// For `deserialize_with`: null is the default, as Go reads it. In the lenient try, so is a value of the wrong type.
pub(crate) fn nullable<'de, D, T>(deserializer: D) -> Result<T, D::Error>
where
    D: Deserializer<'de>,
    T: Deserialize<'de> + Default,
{
    if LENIENT.get() {
        let value = Value::deserialize(deserializer)?;
        return Ok(Option::deserialize(value).ok().flatten().unwrap_or_default());
    }
    Ok(Option::deserialize(deserializer)?.unwrap_or_default())
}

/// A JSON list. In the lenient try an item of the wrong type counts as an empty item: how many there are still shows.
#[derive(Debug)]
pub(crate) struct List<T>(Vec<T>);

impl<T> Default for List<T> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<T> Deref for List<T> {
    type Target = [T];

    fn deref(&self) -> &[T] {
        &self.0
    }
}

impl<T> IntoIterator for List<T> {
    type Item = T;
    type IntoIter = std::vec::IntoIter<T>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}

impl<'de, T: Deserialize<'de> + Default> Deserialize<'de> for List<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        if LENIENT.get() {
            let items = Vec::<Value>::deserialize(deserializer)?;
            return Ok(Self(
                items
                    .into_iter()
                    .map(|item| T::deserialize(item).unwrap_or_default())
                    .collect(),
            ));
        }
        Vec::deserialize(deserializer).map(Self)
    }
}

/// Declares structs as the API spells them: camelCase, every field optional and nullable.
macro_rules! wire {
    ($($(#[$meta:meta])* struct $name:ident { $($(#[$field_meta:meta])* $field:ident: $type:ty,)* })*) => {
        $(
            $(#[$meta])*
            #[derive(Debug, Default, serde::Deserialize)]
            #[serde(default, rename_all = "camelCase")]
            pub(super) struct $name {
                $(
                    $(#[$field_meta])*
                    #[serde(deserialize_with = "crate::model::decode::nullable")]
                    pub(super) $field: $type,
                )*
            }
        )*
    };
}

pub(crate) use wire;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Pod;

    #[test]
    fn a_field_of_the_wrong_type_costs_that_field_only() {
        let pod: Pod = decode(
            r#"{"metadata":{"name":"web","namespace":7,"labels":[],"creationTimestamp":"yesterday"},
                "spec":{"nodeName":"n1","containers":[null,{"name":"a"},"b"]},
                "status":{"phase":"Running","containerStatuses":{"a":1},"podIPs":"10.0.0.1"}}"#,
        )
        .unwrap();
        assert_eq!(&*pod.meta().name, "web");
        assert_eq!(pod.meta().namespace, None);
        assert_eq!(pod.meta().created, None);
        assert_eq!(pod.node().unwrap(), "n1");
        assert_eq!(pod.ready_text(), "0/3");
        assert_eq!(pod.status(), "Running");
    }

    #[test]
    fn nulls_read_as_missing() {
        let pod: Pod = decode(r#"{"metadata":null,"spec":{"containers":null},"status":null}"#).unwrap();
        assert_eq!(&*pod.meta().name, "");
        assert_eq!(pod.ready_text(), "0/0");
        let value = serde_json::json!({"metadata": {"name": "a", "labels": null}});
        assert_eq!(&*decode_value::<Pod>(&value).unwrap().meta().name, "a");
    }

    #[test]
    fn what_is_no_object_is_an_error() {
        for raw in ["", "7", "\"pod\"", "{\"metadata\":", "[1]"] {
            let error = decode::<Pod>(raw).unwrap_err();
            assert!(error.to_string().starts_with("this Pod cannot be read: "), "{error}");
        }
        // The lenient try leaves no trace: the next object is read strictly first.
        assert!(!LENIENT.get());
    }
}
