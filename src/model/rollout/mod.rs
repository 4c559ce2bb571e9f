//! Rollouts: the revisions of a workload, how far a rollout is, and how one is undone.

mod history;
mod status;
mod undo;

pub use history::{Revision, revisions};
pub use status::{Progress, Stage, deadline_exceeded, status, troubles};
pub use undo::{NoUndo, Undo, previous, undo};
