//! HorizontalPodAutoscalers.

use std::borrow::Cow;

use super::common::{age, column, count, key, name, referred, text, tone};
use crate::core::resource::Resource;
use crate::core::view::{Cell, Column, View, Width};
use crate::model::{Health, HorizontalPodAutoscaler, Projection, decode};

/// The view.
pub static VIEW: View<HorizontalPodAutoscaler> = View {
    resource: Resource::known(
        "autoscaling",
        "v2",
        "HorizontalPodAutoscaler",
        "horizontalpodautoscalers",
        &[Cow::Borrowed("hpa")],
        true,
    ),
    aliases: &[],
    columns: COLUMNS,
    decode: decode::<HorizontalPodAutoscaler>,
    sort: None,
    enter: |row| {
        Some(referred(
            &row.target_version,
            &row.target_kind,
            row.meta().namespace.as_deref(),
            &row.target_name,
        ))
    },
};

const COLUMNS: &[Column<HorizontalPodAutoscaler>] = &[
    name(),
    column(
        "REFERENCE",
        Width::Fit(60),
        |row, _| text(&row.reference_text()),
        |row| key(row.reference_text()),
    ),
    column(
        "TARGETS",
        Width::Marked(60),
        |row, _| targets(row),
        |row| key(&*row.targets),
    ),
    column(
        "MINPODS",
        Width::Fit(7),
        |row, _| Cell::number(row.min.into()),
        |row| count(row.min),
    ),
    column(
        "MAXPODS",
        Width::Fit(7),
        |row, _| Cell::number(row.max.into()),
        |row| count(row.max),
    ),
    column(
        "REPLICAS",
        Width::Fit(8),
        |row, _| Cell::number(row.replicas.into()),
        |row| count(row.replicas),
    ),
    age(),
];

/// Targets that cannot be measured are worth a look.
fn targets(scaler: &HorizontalPodAutoscaler) -> Cell {
    match scaler.health() {
        Health::Good => text(&scaler.targets),
        health => Cell::toned(scaler.targets.to_string(), tone(health)),
    }
}
