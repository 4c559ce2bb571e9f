//! RoleBindings and ClusterRoleBindings.

use super::value::Read;
use super::words::Words;
use super::writer::Table;
use super::{Describer, Input, Writer, meta};

/// Describes a RoleBinding or ClusterRoleBinding, as `RoleBindingDescriber` in kubectl.
pub struct RoleBindings;

impl Describer for RoleBindings {
    fn kinds(&self) -> &'static [(&'static str, &'static str)] {
        &[
            ("rbac.authorization.k8s.io", "RoleBinding"),
            ("rbac.authorization.k8s.io", "ClusterRoleBinding"),
        ]
    }

    fn describe(&self, input: &Input, out: &mut Writer) {
        let binding = input.object;
        meta::all(binding, out);
        out.heading("Role");
        out.nested(|out| {
            out.field("Kind", binding.at("roleRef.kind").show());
            out.field("Name", binding.at("roleRef.name").show());
        });
        out.section("Subjects");
        let mut table = Table::new(["Kind", "Name", "Namespace"]);
        for subject in binding.key("subjects").list() {
            table.row(["kind", "name", "namespace"].map(|field| Words::from(subject.key(field).show())));
        }
        out.table(table);
    }
}
