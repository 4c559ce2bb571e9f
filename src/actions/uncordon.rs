//! Let new pods onto nodes again: as `kubectl uncordon`.

use super::cordon::{are_nodes, change};
use super::{dialog, patch_right};
use crate::core::access::Need;
use crate::core::action::{Action, ActionMeta, Cx, Danger, Reason, Target};
use crate::core::change::Change;
use crate::core::layer::{LayerCx, Next};
use crate::layers::dialog::{Draft, Item, Plan, Wrong};

/// Uncordon.
pub struct Uncordon;

impl Action for Uncordon {
    fn meta(&self) -> &'static ActionMeta {
        &ActionMeta {
            id: "uncordon",
            danger: Danger::Change,
        }
    }

    fn enabled(&self, cx: &Cx) -> Result<(), Reason> {
        are_nodes(cx)
    }

    fn needs(&self, target: &Target) -> Vec<Need> {
        patch_right(target)
    }

    fn start(&self, cx: &Cx) -> Next {
        dialog(cx, UncordonPlan)
    }
}

struct UncordonPlan;

impl Plan for UncordonPlan {
    fn id(&self) -> &'static str {
        "uncordon"
    }

    fn changes(&self, item: &Item, _draft: &Draft, _cx: &LayerCx) -> Result<Vec<Change>, Wrong> {
        Ok(change(item, false).into_iter().collect())
    }
}
