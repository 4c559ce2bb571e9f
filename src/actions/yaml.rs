//! Show the YAML of the object under the cursor.

use super::object;
use crate::core::action::{Action, ActionMeta, Cx, Danger, Reason};
use crate::core::layer::Next;
use crate::layers::{self, TextLayer};

/// YAML.
pub struct Yaml;

impl Action for Yaml {
    fn meta(&self) -> &'static ActionMeta {
        &ActionMeta {
            id: "yaml",
            danger: Danger::None,
        }
    }

    fn enabled(&self, cx: &Cx) -> Result<(), Reason> {
        object(cx).map(|_| ())
    }

    fn start(&self, cx: &Cx) -> Next {
        match object(cx) {
            Ok((target, resource)) => Next::Push(Box::new(TextLayer::new(layers::Yaml::new(target, resource.clone())))),
            Err(_) => Next::Ignored,
        }
    }
}
