//! Nodes.

use std::borrow::Cow;

use super::common::{age, column, key, name, text, tone, wide};
use crate::core::jump::Jump;
use crate::core::resource::Resource;
use crate::core::view::{Cell, Column, View, Width};
use crate::model::{Node, Projection, decode};

/// The view.
pub static VIEW: View<Node> = View {
    resource: Resource::known("", "v1", "Node", "nodes", &[Cow::Borrowed("no")], false),
    aliases: &[],
    columns: COLUMNS,
    decode: decode::<Node>,
    sort: None,
    enter: |node| {
        let name = &node.meta().name;
        Some(
            Jump::to("pods")
                .everywhere()
                .fields(format!("spec.nodeName={name}"))
                .of(format!("node/{name}")),
        )
    },
};

const COLUMNS: &[Column<Node>] = &[
    name(),
    column(
        "STATUS",
        Width::Marked(28),
        |row, _| Cell::toned(row.status(), tone(row.health())),
        |row| key(row.status()),
    ),
    column(
        "ROLES",
        Width::Fit(40),
        |row, _| text(row.roles_text()),
        |row| key(row.roles_text()),
    ),
    age(),
    column(
        "VERSION",
        Width::Fit(24),
        |row, _| text(row.version()),
        |row| key(row.version()),
    ),
    wide(
        "INTERNAL-IP",
        Width::Fit(45),
        |row, _| text(row.internal_ip_text()),
        |row| key(row.internal_ip_text()),
    ),
    wide(
        "EXTERNAL-IP",
        Width::Fit(45),
        |row, _| text(row.external_ip_text()),
        |row| key(row.external_ip_text()),
    ),
    wide(
        "OS-IMAGE",
        Width::Fit(48),
        |row, _| text(row.os_image_text()),
        |row| key(row.os_image_text()),
    ),
    wide(
        "KERNEL-VERSION",
        Width::Fit(48),
        |row, _| text(row.kernel_text()),
        |row| key(row.kernel_text()),
    ),
    wide(
        "CONTAINER-RUNTIME",
        Width::Fit(40),
        |row, _| text(row.runtime_text()),
        |row| key(row.runtime_text()),
    ),
];
