//! Ring 3: the real runtime against the mock API over real HTTP on loopback, faults included.
#![allow(clippy::expect_used, clippy::panic, clippy::unwrap_used)]

#[path = "api/containers.rs"]
mod containers;
#[path = "api/contexts.rs"]
mod contexts;
#[path = "api/debug.rs"]
mod debug;
#[path = "api/describe.rs"]
mod describe;
#[path = "api/drain.rs"]
mod drain;
#[path = "verbs/drive.rs"]
mod drive;
#[path = "api/errors.rs"]
mod errors;
#[path = "api/errors_elsewhere.rs"]
mod errors_elsewhere;
#[path = "api/exec.rs"]
mod exec;
#[path = "api/explain.rs"]
mod explain;
#[path = "api/faults.rs"]
mod faults;
#[path = "api/forward.rs"]
mod forward;
#[path = "api/found.rs"]
mod found;
#[path = "api/gateways.rs"]
mod gateways;
#[path = "api/links.rs"]
mod links;
#[path = "api/live.rs"]
mod live;
#[path = "api/logs.rs"]
mod logs;
#[path = "api/node_verbs.rs"]
mod node_verbs;
#[path = "api/objects.rs"]
mod objects;
#[path = "api/preview.rs"]
mod preview;
#[path = "api/relations.rs"]
mod relations;
#[path = "api/remade.rs"]
mod remade;
#[path = "api/rights.rs"]
mod rights;
#[path = "api/safety.rs"]
mod safety;
#[path = "api/secrets.rs"]
mod secrets;
mod support;
#[path = "api/switch.rs"]
mod switch;
#[path = "api/tables.rs"]
mod tables;
#[path = "api/usage.rs"]
mod usage;
mod verbs;
#[path = "api/workloads.rs"]
mod workloads;
