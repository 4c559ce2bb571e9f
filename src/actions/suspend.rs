//! Suspend cronjobs, which then start no jobs, and jobs, whose pods are then ended.

use serde_json::{Value, json};

use super::{dialog, of_kinds, patch_right, warning};
use crate::core::access::Need;
use crate::core::action::{Action, ActionMeta, Cx, Danger, Reason, Target};
use crate::core::change::Change;
use crate::core::layer::{LayerCx, Next};
use crate::core::text::Line;
use crate::layers::dialog::{Draft, Item, Plan, Wrong};

/// Suspend.
pub struct Suspend;

/// The kinds that can be suspended.
pub const KINDS: &[(&str, &str)] = &[("batch", "CronJob"), ("batch", "Job")];

impl Action for Suspend {
    fn meta(&self) -> &'static ActionMeta {
        &ActionMeta {
            id: "suspend",
            danger: Danger::Change,
        }
    }

    fn enabled(&self, cx: &Cx) -> Result<(), Reason> {
        of_kinds(cx, KINDS, Reason("not_suspendable"))
    }

    fn needs(&self, target: &Target) -> Vec<Need> {
        patch_right(target)
    }

    fn start(&self, cx: &Cx) -> Next {
        dialog(cx, SuspendPlan)
    }
}

struct SuspendPlan;

impl Plan for SuspendPlan {
    fn id(&self) -> &'static str {
        "suspend"
    }

    fn notes(&self, draft: &Draft, cx: &LayerCx) -> Vec<Line> {
        let ends = |item: &&Item| item.resource.kind == "Job" && !is_finished(item);
        let note = |item: &Item| warning(&cx.lang.f("dialog.suspend.ends", &[("what", &item.full_name())]));
        draft.items.iter().filter(ends).map(note).collect()
    }

    fn changes(&self, item: &Item, draft: &Draft, cx: &LayerCx) -> Result<Vec<Change>, Wrong> {
        suspended(item, draft, true, cx)
    }
}

/// The change that suspends an object, or resumes it; none where it is so already.
pub fn suspended(item: &Item, draft: &Draft, wanted: bool, cx: &LayerCx) -> Result<Vec<Change>, Wrong> {
    if is_finished(item) {
        // One of many that has finished keeps none of the others.
        if draft.items.len() > 1 {
            return Ok(Vec::new());
        }
        let what = item.full_name();
        return Err(Wrong::whole(cx.lang.f("dialog.suspend.finished", &[("what", &what)])));
    }
    let now = item.at("/spec/suspend").and_then(Value::as_bool).unwrap_or_default();
    if now == wanted {
        return Ok(Vec::new());
    }
    Ok(vec![item.strategic(json!({"spec": {"suspend": wanted}}))])
}

/// Whether a job has come to its end.
fn is_finished(item: &Item) -> bool {
    let conditions = item.at("/status/conditions").and_then(Value::as_array);
    let ended = |condition: &Value| {
        let text = |field: &str| condition.get(field).and_then(Value::as_str).unwrap_or_default();
        matches!(text("type"), "Complete" | "Failed") && text("status") == "True"
    };
    item.resource.kind == "Job" && conditions.is_some_and(|conditions| conditions.iter().any(ended))
}
