//! Jobs.

use super::common::{age, column, key, name, ratio, selected_pods, text, tone};
use super::template::{Templated, containers, images, selector};
use crate::core::resource::Resource;
use crate::core::view::{Cell, Column, SortKey, View, Width};
use crate::model::{Containers, Job, Projection, decode};

/// The view.
pub static VIEW: View<Job> = View {
    resource: Resource::known("batch", "v1", "Job", "jobs", &[], true),
    aliases: &[],
    columns: COLUMNS,
    decode: decode::<Job>,
    sort: None,
    enter: |row| selected_pods("job", row.meta(), &row.selector),
};

const COLUMNS: &[Column<Job>] = &[
    name(),
    column(
        "STATUS",
        Width::Marked(18),
        |row, _| Cell::toned(row.status.to_string(), tone(row.health())),
        |row| key(row.status.as_str()),
    ),
    column(
        "COMPLETIONS",
        Width::Fit(12),
        |row, _| text(&row.completions_text()),
        |row| ratio(row.succeeded, row.completions.unwrap_or(1)),
    ),
    column(
        "DURATION",
        Width::Age,
        |row, clock| text(&row.duration_text(clock.now)),
        |row| SortKey::age(row.started),
    ),
    age(),
    containers(),
    images(),
    selector(),
];

impl Templated for Job {
    fn containers(&self) -> &Containers {
        &self.containers
    }

    fn selector_text(&self) -> String {
        self.selector.format()
    }
}
