//! Show the logs of what is under the cursor, or of all marked rows.

use crate::core::action::{Action, ActionMeta, Cx, Danger, Reason, Target};
use crate::core::layer::Next;
use crate::layers::logs::{Logs, Of, Run};
use crate::model::Container;
use crate::relations::Reference;

/// Logs.
pub struct ShowLogs;

impl Action for ShowLogs {
    fn meta(&self) -> &'static ActionMeta {
        &ActionMeta {
            id: "logs",
            danger: Danger::None,
        }
    }

    fn enabled(&self, cx: &Cx) -> Result<(), Reason> {
        enabled(cx)
    }

    fn start(&self, cx: &Cx) -> Next {
        show(cx, Run::Present)
    }
}

/// Whether there are logs of the rows.
pub(super) fn enabled(cx: &Cx) -> Result<(), Reason> {
    let targets = cx.targets();
    if targets.is_empty() {
        return Err(Reason("no_row"));
    }
    if targets.iter().any(|target| target.resource.is_none()) {
        return Err(Reason("not_in_cluster"));
    }
    if targets.iter().any(|target| of(target).is_none()) {
        return Err(Reason("no_logs"));
    }
    Ok(())
}

/// The view of the rows' logs.
pub(super) fn show(cx: &Cx, run: Run) -> Next {
    let of: Vec<Of> = cx.targets().iter().filter_map(of).collect();
    Next::Push(Box::new(Logs::new(of, run)))
}

fn of(target: &Target) -> Option<Of> {
    let resource = target.resource.as_ref().filter(|resource| Of::has_logs(resource))?;
    let meta = target.row.meta();
    let reference = Reference::to(resource, meta.namespace.as_deref().unwrap_or_default(), &meta.name);
    if resource.kind != "Pod" {
        return Some(Of::Object(reference));
    }
    let part = |part: &crate::core::view::Shared| {
        let container = (&**part as &dyn std::any::Any).downcast_ref::<Container>()?;
        Some(container.name().to_string())
    };
    Some(Of::Pod {
        pod: reference,
        containers: target.parts.iter().filter_map(part).collect(),
    })
}
