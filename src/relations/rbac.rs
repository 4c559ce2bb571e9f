//! Roles, their bindings, and the ServiceAccounts that are bound.

use serde_json::Value;

use super::kinds::{CLUSTER_ROLE, CLUSTER_ROLE_BINDING, ROLE, ROLE_BINDING, SECRET, SERVICE_ACCOUNT};
use super::read::{list, name, namespace, some, text};
use super::{Direction, Find, How, Reference, Relation, Within, relation, scan};
use crate::core::resource::Resource;

const BINDINGS: &[&Resource] = &[&ROLE_BINDING, &CLUSTER_ROLE_BINDING];

/// From bindings to roles and subjects, and back.
pub static RELATIONS: &[Relation] = &[
    relation(BINDINGS, Direction::Out, "role", Find::Names(role)),
    relation(BINDINGS, Direction::Out, "subjects", Find::Names(subjects)),
    relation(
        &[&ROLE],
        Direction::In,
        "rolebindings",
        scan(&ROLE_BINDING, Within::Same, binds),
    ),
    relation(
        &[&CLUSTER_ROLE],
        Direction::In,
        "rolebindings",
        scan(&ROLE_BINDING, Within::Everywhere, binds),
    ),
    relation(
        &[&CLUSTER_ROLE],
        Direction::In,
        "clusterrolebindings",
        scan(&CLUSTER_ROLE_BINDING, Within::Everywhere, binds),
    ),
    // Bindings of other namespaces may name the account too.
    relation(
        &[&SERVICE_ACCOUNT],
        Direction::In,
        "rolebindings",
        scan(&ROLE_BINDING, Within::Everywhere, names),
    ),
    relation(
        &[&SERVICE_ACCOUNT],
        Direction::In,
        "clusterrolebindings",
        scan(&CLUSTER_ROLE_BINDING, Within::Everywhere, names),
    ),
    relation(&[&SERVICE_ACCOUNT], Direction::Out, "secrets", Find::Names(secrets)),
];

fn role(binding: &Value) -> Vec<Reference> {
    let resource = match text(binding, "/roleRef/kind") {
        "Role" => &ROLE,
        "ClusterRole" => &CLUSTER_ROLE,
        _ => return Vec::new(),
    };
    vec![Reference::to(
        resource,
        namespace(binding),
        text(binding, "/roleRef/name"),
    )]
}

fn binds(role: &Value, binding: &Value) -> Vec<How> {
    let kind = if namespace(role).is_empty() {
        "ClusterRole"
    } else {
        "Role"
    };
    let is_role = text(binding, "/roleRef/kind") == kind && text(binding, "/roleRef/name") == name(role);
    is_role.then(How::plain).into_iter().collect()
}

/// Users and groups are no objects: only ServiceAccounts can be followed.
fn subjects(binding: &Value) -> Vec<Reference> {
    let accounts = list(binding, "/subjects")
        .iter()
        .filter(|subject| text(subject, "/kind") == "ServiceAccount");
    let reference = |subject: &Value| {
        let namespace = some(text(subject, "/namespace")).unwrap_or_else(|| namespace(binding));
        Reference::to(&SERVICE_ACCOUNT, namespace, text(subject, "/name"))
    };
    accounts.map(reference).collect()
}

/// Whether the binding names the account, or a group that every account is in.
fn names(account: &Value, binding: &Value) -> Vec<How> {
    let own = namespace(account);
    let role = format!("{}/{}", text(binding, "/roleRef/kind"), text(binding, "/roleRef/name"));
    let groups = [
        "system:serviceaccounts".to_string(),
        format!("system:serviceaccounts:{own}"),
    ];
    let way = |subject: &Value| match text(subject, "/kind") {
        "ServiceAccount" => {
            let is_own = some(text(subject, "/namespace")).unwrap_or_else(|| namespace(binding)) == own;
            let is_named = is_own && text(subject, "/name") == name(account);
            is_named.then(|| How::of("role", &[("role", &role)]))
        }
        "Group" => {
            let group = groups.iter().find(|group| *group == text(subject, "/name"))?;
            Some(How::of("group_role", &[("role", &role), ("group", group)]))
        }
        _ => None,
    };
    list(binding, "/subjects").iter().filter_map(way).collect()
}

fn secrets(account: &Value) -> Vec<Reference> {
    let named = list(account, "/imagePullSecrets")
        .iter()
        .chain(list(account, "/secrets"));
    named
        .map(|secret| Reference::to(&SECRET, namespace(account), text(secret, "/name")))
        .collect()
}
