//! One file per verb. A verb is in the console once it stands in [`ACTIONS`].

mod copy_name;
mod describe;
mod logs;
mod logs_previous;
mod owner;
mod tree;
mod used_by;
mod yaml;

use crate::core::action::{ActionRef, Cx, Reason, Target};
use crate::core::resource::Resource;

/// All verbs, in the order of help.
pub static ACTIONS: &[ActionRef] = &[
    ActionRef(&logs::ShowLogs),
    ActionRef(&describe::Describe),
    ActionRef(&yaml::Yaml),
    ActionRef(&owner::ToOwner),
    ActionRef(&used_by::UsedBy),
    ActionRef(&tree::Tree),
    ActionRef(&copy_name::CopyName),
    ActionRef(&logs_previous::ShowPrevious),
];

/// The row under the cursor and its resource, where it is an object of the cluster.
fn object<'a>(cx: &'a Cx) -> Result<(&'a Target, &'a Resource), Reason> {
    let target = cx.selected.as_ref().ok_or(Reason("no_row"))?;
    let resource = target.resource.as_ref().ok_or(Reason("not_in_cluster"))?;
    Ok((target, resource))
}
