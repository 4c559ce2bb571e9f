//! The client against small servers on this machine, over real TCP and TLS.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "in a test a panic is the report"
)]

mod answers;
mod discovery;
mod plugins;
mod proxies;
mod streams;
mod support;
mod tls;
