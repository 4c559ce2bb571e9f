//! konn, a terminal console for Kubernetes.
//!
//! A pure core turns events into state and effects; static registries of views and actions stand
//! around it; one thin asynchronous shell touches the cluster, the clock and the terminal.
//!
//! | room | what lives there |
//! | --- | --- |
//! | [`model`] | pure: what a Kubernetes object means |
//! | [`core`] | pure: events in, state and effects out |
//! | [`describe`] | pure: one file per kind, what `kubectl describe` says |
//! | [`relations`] | pure: what leads from which object to which |
//! | [`views`] | one file per view: its columns, declared once |
//! | [`actions`] | one file per verb |
//! | [`layers`] | what lies on top of a table: text, palette, help, prompts |
//! | [`ui`] | `&App` in, cells out |
//! | [`runtime`] | the only asynchronous room: loop, client, watches |
//! | [`cli`] | arguments and subcommands |
//! | [`mock`] | the mock API server, for tests and `--demo` |

pub mod actions;
pub mod cli;
pub mod core;
pub mod describe;
pub mod layers;
pub mod mock;
pub mod model;
pub mod relations;
pub mod runtime;
pub mod ui;
pub mod views;
