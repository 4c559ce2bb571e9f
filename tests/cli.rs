//! The command line of the real binary without a terminal: what it prints where, and how it ends.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test fails by panicking"
)]

#[path = "cli/clusters.rs"]
mod clusters;
#[path = "cli/files.rs"]
mod files;
#[path = "cli/run.rs"]
mod run;
#[path = "cli/secrets.rs"]
mod secrets;
#[allow(dead_code, reason = "the client's own tests use the rest")]
#[path = "client/support.rs"]
mod site;
#[path = "cli/snapshots.rs"]
mod snapshots;
#[path = "cli/subcommands.rs"]
mod subcommands;
