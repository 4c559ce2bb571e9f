//! `konn completions`.

use clap_complete::Shell;

use super::{Failure, output};

/// Prints completions for a shell.
pub fn run(shell: Shell) -> Result<(), Failure> {
    let mut text = Vec::new();
    clap_complete::generate(shell, &mut super::command(), "konn", &mut text);
    output::write(&text)
}
