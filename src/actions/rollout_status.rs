//! How far a rollout is, live: as `kubectl rollout status`.

use super::{follow, object, of_kinds, one};
use crate::core::action::{Action, ActionMeta, Cx, Danger, Reason};
use crate::core::layer::Next;

/// Show how far a rollout is.
pub struct RolloutStatus;

impl Action for RolloutStatus {
    fn meta(&self) -> &'static ActionMeta {
        &ActionMeta {
            id: "rollout_status",
            danger: Danger::None,
        }
    }

    fn enabled(&self, cx: &Cx) -> Result<(), Reason> {
        one(cx)?;
        of_kinds(cx, follow::KINDS, Reason("no_rollout"))
    }

    fn start(&self, cx: &Cx) -> Next {
        match object(cx) {
            Ok((target, resource)) => follow::open(target, resource),
            Err(_) => Next::Done,
        }
    }
}
