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
        let list = Some((self.kind.as_str(), self.api_version.as_str()));
        items.flat_map(|item| rows(item.get(), decoder, list, false)).collect()
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
    /// The change as rows.
    pub fn rows(&self, decoder: Decoder) -> Vec<Delta> {
        rows(self.object.get(), decoder, None, self.what == "DELETED")
    }

    /// The version of the object.
    pub fn version(&self) -> Option<String> {
        let versioned: Versioned = serde_json::from_str(self.object.get()).ok()?;
        Some(versioned.metadata.resource_version).filter(|version| !version.is_empty())
    }
}

/// The version of an object of which only parts are kept.
#[derive(Deserialize)]
struct Versioned {
    #[serde(default)]
    metadata: ListMeta,
}

fn rows(raw: &str, decoder: Decoder, list: Option<(&str, &str)>, gone: bool) -> Vec<Delta> {
    let made = if gone { Delta::Delete } else { Delta::Apply };
    let Decoder::Parts(view) = decoder else { return vec![row(read(raw, decoder, list), made)] };
    let Some(derivation) = view.derived() else { return Vec::new() };
    match (derivation.rows)(raw) {
        Ok(rows) if gone => rows.into_iter().map(Delta::Delete).collect(),
        Ok(rows) => {
            let of = rows.first().and_then(|row| row.meta().uid.split_once('/')).map_or("", |(of, _)| of);
            vec![Delta::Parted(of.into(), rows)]
        }
        Err(error) => vec![Delta::Broken(error.to_string())],
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
        (Decoder::Row(view) | Decoder::Parts(view), _) => view.decode(raw),
        (Decoder::Whole, Some((kind, api_version))) => Whole::read_item(raw, kind, api_version),
        (Decoder::Whole, None) => Whole::read(raw),
    }
}
