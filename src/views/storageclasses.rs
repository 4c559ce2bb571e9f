//! StorageClasses.

use std::borrow::Cow;

use super::common::{age, column, flag, key, text};
use crate::core::resource::Resource;
use crate::core::view::{Column, SortKey, View, Width};
use crate::model::{StorageClass, decode};

/// The view.
pub static VIEW: View<StorageClass> = View {
    resource: Resource::known(
        "storage.k8s.io",
        "v1",
        "StorageClass",
        "storageclasses",
        &[Cow::Borrowed("sc")],
        false,
    ),
    aliases: &[],
    columns: COLUMNS,
    decode: decode::<StorageClass>,
    sort: None,
    enter: |_| None,
};

const COLUMNS: &[Column<StorageClass>] = &[
    column(
        "NAME",
        Width::Fit(80),
        |row, _| text(&row.name_text()),
        |row| key(row.name_text()),
    ),
    column(
        "PROVISIONER",
        Width::Fit(60),
        |row, _| text(row.provisioner()),
        |row| key(row.provisioner()),
    ),
    column(
        "RECLAIMPOLICY",
        Width::Fit(13),
        |row, _| text(row.reclaim_policy()),
        |row| key(row.reclaim_policy()),
    ),
    column(
        "VOLUMEBINDINGMODE",
        Width::Fit(20),
        |row, _| text(row.binding_mode()),
        |row| key(row.binding_mode()),
    ),
    column(
        "ALLOWVOLUMEEXPANSION",
        Width::Fit(20),
        |row, _| flag(row.allow_expansion()),
        |row| SortKey::count(row.allow_expansion().into()),
    ),
    age(),
];
