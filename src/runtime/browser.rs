//! Showing a page in the person's browser, where there is one within reach.

use super::clipboard::Clipboard;
use crate::core::outcome::Outcome;
use crate::core::trouble::{Trouble, TroubleKind};

/// Shows a page. Nothing over SSH: a browser would open where nobody sits.
pub fn show(url: &str) -> Option<Outcome> {
    if Clipboard::is_remote() {
        return None;
    }
    Some(match open::that_detached(url) {
        Ok(()) => Outcome::Browsed { shown: true },
        Err(error) => Outcome::Failed(
            Trouble::new(TroubleKind::Other, "trouble.browser")
                .with("url", url)
                .saying(error.to_string()),
        ),
    })
}
