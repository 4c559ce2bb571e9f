//! Copy files to or from a container.

use super::shell;
use crate::core::access::Need;
use crate::core::action::{Action, ActionMeta, Cx, Danger, Reason, Target};
use crate::core::layer::Next;
use crate::layers::copy_files::Copy;

/// Copy files.
pub struct CopyFiles;

impl Action for CopyFiles {
    fn meta(&self) -> &'static ActionMeta {
        &ActionMeta {
            id: "copy_files",
            danger: Danger::Change,
        }
    }

    fn enabled(&self, cx: &Cx) -> Result<(), Reason> {
        shell::enabled(cx)
    }

    fn needs(&self, target: &Target) -> Vec<Need> {
        shell::need(target, "exec")
    }

    fn start(&self, cx: &Cx) -> Next {
        let copy = cx.targets().first().and_then(Copy::of);
        copy.map_or(Next::Done, |copy| Next::Push(Box::new(copy)))
    }
}
