//! Leases.

use super::common::{age, column, key, name, text};
use crate::core::resource::Resource;
use crate::core::view::{Column, View, Width};
use crate::model::{Lease, decode};

/// The view.
pub static VIEW: View<Lease> = View {
    resource: Resource::known("coordination.k8s.io", "v1", "Lease", "leases", &[], true),
    aliases: &[],
    columns: COLUMNS,
    decode: decode::<Lease>,
    sort: None,
    enter: |_| None,
};

const COLUMNS: &[Column<Lease>] = &[
    name(),
    column(
        "HOLDER",
        Width::Fit(80),
        |row, _| text(&row.holder),
        |row| key(&*row.holder),
    ),
    age(),
];
