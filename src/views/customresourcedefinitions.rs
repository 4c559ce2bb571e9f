//! CustomResourceDefinitions. Enter leads to the objects of the kind.

use std::borrow::Cow;

use super::common::{created_at, name};
use crate::core::jump::Jump;
use crate::core::resource::Resource;
use crate::core::view::{Column, View};
use crate::model::{CustomResourceDefinition, Projection, decode};

/// The view.
pub static VIEW: View<CustomResourceDefinition> = View {
    resource: Resource::known(
        "apiextensions.k8s.io",
        "v1",
        "CustomResourceDefinition",
        "customresourcedefinitions",
        &[Cow::Borrowed("crd"), Cow::Borrowed("crds")],
        false,
    ),
    aliases: &[],
    columns: COLUMNS,
    decode: decode::<CustomResourceDefinition>,
    sort: None,
    enter: |row| Some(Jump::to(row.meta().name.as_ref())),
};

const COLUMNS: &[Column<CustomResourceDefinition>] = &[name(), created_at()];
