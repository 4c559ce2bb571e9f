//! Where objects live: tables of encoded objects, one growing resourceVersion, a bounded history that watchers read.
//!
//! An object is kept encoded, once, and every list, get and watch event shares those bytes: memory is about the
//! size of the JSON, and a change costs the same however many watch it.

mod history;
mod object;
mod store;
mod table;

pub use history::{Change, ChangeKind, Expired, Limit};
pub use object::{Object, key_parts, object_key};
pub use store::{Listing, Store, StoreError};
