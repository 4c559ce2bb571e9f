//! PersistentVolumeClaims: bound or what they wait for.

use super::{Kind, Page, Seen};
use crate::core::text::Tone;
use crate::describe::Read;

/// Claims.
pub(super) const KIND: Kind = Kind {
    kinds: &[("", "PersistentVolumeClaim")],
    needs: |_| Vec::new(),
    say,
};

fn say(seen: &Seen, page: &mut Page) {
    let (spec, status) = (seen.object.key("spec"), seen.object.key("status"));
    let class = spec.key("storageClassName").text();
    let volume = spec.key("volumeName").text();
    let args = [("class", class), ("volume", volume)];
    match status.key("phase").text() {
        "Bound" => page.note(Tone::Good, seen.lang.f("preview.claim_bound", &args)),
        "Lost" => page.note(Tone::Error, seen.lang.f("preview.claim_lost", &args)),
        _ if class.is_empty() => page.note(Tone::Warn, seen.lang.t("preview.claim_waits_classless")),
        _ => page.note(Tone::Warn, seen.lang.f("preview.claim_waits", &args)),
    }
    let wanted = spec.at("resources.requests.storage").show();
    let given = status.at("capacity.storage").show();
    if !given.is_empty() && given != wanted {
        let args = [("wanted", wanted.as_str()), ("given", &given)];
        page.say(Tone::Plain, seen.lang.f("preview.claim_sizes", &args));
    } else {
        page.field(&seen.lang.t("preview.size"), wanted);
    }
    let modes: Vec<String> = spec.key("accessModes").list().iter().map(Read::show).collect();
    page.field(&seen.lang.t("preview.modes"), modes.join(", "));
}
