//! `konn version`.

use std::io::Write;

use super::Failure;

/// Prints the version.
pub fn run() -> Result<(), Failure> {
    writeln!(std::io::stdout(), "konn {}", env!("CARGO_PKG_VERSION"))?;
    Ok(())
}
