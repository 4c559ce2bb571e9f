//! Pause the rollout of a deployment: as `kubectl rollout pause`.

use serde_json::{Value, json};

use super::{dialog, of_kinds, patch_right};
use crate::core::access::Need;
use crate::core::action::{Action, ActionMeta, Cx, Danger, Reason, Target};
use crate::core::change::{Change, Edit};
use crate::core::layer::{LayerCx, Next};
use crate::layers::dialog::{Draft, Item, Plan, Wrong};

/// Pause rollouts.
pub struct RolloutPause;

impl Action for RolloutPause {
    fn meta(&self) -> &'static ActionMeta {
        &ActionMeta {
            id: "rollout_pause",
            danger: Danger::Change,
        }
    }

    fn enabled(&self, cx: &Cx) -> Result<(), Reason> {
        can_pause(cx)
    }

    fn needs(&self, target: &Target) -> Vec<Need> {
        patch_right(target)
    }

    fn start(&self, cx: &Cx) -> Next {
        dialog(cx, PausePlan)
    }
}

struct PausePlan;

impl Plan for PausePlan {
    fn id(&self) -> &'static str {
        "rollout_pause"
    }

    fn changes(&self, item: &Item, draft: &Draft, cx: &LayerCx) -> Result<Vec<Change>, Wrong> {
        paused(item, draft, true, cx)
    }
}

/// The change that pauses a rollout, or lets it go on; where it is so already, kubectl says so and goes on with the
/// others.
pub fn paused(item: &Item, draft: &Draft, wanted: bool, cx: &LayerCx) -> Result<Vec<Change>, Wrong> {
    let (id, verb) = if wanted {
        ("rollout_pause", "rollout pause")
    } else {
        ("rollout_resume", "rollout resume")
    };
    let is_paused = item.at("/spec/paused").and_then(Value::as_bool) == Some(true);
    if is_paused != wanted {
        // The field is left out where it is false, so that a deployment looks as it did before.
        let value = if wanted { Value::Bool(true) } else { Value::Null };
        let edit = Edit::Strategic(json!({"spec": {"paused": value}}));
        return Ok(vec![item.change(edit, item.kubectl(verb))]);
    }
    if draft.items.len() > 1 {
        return Ok(Vec::new());
    }
    let what = item.full_name();
    let key = format!("dialog.{id}.already");
    Err(Wrong::whole(cx.lang.f(&key, &[("what", &what)])))
}

/// Whether all chosen rows can be paused.
pub fn can_pause(cx: &Cx) -> Result<(), Reason> {
    of_kinds(cx, &[("apps", "Deployment")], Reason("not_pausable"))
}
