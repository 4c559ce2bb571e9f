//! One file per verb. A verb is in the console once it stands in [`ACTIONS`].

mod attach;
mod copy_files;
mod copy_name;
mod delete;
mod describe;
mod exec;
mod hints;
mod logs;
mod logs_previous;
mod owner;
mod restart;
mod scale;
mod shell;
mod tree;
mod used_by;
mod yaml;

use crate::core::action::{ActionRef, Cx, Reason, Target};
use crate::core::layer::Next;
use crate::core::resource::Resource;
use crate::layers::dialog::{Dialog, Plan};

pub use hints::HINTS;

/// All verbs, in the order of help.
pub static ACTIONS: &[ActionRef] = &[
    ActionRef(&logs::ShowLogs),
    ActionRef(&shell::OpenShell),
    ActionRef(&describe::Describe),
    ActionRef(&yaml::Yaml),
    ActionRef(&owner::ToOwner),
    ActionRef(&used_by::UsedBy),
    ActionRef(&tree::Tree),
    ActionRef(&scale::Scale),
    ActionRef(&restart::Restart),
    ActionRef(&delete::Delete),
    ActionRef(&copy_name::CopyName),
    ActionRef(&logs_previous::ShowPrevious),
    ActionRef(&exec::Exec),
    ActionRef(&attach::Attach),
    ActionRef(&copy_files::CopyFiles),
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

/// The dialog of a verb for the marked rows, or for the one under the cursor.
fn dialog(cx: &Cx, plan: impl Plan + 'static) -> Next {
    Next::Push(Box::new(Dialog::new(plan, cx.targets())))
}
