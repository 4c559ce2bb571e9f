//! Set the namespace that a context opens with: as `kubectl config set-context --namespace`.

use super::contexts::{context, open};
use crate::core::action::{Action, ActionMeta, Cx, Danger, Reason};
use crate::core::layer::Next;
use crate::layers::ContextVerb;

/// Set the namespace that a context opens with: as `kubectl config set-context --namespace`.
pub struct DefaultNamespace;

impl Action for DefaultNamespace {
    fn meta(&self) -> &'static ActionMeta {
        &ActionMeta {
            id: "default_namespace",
            danger: Danger::Change,
        }
    }

    fn enabled(&self, cx: &Cx) -> Result<(), Reason> {
        context(cx).map(|_| ())
    }

    fn start(&self, cx: &Cx) -> Next {
        open(cx, ContextVerb::Namespace)
    }
}
