//! What RoleBindings and ClusterRoleBindings have in common.

use super::decode::{List, wire};
use super::{Istr, Meta};

/// Whom a role is given to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Subjects {
    /// The USERS cell.
    pub users: Box<str>,
    /// The GROUPS cell.
    pub groups: Box<str>,
    /// The SERVICEACCOUNTS cell: `namespace/name`.
    pub service_accounts: Box<str>,
}

wire! {
    struct BindingWire {
        metadata: Meta,
        role_ref: RoleRefWire,
        subjects: List<SubjectWire>,
    }

    struct RoleRefWire {
        kind: Istr,
        name: Istr,
    }

    struct SubjectWire {
        kind: Istr,
        name: Box<str>,
        namespace: Istr,
    }
}

impl RoleRefWire {
    /// `ClusterRole/view`.
    pub(super) fn text(&self) -> Istr {
        Istr::new(&format!("{}/{}", self.kind, self.name))
    }
}

/// In the order of the object, joined by commas, as `SubjectsStrings` in Kubernetes' rbac helpers.
pub(super) fn subjects(list: &[SubjectWire]) -> Subjects {
    let of = |kind: &str, text: fn(&SubjectWire) -> String| {
        let own = list.iter().filter(|subject| subject.kind == *kind).map(text);
        own.collect::<Vec<_>>().join(", ").into()
    };
    Subjects {
        users: of("User", |user| user.name.to_string()),
        groups: of("Group", |group| group.name.to_string()),
        service_accounts: of("ServiceAccount", |account| {
            format!("{}/{}", account.namespace, account.name)
        }),
    }
}
