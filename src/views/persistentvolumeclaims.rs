//! PersistentVolumeClaims.

use std::borrow::Cow;

use super::common::{age, column, key, name, one, text, tone, wide};
use crate::core::resource::Resource;
use crate::core::view::{Cell, Column, SortKey, View, Width};
use crate::model::{PersistentVolumeClaim, Projection, decode};

/// The view.
pub static VIEW: View<PersistentVolumeClaim> = View {
    resource: Resource::known(
        "",
        "v1",
        "PersistentVolumeClaim",
        "persistentvolumeclaims",
        &[Cow::Borrowed("pvc")],
        true,
    ),
    aliases: &[],
    columns: COLUMNS,
    decode: decode::<PersistentVolumeClaim>,
    sort: None,
    enter: |row| (!row.volume().is_empty()).then(|| one("persistentvolumes", None, row.volume())),
};

const COLUMNS: &[Column<PersistentVolumeClaim>] = &[
    name(),
    column(
        "STATUS",
        Width::Marked(12),
        |row, _| Cell::toned(row.status().to_owned(), tone(row.health())),
        |row| key(row.status()),
    ),
    column(
        "VOLUME",
        Width::Fit(63),
        |row, _| text(row.volume()),
        |row| key(row.volume()),
    ),
    column(
        "CAPACITY",
        Width::Fit(12),
        |row, _| text(&row.capacity_text()),
        |row| {
            row.capacity()
                .map_or(SortKey::None, |own| SortKey::Number(own.as_f64()))
        },
    ),
    column(
        "ACCESS MODES",
        Width::Fit(16),
        |row, _| text(row.access_modes()),
        |row| key(row.access_modes()),
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
    age(),
    wide(
        "VOLUMEMODE",
        Width::Fit(10),
        |row, _| text(row.mode()),
        |row| key(row.mode()),
    ),
];
