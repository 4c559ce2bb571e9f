//! PersistentVolumes.

use std::borrow::Cow;

use super::common::{age, column, key, name, one, text, tone, wide};
use crate::core::resource::Resource;
use crate::core::view::{Cell, Column, SortKey, View, Width};
use crate::model::{PersistentVolume, Projection, decode};

/// The view.
pub static VIEW: View<PersistentVolume> = View {
    resource: Resource::known(
        "",
        "v1",
        "PersistentVolume",
        "persistentvolumes",
        &[Cow::Borrowed("pv")],
        false,
    ),
    aliases: &[],
    columns: COLUMNS,
    decode: decode::<PersistentVolume>,
    sort: None,
    enter: |row| {
        row.claim()
            .map(|claim| one("persistentvolumeclaims", Some(&claim.namespace), &claim.name))
    },
};

const COLUMNS: &[Column<PersistentVolume>] = &[
    name(),
    column(
        "CAPACITY",
        Width::Fit(12),
        |row, _| text(&row.capacity().to_string()),
        |row| SortKey::Number(row.capacity().as_f64()),
    ),
    column(
        "ACCESS MODES",
        Width::Fit(16),
        |row, _| text(row.access_modes()),
        |row| key(row.access_modes()),
    ),
    column(
        "RECLAIM POLICY",
        Width::Fit(14),
        |row, _| text(row.reclaim_policy()),
        |row| key(row.reclaim_policy()),
    ),
    column(
        "STATUS",
        Width::Marked(12),
        |row, _| Cell::toned(row.status().to_owned(), tone(row.health())),
        |row| key(row.status()),
    ),
    column(
        "CLAIM",
        Width::Fit(80),
        |row, _| text(&row.claim_text()),
        |row| key(row.claim_text()),
    ),
    column(
        "STORAGECLASS",
        Width::Fit(40),
        |row, _| text(row.class()),
        |row| key(row.class()),
    ),
    column(
        "VOLUMEATTRIBUTESCLASS",
        Width::Fit(40),
        |row, _| text(row.attributes_class()),
        |row| key(row.attributes_class()),
    ),
    column(
        "REASON",
        Width::Fit(40),
        |row, _| text(row.reason()),
        |row| key(row.reason()),
    ),
    age(),
    wide(
        "VOLUMEMODE",
        Width::Fit(10),
        |row, _| text(row.mode()),
        |row| key(row.mode()),
    ),
];
