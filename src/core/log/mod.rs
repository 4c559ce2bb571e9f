//! Logs: from the bytes of a container's log to lines that can be kept, merged, searched and drawn.
//!
//! | file | what it answers |
//! | --- | --- |
//! | [`split`] | where lines begin and end in the bytes |
//! | [`stamp`] | when a line was written |
//! | [`sieve`] | what of a line may reach a terminal |
//! | [`level`] | how serious a line is |
//! | [`seen`] | which lines came already, where a log is read again |
//! | [`batch`] | lines on their way from a session to its layer |
//! | [`reader`] | all of these in their order |
//! | [`block`], [`journal`] | the lines that are kept: merged by time, bounded |
//! | [`lens`], [`look`] | which of them are shown, and where a search hits |
//! | [`fields`], [`template`] | lines of JSON and logfmt as fields, and how these are told in one line |

pub mod batch;
pub mod block;
pub mod fields;
pub mod journal;
pub mod lens;
pub mod level;
pub mod look;
pub mod reader;
pub mod seen;
pub mod sieve;
pub mod split;
pub mod stamp;
pub mod template;

pub use batch::{Batch, LineMeta};
pub use block::{Entry, Key, MARK};
pub use journal::{Journal, MEMORY};
pub use lens::Filter;
pub use level::Level;
pub use look::Spot;
pub use reader::Reader;
