//! PodDisruptionBudgets.

use std::borrow::Cow;

use super::common::{age, column, count, key, name, selected_pods, text, tone};
use crate::core::resource::Resource;
use crate::core::view::{Cell, Column, View, Width};
use crate::model::{PodDisruptionBudget, Projection, decode};

/// The view.
pub static VIEW: View<PodDisruptionBudget> = View {
    resource: Resource::known(
        "policy",
        "v1",
        "PodDisruptionBudget",
        "poddisruptionbudgets",
        &[Cow::Borrowed("pdb")],
        true,
    ),
    aliases: &[],
    columns: COLUMNS,
    decode: decode::<PodDisruptionBudget>,
    sort: None,
    enter: |row| selected_pods("poddisruptionbudget", row.meta(), &row.selector),
};

const COLUMNS: &[Column<PodDisruptionBudget>] = &[
    name(),
    column(
        "MIN AVAILABLE",
        Width::Fit(13),
        |row, _| text(row.min_available_text()),
        |row| key(row.min_available_text()),
    ),
    column(
        "MAX UNAVAILABLE",
        Width::Fit(15),
        |row, _| text(row.max_unavailable_text()),
        |row| key(row.max_unavailable_text()),
    ),
    column(
        "ALLOWED DISRUPTIONS",
        Width::Marked(19),
        |row, _| Cell::toned(row.allowed.to_string(), tone(row.health())),
        |row| count(row.allowed),
    ),
    age(),
];
