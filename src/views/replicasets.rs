//! ReplicaSets.

use std::borrow::Cow;

use super::common::{age, column, count, name, reached, selected_pods};
use super::template::{Templated, containers, images, selector};
use crate::core::resource::Resource;
use crate::core::view::{Cell, Column, View, Width};
use crate::model::{Containers, Projection, ReplicaSet, decode};

/// The view.
pub static VIEW: View<ReplicaSet> = View {
    resource: Resource::known("apps", "v1", "ReplicaSet", "replicasets", &[Cow::Borrowed("rs")], true),
    aliases: &[],
    columns: COLUMNS,
    decode: decode::<ReplicaSet>,
    sort: None,
    enter: |row| selected_pods("replicaset", row.meta(), &row.selector),
};

const COLUMNS: &[Column<ReplicaSet>] = &[
    name(),
    column(
        "DESIRED",
        Width::Fit(8),
        |row, _| Cell::number(row.desired.into()),
        |row| count(row.desired),
    ),
    column(
        "CURRENT",
        Width::Fit(8),
        |row, _| Cell::number(row.current.into()),
        |row| count(row.current),
    ),
    column(
        "READY",
        Width::Marked(8),
        |row, _| reached(row.ready, row.desired, row.health()),
        |row| count(row.ready),
    ),
    age(),
    containers(),
    images(),
    selector(),
];

impl Templated for ReplicaSet {
    fn containers(&self) -> &Containers {
        &self.containers
    }

    fn selector_text(&self) -> String {
        self.selector.format()
    }
}
