//! The conditions that are not as they should be.

use serde_json::Value;

use super::{Page, Seen};
use crate::core::text::Tone;
use crate::describe::{Read, condition_tone};

/// Says each that is worth a look, with reason and message.
pub fn say(seen: &Seen, page: &mut Page) {
    let conditions = seen.object.at("status.conditions").list();
    let bad = conditions
        .iter()
        .map(|condition| (condition_tone(condition), condition))
        .filter(|(tone, condition)| matches!(tone, Tone::Error | Tone::Warn) && !is_echo(condition));
    page.section(seen.lang.t("preview.conditions"));
    for (tone, condition) in bad {
        let [kind, status, reason, message] =
            ["type", "status", "reason", "message"].map(|field| condition.key(field).text());
        let mut text = format!("{kind}={status}");
        if !reason.is_empty() {
            text.push_str(&format!(" {reason}"));
        }
        if !message.is_empty() {
            text.push_str(&format!(": {message}"));
        }
        page.note(tone, text);
    }
}

/// Whether a condition of a pod only names the containers, of which more is said already.
fn is_echo(condition: &Value) -> bool {
    matches!(
        condition.key("reason").text(),
        "ContainersNotReady" | "ContainersNotInitialized"
    )
}
