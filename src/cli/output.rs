//! Standard output.

use std::io::{ErrorKind, Write, stdout};

use super::Failure;
use super::start;
use crate::core::lang::{Lang, Tongue};

/// Writes everything. That a reader such as `head` has had enough is no failure; a full disk is.
pub fn write(text: &[u8]) -> Result<(), Failure> {
    let mut out = stdout();
    match out.write_all(text).and_then(|()| out.flush()) {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => {
            let lang = Lang::load(Tongue::from_locale(&start::locale()));
            Err(Failure(lang.f("cli.output", &[("why", &error.to_string())])))
        }
        _ => Ok(()),
    }
}
