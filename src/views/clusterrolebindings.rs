//! ClusterRoleBindings. Enter leads to the role.

use super::common::{age, column, key, name, text, wide};
use crate::core::resource::Resource;
use crate::core::view::{Column, View, Width};
use crate::model::{ClusterRoleBinding, Projection, decode};

/// The view.
pub static VIEW: View<ClusterRoleBinding> = View {
    resource: Resource::known(
        "rbac.authorization.k8s.io",
        "v1",
        "ClusterRoleBinding",
        "clusterrolebindings",
        &[],
        false,
    ),
    aliases: &[],
    columns: COLUMNS,
    decode: decode::<ClusterRoleBinding>,
    sort: None,
    enter: |row| super::rolebindings::role(&row.role, row.meta().namespace.as_deref()),
};

const COLUMNS: &[Column<ClusterRoleBinding>] = &[
    name(),
    column("ROLE", Width::Fit(80), |row, _| text(&row.role), |row| key(&*row.role)),
    age(),
    wide(
        "USERS",
        Width::Fit(60),
        |row, _| text(&row.subjects.users),
        |row| key(&*row.subjects.users),
    ),
    wide(
        "GROUPS",
        Width::Fit(60),
        |row, _| text(&row.subjects.groups),
        |row| key(&*row.subjects.groups),
    ),
    wide(
        "SERVICEACCOUNTS",
        Width::Fit(60),
        |row, _| text(&row.subjects.service_accounts),
        |row| key(&*row.subjects.service_accounts),
    ),
];
