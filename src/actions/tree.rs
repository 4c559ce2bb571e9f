//! Show the object under the cursor with what it owns and what it refers to.

use super::object;
use crate::core::action::{Action, ActionMeta, Cx, Danger, Reason};
use crate::core::layer::Next;
use crate::layers::{self, ListLayer, Subject};

/// Tree.
pub struct Tree;

impl Action for Tree {
    fn meta(&self) -> &'static ActionMeta {
        &ActionMeta {
            id: "tree",
            danger: Danger::None,
        }
    }

    fn enabled(&self, cx: &Cx) -> Result<(), Reason> {
        object(cx).map(|_| ())
    }

    fn start(&self, cx: &Cx) -> Next {
        match object(cx) {
            Ok((target, resource)) => {
                let tree = layers::Tree::new(Subject::new(target, resource));
                Next::Push(Box::new(ListLayer::new(tree)))
            }
            Err(_) => Next::Ignored,
        }
    }
}
