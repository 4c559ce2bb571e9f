//! ControllerRevisions.

use super::common::{age, column, key, name, text};
use crate::core::resource::Resource;
use crate::core::view::{Cell, Column, SortKey, View, Width};
use crate::model::{ControllerRevision, decode};

/// The view.
pub static VIEW: View<ControllerRevision> = View {
    resource: Resource::known("apps", "v1", "ControllerRevision", "controllerrevisions", &[], true),
    aliases: &[],
    columns: COLUMNS,
    decode: decode::<ControllerRevision>,
    sort: None,
    enter: |_| None,
};

const COLUMNS: &[Column<ControllerRevision>] = &[
    name(),
    column(
        "CONTROLLER",
        Width::Fit(80),
        |row, _| text(&row.controller_text()),
        |row| key(row.controller_text()),
    ),
    column(
        "REVISION",
        Width::Fit(8),
        |row, _| Cell::number(row.revision),
        |row| SortKey::count(row.revision),
    ),
    age(),
];
