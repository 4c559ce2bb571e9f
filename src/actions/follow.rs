//! Verbs that begin a rollout offer to show it.

use crate::core::action::Target;
use crate::core::layer::{LayerCx, Next};
use crate::core::resource::Resource;
use crate::layers::TextLayer;
use crate::layers::dialog::{Control, Draft, Item};
use crate::layers::rollout::RolloutStatus;

/// The kinds whose rollouts can be followed (`StatusViewerFor` of kubectl).
pub const KINDS: &[(&str, &str)] = &[("apps", "Deployment"), ("apps", "DaemonSet"), ("apps", "StatefulSet")];

const ID: &str = "follow";

/// The switch, where there is one rollout to follow.
pub fn control(items: &[Item], cx: &LayerCx) -> Option<Control> {
    let [item] = items else { return None };
    let rolls = KINDS.contains(&(item.resource.group.as_ref(), item.resource.kind.as_ref()));
    rolls.then(|| Control::switch(ID, cx.lang.t("rollout.follow"), false))
}

/// The rollout, where it was asked for.
pub fn after(draft: &Draft) -> Next {
    match draft.items {
        [item] if draft.form.is_on(ID) => open(&item.target, &item.resource),
        _ => Next::Done,
    }
}

/// How far the rollout of an object is.
pub fn open(target: &Target, resource: &Resource) -> Next {
    Next::Push(Box::new(TextLayer::new(RolloutStatus::new(target, resource))))
}
