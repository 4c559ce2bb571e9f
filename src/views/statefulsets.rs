//! StatefulSets.

use std::borrow::Cow;

use super::common::{age, column, name, ratio, selected_pods, tone};
use super::template::{Templated, containers, images};
use crate::core::resource::Resource;
use crate::core::view::{Cell, Column, View, Width};
use crate::model::{Containers, Projection, StatefulSet, decode};

/// The view.
pub static VIEW: View<StatefulSet> = View {
    resource: Resource::known(
        "apps",
        "v1",
        "StatefulSet",
        "statefulsets",
        &[Cow::Borrowed("sts")],
        true,
    ),
    aliases: &[],
    columns: COLUMNS,
    decode: decode::<StatefulSet>,
    sort: None,
    enter: |row| selected_pods("statefulset", row.meta(), &row.selector),
};

const COLUMNS: &[Column<StatefulSet>] = &[
    name(),
    column(
        "READY",
        Width::Marked(11),
        |row, _| Cell::toned(row.ready_text(), tone(row.health())),
        |row| ratio(row.ready, row.desired),
    ),
    age(),
    containers(),
    images(),
];

impl Templated for StatefulSet {
    fn containers(&self) -> &Containers {
        &self.containers
    }

    fn selector_text(&self) -> String {
        self.selector.format()
    }
}
