//! RoleBindings and ClusterRoleBindings.

use crate::core::reference::Reference;
use crate::relations::kinds::{self, ROLE, SERVICE_ACCOUNT};

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
            let role = binding.key("roleRef");
            let [kind, name] = ["kind", "name"].map(|field| role.key(field).text());
            let resource = kinds::known("rbac.authorization.k8s.io", kind).unwrap_or(&ROLE);
            out.field("Name", out.naming(role.key("name").show(), resource, name));
        });
        out.section("Subjects");
        let mut table = Table::new(["Kind", "Name", "Namespace"]);
        for subject in binding.key("subjects").list() {
            let [kind, name, namespace] =
                ["kind", "name", "namespace"].map(|field| Words::from(subject.key(field).show()));
            let name = match subject.key("kind").text() {
                "ServiceAccount" => name.naming(&Reference::to(
                    &SERVICE_ACCOUNT,
                    subject.key("namespace").text(),
                    subject.key("name").text(),
                )),
                _ => name,
            };
            table.row([kind, name, namespace]);
        }
        out.table(table);
    }
}
