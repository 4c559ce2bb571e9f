//! Give a context another name: as `kubectl config rename-context`.

use super::contexts::{context, open};
use crate::core::action::{Action, ActionMeta, Cx, Danger, Reason};
use crate::core::layer::Next;
use crate::layers::ContextVerb;

/// Give a context another name: as `kubectl config rename-context`.
pub struct RenameContext;

impl Action for RenameContext {
    fn meta(&self) -> &'static ActionMeta {
        &ActionMeta {
            id: "rename_context",
            danger: Danger::Change,
        }
    }

    fn enabled(&self, cx: &Cx) -> Result<(), Reason> {
        context(cx).map(|_| ())
    }

    fn start(&self, cx: &Cx) -> Next {
        open(cx, ContextVerb::Rename)
    }
}
