//! `konn version`.

use super::{Failure, output};

/// Prints the version.
pub fn run() -> Result<(), Failure> {
    output::write(format!("konn {}\n", env!("CARGO_PKG_VERSION")).as_bytes())
}
