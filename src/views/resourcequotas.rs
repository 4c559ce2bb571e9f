//! ResourceQuotas.

use std::borrow::Cow;

use super::common::{age, column, key, name, tone};
use crate::core::resource::Resource;
use crate::core::text::Tone;
use crate::core::view::{Cell, Column, View, Width};
use crate::model::{Health, Projection, ResourceQuota, decode};

/// The view.
pub static VIEW: View<ResourceQuota> = View {
    resource: Resource::known(
        "",
        "v1",
        "ResourceQuota",
        "resourcequotas",
        &[Cow::Borrowed("quota")],
        true,
    ),
    aliases: &[],
    columns: COLUMNS,
    decode: decode::<ResourceQuota>,
    sort: None,
    enter: |_| None,
};

const COLUMNS: &[Column<ResourceQuota>] = &[
    name(),
    column(
        "REQUEST",
        Width::Rest,
        |row, _| Cell::toned(row.request_text(), full(row)),
        |row| key(row.request_text()),
    ),
    column(
        "LIMIT",
        Width::Fit(80),
        |row, _| Cell::toned(row.limit_text(), full(row)),
        |row| key(row.limit_text()),
    ),
    age(),
];

/// A quota with room is ordinary; one that is used up is not.
fn full(quota: &ResourceQuota) -> Tone {
    if quota.health() == Health::Good {
        Tone::Plain
    } else {
        tone(quota.health())
    }
}
