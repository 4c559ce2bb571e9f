//! Resume the rollout of a paused deployment: as `kubectl rollout resume`.

use serde_json::{Value, json};

use super::{dialog, of_kinds, patch_right};
use crate::core::access::Need;
use crate::core::action::{Action, ActionMeta, Cx, Danger, Reason, Target};
use crate::core::change::{Change, Edit};
use crate::core::layer::{LayerCx, Next};
use crate::layers::dialog::{Draft, Item, Plan, Wrong};

/// Resume rollouts.
pub struct RolloutResume;

impl Action for RolloutResume {
    fn meta(&self) -> &'static ActionMeta {
        &ActionMeta {
            id: "rollout_resume",
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
        dialog(cx, ResumePlan)
    }
}

struct ResumePlan;

impl Plan for ResumePlan {
    fn id(&self) -> &'static str {
        "rollout_resume"
    }

    fn changes(&self, item: &Item, draft: &Draft, cx: &LayerCx) -> Result<Vec<Change>, Wrong> {
        let is_paused = item.at("/spec/paused").and_then(Value::as_bool) == Some(true);
        match (!is_paused, draft.items.len()) {
            (false, _) => {}
            // kubectl says so and goes on with the others.
            (true, 2..) => return Ok(Vec::new()),
            (true, _) => {
                let what = item.full_name();
                return Err(Wrong::whole(
                    cx.lang.f("dialog.rollout_resume.already", &[("what", &what)]),
                ));
            }
        }
        let edit = Edit::Strategic(json!({"spec": {"paused": null}}));
        let command = format!(
            "kubectl rollout resume {}{}",
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
