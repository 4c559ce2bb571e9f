//! Show what uses the object under the cursor, and how.

use super::object;
use crate::core::action::{Action, ActionMeta, Cx, Danger, Reason};
use crate::core::layer::Next;
use crate::layers::{self, ListLayer, Subject};
use crate::relations::{self, Direction};

/// Used by.
pub struct UsedBy;

impl Action for UsedBy {
    fn meta(&self) -> &'static ActionMeta {
        &ActionMeta {
            id: "used_by",
            danger: Danger::None,
        }
    }

    fn enabled(&self, cx: &Cx) -> Result<(), Reason> {
        let (_, resource) = object(cx)?;
        let mut ways = relations::of(&resource.group, &resource.kind, Direction::In);
        ways.next().map(|_| ()).ok_or(Reason("nothing_uses"))
    }

    fn start(&self, cx: &Cx) -> Next {
        match object(cx) {
            Ok((target, resource)) => {
                let used = layers::UsedBy::new(Subject::new(target, resource));
                Next::Push(Box::new(ListLayer::new(used)))
            }
            Err(_) => Next::Ignored,
        }
    }
}
