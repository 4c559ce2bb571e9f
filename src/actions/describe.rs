//! Describe the object under the cursor.

use super::object;
use crate::core::action::{Action, ActionMeta, Cx, Danger, Reason};
use crate::core::layer::Next;
use crate::layers::{TextLayer, describe};

/// Describe.
pub struct Describe;

impl Action for Describe {
    fn meta(&self) -> &'static ActionMeta {
        &ActionMeta {
            id: "describe",
            danger: Danger::None,
        }
    }

    fn enabled(&self, cx: &Cx) -> Result<(), Reason> {
        object(cx).map(|_| ())
    }

    fn start(&self, cx: &Cx) -> Next {
        match object(cx) {
            Ok((target, resource)) => Next::Push(Box::new(TextLayer::new(describe::Describe::new(
                target,
                resource.clone(),
            )))),
            Err(_) => Next::Ignored,
        }
    }
}
