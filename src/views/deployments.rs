//! Deployments.

use std::borrow::Cow;

use super::common::{age, column, count, name, ratio, reached, selected_pods, tone};
use super::template::{Templated, containers, images, selector};
use crate::core::resource::Resource;
use crate::core::view::{Cell, Column, View, Width};
use crate::model::{Containers, Deployment, Projection, decode};

/// The view.
pub static VIEW: View<Deployment> = View {
    resource: Resource::known(
        "apps",
        "v1",
        "Deployment",
        "deployments",
        &[Cow::Borrowed("deploy")],
        true,
    ),
    aliases: &[],
    columns: COLUMNS,
    decode: decode::<Deployment>,
    sort: None,
    enter: |row| selected_pods("deployment", row.meta(), row.selector()),
};

const COLUMNS: &[Column<Deployment>] = &[
    name(),
    column(
        "READY",
        Width::Marked(11),
        |row, _| Cell::toned(row.ready_text(), tone(row.health())),
        |row| ratio(row.ready(), row.desired()),
    ),
    column(
        "UP-TO-DATE",
        Width::Fit(10),
        |row, _| reached(row.updated(), row.desired(), row.health()),
        |row| count(row.updated()),
    ),
    column(
        "AVAILABLE",
        Width::Fit(9),
        |row, _| reached(row.available(), row.desired(), row.health()),
        |row| count(row.available()),
    ),
    age(),
    containers(),
    images(),
    selector(),
];

impl Templated for Deployment {
    fn containers(&self) -> &Containers {
        Deployment::containers(self)
    }

    fn selector_text(&self) -> String {
        Deployment::selector_text(self)
    }
}
