//! Show what the run before this one wrote, and how it ended.

use super::logs;
use crate::core::action::{Action, ActionMeta, Cx, Danger, Reason};
use crate::core::layer::Next;
use crate::layers::logs::Run;
use crate::model::{Container, Pod};

/// Logs of the run before.
pub struct ShowPrevious;

impl Action for ShowPrevious {
    fn meta(&self) -> &'static ActionMeta {
        &ActionMeta {
            id: "logs_previous",
            danger: Danger::None,
        }
    }

    fn enabled(&self, cx: &Cx) -> Result<(), Reason> {
        logs::enabled(cx)
    }

    /// Where a container crashes again and again, both runs are shown with the crash between them.
    fn start(&self, cx: &Cx) -> Next {
        let crashes = |status: &str| status.ends_with("CrashLoopBackOff");
        let crashing = cx.targets().iter().any(|target| {
            let pod = (&*target.row as &dyn std::any::Any).downcast_ref::<Pod>();
            let parts = target.parts.iter();
            let mut parts = parts.filter_map(|part| (&**part as &dyn std::any::Any).downcast_ref::<Container>());
            pod.is_some_and(|pod| crashes(pod.status())) || parts.any(|part| crashes(&part.state().text()))
        });
        logs::show(cx, if crashing { Run::Both } else { Run::Previous })
    }
}
