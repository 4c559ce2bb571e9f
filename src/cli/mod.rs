//! Arguments and subcommands.

mod args;
mod completions;
mod config;
mod console;
mod info;
mod log;
mod man;
mod mock;
mod output;
mod snapshot;
mod start;
mod version;

use std::io::Write;
use std::process::ExitCode;

use clap::{CommandFactory, Parser};

pub use args::Args;
use args::Subcommand;

use crate::core::text::clean;

/// What keeps konn from doing what it was asked, in the person's language: what happened, and what to do.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct Failure(pub String);

/// A message as it is printed: one line without anything that could steer the terminal, for file names and servers have
/// their say in it, and without the numbers that the system gives its errors.
fn printed(message: &str) -> String {
    let mut out = String::new();
    let mut parts = message.split(" (os error ");
    out.push_str(parts.next().unwrap_or_default());
    for part in parts {
        out.push_str(part.split_once(')').map_or(part, |(_, rest)| rest));
    }
    clean(&out).into_owned()
}

/// Runs konn with the arguments of the process.
pub fn run() -> ExitCode {
    let args = match Args::try_parse() {
        Ok(args) => args,
        Err(error) => {
            let code = u8::try_from(error.exit_code()).unwrap_or(2);
            let _ = error.print();
            return ExitCode::from(code);
        }
    };
    match dispatch(args) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            let _ = writeln!(std::io::stderr(), "konn: {}", printed(&failure.0));
            ExitCode::FAILURE
        }
    }
}

fn dispatch(mut args: Args) -> Result<(), Failure> {
    match args.command.take() {
        None => console::run(&args),
        Some(Subcommand::Snapshot(snapshot)) => snapshot::run(&args, &snapshot),
        Some(Subcommand::Mock(mock)) => mock::run(&args, &mock),
        Some(Subcommand::Version) => version::run(),
        Some(Subcommand::Info) => info::run(&args),
        Some(Subcommand::Completions { shell }) => completions::run(shell),
        Some(Subcommand::Man) => man::run(),
    }
}

/// The command line as clap knows it: for completions, the man page and the docs.
pub fn command() -> clap::Command {
    Args::command()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_is_one_line_for_a_person() {
        for (message, wanted) in [
            ("It is gone.", "It is gone."),
            (
                "a cannot be read: Not there (os error 2). Look.",
                "a cannot be read: Not there. Look.",
            ),
            ("x (os error 1) y (os error 2)", "x y"),
            ("a\u{1b}[31m\nb", "a[31m⏎b"),
        ] {
            assert_eq!(printed(message), wanted);
        }
    }
}
