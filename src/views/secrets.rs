//! Secrets. What they hold never enters a row.

use super::common::{age, column, key, name, text};
use crate::core::resource::Resource;
use crate::core::view::{Cell, Column, SortKey, View, Width};
use crate::model::{Secret, decode};

/// The view.
pub static VIEW: View<Secret> = View {
    resource: Resource::known("", "v1", "Secret", "secrets", &[], true),
    aliases: &[],
    columns: COLUMNS,
    decode: decode::<Secret>,
    sort: None,
    enter: |_| None,
};

const COLUMNS: &[Column<Secret>] = &[
    name(),
    column(
        "TYPE",
        Width::Fit(40),
        |row, _| text(&row.r#type),
        |row| key(&*row.r#type),
    ),
    column(
        "DATA",
        Width::Fit(6),
        |row, _| Cell::number(row.data.into()),
        |row| SortKey::count(row.data.into()),
    ),
    age(),
];
