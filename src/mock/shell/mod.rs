//! A small shell over a container's own files, with the programs that people try in one.
//!
//! It is a model: it knows words, quotes, variables, pipes, redirection, `if`, `for` and `while`, and the exit codes that go
//! with them; it has no jobs, functions or arithmetic.

mod expand;
mod io;
mod lex;
mod line;
mod machine;
mod parse;
mod programs;
mod run;
mod session;

pub use io::{Input, Io, Output};
pub use line::{Act, Discipline};
pub use machine::{Machine, Terminal};
pub use programs::PROGRAMS;
pub use session::start;
