//! The columns of what rows use: the numbers of `kubectl top`, what share they are, and how they went.

use crate::core::bar;
use crate::core::metrics::Series;
use crate::core::spark;
use crate::core::text::Tone;
use crate::core::view::{Cell, SortKey, Width};
use crate::model::{Usage, percent};

/// How many cells a sparkline has.
const TREND: usize = 10;

/// How many cells a bar has.
const BAR: usize = 6;

/// What is known of a row's usage.
#[derive(Default)]
pub struct Measure<'a> {
    /// What it uses and used.
    pub series: Option<&'a Series>,
    /// Thousandths of a core: of a node what pods can have; else what is requested, and the limit. 0 for none.
    pub cpu: [u64; 2],
    /// Bytes, likewise.
    pub memory: [u64; 2],
}

/// A column of usage.
pub struct Column {
    /// Its title.
    pub title: &'static str,
    /// How wide it is.
    pub width: Width,
    /// What it shows.
    pub cell: fn(&Measure) -> Cell,
    /// What it sorts by.
    pub sort: fn(&Measure) -> SortKey<'static>,
}

/// Of nodes: cores and bytes, and what share they are of what pods can have.
pub static NODES: &[Column] = &[
    CPU,
    Column {
        title: "CPU%",
        width: Width::Exact(BAR as u16 + 5),
        cell: |row| share_bar(cpu_share(row, 0)),
        sort: |row| number(cpu_share(row, 0)),
    },
    CPU_TREND,
    MEMORY,
    Column {
        title: "MEMORY%",
        width: Width::Exact(BAR as u16 + 5),
        cell: |row| share_bar(memory_share(row, 0)),
        sort: |row| number(memory_share(row, 0)),
    },
    MEMORY_TREND,
];

/// Of pods and containers: cores and bytes, and what share they are of the requests and of the limits.
pub static PODS: &[Column] = &[
    CPU,
    Column {
        title: "CPU/R",
        width: Width::Exact(6),
        cell: |row| share(cpu_share(row, 0), false),
        sort: |row| number(cpu_share(row, 0)),
    },
    Column {
        title: "CPU/L",
        width: Width::Exact(6),
        cell: |row| share(cpu_share(row, 1), true),
        sort: |row| number(cpu_share(row, 1)),
    },
    MEMORY,
    Column {
        title: "MEM/R",
        width: Width::Exact(6),
        cell: |row| share(memory_share(row, 0), false),
        sort: |row| number(memory_share(row, 0)),
    },
    Column {
        title: "MEM/L",
        width: Width::Exact(6),
        cell: |row| share(memory_share(row, 1), true),
        sort: |row| number(memory_share(row, 1)),
    },
    CPU_TREND,
    MEMORY_TREND,
];

const CPU: Column = Column {
    title: "CPU",
    width: Width::Exact(7),
    cell: |row| right(now(row).map(Usage::cpu_text), 7),
    sort: |row| number(now(row).map(|usage| usage.cpu)),
};

const MEMORY: Column = Column {
    title: "MEMORY",
    width: Width::Exact(8),
    cell: |row| right(now(row).map(Usage::memory_text), 8),
    sort: |row| number(now(row).map(|usage| usage.memory)),
};

const CPU_TREND: Column = Column {
    title: "CPU TREND",
    width: Width::Exact(TREND as u16),
    cell: |row| trend(row, |usage| usage.cpu),
    sort: |row| number(now(row).map(|usage| usage.cpu)),
};

const MEMORY_TREND: Column = Column {
    title: "MEM TREND",
    width: Width::Exact(TREND as u16),
    cell: |row| trend(row, |usage| usage.memory),
    sort: |row| number(now(row).map(|usage| usage.memory)),
};

fn now(row: &Measure) -> Option<Usage> {
    row.series.and_then(Series::now)
}

/// What is in use of a whole, in hundredths, as `kubectl top node` counts: of thousandths of cores.
fn cpu_share(row: &Measure, of: usize) -> Option<u64> {
    percent(now(row)?.cpu_milli(), row.cpu.get(of).copied()?)
}

fn memory_share(row: &Measure, of: usize) -> Option<u64> {
    percent(now(row)?.memory, row.memory.get(of).copied()?)
}

fn number(number: Option<u64>) -> SortKey<'static> {
    number.map_or(SortKey::None, |number| SortKey::Number(number as f64))
}

/// A number at the right of its column; a dash where there is none.
fn right(text: Option<String>, width: usize) -> Cell {
    match text {
        Some(text) => Cell::plain(format!("{text:>width$}")),
        None => Cell::toned(format!("{:>width$}", "-"), Tone::Muted),
    }
}

/// More than is requested is fine; near the limit it is not.
fn share(share: Option<u64>, limit: bool) -> Cell {
    let mut cell = right(share.map(|share| format!("{share}%")), 6);
    if let Some(share) = share.filter(|_| limit) {
        cell.tone = bar::number_tone(share as f64 / 100.0);
    }
    cell
}

fn share_bar(share: Option<u64>) -> Cell {
    let Some(share) = share else {
        return right(None, BAR + 5);
    };
    let part = share as f64 / 100.0;
    let text = format!("{} {:>4}", bar::text(part, BAR), format!("{share}%"));
    Cell::toned(text, bar::number_tone(part))
}

fn trend(row: &Measure, of: fn(Usage) -> u64) -> Cell {
    let past = row.series.into_iter().flat_map(Series::past);
    Cell::toned(spark::line(past.map(|usage| of(usage) as f64), TREND), Tone::Muted)
}
