//! Edit the object under the cursor as YAML, in the person's own editor. As `kubectl edit`.

use super::object;
use crate::core::access::Need;
use crate::core::action::{Action, ActionMeta, Cx, Danger, Reason, Target};
use crate::core::layer::Next;
use crate::layers::EditLayer;

/// Edit.
pub struct Edit;

impl Action for Edit {
    fn meta(&self) -> &'static ActionMeta {
        &ActionMeta {
            id: "edit",
            danger: Danger::Change,
        }
    }

    fn enabled(&self, cx: &Cx) -> Result<(), Reason> {
        let (_, resource) = object(cx)?;
        if !cx.marked.is_empty() && cx.marked.len() > 1 {
            return Err(Reason("one_to_edit"));
        }
        if resource.allows("patch") {
            Ok(())
        } else {
            Err(Reason("not_changeable"))
        }
    }

    fn needs(&self, target: &Target) -> Vec<Need> {
        let resource = target.resource.as_ref();
        let needs = resource.map(|resource| ["get", "patch"].map(|verb| Need::on(verb, resource, "")));
        needs.into_iter().flatten().collect()
    }

    fn start(&self, cx: &Cx) -> Next {
        let target = cx.marked.first().or(cx.selected.as_ref());
        match target.and_then(|target| Some((target, target.resource.clone()?))) {
            Some((target, resource)) => Next::Push(Box::new(EditLayer::new(target, resource))),
            None => Next::Ignored,
        }
    }
}
