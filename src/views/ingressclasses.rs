//! IngressClasses.

use super::common::{age, column, key, text};
use crate::core::resource::Resource;
use crate::core::view::{Column, View, Width};
use crate::model::{IngressClass, decode};

/// The view.
pub static VIEW: View<IngressClass> = View {
    resource: Resource::known("networking.k8s.io", "v1", "IngressClass", "ingressclasses", &[], false),
    aliases: &[],
    columns: COLUMNS,
    decode: decode::<IngressClass>,
    sort: None,
    enter: |_| None,
};

const COLUMNS: &[Column<IngressClass>] = &[
    column(
        "NAME",
        Width::Fit(80),
        |row, _| text(&row.name_text()),
        |row| key(row.name_text()),
    ),
    column(
        "CONTROLLER",
        Width::Fit(60),
        |row, _| text(&row.controller),
        |row| key(&*row.controller),
    ),
    column(
        "PARAMETERS",
        Width::Fit(60),
        |row, _| text(&row.parameters),
        |row| key(&*row.parameters),
    ),
    age(),
];
