//! Resume suspended cronjobs and jobs.

use super::suspend::{KINDS, suspended};
use super::{dialog, of_kinds, patch_right};
use crate::core::access::Need;
use crate::core::action::{Action, ActionMeta, Cx, Danger, Reason, Target};
use crate::core::change::Change;
use crate::core::layer::{LayerCx, Next};
use crate::layers::dialog::{Draft, Item, Plan, Wrong};

/// Resume what is suspended.
pub struct Unsuspend;

impl Action for Unsuspend {
    fn meta(&self) -> &'static ActionMeta {
        &ActionMeta {
            id: "unsuspend",
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
        dialog(cx, UnsuspendPlan)
    }
}

struct UnsuspendPlan;

impl Plan for UnsuspendPlan {
    fn id(&self) -> &'static str {
        "unsuspend"
    }

    fn changes(&self, item: &Item, draft: &Draft, cx: &LayerCx) -> Result<Vec<Change>, Wrong> {
        suspended(item, draft, false, cx)
    }
}
