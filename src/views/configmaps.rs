//! ConfigMaps.

use std::borrow::Cow;

use super::common::{age, column, name};
use crate::core::resource::Resource;
use crate::core::view::{Cell, Column, SortKey, View, Width};
use crate::model::{ConfigMap, decode};

/// The view.
pub static VIEW: View<ConfigMap> = View {
    resource: Resource::known("", "v1", "ConfigMap", "configmaps", &[Cow::Borrowed("cm")], true),
    aliases: &[],
    columns: COLUMNS,
    decode: decode::<ConfigMap>,
    sort: None,
    enter: |_| None,
};

const COLUMNS: &[Column<ConfigMap>] = &[
    name(),
    column(
        "DATA",
        Width::Fit(6),
        |row, _| Cell::number(row.data.into()),
        |row| SortKey::count(row.data.into()),
    ),
    age(),
];
