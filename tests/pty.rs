//! Ring 5: the real binary in a real pseudo-terminal. Not on Windows, whose pseudo-terminal draws by itself and answers
//! nothing of what konn wrote; what is the same everywhere is held by the rings below.
#![cfg(unix)]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test fails by panicking"
)]

#[path = "pty/broken.rs"]
mod broken;
#[path = "pty/copy.rs"]
mod copy;
#[path = "pty/drain.rs"]
mod drain;
#[path = "pty/edit.rs"]
mod edit;
#[path = "pty/home.rs"]
mod home;
#[path = "pty/hostile.rs"]
mod hostile;
#[path = "pty/keys.rs"]
mod keys;
#[path = "pty/leave.rs"]
mod leave;
#[path = "pty/pager.rs"]
mod pager;
#[path = "pty/panic.rs"]
mod panic;
#[path = "pty/plugin.rs"]
mod plugin;
#[path = "pty/shell.rs"]
mod shell;
#[path = "pty/size.rs"]
mod size;
mod support;
#[path = "pty/terminal.rs"]
mod terminal;
#[path = "pty/trouble.rs"]
mod trouble;
#[path = "pty/whole.rs"]
mod whole;
