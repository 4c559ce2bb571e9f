//! `konn man`.

use super::{Failure, output};

/// Prints the man page.
pub fn run() -> Result<(), Failure> {
    let mut text = Vec::new();
    // A vector takes all that is written to it.
    let _ = clap_mangen::Man::new(super::command()).render(&mut text);
    output::write(&text)
}
