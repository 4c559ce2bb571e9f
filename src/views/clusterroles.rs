//! ClusterRoles.

use super::common::{created_at, name};
use crate::core::resource::Resource;
use crate::core::view::{Column, View};
use crate::model::{ClusterRole, decode};

/// The view.
pub static VIEW: View<ClusterRole> = View {
    resource: Resource::known(
        "rbac.authorization.k8s.io",
        "v1",
        "ClusterRole",
        "clusterroles",
        &[],
        false,
    ),
    aliases: &[],
    columns: COLUMNS,
    decode: decode::<ClusterRole>,
    sort: None,
    enter: |_| None,
};

const COLUMNS: &[Column<ClusterRole>] = &[name(), created_at()];
