//! Any kind: its phase, where it has one. Conditions and events are everybody's.

use super::{Kind, Page, Seen};
use crate::core::text::Tone;
use crate::describe::Read;

/// Any kind.
pub(super) const KIND: Kind = Kind {
    kinds: &[],
    needs: |_| Vec::new(),
    say,
};

/// Phases that say that something went wrong.
const BAD: [&str; 4] = ["Failed", "Error", "Lost", "Degraded"];

fn say(seen: &Seen, page: &mut Page) {
    let status = seen.object.key("status");
    let phase = status.key("phase").text();
    if phase.is_empty() {
        return;
    }
    let tone = if BAD.contains(&phase) { Tone::Error } else { Tone::Plain };
    let message = match (status.key("reason").text(), status.key("message").text()) {
        ("", "") => String::new(),
        ("", text) | (text, "") => format!(": {text}"),
        (reason, message) => format!(": {reason}: {message}"),
    };
    page.note(tone, format!("{phase}{message}"));
}
