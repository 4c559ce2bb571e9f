//! Resume the rollout of a paused deployment: as `kubectl rollout resume`.

use super::rollout_pause::{can_pause, paused};
use super::{dialog, patch_right};
use crate::core::access::Need;
use crate::core::action::{Action, ActionMeta, Cx, Danger, Reason, Target};
use crate::core::change::Change;
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
        can_pause(cx)
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
        paused(item, draft, false, cx)
    }
}
