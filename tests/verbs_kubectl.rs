//! Ring 4: for every verb, the kubectl command that konn shows does what konn did: run with the real kubectl against a
//! second cluster with the same objects, it leaves the same state.
#![cfg(unix)]
#![allow(clippy::expect_used, clippy::panic, clippy::unwrap_used)]

#[path = "verbs_kubectl/debug.rs"]
mod debug;
#[path = "verbs_kubectl/harness.rs"]
mod harness;
mod support;
#[path = "verbs_kubectl/workloads.rs"]
mod workloads;
