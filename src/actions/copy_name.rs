//! Copy the names of the marked rows, or of the one under the cursor.

use crate::core::action::{Action, ActionMeta, Cx, Danger, Reason};
use crate::core::effect::Effect;
use crate::core::layer::Next;

/// Copy the name.
pub struct CopyName;

impl Action for CopyName {
    fn meta(&self) -> &'static ActionMeta {
        &ActionMeta {
            id: "copy_name",
            danger: Danger::None,
        }
    }

    fn enabled(&self, cx: &Cx) -> Result<(), Reason> {
        if cx.targets().is_empty() {
            Err(Reason("no_row"))
        } else {
            Ok(())
        }
    }

    fn start(&self, cx: &Cx) -> Next {
        let names: Vec<String> = cx
            .targets()
            .iter()
            .map(|target| target.row.meta().name.to_string())
            .collect();
        Next::Effects(vec![Effect::Copy(cx.ids.task(), names.join("\n"))])
    }
}
