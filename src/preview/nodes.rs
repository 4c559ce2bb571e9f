//! Nodes: whether pods may go there, and what keeps them away.

use serde_json::Value;

use super::{Kind, Page, Seen};
use crate::core::text::Tone;
use crate::describe::{Read, condition_tone};

/// Nodes.
pub(super) const KIND: Kind = Kind {
    kinds: &[("", "Node")],
    needs: |_| Vec::new(),
    say,
};

fn say(seen: &Seen, page: &mut Page) {
    let (spec, status) = (seen.object.key("spec"), seen.object.key("status"));
    let conditions = status.key("conditions").list();
    let ready = conditions
        .iter()
        .find(|condition| condition.key("type").text() == "Ready");
    let well = ready.is_some_and(|ready| condition_tone(ready) == Tone::Good);
    let (tone, key) = if well {
        (Tone::Good, "preview.node_ready")
    } else {
        (Tone::Error, "preview.node_not_ready")
    };
    page.note(tone, seen.lang.t(key));
    if spec.key("unschedulable").truth() {
        page.note(Tone::Warn, seen.lang.t("preview.cordoned"));
    }
    for one in spec.key("taints").list() {
        page.note(Tone::Plain, seen.lang.f("preview.taint", &[("taint", &taint(one))]));
    }
    let can = status.key("allocatable");
    let room = ["cpu", "memory", "pods"].map(|name| format!("{name} {}", can.key(name).show()));
    page.field(&seen.lang.t("preview.allocatable"), room.join(", "));
    page.field("kubelet", status.at("nodeInfo.kubeletVersion").show());
}

/// `key=value:Effect`, as kubectl writes taints.
fn taint(taint: &Value) -> String {
    let value = match taint.key("value").text() {
        "" => String::new(),
        value => format!("={value}"),
    };
    format!("{}{value}:{}", taint.key("key").text(), taint.key("effect").text())
}
