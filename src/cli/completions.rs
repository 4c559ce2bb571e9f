//! `konn completions`.

use clap_complete::Shell;

use super::Failure;

/// Prints completions for a shell.
pub fn run(shell: Shell) -> Result<(), Failure> {
    clap_complete::generate(shell, &mut super::command(), "konn", &mut std::io::stdout());
    Ok(())
}
