//! `konn man`.

use super::Failure;

/// Prints the man page.
pub fn run() -> Result<(), Failure> {
    clap_mangen::Man::new(super::command()).render(&mut std::io::stdout())?;
    Ok(())
}
