//! Roles.

use super::common::{created_at, name};
use crate::core::resource::Resource;
use crate::core::view::{Column, View};
use crate::model::{Role, decode};

/// The view.
pub static VIEW: View<Role> = View {
    resource: Resource::known("rbac.authorization.k8s.io", "v1", "Role", "roles", &[], true),
    aliases: &[],
    columns: COLUMNS,
    decode: decode::<Role>,
    sort: None,
    enter: |_| None,
};

const COLUMNS: &[Column<Role>] = &[name(), created_at()];
