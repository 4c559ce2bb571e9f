//! The demo cluster: three nodes with applications that live, some of them broken in the ways that people meet.
//!
//! Only what a person would have applied is written down, in `demo/*.yaml`; the rest (replica sets, pods, events,
//! endpoints, volumes) grows from it by the controllers, at an earlier time, so that it looks lived in.

mod grow;
mod load;
mod manifests;

pub use grow::grow;
pub use load::{Churn, Load, churn, plant_load};
