//! The only asynchronous room: the loop, the client, watches, effects. Nothing else touches the cluster, the clock or
//! the terminal.
//!
//! | file | what it answers |
//! | --- | --- |
//! | [`client`] | from kubeconfig and flags to a client |
//! | [`connection`] | everything that belongs to one open context, dropped as a whole |
//! | [`watch`] | from a watch that was asked for to rows |
//! | [`call`] | from a request to its outcome; the one place that refuses changes in read-only mode |
//! | [`session`] | streams between konn and containers: logs, forwards |
//! | [`open_api`] | what the server says of fields |
//! | [`discovery`] | what the server serves |
//! | [`machine`] | the application and its effects, without a terminal |
//! | [`console`] | the loop of a person at a terminal |
//! | [`snapshot`] | one frame without a terminal |
//! | [`leave`] | when the system asks konn to leave |
//! | [`terminal`], [`input`], [`clipboard`] | what a terminal is taken, read and left with |
//! | `handover` | lending the terminal to a pager |
//! | `debug_pods` | records of debug pods, for the start after a crash |
//! | `save` | writing a file |
//! | `ports`, `browser` | which ports of this machine are free; showing a page |

mod answer;
mod audit;
mod browser;
pub mod call;
pub mod client;
pub mod clipboard;
pub mod connection;
pub mod console;
mod debug_pods;
pub mod discovery;
pub mod editor;
pub mod files;
mod handover;
pub mod input;
mod kubeconfig;
pub mod leave;
pub mod machine;
pub mod open_api;
mod ports;
mod save;
pub mod session;
pub mod snapshot;
pub mod terminal;
pub mod watch;
