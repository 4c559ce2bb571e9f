//! DaemonSets.

use std::borrow::Cow;

use super::common::{age, column, count, key, name, reached, selected_pods, text};
use super::template::{Templated, containers, images, selector};
use crate::core::resource::Resource;
use crate::core::view::{Cell, Column, View, Width};
use crate::model::{Containers, DaemonSet, Projection, decode};

/// The view.
pub static VIEW: View<DaemonSet> = View {
    resource: Resource::known("apps", "v1", "DaemonSet", "daemonsets", &[Cow::Borrowed("ds")], true),
    aliases: &[],
    columns: COLUMNS,
    decode: decode::<DaemonSet>,
    sort: None,
    enter: |row| selected_pods("daemonset", row.meta(), &row.selector),
};

const COLUMNS: &[Column<DaemonSet>] = &[
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
    column(
        "UP-TO-DATE",
        Width::Fit(10),
        |row, _| reached(row.updated, row.desired, row.health()),
        |row| count(row.updated),
    ),
    column(
        "AVAILABLE",
        Width::Fit(9),
        |row, _| reached(row.available, row.desired, row.health()),
        |row| count(row.available),
    ),
    column(
        "NODE SELECTOR",
        Width::Fit(60),
        |row, _| text(&row.node_selector.format()),
        |row| key(row.node_selector.format()),
    ),
    age(),
    containers(),
    images(),
    selector(),
];

impl Templated for DaemonSet {
    fn containers(&self) -> &Containers {
        &self.containers
    }

    fn selector_text(&self) -> String {
        self.selector.format()
    }
}
