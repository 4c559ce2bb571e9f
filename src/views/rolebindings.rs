//! RoleBindings. Enter leads to the role.

use super::common::{age, column, key, name, one, text, wide};
use crate::core::jump::Jump;
use crate::core::resource::Resource;
use crate::core::view::{Column, View, Width};
use crate::model::{Projection, RoleBinding, decode};

/// The view.
pub static VIEW: View<RoleBinding> = View {
    resource: Resource::known(
        "rbac.authorization.k8s.io",
        "v1",
        "RoleBinding",
        "rolebindings",
        &[],
        true,
    ),
    aliases: &[],
    columns: COLUMNS,
    decode: decode::<RoleBinding>,
    sort: None,
    enter: |row| role(&row.role, row.meta().namespace.as_deref()),
};

const COLUMNS: &[Column<RoleBinding>] = &[
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

/// The role that `Role/reader` names; a ClusterRole has no namespace.
pub fn role(role: &str, namespace: Option<&str>) -> Option<Jump> {
    match role.split_once('/')? {
        (_, "") => None,
        ("ClusterRole", name) => Some(one("clusterroles", None, name)),
        (_, name) => Some(one("roles", namespace, name)),
    }
}
