//! Run a command in a container: it is typed into the palette, behind `exec`.

use super::shell;
use crate::core::access::Need;
use crate::core::action::{Action, ActionMeta, Cx, Danger, Reason, Target};
use crate::core::layer::Next;
use crate::layers::palette;

/// Run a command.
pub struct Exec;

impl Action for Exec {
    fn meta(&self) -> &'static ActionMeta {
        &ActionMeta {
            id: "exec",
            danger: Danger::Change,
        }
    }

    fn enabled(&self, cx: &Cx) -> Result<(), Reason> {
        shell::enabled(cx)
    }

    fn needs(&self, target: &Target) -> Vec<Need> {
        shell::need(target, "exec")
    }

    fn start(&self, _cx: &Cx) -> Next {
        Next::Push(palette::open("exec "))
    }
}
