//! Columns that many kinds have.

use crate::core::clock::Clock;
use crate::core::text::Tone;
use crate::core::view::{Cell, Column, Object, SortKey, Tier, Width};
use crate::model::Health;

/// The NAME column.
pub const fn name<K: Object>() -> Column<K> {
    Column {
        title: "NAME",
        width: Width::Fit(80),
        tier: Tier::Always,
        cell: |row, _| Cell::plain(row.meta().name.to_string()),
        sort: |row| SortKey::text(row.meta().name.clone()),
    }
}

/// The AGE column.
pub const fn age<K: Object>() -> Column<K> {
    Column {
        title: "AGE",
        width: Width::Age,
        tier: Tier::Always,
        cell: |row, clock| age_cell(row, clock),
        sort: |row| SortKey::age(row.meta().created),
    }
}

fn age_cell<K: Object>(row: &K, clock: &Clock) -> Cell {
    Cell::toned(row.meta().age_text(clock.now), Tone::Muted)
}

/// The tone of an object's health.
pub fn tone(health: Health) -> Tone {
    match health {
        Health::Good => Tone::Good,
        Health::Busy => Tone::Busy,
        Health::Warn => Tone::Warn,
        Health::Bad => Tone::Error,
        Health::Neutral => Tone::Muted,
    }
}
