//! Pods: the state in words, what it waits for, and the containers that are not as they should be.

use super::page::tone;
use super::{Kind, Page, Seen, containers};
use crate::core::text::Tone;
use crate::describe::Read;
use crate::model::{Pod, Projection, decode_value};

/// Pods.
pub(super) const KIND: Kind = Kind {
    kinds: &[("", "Pod")],
    needs: |_| Vec::new(),
    say,
};

fn say(seen: &Seen, page: &mut Page) {
    if let Ok(pod) = decode_value::<Pod>(seen.object) {
        let ready = seen.lang.f(
            "preview.containers",
            &[
                ("ready", &pod.ready().0.to_string()),
                ("all", &pod.ready().1.to_string()),
            ],
        );
        page.note(tone(pod.health()), format!("{} · {ready}", pod.status()));
    }
    let (spec, status) = (seen.object.key("spec"), seen.object.key("status"));
    let message = status.key("message").text();
    if !message.is_empty() {
        page.note(Tone::Warn, message);
    }
    let node = spec.key("nodeName").text();
    if node.is_empty() {
        page.note(Tone::Warn, seen.lang.t("preview.no_node"));
    } else {
        page.say(Tone::Muted, seen.lang.f("preview.on_node", &[("node", node)]));
    }
    containers::say(seen, page);
}
