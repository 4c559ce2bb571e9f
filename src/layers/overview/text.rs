//! The lines of the overview.

use std::cmp::Reverse;

use super::{Overview, WORKLOADS, facts, grid, nodes};
use crate::core::bar;
use crate::core::layer::LayerCx;
use crate::core::store::{Sync, Table, text_width};
use crate::core::text::{Line, Span, Tone, clean};
use crate::model::{Event, Projection, ResourceQuota, age};

/// How many nodes, quotas and warnings are told, each.
pub const MOST: usize = 8;

/// From here on a quota is near its limit.
const NEAR: f64 = 0.8;

/// All lines, from what has come so far.
pub fn lines(overview: &Overview, cx: &LayerCx) -> Vec<Line> {
    let mut out = Vec::new();
    nodes::lines(overview, cx, &mut out);
    workloads(overview, cx, &mut out);
    quotas(overview, cx, &mut out);
    warnings(overview, cx, &mut out);
    out
}

/// A title, and below it why there is nothing, where that is so. Answers whether something follows.
pub fn section(title: &str, table: Option<&Table>, cx: &LayerCx, out: &mut Vec<Line>) -> bool {
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
pub fn bar_width(cx: &LayerCx) -> usize {
    match cx.space.width {
        ..100 => 4,
        100..140 => 5,
        _ => 10,
    }
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
            Span::plain(format!("  {total:>5}  ")),
        ];
        spans.extend(well(&counts, bar_width(cx)));
        let words = [
            ("overview.good", Tone::Good),
            ("overview.busy", Tone::Busy),
            ("overview.warn", Tone::Warn),
            ("overview.bad", Tone::Error),
            ("overview.neutral", Tone::Muted),
        ];
        // The worst first: where there is no room for all, that stays.
        let mut told: Vec<_> = counts.iter().zip(words).filter(|(count, _)| **count > 0).collect();
        told.sort_by_key(|(_, (_, tone))| Reverse(*tone));
        for (count, (key, tone)) in told {
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

/// How many fare how, as one bar: those as they should be first, those that are done or idle last. Whatever there is has
/// a cell at least.
fn well(counts: &[usize; 5], width: usize) -> Vec<Span> {
    let all: usize = counts.iter().sum();
    let [good, rest @ ..] = *counts;
    let tones = [Tone::Busy, Tone::Warn, Tone::Error, Tone::Muted];
    let cells = |count: usize| {
        if count == 0 {
            0
        } else {
            (count * width / all.max(1)).max(1)
        }
    };
    let taken: usize = rest.iter().map(|count| cells(*count)).sum();
    let first = if good > 0 {
        width.saturating_sub(taken).max(1)
    } else {
        0
    };
    let mut spans = vec![Span::new("█".repeat(first), Tone::Good)];
    let mut left = width.saturating_sub(first);
    for (count, tone) in rest.into_iter().zip(tones) {
        let own = cells(count).min(left);
        left -= own;
        let block = if tone == Tone::Muted { "░" } else { "█" };
        spans.push(Span::new(block.repeat(own), tone));
    }
    spans.push(Span::plain(" ".repeat(left)));
    spans.retain(|span| !span.text.is_empty());
    spans
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
    let several = overview.scope.single().is_none();
    // Names give way to the message.
    let most = usize::from(cx.space.width) * 3 / 10;
    let row = |event: &&Event| {
        let since = age::since(event.last_seen(), cx.clock.now);
        let namespace = event.meta().namespace.as_deref().filter(|_| several);
        vec![
            vec![Span::new(format!("{since:>6}"), Tone::Muted)],
            vec![Span::new(format!("! {}", cut(event.reason(), most)), Tone::Warn)],
            vec![Span::new(cut(namespace.unwrap_or_default(), most), Tone::Muted)],
            vec![Span::new(cut(&event.object_text(), most), Tone::Accent)],
            vec![Span::plain(clean(event.message()).into_owned())],
        ]
    };
    out.extend(grid::lines(events.iter().take(MOST).map(row).collect()));
    more(events.len(), cx, out);
}

pub fn more(count: usize, cx: &LayerCx, out: &mut Vec<Line>) {
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
    let cut = cut(text, width);
    let taken = usize::from(text_width(&cut));
    format!("{cut}{}", " ".repeat(width.saturating_sub(taken)))
}

/// The text, clean, in so many cells: where it is wider it ends in `…`.
pub fn cut(text: &str, width: usize) -> String {
    let text = clean(text);
    if usize::from(text_width(&text)) <= width {
        return text.into_owned();
    }
    let (mut out, mut taken) = (String::new(), 0);
    for ch in text.chars() {
        taken += usize::from(text_width(ch.encode_utf8(&mut [0; 4])));
        if taken >= width {
            break;
        }
        out.push(ch);
    }
    out + "…"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bar_has_a_cell_for_whatever_there_is() {
        for (counts, drawn) in [
            ([0; 5], "      "),
            ([3, 0, 0, 0, 0], "gggggg"),
            ([90, 0, 0, 1, 0], "gggggb"),
            ([1, 1, 1, 1, 1], "ggywbn"),
            ([0, 0, 0, 4, 0], "bbbbbb"),
            ([0, 0, 0, 2, 1], "bbbbnn"),
            ([0, 0, 1, 1, 0], "wwwbbb"),
        ] {
            let letter = |span: &Span| match span.tone {
                Tone::Good => "g",
                Tone::Busy => "y",
                Tone::Warn => "w",
                Tone::Error => "b",
                Tone::Muted => "n",
                _ => " ",
            };
            let bar = well(&counts, 6);
            let text: String = bar
                .iter()
                .map(|span| letter(span).repeat(span.text.chars().count()))
                .collect();
            assert_eq!(text, drawn, "{counts:?}");
        }
    }
}
