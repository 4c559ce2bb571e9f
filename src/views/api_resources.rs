//! What the server serves, as `kubectl api-resources` prints it. Enter leads to the resource's objects.

use std::borrow::Cow;

use super::common::{column, flag, key, wide};
use crate::core::discovery::Served;
use crate::core::jump::Jump;
use crate::core::order::Sort;
use crate::core::resource::Resource;
use crate::core::view::{Cell, Column, SortKey, View, Width};
use crate::model::{Projection, decode};

/// The view. It has no version: no API serves it. By group, as kubectl sorts.
pub static VIEW: View<Served> = View {
    resource: Resource::known("", "", "APIResource", "api-resources", &[Cow::Borrowed("apis")], false),
    aliases: &["apiresources"],
    columns: COLUMNS,
    decode: decode::<Served>,
    sort: Some(Sort {
        column: 2,
        descending: false,
    }),
    enter: |row| Some(Jump::to(row.meta().name.as_ref())),
};

const COLUMNS: &[Column<Served>] = &[
    column(
        "NAME",
        Width::Fit(60),
        |row, _| Cell::plain(row.plural.clone()),
        |row| SortKey::text(row.plural.as_str()),
    ),
    column(
        "SHORTNAMES",
        Width::Fit(30),
        |row, _| Cell::plain(row.short.clone()),
        |row| key(row.short.as_str()),
    ),
    column(
        "APIVERSION",
        Width::Fit(60),
        |row, _| Cell::plain(row.api_version.clone()),
        |row| SortKey::text(group(row)),
    ),
    column(
        "NAMESPACED",
        Width::Fit(10),
        |row, _| flag(row.namespaced),
        |row| SortKey::count(row.namespaced.into()),
    ),
    column(
        "KIND",
        Width::Fit(60),
        |row, _| Cell::plain(row.kind.clone()),
        |row| SortKey::text(row.kind.as_str()),
    ),
    wide(
        "VERBS",
        Width::Fit(80),
        |row, _| Cell::plain(row.verbs.clone()),
        |row| key(row.verbs.as_str()),
    ),
    wide(
        "CATEGORIES",
        Width::Fit(40),
        |row, _| Cell::plain(row.categories.clone()),
        |row| key(row.categories.as_str()),
    ),
];

/// The group of the API version, which is none for the core group: it comes first.
fn group(row: &Served) -> &str {
    row.api_version.split_once('/').map_or("", |(group, _)| group)
}
