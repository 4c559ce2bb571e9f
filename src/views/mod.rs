//! One file per view: its columns, declared once. A view is in the console once it stands in [`VIEWS`].

mod common;
mod contexts;
mod pods;

pub use contexts::Context;

use crate::actions::ACTIONS;
use crate::core::registry::Registry;
use crate::core::view::{Group, ViewRef};
use crate::layers::MAKERS;

/// All views, in the order of the palette.
pub static VIEWS: &[ViewRef] = &[&pods::VIEW, &contexts::VIEW];

/// Views that stand below each other on one screen.
pub static GROUPS: &[Group] = &[
    Group {
        names: &["storage"],
        views: &["persistentvolumeclaims", "persistentvolumes", "storageclasses"],
    },
    Group {
        names: &["quotas"],
        views: &["resourcequotas", "limitranges"],
    },
];

/// All views, groups and verbs.
pub static REGISTRY: Registry = Registry {
    views: VIEWS,
    groups: GROUPS,
    actions: ACTIONS,
    makers: MAKERS,
};
