//! CSIDrivers.

use super::common::{age, column, flag, key, name, text};
use crate::core::resource::Resource;
use crate::core::view::{Column, SortKey, View, Width};
use crate::model::{CsiDriver, decode};

/// The view.
pub static VIEW: View<CsiDriver> = View {
    resource: Resource::known("storage.k8s.io", "v1", "CSIDriver", "csidrivers", &[], false),
    aliases: &[],
    columns: COLUMNS,
    decode: decode::<CsiDriver>,
    sort: None,
    enter: |_| None,
};

const COLUMNS: &[Column<CsiDriver>] = &[
    name(),
    column(
        "ATTACHREQUIRED",
        Width::Fit(14),
        |row, _| flag(row.attach_required),
        |row| SortKey::count(row.attach_required.into()),
    ),
    column(
        "PODINFOONMOUNT",
        Width::Fit(14),
        |row, _| flag(row.pod_info_on_mount),
        |row| SortKey::count(row.pod_info_on_mount.into()),
    ),
    column(
        "STORAGECAPACITY",
        Width::Fit(15),
        |row, _| flag(row.storage_capacity),
        |row| SortKey::count(row.storage_capacity.into()),
    ),
    column(
        "TOKENREQUESTS",
        Width::Fit(40),
        |row, _| text(&row.token_requests),
        |row| key(&*row.token_requests),
    ),
    column(
        "REQUIRESREPUBLISH",
        Width::Fit(17),
        |row, _| flag(row.requires_republish),
        |row| SortKey::count(row.requires_republish.into()),
    ),
    column(
        "MODES",
        Width::Fit(24),
        |row, _| text(&row.modes),
        |row| key(&*row.modes),
    ),
    age(),
];
