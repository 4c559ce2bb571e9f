//! From the server's bytes to rows, object by object, so that a malformed one costs no other.

use serde::Deserialize;
use serde_json::value::RawValue;

use crate::core::store::Delta;
use crate::core::view::Shared;
use crate::core::watch::Decoder;
use crate::core::whole::Whole;
use crate::model::DecodeError;

/// A page of a list.
#[derive(Deserialize)]
pub struct Page<'a> {
    /// `PodList`; items do not say what they are.
    #[serde(default)]
    pub kind: String,
    /// The API version of the items too.
    #[serde(default, rename = "apiVersion")]
    pub api_version: String,
    /// Where the list stands.
    #[serde(default)]
    pub metadata: ListMeta,
    /// The objects, not read yet. Go servers write an empty list as null at times.
    #[serde(borrow, default)]
    items: Option<Vec<&'a RawValue>>,
}

/// Where a list stands.
#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct ListMeta {
    /// The version of the whole list.
    pub resource_version: String,
    /// Names the next page; empty on the last.
    #[serde(rename = "continue")]
    pub token: Option<String>,
}

impl Page<'_> {
    /// The rows of the page.
    pub fn rows(&self, decoder: Decoder) -> Vec<Delta> {
        let items = self.items.iter().flatten();
        items.map(|item| row(read(item.get(), decoder, Some((&self.kind, &self.api_version))), Delta::Apply)).collect()
    }
}

/// A line of a watch.
#[derive(Deserialize)]
pub struct Change<'a> {
    /// `ADDED`, `MODIFIED`, `DELETED`, `BOOKMARK` or `ERROR`.
    #[serde(rename = "type")]
    pub what: String,
    /// The object, not read yet.
    #[serde(borrow)]
    pub object: &'a RawValue,
}

impl Change<'_> {
    /// The change as a row.
    pub fn row(&self, decoder: Decoder) -> Delta {
        let made = if self.what == "DELETED" { Delta::Delete } else { Delta::Apply };
        row(read(self.object.get(), decoder, None), made)
    }
}

fn row(read: Result<Shared, DecodeError>, made: impl Fn(Shared) -> Delta) -> Delta {
    match read {
        Ok(object) => made(object),
        Err(error) => Delta::Broken(error.to_string()),
    }
}

fn read(raw: &str, decoder: Decoder, list: Option<(&str, &str)>) -> Result<Shared, DecodeError> {
    match (decoder, list) {
        (Decoder::Row(view), _) => view.decode(raw),
        (Decoder::Whole, Some((kind, api_version))) => Whole::read_item(raw, kind, api_version),
        (Decoder::Whole, None) => Whole::read(raw),
    }
}
