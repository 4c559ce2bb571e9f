//! The course's exercises on the practice cluster, end to end through the API: what the learner does, and what must be
//! seen. The clock is turned by hand, so that minutes pass at once.

#![allow(clippy::unwrap_used, reason = "in a test a panic is the report")]

#[path = "exercises/lab.rs"]
mod lab;
#[path = "exercises/limits.rs"]
mod limits;
#[path = "exercises/nodes.rs"]
mod nodes;
#[path = "exercises/pods.rs"]
mod pods;
#[path = "exercises/scheduling.rs"]
mod scheduling;
#[path = "exercises/services.rs"]
mod services;
#[path = "exercises/volumes.rs"]
mod volumes;
#[path = "exercises/workloads.rs"]
mod workloads;
