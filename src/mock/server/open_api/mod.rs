//! OpenAPI: what the server serves and of which types it is, in the third version, one document for each group and
//! version, and in the second, one for all.

mod operations;
mod second;
mod third;

pub use second::second;
pub use third::{document, index};
