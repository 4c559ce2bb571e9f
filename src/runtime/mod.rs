//! The only asynchronous room: the loop, the client, watches, effects.

pub mod client;
