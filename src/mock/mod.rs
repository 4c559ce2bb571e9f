//! The mock API server: objects in memory behind the Kubernetes API, for tests and `--demo`.

pub mod admission;
mod bootstrap;
pub mod clock;
pub mod controllers;
pub mod demo;
pub mod faults;
mod files;
pub mod ids;
pub mod kinds;
mod logs;
pub mod patch;
pub mod print;
mod running;
pub mod select;
mod serve;
pub mod server;
mod shell;
pub mod storage;
mod streams;
mod values;
pub mod written;

pub use demo::{Churn, Load};
pub use running::{Builder, Mock, MockError, Running};
pub use serve::{Options, parse_fault, start};
