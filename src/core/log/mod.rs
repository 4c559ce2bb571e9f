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

pub mod batch;
pub mod level;
pub mod reader;
pub mod seen;
pub mod sieve;
pub mod split;
pub mod stamp;

pub use batch::{Batch, LineMeta};
pub use level::Level;
pub use reader::Reader;
