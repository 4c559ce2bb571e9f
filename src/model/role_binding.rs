//! RoleBindings: what `printRoleBinding` in Kubernetes' printers.go tells of them.

use super::binding::{BindingWire, Subjects, subjects};
use super::{Istr, Meta, Projection};

/// A RoleBinding's row.
#[derive(Clone, Debug, serde::Deserialize)]
#[serde(from = "BindingWire")]
pub struct RoleBinding {
    meta: Meta,
    /// The ROLE cell: `Role/reader`.
    pub role: Istr,
    /// Whom the role is given to.
    pub subjects: Subjects,
}

impl Projection for RoleBinding {
    const KIND: &'static str = "RoleBinding";

    fn meta(&self) -> &Meta {
        &self.meta
    }
}

impl From<BindingWire> for RoleBinding {
    fn from(wire: BindingWire) -> Self {
        Self {
            meta: wire.metadata,
            role: wire.role_ref.text(),
            subjects: subjects(&wire.subjects),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{corpus, decode};

    #[test]
    fn cells_are_those_of_the_server() {
        corpus::agrees("rolebinding", |binding: &RoleBinding, now| {
            let subjects = &binding.subjects;
            [
                &*binding.meta().name,
                &binding.role,
                &binding.meta().age_text(now),
                &subjects.users,
                &subjects.groups,
                &subjects.service_accounts,
            ]
            .map(str::to_owned)
            .into()
        });
    }

    #[test]
    fn subjects_keep_their_order() {
        let binding: RoleBinding = decode(
            r#"{"subjects":[{"kind":"User","name":"b"},{"kind":"Robot","name":"r"},{"kind":"User","name":"a"},
                            {"kind":"ServiceAccount","name":"s","namespace":"n"}]}"#,
        )
        .unwrap();
        let subjects = &binding.subjects;
        assert_eq!(
            (&*subjects.users, &*subjects.groups, &*subjects.service_accounts),
            ("b, a", "", "n/s")
        );
    }
}
