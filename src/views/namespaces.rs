//! Namespaces. Enter makes one the present one.

use std::borrow::Cow;

use super::common::{age, column, key, name, tone};
use crate::core::jump::Jump;
use crate::core::resource::Resource;
use crate::core::view::{Cell, Column, View, Width};
use crate::model::{Namespace, Projection, decode};

/// The view.
pub static VIEW: View<Namespace> = View {
    resource: Resource::known("", "v1", "Namespace", "namespaces", &[Cow::Borrowed("ns")], false),
    aliases: &[],
    columns: COLUMNS,
    decode: decode::<Namespace>,
    sort: None,
    enter: |row| {
        let jump = Jump::to("pods").in_namespace(Some(&row.meta().name));
        Some(Jump { adopt: true, ..jump })
    },
};

const COLUMNS: &[Column<Namespace>] = &[
    name(),
    column(
        "STATUS",
        Width::Marked(14),
        |row, _| Cell::toned(row.status().to_owned(), tone(row.health())),
        |row| key(row.status()),
    ),
    age(),
];
