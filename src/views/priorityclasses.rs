//! PriorityClasses.

use std::borrow::Cow;

use super::common::{age, column, count, flag, key, name, text};
use crate::core::resource::Resource;
use crate::core::view::{Cell, Column, SortKey, View, Width};
use crate::model::{PriorityClass, decode};

/// The view.
pub static VIEW: View<PriorityClass> = View {
    resource: Resource::known(
        "scheduling.k8s.io",
        "v1",
        "PriorityClass",
        "priorityclasses",
        &[Cow::Borrowed("pc")],
        false,
    ),
    aliases: &[],
    columns: COLUMNS,
    decode: decode::<PriorityClass>,
    sort: None,
    enter: |_| None,
};

const COLUMNS: &[Column<PriorityClass>] = &[
    name(),
    column(
        "VALUE",
        Width::Fit(11),
        |row, _| Cell::number(row.value.into()),
        |row| count(row.value),
    ),
    column(
        "GLOBAL-DEFAULT",
        Width::Fit(14),
        |row, _| flag(row.global_default),
        |row| SortKey::count(row.global_default.into()),
    ),
    age(),
    column(
        "PREEMPTIONPOLICY",
        Width::Fit(20),
        |row, _| text(&row.preemption_policy),
        |row| key(&*row.preemption_policy),
    ),
];
