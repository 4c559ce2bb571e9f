//! ReplicationControllers.

use std::borrow::Cow;

use super::common::{age, column, count, labelled_pods, name, reached};
use super::template::{Templated, containers, images, selector};
use crate::core::resource::Resource;
use crate::core::view::{Cell, Column, View, Width};
use crate::model::{Containers, Projection, ReplicationController, decode};

/// The view.
pub static VIEW: View<ReplicationController> = View {
    resource: Resource::known(
        "",
        "v1",
        "ReplicationController",
        "replicationcontrollers",
        &[Cow::Borrowed("rc")],
        true,
    ),
    aliases: &[],
    columns: COLUMNS,
    decode: decode::<ReplicationController>,
    sort: None,
    enter: |row| labelled_pods("replicationcontroller", row.meta(), &row.selector),
};

const COLUMNS: &[Column<ReplicationController>] = &[
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

impl Templated for ReplicationController {
    fn containers(&self) -> &Containers {
        &self.containers
    }

    fn selector_text(&self) -> String {
        self.selector.format()
    }
}
