//! The lines of the overview.

use std::cmp::Reverse;

use super::facts::{self, Room};
use super::{Overview, WORKLOADS};
use crate::core::bar;
use crate::core::jump::Scope;
use crate::core::layer::LayerCx;
use crate::core::store::{Sync, Table, text_width};
use crate::core::text::{Line, Span, Tone, clean};
use crate::model::{Event, Node, Projection, ResourceQuota, age};

/// How many nodes, quotas and warnings are told, each.
const MOST: usize = 8;

/// Screens of fewer columns than this have short bars, and no count of pods.
const NARROW: u16 = 100;

/// From here on a quota is near its limit.
const NEAR: f64 = 0.8;

/// All lines, from what has come so far.
pub fn lines(overview: &Overview, cx: &LayerCx) -> Vec<Line> {
    let mut out = Vec::new();
    room(overview, cx, &mut out);
    workloads(overview, cx, &mut out);
    quotas(overview, cx, &mut out);
    warnings(overview, cx, &mut out);
    out
}

/// A title, and below it why there is nothing, where that is so. Answers whether something follows.
fn section(title: &str, table: Option<&Table>, cx: &LayerCx, out: &mut Vec<Line>) -> bool {
    if !out.is_empty() {
        out.push(Line::default());
    }
    out.push(Line::of([Span::new(title.to_string(), Tone::Title)]));
    let span = match table.map(Table::sync) {
        Some(Sync::Stale { why, .. }) if table.is_some_and(Table::has_failed) => {
            Span::new(format!("! {}", cx.lang.what(why)), Tone::Warn)
        }
        _ if table.is_some_and(Table::is_complete) => return true,
        _ => Span::new("…", Tone::Busy),
    };
    out.push(Line::of([span]));
    false
}

/// How wide bars are on a screen of this width.
fn bar_width(cx: &LayerCx) -> usize {
    match cx.space.width {
        width if width < NARROW => 5,
        width => usize::from(width / 8).clamp(6, 24),
    }
}

fn room(overview: &Overview, cx: &LayerCx, out: &mut Vec<Line>) {
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
    let wide = nodes
        .iter()
        .map(|(node, _)| text_width(&node.meta().name))
        .max()
        .unwrap_or(0);
    let wide = usize::from(wide.max(text_width(&name)).min(cx.space.width / 4));
    out.push(room_line(Span::new(pad(&name, wide), Tone::Label), &all, cx));
    // Per namespace, what the namespace's pods take of the whole is enough.
    if overview.scope != Scope::All {
        return;
    }
    let fullest =
        |room: &Room| (bar::share(room.cpu.0, room.cpu.1).max(bar::share(room.memory.0, room.memory.1)) * 1e6) as i64;
    nodes.sort_by_key(|(node, room)| (Reverse(node.health()), Reverse(fullest(room)), node.meta().name.clone()));
    for (node, room) in nodes.iter().take(MOST) {
        let tone = tone_of(node);
        let mut line = room_line(Span::new(pad(&node.meta().name, wide), tone), room, cx);
        let trouble = troubles(node);
        if !trouble.is_empty() {
            // Pressure is worth a look before the node stops being ready.
            let tone = if tone == Tone::Plain { Tone::Warn } else { tone };
            line.spans.push(Span::new(format!("  {} {trouble}", tone.mark()), tone));
        }
        out.push(line);
    }
    more(nodes.len(), cx, out);
}

/// The tone of a node's name.
fn tone_of(node: &Node) -> Tone {
    use crate::model::Health;
    match node.health() {
        Health::Bad => Tone::Error,
        Health::Warn => Tone::Warn,
        Health::Busy => Tone::Busy,
        _ => Tone::Plain,
    }
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

fn room_line(name: Span, room: &Room, cx: &LayerCx) -> Line {
    let mut spans = vec![name];
    let cores = |milli: f64| format!("{:.1}", milli / 1000.0);
    let gib = |bytes: f64| format!("{:.1}", bytes / f64::from(1 << 30));
    let count = |pods: f64| format!("{pods:.0}");
    let parts = [
        ("CPU", room.cpu, cores as fn(f64) -> String, ""),
        ("MEM", room.memory, gib, " GiB"),
        ("PODS", room.pods, count, ""),
    ];
    let shown = if cx.space.width < NARROW { 2 } else { 3 };
    for (title, (used, whole), text, unit) in parts.into_iter().take(shown) {
        let share = bar::share(used, whole);
        spans.push(Span::new(format!("  {title} "), Tone::Label));
        if title != "PODS" {
            spans.extend(bar::spans(share, bar_width(cx)));
            spans.push(Span::new(format!(" {:>3.0}%", share * 100.0), bar::tone(share)));
        }
        spans.push(Span::plain(format!(" {}/{}{unit}", text(used), text(whole))));
    }
    Line::of(spans)
}

fn workloads(overview: &Overview, cx: &LayerCx, out: &mut Vec<Line>) {
    let pods = overview.table("pods", cx);
    if !section(&cx.lang.t("overview.workloads"), pods, cx, out) {
        return;
    }
    let wide = WORKLOADS.iter().map(|plural| plural.len()).max().unwrap_or(0);
    for plural in WORKLOADS {
        let counts = facts::health(overview.table(plural, cx));
        let total: usize = counts.iter().sum();
        let mut spans = vec![
            Span::new(pad(plural, wide), Tone::Label),
            Span::plain(format!("  {total:>5}")),
        ];
        let words = [
            ("overview.good", Tone::Good),
            ("overview.busy", Tone::Busy),
            ("overview.warn", Tone::Warn),
            ("overview.bad", Tone::Error),
            ("overview.neutral", Tone::Muted),
        ];
        for (count, (key, tone)) in counts.iter().zip(words).filter(|(count, _)| **count > 0) {
            let mark = match tone.mark() {
                "" => String::new(),
                mark => format!("{mark} "),
            };
            let text = cx.lang.f(key, &[("count", &count.to_string())]);
            spans.push(Span::new(format!("   {mark}{text}"), tone));
        }
        out.push(Line::of(spans));
    }
}

fn quotas(overview: &Overview, cx: &LayerCx, out: &mut Vec<Line>) {
    let table = overview.table("resourcequotas", cx);
    if !section(&cx.lang.t("overview.quotas"), table, cx, out) {
        return;
    }
    let mut near = Vec::new();
    for quota in facts::rows::<ResourceQuota>(table) {
        for (resource, hard) in quota.hard().iter() {
            let used = quota.used().get(resource).map_or(0.0, |used| used.as_f64());
            let share = if hard.is_zero() {
                1.0
            } else {
                bar::share(used, hard.as_f64())
            };
            if share >= NEAR {
                let amounts = format!("{}/{hard}", quota.used().text(resource));
                let namespace = quota.meta().namespace.as_deref().unwrap_or_default();
                near.push((share, format!("{namespace}/{} {resource}", quota.meta().name), amounts));
            }
        }
    }
    if near.is_empty() {
        let text = cx.lang.t("overview.no_quotas");
        out.push(Line::of([Span::new(text, Tone::Muted)]));
        return;
    }
    near.sort_by(|a, b| b.0.total_cmp(&a.0).then_with(|| a.1.cmp(&b.1)));
    let wide = near
        .iter()
        .take(MOST)
        .map(|(_, name, _)| name.chars().count())
        .max()
        .unwrap_or(0);
    for (share, name, amounts) in near.iter().take(MOST) {
        let mut spans = vec![Span::new(format!("{}  ", pad(&clean(name), wide)), Tone::Label)];
        spans.extend(bar::spans(*share, bar_width(cx)));
        spans.push(Span::new(format!(" {:>3.0}%", share * 100.0), bar::tone(*share)));
        spans.push(Span::plain(format!(" {amounts}")));
        out.push(Line::of(spans));
    }
    more(near.len(), cx, out);
}

fn warnings(overview: &Overview, cx: &LayerCx, out: &mut Vec<Line>) {
    let table = overview.table("events", cx);
    if !section(&cx.lang.t("overview.warnings"), table, cx, out) {
        return;
    }
    let mut events: Vec<&Event> = facts::rows::<Event>(table).collect();
    events.sort_by_key(|event| (Reverse(event.last_seen()), event.meta().name.clone()));
    if events.is_empty() {
        let text = cx.lang.t("overview.no_warnings");
        out.push(Line::of([Span::new(text, Tone::Muted)]));
    }
    for event in events.iter().take(MOST) {
        let since = age::since(event.last_seen(), cx.clock.now);
        out.push(Line::of([
            Span::new(format!("{since:>6}  "), Tone::Muted),
            Span::new(format!("! {}", clean(event.reason())), Tone::Warn),
            Span::new(format!("  {}", clean(&event.object_text())), Tone::Accent),
            Span::plain(format!("  {}", clean(event.message()))),
        ]));
    }
    more(events.len(), cx, out);
}

fn more(count: usize, cx: &LayerCx, out: &mut Vec<Line>) {
    if count > MOST {
        let more = (count - MOST).to_string();
        out.push(Line::of([Span::new(
            cx.lang.f("preview.more", &[("count", &more)]),
            Tone::Muted,
        )]));
    }
}

/// The text with spaces behind it, so many cells wide; cut where it is wider.
fn pad(text: &str, width: usize) -> String {
    let taken = usize::from(text_width(text));
    if taken <= width {
        return format!("{text}{}", " ".repeat(width - taken));
    }
    let cut: String = text.chars().take(width.saturating_sub(1)).collect();
    format!("{cut}…")
}
