//! The nodes of the overview: what pods request and use of what they can have, and which nodes are in trouble.

use std::cmp::Reverse;

use super::facts::{self, Room};
use super::grid::{self, Cell};
use super::text::{MOST, more, section};
use super::{Overview, text};
use crate::core::bar;
use crate::core::jump::Scope;
use crate::core::layer::LayerCx;
use crate::core::metrics::{Feed, Series};
use crate::core::spark;
use crate::core::text::{Line, Span, Tone};
use crate::model::{Health, Node, Projection, Usage};
use crate::preview::wrap;

/// From so many columns on there is room for amounts, for trends, and for how many pods there are.
const ROOM: [u16; 3] = [100, 112, 140];

/// The section of the nodes.
pub fn lines(overview: &Overview, cx: &LayerCx, out: &mut Vec<Line>) {
    let table = overview.table("nodes", cx);
    if !section(&cx.lang.t("overview.nodes"), table, cx, out) {
        return;
    }
    let taken = facts::taken(overview.table("pods", cx));
    let mut nodes: Vec<(&Node, Room)> = facts::rows::<Node>(table)
        .map(|node| {
            let taken = taken.get(&*node.meta().name).copied().unwrap_or_default();
            (node, Room::of(node).plus(taken))
        })
        .collect();
    let all = nodes.iter().fold(Room::default(), |sum, (_, room)| sum.plus(*room));
    let name = cx.lang.f("overview.all_nodes", &[("count", &nodes.len().to_string())]);
    let feed = if overview.scope == Scope::All {
        &cx.metrics.nodes
    } else {
        &cx.metrics.pods
    };
    let sum = feed.sum(&overview.scope);
    let mut rows = vec![
        head(cx),
        row(vec![Span::new(name, Tone::Label)], &all, (feed, Some(&sum)), cx),
    ];
    let count = nodes.len();
    // Per namespace, what the namespace's pods take of the whole is enough.
    if overview.scope == Scope::All {
        nodes.sort_by_key(|(node, room)| (Reverse(node.health()), Reverse(fullest(room)), node.meta().name.clone()));
        for (node, room) in nodes.iter().take(MOST) {
            let series = feed.whole("", &node.meta().name);
            rows.push(row(named(node, cx), room, (feed, series), cx));
        }
    }
    out.extend(grid::lines(rows));
    if overview.scope == Scope::All {
        more(count, cx, out);
    }
    if let Some(why) = feed.trouble() {
        let why = Line::of([Span::new(cx.lang.no_metrics(why), Tone::Muted)]);
        out.extend(wrap::lines(&[why], cx.space.width));
    }
}

fn fullest(room: &Room) -> i64 {
    (bar::share(room.cpu.0, room.cpu.1).max(bar::share(room.memory.0, room.memory.1)) * 1e6) as i64
}

/// The node's name, and what is wrong with it.
fn named(node: &Node, cx: &LayerCx) -> Cell {
    let tone = match node.health() {
        Health::Bad => Tone::Error,
        Health::Warn => Tone::Warn,
        Health::Busy => Tone::Busy,
        _ => Tone::Plain,
    };
    let most = usize::from(cx.space.width / 4);
    let mut cell = vec![Span::new(text::cut(&node.meta().name, most), tone)];
    let trouble = troubles(node);
    if !trouble.is_empty() {
        // Pressure is worth a look before the node stops being ready.
        let tone = if tone == Tone::Plain { Tone::Warn } else { tone };
        let trouble = text::cut(&trouble, most);
        cell.push(Span::new(format!(" {} {trouble}", tone.mark()), tone));
    }
    cell
}

/// What is wrong with a node, in Kubernetes' words: its status and the taints that tell of pressure.
fn troubles(node: &Node) -> String {
    let status = Some(node.status())
        .filter(|status| *status != "Ready")
        .map(str::to_string);
    let pressure = node
        .taints()
        .iter()
        .filter_map(|taint| taint.key.strip_prefix("node.kubernetes.io/"));
    let pressure = pressure.filter(|kind| kind.ends_with("-pressure")).map(str::to_string);
    status.into_iter().chain(pressure).collect::<Vec<_>>().join(", ")
}

/// What the columns are, in the order of [`row`].
fn head(cx: &LayerCx) -> Vec<Cell> {
    let title = |text: String| vec![Span::new(text, Tone::Muted)];
    let mut cells = vec![Vec::new()];
    for what in ["CPU", "MEM"] {
        cells.push(title(format!("{what} {}", cx.lang.t("overview.requested"))));
        cells.push(title(cx.lang.t("overview.used")));
        if cx.space.width >= ROOM[1] {
            cells.push(title(cx.lang.t("overview.trend")));
        }
    }
    if cx.space.width >= ROOM[2] {
        cells.push(title("PODS".to_string()));
    }
    cells
}

/// What is requested and used of one resource.
struct Amount<'a> {
    /// Requested, and what pods can have.
    room: (f64, f64),
    /// What of the usage it is.
    of: fn(Usage) -> f64,
    text: fn(f64) -> String,
    unit: &'a str,
}

/// A line of the table: what is requested and used of cores and of memory.
fn row(name: Cell, room: &Room, (feed, series): (&Feed, Option<&Series>), cx: &LayerCx) -> Vec<Cell> {
    let is_large = cx.space.width >= ROOM[2];
    let cores = Amount {
        room: room.cpu,
        of: |usage| usage.cpu as f64 / 1e6,
        text: |milli| format!("{:.1}", milli / 1000.0),
        unit: "",
    };
    let memory = Amount {
        room: room.memory,
        of: |usage| usage.memory as f64,
        text: |bytes| format!("{:.1}", bytes / f64::from(1 << 30)),
        unit: if is_large { " GiB" } else { "Gi" },
    };
    let mut cells = vec![name];
    for Amount { room, of, text, unit } in [cores, memory] {
        let amounts = format!("{}/{}{unit}", text(room.0), text(room.1));
        cells.push(share(bar::share(room.0, room.1), &amounts, ROOM[0], cx));
        cells.push(match series.and_then(Series::now) {
            Some(usage) => share(bar::share(of(usage), room.1), &text(of(usage)), ROOM[2], cx),
            None if feed.is_settled() => vec![Span::new("-", Tone::Muted)],
            None => vec![Span::new("…", Tone::Busy)],
        });
        if cx.space.width >= ROOM[1] {
            let past = series.into_iter().flat_map(Series::past).map(of);
            let drawn = spark::line(past, if is_large { 16 } else { 6 });
            cells.push(vec![Span::new(drawn, Tone::Muted)]);
        }
    }
    if is_large {
        cells.push(vec![Span::plain(format!("{:.0}/{:.0}", room.pods.0, room.pods.1))]);
    }
    cells
}

/// A bar, the share in hundredths, and the amounts where there is room for them.
fn share(share: f64, amounts: &str, room: u16, cx: &LayerCx) -> Cell {
    let mut cell: Cell = bar::spans(share, text::bar_width(cx)).into();
    cell.push(Span::new(format!(" {:>3.0}%", share * 100.0), bar::number_tone(share)));
    if cx.space.width >= room {
        cell.push(Span::plain(format!(" {amounts}")));
    }
    cell
}
