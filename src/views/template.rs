//! Columns of what makes pods from a template.

use super::common::{key, text, wide};
use crate::core::view::{Column, Object, Width};
use crate::model::Containers;

/// A row with a pod template.
pub trait Templated: Object {
    /// The template's containers.
    fn containers(&self) -> &Containers;
    /// The SELECTOR cell.
    fn selector_text(&self) -> String;
}

/// The CONTAINERS column.
pub const fn containers<K: Templated>() -> Column<K> {
    wide(
        "CONTAINERS",
        Width::Fit(40),
        |row, _| text(row.containers().names()),
        |row| key(row.containers().names()),
    )
}

/// The IMAGES column.
pub const fn images<K: Templated>() -> Column<K> {
    wide(
        "IMAGES",
        Width::Fit(80),
        |row, _| text(row.containers().images()),
        |row| key(row.containers().images()),
    )
}

/// The SELECTOR column.
pub const fn selector<K: Templated>() -> Column<K> {
    wide(
        "SELECTOR",
        Width::Fit(80),
        |row, _| text(&row.selector_text()),
        |row| key(row.selector_text()),
    )
}
