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
        of_kinds(cx, &[("apps", "Deployment")], Reason("not_pausable"))
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
        let is_paused = item.at("/spec/paused").and_then(Value::as_bool) == Some(true);
        match (is_paused, draft.items.len()) {
            (false, _) => {}
            // kubectl says so and goes on with the others.
            (true, 2..) => return Ok(Vec::new()),
            (true, _) => {
                let what = item.full_name();
                return Err(Wrong::whole(
                    cx.lang.f("dialog.rollout_pause.already", &[("what", &what)]),
                ));
            }
        }
        let edit = Edit::Strategic(json!({"spec": {"paused": true}}));
        let command = format!(
            "kubectl rollout pause {}{}",
            item.kubectl_name(),
            item.kubectl_namespace()
        );
        Ok(vec![Change::of(
            &item.resource,
            item.namespace(),
            item.name(),
            edit,
            command,
        )])
    }
}
