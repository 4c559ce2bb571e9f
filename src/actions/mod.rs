//! One file per verb. A verb is in the console once it stands in [`ACTIONS`].

mod attach;
mod autoscale;
mod contexts;
mod copy;
mod copy_files;
mod copy_name;
mod cordon;
mod create;
mod debug;
mod default_namespace;
mod delete;
mod delete_context;
mod describe;
mod drain;
mod edit;
mod exec;
mod expand;
mod expose;
mod follow;
mod hints;
mod label;
mod logs;
mod logs_previous;
mod owner;
mod port_forward;
mod quota;
mod rename_context;
mod restart;
mod rollout_history;
mod rollout_pause;
mod rollout_resume;
mod rollout_status;
mod rollout_undo;
mod scale;
mod set_image;
mod set_resources;
mod shell;
mod suspend;
mod taint;
mod template;
mod tree;
mod trigger;
mod uncordon;
mod unsuspend;
mod used_by;
mod yaml;

use crate::core::access::Need;
use crate::core::action::{ActionRef, Cx, Reason, Target};
use crate::core::layer::Next;
use crate::core::resource::Resource;
use crate::core::text::{Line, Span, Tone, clean};
use crate::layers::dialog::{Dialog, Plan};

pub use hints::HINTS;

/// All verbs, in the order of help.
pub static ACTIONS: &[ActionRef] = &[
    ActionRef(&logs::ShowLogs),
    ActionRef(&port_forward::PortForward),
    ActionRef(&shell::OpenShell),
    ActionRef(&describe::Describe),
    ActionRef(&yaml::Yaml),
    ActionRef(&owner::ToOwner),
    ActionRef(&used_by::UsedBy),
    ActionRef(&tree::Tree),
    ActionRef(&scale::Scale),
    ActionRef(&autoscale::Autoscale),
    ActionRef(&restart::Restart),
    ActionRef(&cordon::Cordon),
    ActionRef(&uncordon::Uncordon),
    ActionRef(&taint::Put),
    ActionRef(&taint::untaint::Untaint),
    ActionRef(&drain::DrainNodes),
    ActionRef(&expand::Expand),
    ActionRef(&quota::Quota),
    ActionRef(&rename_context::RenameContext),
    ActionRef(&default_namespace::DefaultNamespace),
    ActionRef(&delete_context::DeleteContext),
    ActionRef(&edit::Edit),
    ActionRef(&label::Label),
    ActionRef(&label::Annotate),
    ActionRef(&create::Create),
    ActionRef(&create::CreateKind(0)),
    ActionRef(&create::CreateKind(1)),
    ActionRef(&create::CreateKind(2)),
    ActionRef(&create::CreateKind(3)),
    ActionRef(&create::CreateKind(4)),
    ActionRef(&create::CreateKind(5)),
    ActionRef(&create::CreateKind(6)),
    ActionRef(&create::CreateKind(7)),
    ActionRef(&create::CreateKind(8)),
    ActionRef(&expose::Expose),
    ActionRef(&set_image::SetImage),
    ActionRef(&set_resources::SetResources),
    ActionRef(&rollout_status::RolloutStatus),
    ActionRef(&rollout_history::RolloutHistory),
    ActionRef(&rollout_undo::RolloutUndo),
    ActionRef(&rollout_pause::RolloutPause),
    ActionRef(&rollout_resume::RolloutResume),
    ActionRef(&trigger::Trigger),
    ActionRef(&suspend::Suspend),
    ActionRef(&unsuspend::Unsuspend),
    ActionRef(&delete::Delete),
    ActionRef(&copy::Copy),
    ActionRef(&copy_name::CopyName),
    ActionRef(&logs_previous::ShowPrevious),
    ActionRef(&exec::Exec),
    ActionRef(&attach::Attach),
    ActionRef(&copy_files::CopyFiles),
    ActionRef(&debug::Debug),
    ActionRef(&debug::node::NodeShell),
];

/// The row under the cursor and its resource, where it is an object of the cluster.
fn object<'a>(cx: &'a Cx) -> Result<(&'a Target, &'a Resource), Reason> {
    let target = cx.selected.as_ref().ok_or(Reason("no_row"))?;
    let resource = target.resource.as_ref().ok_or(Reason("not_in_cluster"))?;
    Ok((target, resource))
}

/// The marked rows, or the one under the cursor, where all are objects of the cluster.
fn objects(cx: &Cx) -> Result<Vec<Target>, Reason> {
    let targets = cx.targets();
    if targets.is_empty() {
        return Err(Reason("no_row"));
    }
    if targets.iter().any(|target| target.resource.is_none()) {
        return Err(Reason("not_in_cluster"));
    }
    Ok(targets)
}

/// Whether all chosen objects are of these kinds, each with its API group.
fn of_kinds(cx: &Cx, kinds: &[(&str, &str)], otherwise: Reason) -> Result<(), Reason> {
    let is_one = |target: &Target| {
        let resource = target.resource.as_ref();
        resource.is_some_and(|resource| kinds.contains(&(resource.group.as_ref(), resource.kind.as_ref())))
    };
    if objects(cx)?.iter().all(is_one) {
        Ok(())
    } else {
        Err(otherwise)
    }
}

/// Whether one row is chosen, and not several.
fn one(cx: &Cx) -> Result<(), Reason> {
    if cx.targets().len() > 1 {
        Err(Reason("one_row"))
    } else {
        Ok(())
    }
}

/// A right on the row's object, or on a part of it.
fn right(verb: &'static str, target: &Target, part: &'static str) -> Vec<Need> {
    let resource = target.resource.iter();
    resource.map(|resource| Need::on(verb, resource, part)).collect()
}

/// The right to patch the row's object.
fn patch_right(target: &Target) -> Vec<Need> {
    right("patch", target, "")
}

/// A line of a dialog that is worth a look.
fn warning(text: &str) -> Line {
    Line::of([Span::new(format!("! {}", clean(text)), Tone::Warn)])
}

/// The dialog of a verb for the marked rows, or for the one under the cursor.
fn dialog(cx: &Cx, plan: impl Plan + 'static) -> Next {
    Next::Push(Box::new(Dialog::new(plan, cx.targets())))
}
