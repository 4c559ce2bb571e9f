//! The menu of what can be copied of the rows, and of how the table is saved.

use crate::core::action::{Action, ActionMeta, Cx, Danger, Reason};
use crate::core::layer::Next;
use crate::layers::{CopyMenu, Grid};

/// Copy.
pub struct Copy;

impl Action for Copy {
    fn meta(&self) -> &'static ActionMeta {
        &ActionMeta {
            id: "copy_menu",
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
        let section = cx.screen.and_then(|screen| Some((screen, screen.section()?)));
        let Some((screen, section)) = section else {
            return Next::Ignored;
        };
        let kubectl = section.spec.kubectl();
        let kubectl = kubectl.trim_end_matches(" --watch").to_string();
        let grid = Grid::of(screen, section, cx.store);
        let namespace = screen.scope.single().unwrap_or_default();
        Next::Push(Box::new(CopyMenu::new(cx.targets().to_vec(), grid, namespace, kubectl)))
    }
}
