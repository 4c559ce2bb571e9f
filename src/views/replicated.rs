//! Columns of what keeps a number of pods running: ReplicaSets and ReplicationControllers, which kubectl prints alike.

use super::common::{age, column, count, name, reached};
use super::template::{Templated, containers, images, selector};
use crate::core::view::{Cell, Column, Width};

/// How many pods there are to be, are there, and are ready.
pub struct Replicas {
    /// The DESIRED cell.
    pub desired: i32,
    /// The CURRENT cell.
    pub current: i32,
    /// The READY cell.
    pub ready: i32,
}

/// A row with a number of pods.
pub trait Replicated: Templated {
    /// How many pods.
    fn replicas(&self) -> Replicas;
}

/// The columns.
pub const fn columns<K: Replicated>() -> [Column<K>; 8] {
    [
        name(),
        column(
            "DESIRED",
            Width::Fit(8),
            |row, _| Cell::number(row.replicas().desired.into()),
            |row| count(row.replicas().desired),
        ),
        column(
            "CURRENT",
            Width::Fit(8),
            |row, _| Cell::number(row.replicas().current.into()),
            |row| count(row.replicas().current),
        ),
        column(
            "READY",
            Width::Marked(8),
            |row, _| reached(row.replicas().ready, row.replicas().desired, row.health()),
            |row| count(row.replicas().ready),
        ),
        age(),
        containers(),
        images(),
        selector(),
    ]
}
