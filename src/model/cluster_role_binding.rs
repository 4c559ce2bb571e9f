//! ClusterRoleBindings: what `printClusterRoleBinding` in Kubernetes' printers.go tells of them.

use super::binding::{BindingWire, Subjects, subjects};
use super::{Istr, Meta, Projection};

/// A ClusterRoleBinding's row.
#[derive(Clone, Debug, serde::Deserialize)]
#[serde(from = "BindingWire")]
pub struct ClusterRoleBinding {
    meta: Meta,
    /// The ROLE cell: `ClusterRole/reader`.
    pub role: Istr,
    /// Whom the role is given to.
    pub subjects: Subjects,
}

impl Projection for ClusterRoleBinding {
    const KIND: &'static str = "ClusterRoleBinding";

    fn meta(&self) -> &Meta {
        &self.meta
    }
}

impl From<BindingWire> for ClusterRoleBinding {
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
    use crate::model::corpus;

    #[test]
    fn cells_are_those_of_the_server() {
        corpus::agrees("clusterrolebinding", |binding: &ClusterRoleBinding, now| {
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
}
