//! Ingresses.

use std::borrow::Cow;

use super::common::{age, column, key, name, one, text};
use crate::core::jump::Jump;
use crate::core::resource::Resource;
use crate::core::view::{Column, View, Width};
use crate::model::{Ingress, Projection, decode};

/// The view.
pub static VIEW: View<Ingress> = View {
    resource: Resource::known(
        "networking.k8s.io",
        "v1",
        "Ingress",
        "ingresses",
        &[Cow::Borrowed("ing")],
        true,
    ),
    aliases: &[],
    columns: COLUMNS,
    decode: decode::<Ingress>,
    sort: None,
    enter: |row| {
        let (meta, services) = (row.meta(), &row.services);
        let namespace = meta.namespace.as_deref();
        match &**services {
            [] => None,
            [service] => Some(one("services", namespace, service)),
            several => {
                let names: Vec<String> = several.iter().map(|name| regex::escape(name)).collect();
                let filter = format!("re:^\\S+\\s+({})\\s", names.join("|"));
                let mut jump = Jump::to("services").in_namespace(namespace);
                jump.filter = Some(filter);
                Some(jump.of(format!("ingress/{}", meta.name)))
            }
        }
    },
};

const COLUMNS: &[Column<Ingress>] = &[
    name(),
    column(
        "CLASS",
        Width::Fit(30),
        |row, _| text(row.class_text()),
        |row| key(row.class_text()),
    ),
    column(
        "HOSTS",
        Width::Fit(80),
        |row, _| text(&row.hosts),
        |row| key(&*row.hosts),
    ),
    column(
        "ADDRESS",
        Width::Fit(60),
        |row, _| text(&row.address),
        |row| key(&*row.address),
    ),
    column(
        "PORTS",
        Width::Fit(7),
        |row, _| text(row.ports_text()),
        |row| key(row.ports_text()),
    ),
    age(),
];
