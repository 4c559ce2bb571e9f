//! Delete a context from the kubeconfig: as `kubectl config delete-context`.

use super::contexts::{context, open};
use crate::core::action::{Action, ActionMeta, Cx, Danger, Reason};
use crate::core::layer::Next;
use crate::layers::ContextVerb;

/// Delete a context from the kubeconfig: as `kubectl config delete-context`.
pub struct DeleteContext;

impl Action for DeleteContext {
    fn meta(&self) -> &'static ActionMeta {
        &ActionMeta {
            id: "delete_context",
            danger: Danger::Destroy,
        }
    }

    fn enabled(&self, cx: &Cx) -> Result<(), Reason> {
        // What is open would have no name any more.
        if context(cx)? == cx.link.identity.context {
            return Err(Reason("context_open"));
        }
        Ok(())
    }

    fn start(&self, cx: &Cx) -> Next {
        open(cx, ContextVerb::Delete)
    }
}
