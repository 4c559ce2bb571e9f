//! A whole object, for what shows all of it.

use std::sync::Arc;

use serde::{Deserialize, Deserializer};
use serde_json::Value;

use super::view::Shared;
use crate::model::{DecodeError, Meta, Projection, decode};

/// An object as the server sent it, without managed fields.
#[derive(Debug)]
pub struct Whole {
    meta: Meta,
    /// The object.
    pub value: Value,
}

impl Whole {
    /// Reads an object. Fails where the text is no JSON object.
    pub fn read(raw: &str) -> Result<Shared, DecodeError> {
        decode::<Self>(raw).map(|whole| Arc::new(whole) as Shared)
    }

    /// An object, or a part of one.
    pub fn of(value: Value) -> Shared {
        let meta = value.get("metadata").map(Meta::deserialize);
        let meta = meta.and_then(Result::ok).unwrap_or_default();
        Arc::new(Self { meta, value })
    }

    /// Reads an item of a list, which does not say what it is: the list's kind and API version tell.
    pub fn read_item(raw: &str, list_kind: &str, api_version: &str) -> Result<Shared, DecodeError> {
        let mut whole: Self = decode(raw)?;
        if let (Value::Object(object), Some(kind)) = (&mut whole.value, list_kind.strip_suffix("List")) {
            object.entry("apiVersion").or_insert_with(|| api_version.into());
            object.entry("kind").or_insert_with(|| kind.into());
        }
        Ok(Arc::new(whole))
    }

    /// The object's resourceVersion.
    pub fn version(&self) -> &str {
        &self.meta.resource_version
    }
}

impl<'de> Deserialize<'de> for Whole {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let mut value: Value = serde_json::Map::deserialize(deserializer)?.into();
        let metadata = value.get_mut("metadata");
        let meta = metadata
            .as_deref()
            .map(Meta::deserialize)
            .and_then(Result::ok)
            .unwrap_or_default();
        if let Some(Value::Object(metadata)) = metadata {
            metadata.shift_remove("managedFields");
        }
        Ok(Self { meta, value })
    }
}

impl Projection for Whole {
    const KIND: &'static str = "object";

    fn meta(&self) -> &Meta {
        &self.meta
    }
}
