//! The pure core: events in, state and effects out. No tokio, no I/O, no terminal, no wall clock.

pub mod clock;
pub mod text;
