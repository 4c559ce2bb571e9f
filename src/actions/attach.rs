//! Attach to the main process of a container.

use super::shell;
use crate::core::access::Need;
use crate::core::action::{Action, ActionMeta, Cx, Danger, Reason, Target};
use crate::core::layer::Next;
use crate::layers::shell::What;

/// Attach.
pub struct Attach;

impl Action for Attach {
    fn meta(&self) -> &'static ActionMeta {
        &ActionMeta {
            id: "attach",
            danger: Danger::Change,
        }
    }

    fn enabled(&self, cx: &Cx) -> Result<(), Reason> {
        shell::enabled(cx)
    }

    fn needs(&self, target: &Target) -> Vec<Need> {
        shell::need(target, "attach")
    }

    fn start(&self, cx: &Cx) -> Next {
        shell::start(cx, What::Main)
    }
}
