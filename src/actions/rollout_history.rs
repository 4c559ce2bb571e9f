//! The revisions of a workload: as `kubectl rollout history`.

use super::{follow, object, of_kinds, one};
use crate::core::action::{Action, ActionMeta, Cx, Danger, Reason};
use crate::core::layer::Next;
use crate::layers::ListLayer;
use crate::layers::rollout::Revisions;

/// Show the revisions of a workload.
pub struct RolloutHistory;

impl Action for RolloutHistory {
    fn meta(&self) -> &'static ActionMeta {
        &ActionMeta {
            id: "rollout_history",
            danger: Danger::None,
        }
    }

    fn enabled(&self, cx: &Cx) -> Result<(), Reason> {
        one(cx)?;
        of_kinds(cx, follow::KINDS, Reason("no_rollout"))
    }

    fn start(&self, cx: &Cx) -> Next {
        match object(cx) {
            Ok((target, resource)) => Next::Push(Box::new(ListLayer::new(Revisions::new(target, resource)))),
            Err(_) => Next::Done,
        }
    }
}
