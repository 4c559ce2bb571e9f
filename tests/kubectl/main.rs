//! Ring 4: the real kubectl against the practice cluster. What it prints must be what it prints of a real one.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "in a test a panic is the report"
)]

mod access;
mod apply;
mod change;
mod create;
mod describe;
mod driver;
mod get;
mod nodes;
mod rollout;
mod streams;
mod volumes;
