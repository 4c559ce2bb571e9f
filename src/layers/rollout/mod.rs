//! Rollouts, live: how far one is, and the revisions that there were.

mod bars;
mod history;
mod page;
mod parts;
mod status;

pub use history::Revisions;
pub use parts::history_query;
pub use status::RolloutStatus;
