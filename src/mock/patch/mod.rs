//! How patches change objects: JSON merge patch and Kubernetes' strategic merge patch.

pub mod apply;
mod keys;
pub mod merge;
pub mod strategic;
pub mod told;

pub use keys::{Merge, merge_of};
