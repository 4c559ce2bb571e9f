//! CronJobs.

use std::borrow::Cow;

use super::common::{age, column, key, name, text};
use super::template::{Templated, containers, images, selector};
use crate::core::jump::Jump;
use crate::core::resource::Resource;
use crate::core::text::Tone;
use crate::core::view::{Cell, Column, SortKey, View, Width};
use crate::model::{Containers, CronJob, Projection, decode};

/// The view.
pub static VIEW: View<CronJob> = View {
    resource: Resource::known("batch", "v1", "CronJob", "cronjobs", &[Cow::Borrowed("cj")], true),
    aliases: &[],
    columns: COLUMNS,
    decode: decode::<CronJob>,
    sort: None,
    enter: |row| {
        // Jobs carry no label of their CronJob, but its name.
        let name = &row.meta().name;
        let jump = Jump::to("jobs")
            .in_namespace(row.meta().namespace.as_deref())
            .of(format!("cronjob/{name}"));
        Some(Jump {
            filter: Some(name.to_string()),
            ..jump
        })
    },
};

const COLUMNS: &[Column<CronJob>] = &[
    name(),
    column(
        "SCHEDULE",
        Width::Fit(30),
        |row, _| text(&row.schedule),
        |row| key(&*row.schedule),
    ),
    column(
        "TIMEZONE",
        Width::Fit(30),
        |row, _| text(row.time_zone_text()),
        |row| key(row.time_zone_text()),
    ),
    column(
        "SUSPEND",
        Width::Fit(7),
        |row, _| Cell::toned(row.suspend_text(), if row.suspended { Tone::Warn } else { Tone::Muted }),
        |row| key(row.suspend_text()),
    ),
    column(
        "ACTIVE",
        Width::Fit(6),
        |row, _| Cell::number(row.active.into()),
        |row| SortKey::count(row.active.into()),
    ),
    column(
        "LAST SCHEDULE",
        Width::Age,
        |row, clock| text(&row.last_schedule_text(clock.now)),
        |row| SortKey::age(row.last_schedule),
    ),
    age(),
    containers(),
    images(),
    selector(),
];

impl Templated for CronJob {
    fn containers(&self) -> &Containers {
        &self.containers
    }

    fn selector_text(&self) -> String {
        self.selector.format()
    }
}
