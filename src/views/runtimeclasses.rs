//! RuntimeClasses.

use super::common::{age, column, key, name, text};
use crate::core::resource::Resource;
use crate::core::view::{Column, View, Width};
use crate::model::{RuntimeClass, decode};

/// The view.
pub static VIEW: View<RuntimeClass> = View {
    resource: Resource::known("node.k8s.io", "v1", "RuntimeClass", "runtimeclasses", &[], false),
    aliases: &[],
    columns: COLUMNS,
    decode: decode::<RuntimeClass>,
    sort: None,
    enter: |_| None,
};

const COLUMNS: &[Column<RuntimeClass>] = &[
    name(),
    column(
        "HANDLER",
        Width::Fit(60),
        |row, _| text(&row.handler),
        |row| key(&*row.handler),
    ),
    age(),
];
